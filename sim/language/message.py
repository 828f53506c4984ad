"""Messages in the reader's language.

The English text is the key of the catalogue, as in gettext. Its values stand in named places: "found {found}". A
message that no catalogue holds stays English.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from sim.language.language import Language, language

CATALOGUES: Final = Path(__file__).parent / "zh_CN"
"""The Chinese messages: a file for each part of the program, and `terms.po` for words that stand in data."""


def say(message: str, /, **values: object) -> str:
    """Return a message in the reader's language, with values in its named places.

    Parameters
    ----------
    message : str
        The English text, always a literal: "found {found}, allowed is {low:g} or more".
    **values : object
        A value for each named place.
    """
    text = message if language() is Language.en else _translations().get(message, message)
    return text.format(**values)


@dataclass(frozen=True, slots=True)
class Later:
    """A message that takes the reader's language when it is shown, for the constants of a module."""

    message: str

    def __str__(self) -> str:
        return self.message if language() is Language.en else _translations().get(self.message, self.message)


def later(message: str, /) -> Later:
    """Return a message without named places that takes the reader's language when it is shown."""
    return Later(message)


def term(text: str, /) -> str:
    """Return a word that stands in data (an outcome's label, a unit, a policy) in the reader's language.

    A text of somebody else, which no catalogue holds, stays as it is.
    """
    return text if language() is Language.en else _translations().get(text, text)


@cache
def _translations() -> dict[str, str]:
    """Return the Chinese messages by the English ones."""
    from babel.messages.pofile import read_po  # only other languages need it

    found: dict[str, str] = {}
    for path in sorted(CATALOGUES.glob("*.po")):
        with path.open("rb") as file:
            found |= {str(one.id): str(one.string) for one in read_po(file, locale="zh_CN") if one.id and one.string}
    return found
