"""Where a line of text may break: between words, and between any two East Asian letters but beside some marks."""

import re
from collections.abc import Callable
from typing import Final

_NEVER_LAST: Final = "（《「『“‘(["
"""Letters that no line ends with."""
_NEVER_FIRST: Final = "，。；：、！？）》」』”’%,.;:!?)]}"
"""Letters that no line begins with."""
_WORD: Final = r"[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]"
_MARKS: Final = r"[，。；：、！？）》」』]*"
_PARTS: Final = re.compile(rf"\s+|{_WORD}+?-(?=[^\W\d])|{_WORD}+{_MARKS}|.{_MARKS}", re.DOTALL)
_WHOLE: Final = re.compile(rf"\s+|{_WORD}+{_MARKS}|.{_MARKS}", re.DOTALL)
"""Spaces, words without East Asian letters (or their parts, ended by hyphens), and single East Asian letters."""


def broken(
    text: str, letters: float, measure: Callable[[str], float], first: float | None = None, parts: bool = True
) -> list[str]:
    """Break text into lines.

    Parameters
    ----------
    text : str
    letters : float
        Width of a line at most, as `measure` measures it.
    measure : callable
        Returns the width of a text.
    first : float, optional
        Width of the first line at most, by default that of the others.
    parts : bool
        Whether a line may end within a word: after a hyphen, or anywhere if the word is wider than a line.
    """
    made: list[str] = []
    line, room = "", letters if first is None else first
    for piece in (_PARTS if parts else _WHOLE).findall(re.sub(r"\s+", " ", text.strip())):
        is_bound = piece[0] in _NEVER_FIRST
        if line and not is_bound and measure((line + piece).rstrip()) > room:
            kept = line.rstrip().rstrip(_NEVER_LAST)
            made.append(kept or line.rstrip())
            line, room = line.rstrip()[len(kept) :] if kept else "", letters
        while parts and measure(piece) > room:
            end = max(1, int(room - measure(line)))
            made.append(line + piece[:end])
            line, piece, room = "", piece[end:], letters
        line += piece if line or not piece.isspace() else ""
    return [*made, line.rstrip()] if line.strip() else made
