"""Find the known spelling nearest to an unknown word, and suggest it: "did you mean 'users'?"."""

import unicodedata
from collections.abc import Iterable

from sim.scenario.text.nodes import quoted


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known spelling nearest to a word, or an empty text if none is near."""
    best = max(known, key=lambda spelling: _likeness(word, spelling), default="")
    return best if best and _likeness(word, best)[0] >= 0.6 else ""


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
    return with_suggestion(complaint, nearest(word, known), allowed or f"one of {', '.join(known)}")


def ordinary_width(text: str) -> str:
    """Return a text whose full-width letters and signs have ordinary width; an empty text if it has none of them."""
    plain = unicodedata.normalize("NFKC", text)
    return "" if plain == text else plain


def with_suggestion(complaint: str, suggestion: str = "", allowed: str = "") -> str:
    """Return a complaint, followed by the nearest spelling and by what is allowed, if given."""
    if suggestion:
        complaint += f"; did you mean {quoted(suggestion)}?"
    if allowed:
        complaint += f" allowed: {allowed}" if suggestion else f", allowed is {allowed}"
    return complaint


def _likeness(word: str, spelling: str) -> tuple[float, bool]:
    from difflib import SequenceMatcher  # only mistakes need it

    written = word[:100].lower()
    # People seldom get the first letter wrong: "munday" means monday, although sunday is as similar.
    return round(SequenceMatcher(None, written, spelling.lower()).ratio(), 2), spelling[:1] == written[:1]
