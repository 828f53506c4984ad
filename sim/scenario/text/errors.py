"""Mistakes that the reader can correct, and warnings: where they are, what was found and what is allowed."""

from collections.abc import Iterable
from dataclasses import dataclass

from sim.errors import DayroomError, InputError, UnknownNameError
from sim.language import say
from sim.scenario.text.nodes import Place, visible
from sim.scenario.text.suggestions import with_suggestion

__all__ = [
    "DayroomError",
    "InputError",
    "MisspeltAttributeError",
    "Problem",
    "ScenarioError",
    "ScenarioWarning",
    "TooManyUsersError",
    "UnknownNameError",
]


class TooManyUsersError(DayroomError, ValueError):
    """A centre or its range of uids cannot hold this many users."""


class MisspeltAttributeError(DayroomError, AttributeError):
    """An attribute that an object does not have; `getattr` with a default and Mesa expect an AttributeError."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake at a place in a file.

    Parameters
    ----------
    file : str
        Name of the file, as the reader would write it.
    line, column : int
        Counted from 1; line 0 means the file as a whole.
    path : str
        The key in question, with dots: "users.women".
    found : str
        Description of what the file holds there.
    allowed : str
        What is allowed there.
    suggestion : str
        Nearest allowed spelling; empty if none is near.
    what : str
        The complaint in words, if `found` is not enough.
    sheet : str
        Sheet of a workbook; empty for other files.
    """

    file: str
    line: int = 0
    column: int = 0
    path: str = ""
    found: str = ""
    allowed: str = ""
    suggestion: str = ""
    what: str = ""
    sheet: str = ""

    @classmethod
    def at(cls, place: Place, **fields: str) -> "Problem":
        """Return a problem at a place."""
        return cls(place.file, place.line, place.column, sheet=place.sheet, **fields)

    @property
    def sentence(self) -> str:
        """What is wrong, without the place."""
        complaint = self.what or (
            say("{path}: found {found}", path=self.path, found=self.found)
            if self.path
            else say("found {found}", found=self.found)
        )
        return visible(with_suggestion(complaint, self.suggestion, self.allowed))

    def __str__(self) -> str:
        return f"{visible(str(Place(self.file, self.line, self.column, self.sheet)))}: {self.sentence}"


class ScenarioError(DayroomError):
    """All mistakes in a scenario or a study, sorted by file, line and column."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        files: dict[str, int] = {}
        kept = list(dict.fromkeys(problems))
        for problem in kept:
            files.setdefault(problem.file, len(files))
        self.problems = sorted(kept, key=lambda problem: (files[problem.file], problem.line, problem.column))
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @property
    def reasons(self) -> str:
        """All mistakes in one line, without their places."""
        return say("; ").join(problem.sentence for problem in self.problems)

    def __reduce__(self) -> tuple[type["ScenarioError"], tuple[list[Problem]]]:
        # Python pickles an exception by its message; worker processes must return this one with its problems.
        return type(self), (self.problems,)


@dataclass(frozen=True, slots=True)
class ScenarioWarning:
    """A warning about a scenario.

    Parameters
    ----------
    path : str
        The setting in question, with dots: "policies.respite.start".
    sentence : str
        What is odd about it, and what to change.
    file : str
        The file that sets it; empty for a scenario made in Python.
    line, column : int
        Counted from 1; line 0 means the file as a whole.
    """

    path: str
    sentence: str
    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        where = f"{Place(self.file, self.line, self.column)}: " if self.file else ""
        return visible(say("{where}warning: {path}: {sentence}", where=where, path=self.path, sentence=self.sentence))
