"""Words of figures in the reader's language: how wide they are, where a line may break, how sentences join."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from sim.language import Language, language, later, say, term

EAST_ASIAN: Final = 1.85
"""Width of an East Asian letter, as a multiple of a Latin one (which is about 0.57 of the size of the type)."""
_NEVER_LAST: Final = "（《「『“‘(["
"""Letters that no line ends with."""
_NEVER_FIRST: Final = "，。；：、！？）》」』”’%,.;:!?)]}"
"""Letters that no line begins with."""
_WORD: Final = r"[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]"
_PIECES: Final = re.compile(rf"\s+|{_WORD}+?-(?=[^\W\d])|{_WORD}+|.", re.DOTALL)
"""Spaces, words without East Asian letters (parts of words with hyphens), and single East Asian letters."""
_COUNTED: Final = {
    "centre": (later("1 centre"), later("{number:,} centres")),
    "friendship": (later("1 friendship"), later("{number:,} friendships")),
    "pair": (later("1 pair"), later("{number:,} pairs")),
    "parameter": (later("1 parameter"), later("{number:,} parameters")),
    "replicate": (later("1 replicate"), later("{number:,} replicates")),
    "run": (later("1 run"), later("{number:,} runs")),
    "user": (later("1 user"), later("{number:,} users")),
}


def width(text: str) -> float:
    """Return the width of a line of text, in Latin letters."""
    return sum(EAST_ASIAN if unicodedata.east_asian_width(letter) in "WF" else 1.0 for letter in text)


def lines(text: str, letters: float, most: int = 0) -> list[str]:
    """Break text into lines of at most so many Latin letters; with `most` lines, end the last with … if cut short.

    A word breaks only where it alone is too wide for a line. An East Asian letter may end a line anywhere.
    """
    made, line = [], ""
    for piece in _PIECES.findall(re.sub(r"\s+", " ", text.strip())):
        is_bound = piece[0] in _NEVER_FIRST
        if line and not is_bound and width((line + piece).rstrip()) > letters:
            kept = line.rstrip().rstrip(_NEVER_LAST)
            made.append(kept or line.rstrip())
            line = line.rstrip()[len(kept) :] if kept else ""
        while width(piece) > letters:
            room = max(1, int(letters - width(line)))
            made.append(line + piece[:room])
            line, piece = "", piece[room:]
        line += piece if line or not piece.isspace() else ""
    if line.strip():
        made.append(line.rstrip())
    if most and len(made) > most:
        last = made[most - 1]
        while last and width(last) > letters - 1.0:
            last = last[:-1]
        return [*made[: most - 1], f"{last.rstrip()}…"]
    return made


def sentences(*parts: object) -> str:
    """Join whole sentences, those that are empty left out: with a space in English, without one in Chinese."""
    there = [text for part in parts if (text := str(part))]
    return ("" if language() is Language.zh else " ").join(there)


def clauses(*parts: object) -> str:
    """Join what stands beside each other in a line, those that are empty left out."""
    there = [text for part in parts if (text := str(part))]
    return ("；" if language() is Language.zh else "; ").join(there)


def listed(words: Iterable[object]) -> str:
    """Join the items of a list."""
    return ("、" if language() is Language.zh else ", ").join(map(str, words))


def bracketed(text: str, remark: str) -> str:
    """Return text with a remark in brackets."""
    return f"{text}（{remark}）" if language() is Language.zh else f"{text} ({remark})"


def labelled(name: str, text: str) -> str:
    """Return a name and what it stands for."""
    return f"{name}：{text}" if language() is Language.zh else f"{name}: {text}"


def base_of(name: str) -> str:
    """Return the name of the base, marked as such."""
    return bracketed(name, say("base"))


def counted(number: int, noun: str) -> str:
    """Return a count with its noun, one of those in `_COUNTED`."""
    one, several = _COUNTED[noun]
    return str(one) if number == 1 else str(several).format(number=number)


def from_to(low: object, high: object) -> str:
    """Return a range in words; a single value when both ends are the same."""
    return str(low) if low == high else say("{low} to {high}", low=low, high=high)


def in_words(column: str) -> str:
    """Return the name of a policy for a reader: "help_cap" becomes "help cap"."""
    known = term(column)
    return known if known != column else column.replace("_", " ")


def longest(texts: Sequence[object]) -> float:
    """Return the width of the widest of some texts, which may have several lines, in Latin letters."""
    return max((width(line) for text in texts for line in str(text).split("\n")), default=1.0)
