"""What the settings of a scenario mean, for readers: in their language, without what stands there in brackets."""

import re
from functools import cache
from typing import Final

from sim.language import Language, language, term, translations

_REFERENCE: Final = re.compile(r" *\((?:sections? \d|P\d)[^()]*\)|（(?:第[\d.]+节|P\d)[^（）]*）")
_REMARK: Final = re.compile(r" *\([^()]*\)|（[^（）]*）")


def without_references(meaning: str) -> str:
    """Return a meaning without references to sections and propositions of its source."""
    return _REFERENCE.sub("", meaning)


def without_remarks(meaning: str) -> str:
    """Return a meaning without anything in brackets."""
    return _REMARK.sub("", meaning)


def meaning_term(meaning: str) -> str:
    """Return a meaning in the reader's language; another than English without references.

    Parameters
    ----------
    meaning : str
        As the schema declares it, or without what it has in brackets there, in capital or small letters.
    """
    if language() is Language.en:
        return meaning
    known = meaning if meaning in translations() else _declared().get(_key(meaning), meaning)
    return without_references(term(known))


def label_parts(label: str) -> tuple[str, str]:
    """Split "mean empathy (users.empathy.mean)" into the meaning, in the reader's language, and the path.

    The meaning is empty when the label is a path alone.
    """
    meaning, _, path = label.rpartition(" (")
    if not meaning:
        return "", label
    spoken = meaning_term(meaning)
    return spoken if language() is Language.en else without_remarks(spoken), path.removesuffix(")")


@cache
def _declared() -> dict[str, str]:
    """Return each English message by what is left of it without brackets, in small letters."""
    return {_key(message): message for message in translations()}


def _key(meaning: str) -> str:
    return meaning.partition(" (")[0].strip().rstrip(".").lower()
