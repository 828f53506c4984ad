"""Failed runs of a search: kept with what repeats them, and never taken for a bad fit or a bad choice."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from experiments.runs.runner import Failed
from sim.scenario.text.errors import DayroomError

MOST_FAILED: Final = 0.05
"""Share of a generation's runs that may fail (assumed). With more, the runs left out may decide the result."""


class FailedRunsError(DayroomError, RuntimeError):
    """Too many runs failed for the others to be trusted."""


@dataclass(frozen=True, slots=True)
class FailedAttempt:
    """A parameter set at which the model failed.

    Parameters
    ----------
    number : int
        Of the attempt in its generation.
    seed : int
        Of its first run; those of the others follow from it, as with `dayroom run --seed`.
    values : mapping of str to float
        By path.
    error, origin, trace : str
        As of `experiments.runs.runner.Failed`.
    """

    number: int
    seed: int
    values: Mapping[str, float]
    error: str
    origin: str = ""
    trace: str = ""

    @classmethod
    def of(cls, number: int, seed: int, values: Mapping[str, float], failed: Failed) -> "FailedAttempt":
        """Return a failed run with the values and seed that repeat it."""
        return cls(number, seed, dict(values), failed.error, failed.origin, failed.trace)

    def row(self, generation: int | str) -> dict[str, Any]:
        """Return the row of the table of failures."""
        where = {"generation": generation, "attempt": self.number, "seed": self.seed, **self.values}
        return {**where, "error": self.error, "origin": self.origin, "trace": self.trace}

    def words(self) -> str:
        """Return the error, its place in the model, and the values and seed that repeat it."""
        place = f" at {self.origin}" if self.origin else ""
        values = ", ".join(f"{path} = {value!r}" for path, value in self.values.items())
        return f"{self.error}{place}, with seed {self.seed} and {values}"

    def plain(self) -> dict[str, Any]:
        """Return it as plain values for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class FailedRun:
    """A run of a portfolio, or of the base, that failed.

    Parameters
    ----------
    of_base : bool
        Whether the base failed, and with it a pair of every portfolio.
    error, origin, trace : str
        As of `experiments.runs.runner.Failed`.
    """

    replicate: int
    seed: int
    of_base: bool
    error: str
    origin: str = ""
    trace: str = ""

    def row(self, levers: Mapping[str, float]) -> dict[str, Any]:
        """Return the row of the table of failures; `levers` are the intensities of the portfolio."""
        where = {"run": "base" if self.of_base else "portfolio", **levers}
        keys = {"replicate": self.replicate, "seed": self.seed}
        return {**where, **keys, "error": self.error, "origin": self.origin, "trace": self.trace}
