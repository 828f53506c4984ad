"""What can be wrong with a scenario, said so that it can be put right: where, what was found, what is allowed."""

from collections.abc import Iterable
from dataclasses import dataclass

from sim.scenario.text.nodes import Place, quoted, visible


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in one place.

    Parameters
    ----------
    file : str
        The file as the reader would name it.
    line, column : int
        Counted from 1; line 0 means the file as a whole.
    path : str
        The key in question, with dots: "users.women".
    found : str
        What stands there, described.
    allowed : str
        What may stand there.
    suggestion : str
        The nearest allowed spelling, if one is near.
    what : str
        The complaint in words, when "found" would not say it.
    """

    file: str
    line: int = 0
    column: int = 0
    path: str = ""
    found: str = ""
    allowed: str = ""
    suggestion: str = ""
    what: str = ""

    @classmethod
    def at(cls, place: Place, **fields: str) -> "Problem":
        """Make a problem at a place."""
        return cls(place.file, place.line, place.column, **fields)

    def __str__(self) -> str:
        said = self.what or (f"{self.path}: found {self.found}" if self.path else f"found {self.found}")
        if self.suggestion:
            said += f"; did you mean {quoted(self.suggestion)}?"
        if self.allowed:
            said += f" allowed: {self.allowed}" if self.suggestion else f", allowed is {self.allowed}"
        return visible(f"{Place(self.file, self.line, self.column)}: {said}")


class ScenarioError(Exception):
    """A scenario that cannot be used, with all that is wrong with it, in the order of the text."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        files: dict[str, int] = {}
        kept = list(dict.fromkeys(problems))
        for problem in kept:
            files.setdefault(problem.file, len(files))
        self.problems = sorted(kept, key=lambda problem: (files[problem.file], problem.line, problem.column))
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type["ScenarioError"], tuple[list[Problem]]]:
        # An exception is pickled by its message; worker processes hand this one back with its problems.
        return type(self), (self.problems,)


def nearest(word: str, known: Iterable[str]) -> str:
    """Give the known spelling nearest to a word, or an empty text when none is near."""
    best = max(known, key=lambda spelling: _likeness(word, spelling), default="")
    return best if best and _likeness(word, best)[0] >= 0.6 else ""


def ranked(word: str, known: Iterable[str]) -> list[str]:
    """Give all known spellings, the nearest to a word first."""
    return sorted(known, key=lambda spelling: _likeness(word, spelling), reverse=True)


def _likeness(word: str, spelling: str) -> tuple[float, bool]:
    from difflib import SequenceMatcher  # only a mistake needs it

    written = word[:100].lower()
    # People seldom get the first letter wrong: "munday" is monday, though sunday is as near.
    return round(SequenceMatcher(None, written, spelling.lower()).ratio(), 2), spelling[:1] == written[:1]
