"""Failed runs of a search, kept with the seed and values that repeat them. A failed run never counts as a bad fit."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from experiments.runs.runner import Failed
from sim.language import say
from sim.scenario.text.errors import DayroomError

MOST_FAILED: Final = 0.05
"""Largest share of a generation's runs that may fail (assumed). Beyond it, the missing runs may decide the result."""


class FailedRunsError(DayroomError, RuntimeError):
    """So many runs failed that the result of the others cannot be trusted."""


@dataclass(frozen=True, slots=True)
class FailedAttempt:
    """A parameter set at which the model failed.

    Parameters
    ----------
    number : int
        Number of the attempt in its generation.
    seed : int
        Seed of the first run; it determines the seeds of the other runs, as with `dayroom run --seed`.
    values : mapping of str to float
        Values of the parameters, by path.
    error, origin, trace : str
        See `experiments.runs.runner.Failed`.
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
        """Return the attempt as a row of the table of failures."""
        where = {"generation": generation, "attempt": self.number, "seed": self.seed, **self.values}
        return {**where, "error": self.error, "origin": self.origin, "trace": self.trace}

    def words(self) -> str:
        """Return the error, its place in the model, and the values and seed that repeat it."""
        values = ", ".join(f"{path} = {value!r}" for path, value in self.values.items())
        parts = {"error": self.error, "origin": self.origin, "seed": self.seed, "values": values}
        if self.origin:
            return say("{error} at {origin}, with seed {seed} and {values}", **parts)
        return say("{error}, with seed {seed} and {values}", **parts)

    def plain(self) -> dict[str, Any]:
        """Return the attempt as plain values for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class FailedRun:
    """A failed run of a portfolio or of the base.

    Parameters
    ----------
    of_base : bool
        Whether the base failed: then every portfolio lacks the pair of this replicate.
    error, origin, trace : str
        See `experiments.runs.runner.Failed`.
    """

    replicate: int
    seed: int
    of_base: bool
    error: str
    origin: str = ""
    trace: str = ""

    def row(self, levers: Mapping[str, object]) -> dict[str, Any]:
        """Return the run as a row of the table of failures; `levers` are the portfolio's intensities."""
        where = {"run": "base" if self.of_base else "portfolio", **levers}
        keys = {"replicate": self.replicate, "seed": self.seed}
        return {**where, **keys, "error": self.error, "origin": self.origin, "trace": self.trace}
