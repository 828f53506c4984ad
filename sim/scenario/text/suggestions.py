"""Spellings: the known one nearest to an unknown word ("did you mean 'users'?"), and short names, in any script."""

import re
from collections.abc import Iterable
from typing import Final

from sim.language import later, say
from sim.scenario.text.nodes import quoted

_TURNING: Final = ("un", "in", "im", "non-", "non_", "non", "dis", "not ", "not_", "no_", "no ")
"""Prefixes that turn a word into its opposite."""

_LETTERS: Final = "a-z0-9ß-öø-ɏͰ-῿々-〇ぁ-ゖァ-ヺー-ヾㄅ-ㄯ㐀-䶿一-鿿가-힣"
"""Lower-case Latin letters, digits, and the letters of other scripts; no full-width signs."""
PATTERN: Final = rf"^[{_LETTERS}][{_LETTERS}_-]{{0,60}}$"
"""Pattern of a short name (of a scenario, centre, policy or study), for pydantic, Python and the JSON Schema alike."""
RULE: Final = later(
    "a short name of a-z, 0-9, - and _, or of letters of another script such as 徐汇, beginning with a letter or digit"
)

_OTHERS: Final = re.compile(rf"[^{_LETTERS}_-]+")


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known spelling nearest to a word, or an empty text if none is near.

    The usual slips come first (`sim.scenario.text.slips`); an opposite, such as "unmarried" for "married", never comes.
    """
    from sim.scenario.text.slips import meant  # only mistakes need it

    known = [spelling for spelling in known if not _opposite(word.lower(), spelling.lower())]
    if slip := meant(word, known):
        return slip
    best = max(known, key=lambda spelling: _likeness(word, spelling), default="")
    share, begins_alike = _likeness(word, best) if best else (0.0, False)
    return best if share >= (0.6 if begins_alike else 0.63) else ""


def ranked(word: str, known: Iterable[str]) -> list[str]:
    """Return all known spellings, the most similar to a word first."""
    return sorted(known, key=lambda spelling: _likeness(word, spelling), reverse=True)


def misspelt(complaint: str, word: str, known: Iterable[str], allowed: str = "") -> str:
    """Return a complaint about an unknown word, with the nearest known word and the allowed words.

    Parameters
    ----------
    complaint : str
        Such as "found the policy 'respit'".
    word : str
    known : iterable of str
        The words that may have been meant.
    allowed : str, optional
        What is allowed; by default all known words.
    """
    known = list(known)
    return with_suggestion(complaint, nearest(word, known), allowed or say("one of {known}", known=", ".join(known)))


def with_suggestion(complaint: str, suggestion: str = "", allowed: str = "") -> str:
    """Return a complaint, followed by the nearest spelling and by what is allowed, if given."""
    if suggestion:
        complaint += say("; did you mean {suggestion}?", suggestion=quoted(suggestion))
    if allowed:
        complaint += (
            say(" allowed: {allowed}", allowed=allowed)
            if suggestion
            else say(", allowed is {allowed}", allowed=allowed)
        )
    return complaint


def short_name(text: str) -> str:
    """Return a text as a short name, such as "xu-hui" for "Xu Hui" and "徐汇-1" for "徐汇（１）"; may be empty."""
    if not text.isascii():
        from sim.scenario.text.slips import ordinary  # it leaves ASCII as it is

        text = ordinary(text)
    return _OTHERS.sub("-", text.lower()).strip("-_")[:60].rstrip("-_")


def _opposite(word: str, spelling: str) -> bool:
    """Return whether two words are nearer to each other without a prefix that turns one into its opposite."""
    for one, other in ((word, spelling), (spelling, word)):
        for prefix in _TURNING:
            rest = other.removeprefix(prefix)
            if (
                rest != other
                and not one.startswith(prefix)
                and len(rest) >= 3
                and _likeness(one, rest) > _likeness(one, other)
            ):
                return True
    return False


def _likeness(word: str, spelling: str) -> tuple[float, bool]:
    from difflib import SequenceMatcher  # only mistakes need it

    written = word[:100].lower()
    # People seldom get the first letter wrong: "munday" means monday, although sunday is as similar.
    return round(SequenceMatcher(None, written, spelling.lower()).ratio(), 2), spelling[:1] == written[:1]
