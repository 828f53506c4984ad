"""Words of figures in the reader's language: how wide they are, where a line may break, what stands in brackets."""

import unicodedata
from collections.abc import Sequence
from typing import Final

from experiments.statistics.line_breaks import broken
from sim.language import Language, language, say, term
from sim.language.meanings import meaning_term, without_remarks

EAST_ASIAN: Final = 1.85
"""Width of an East Asian letter, as a multiple of a Latin one (which is about 0.57 of the size of the type)."""


def width(text: str) -> float:
    """Return the width of a line of text, in Latin letters."""
    return sum(EAST_ASIAN if unicodedata.east_asian_width(letter) in "WF" else 1.0 for letter in text)


def lines(text: str, letters: float, most: int = 0) -> list[str]:
    """Break text into lines of at most so many Latin letters; with `most` lines, end the last with … if cut short.

    A word breaks only after a hyphen, or where it alone is too wide for a line.
    """
    made = broken(text, letters, width)
    if most and len(made) > most:
        last = made[most - 1]
        while last and width(last) > letters - 1.0:
            last = last[:-1]
        return [*made[: most - 1], f"{last.rstrip()}…"]
    return made


def bracketed(text: str, remark: str) -> str:
    """Return text with a remark in brackets."""
    return f"{text}（{remark}）" if language() is Language.zh else f"{text} ({remark})"


def labelled(name: str, text: str) -> str:
    """Return a name and what it stands for."""
    return f"{name}：{text}" if language() is Language.zh else f"{name}: {text}"


def base_of(name: str) -> str:
    """Return the name of the base, marked as such."""
    return bracketed(name, say("base"))


def from_to(low: object, high: object) -> str:
    """Return a range in words; a single value when both ends are the same."""
    return str(low) if low == high else say("{low} to {high}", low=low, high=high)


def in_words(column: str) -> str:
    """Return the name of a policy for a reader: "help_cap" becomes "help cap"."""
    known = term(column)
    return known if known != column else column.replace("_", " ")


def parameter(path: str, meaning: str, letters: float) -> str:
    """Return a parameter's path; in another language than English below its meaning, in a line of so many letters."""
    if language() is Language.en or not meaning:
        return path
    return f"{lines(without_remarks(meaning_term(meaning)), letters, 1)[0]}\n{path}"


def longest(texts: Sequence[object]) -> float:
    """Return the width of the widest of some texts, which may have several lines, in Latin letters."""
    return max((width(line) for text in texts for line in str(text).split("\n")), default=1.0)
