"""The front of a search over portfolios, judged by fresh runs."""

import string
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from experiments.runs.failed import FailedRun
from experiments.statistics.intervals import Array, paired_interval

if TYPE_CHECKING:
    import pandas as pd

Portfolio = tuple[float, ...]
"""The intensity of each lever, in their order; 0 is without it."""

OUTCOMES: Final = ("loneliness", "burden", "hours", "money")
"""What is kept of a portfolio: change of loneliness (20-80) and of burden (0-100) against the base; hours of staff and
yuan a week."""


@dataclass(frozen=True, slots=True)
class Lever:
    """A policy that a portfolio may hold, and how finely its intensity can be set.

    Parameters
    ----------
    policy : str
    steps : int
        Steps between 0 and full intensity: 1 is without or with it, 4 is quarters, 100 is as good as continuous.
    options : mapping of str to anything
        Its other options, where they are not the defaults.
    """

    policy: str
    steps: int = 1
    options: Mapping[str, Any] = field(default_factory=dict)

    def intensity(self, step: int) -> float:
        """Return the intensity at a step."""
        return step / self.steps


def described(chosen: Iterable[Lever], portfolio: Iterable[float]) -> str:
    """Return the policies of a portfolio in words."""
    held = [(lever, share) for lever, share in zip(chosen, portfolio, strict=True) if share > 0.0]
    full = [lever.policy if share == 1.0 else f"{lever.policy} at {share:.0%}" for lever, share in held]
    return ", ".join(full) or "no policy at all"


@dataclass(frozen=True)
class Samples:
    """A portfolio against the base, a value a pair of runs; NaN where a run failed.

    Parameters
    ----------
    loneliness, burden : (pairs,) float array
        Portfolio minus base.
    hours, money : (pairs,) float array
        A week, portfolio minus base; hours that were wanted and not to be had are among them.
    failures : tuple of FailedRun
        Why values are missing: the portfolio's own runs that failed, and those of the base.
    impossible : str
        Why no scenario can have this portfolio; nothing was run then.
    """

    loneliness: Array
    burden: Array
    hours: Array
    money: Array
    failures: tuple[FailedRun, ...] = ()
    impossible: str = ""

    @classmethod
    def of(cls, columns: Iterable[Array], failures: tuple[FailedRun, ...] = (), impossible: str = "") -> "Samples":
        """Return samples from an array of each of `OUTCOMES`, in their order."""
        loneliness, burden, hours, money = columns
        return cls(loneliness, burden, hours, money, failures, impossible)


@dataclass(frozen=True)
class Front:
    """The result of a search.

    Parameters
    ----------
    solutions : DataFrame
        A row a portfolio of the front of all that were run, by the fresh runs, most relief of loneliness first: a
        column a lever (intensity), of each of `OUTCOMES` the mean over fresh pairs, and `_low` and `_high` of it (95 %,
        each interval for itself);
        `pairs`; `searched_loneliness` and so on (what the search saw); `complete` (none of its own fresh runs failed);
        `burden_verdict`: "does not rise", "rises" or "not clear"; `within_budget` (fresh hours); `efficient`: complete,
        within the budget, burden does not rise, and no other row of which all that is true dominates it; `kept`, the
        same; `name`: A, B ... of those kept, as in figures.
    optimism : DataFrame
        A row an outcome: `outcome`, `mean` (fresh minus searched, over the front: above 0 the search promised too
        much), `low`, `high` (95 % over portfolios), `portfolios`.
    history : DataFrame
        A row a generation: `generation`, `evaluated` (portfolios so far), `feasible` (of the population: within the
        budget, burden not raised), `best_loneliness` (of those).
    levers : tuple of Lever
    budget : float
        Hours a week.
    evaluated, failed : int
        Portfolios that were run in the search; those of which no pair of runs succeeded.
    impossible : int
        Portfolios that no scenario can have; they are among those evaluated, and were not run.
    pairs, failed_pairs : int
        Pairs of runs, of the search and fresh; those of them without a value, because one of the two runs failed.
    failures : tuple of dict
        A row a run that failed: `run` ("base" or "portfolio"), the intensities by lever, `replicate`, `seed`, `error`,
        `origin`, `trace`.
    """

    solutions: "pd.DataFrame"
    optimism: "pd.DataFrame"
    history: "pd.DataFrame"
    levers: tuple[Lever, ...]
    budget: float
    evaluated: int
    failed: int
    impossible: int = 0
    pairs: int = 0
    failed_pairs: int = 0
    failures: tuple[dict[str, Any], ...] = ()

    def kept(self) -> "pd.DataFrame":
        """Return the efficient portfolios: complete, within the budget, burden does not rise (interval not above 0)."""
        return self.solutions[self.solutions["kept"]].reset_index(drop=True)

    def holds(self, row: "pd.Series[Any]") -> list[str]:
        """Name the policies a row of `solutions` holds."""
        return [lever.policy for lever in self.levers if row[lever.policy] > 0.0]

    def words(self) -> list[str]:
        """Return what is best, what it costs, what failed, and how far fresh runs are from the search, in words."""
        return [line for line in (self._best(), self._failed(), self._optimism()) if line]

    def _best(self) -> str:
        kept = self.kept()
        if self.solutions.empty:
            return (
                f"No portfolio within {self.budget:g} hours a week surely leaves burden where it is: of "
                f"{self.evaluated} that were run none did so even in the search's own runs."
            )
        if kept.empty:
            whole = " of which no fresh run failed" if self._incomplete() else ""
            return (
                f"No portfolio within {self.budget:g} hours a week{whole} surely leaves burden where it is; "
                f"{(self.solutions['burden_verdict'] == 'not clear').sum()} of {len(self.solutions)} are not clear."
            )
        best = kept.iloc[0]
        names = self.holds(best)
        if not names:
            return (
                f"Of {self.evaluated} portfolios that were run none that may be kept within {self.budget:g} hours a "
                "week lowers loneliness: what is left is the base itself, without any of these policies."
            )
        shown = ", ".join(f"{name} at {best[name]:.0%}" for name in names)
        return (
            f"Of {len(kept)} portfolios kept, loneliness changes most, by {best['loneliness']:+.2f} points "
            f"({best['loneliness_low']:+.2f} to {best['loneliness_high']:+.2f}) at {best['hours']:.1f} hours a "
            f"week: {shown}; burden {best['burden']:+.2f} ({best['burden_low']:+.2f} to "
            f"{best['burden_high']:+.2f})."
        )

    def _failed(self) -> str:
        if not self.failed_pairs:
            return ""
        how = "failed" if self.failures else "gave no value"
        why = " (failures.csv says why)" if self.failures else ""
        text = f"{self.failed_pairs:,} of {self.pairs:,} pairs of runs {how} and are left out{why}"
        if incomplete := self._incomplete():
            text += f"; {incomplete} of {len(self.solutions)} portfolios found lack fresh pairs, and are not kept"
        return f"{text}."

    def _incomplete(self) -> int:
        return int((~self.solutions["complete"].astype(bool)).sum())

    def _optimism(self) -> str:
        row = self.optimism.set_index("outcome").loc["loneliness"]
        if not np.isfinite(row["mean"]) or not any(self.holds(one) for _, one in self.solutions.iterrows()):
            return ""  # what is the base itself differs from it by nothing, in whatever runs
        between = f" ({row['low']:+.2f} to {row['high']:+.2f})" if np.isfinite(row["low"]) else ""
        return (
            f"Under fresh seeds loneliness is {row['mean']:+.2f} points from what the search saw{between}; "
            "only the fresh runs count here."
        )


def mean_of(values: Array) -> float:
    """Return the mean of the values there are; NaN when there is none."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def efficient(F: Array) -> Any:
    """Return which rows no other row dominates (as low in all columns and lower in one)."""
    as_low = (F[None, :, :] <= F[:, None, :]).all(axis=2)
    lower = (F[None, :, :] < F[:, None, :]).any(axis=2)
    return ~(as_low & lower).any(axis=1)


def row_of(levers: Sequence[Lever], one: Portfolio, searched: Array, samples: Samples) -> dict[str, Any]:
    """Return the row of a portfolio: what fresh runs say, beside what the search saw."""
    row: dict[str, Any] = {lever.policy: intensity for lever, intensity in zip(levers, one, strict=True)}
    for name, seen in zip(OUTCOMES, searched, strict=True):
        values = getattr(samples, name)
        known = values[np.isfinite(values)]
        low, high = paired_interval(known)
        row |= {name: mean_of(known), f"{name}_low": low, f"{name}_high": high, f"searched_{name}": float(seen)}
    pairs = int(np.isfinite(samples.loneliness).sum())
    # A run of the base that failed costs all portfolios the same pair, and so favours none.
    without_base = len({failure.replicate for failure in samples.failures if failure.of_base})
    return row | {"pairs": pairs, "complete": pairs == len(samples.loneliness) - without_base}


def judged(rows: Sequence[dict[str, Any]], levers: Sequence[Lever], budget: float) -> "pd.DataFrame":
    """Return the rows with whether each may be kept and is efficient; most relief of loneliness comes first."""
    import pandas as pd

    ends = [f"{name}{end}" for name in OUTCOMES for end in ("", "_low", "_high")]
    columns = [lever.policy for lever in levers] + ends + [f"searched_{name}" for name in OUTCOMES]
    columns += ["pairs", "complete"]
    frame = pd.DataFrame(rows, columns=columns)
    means = frame[["loneliness", "burden", "hours"]].to_numpy(float)
    low, high = frame["burden_low"].to_numpy(float), frame["burden_high"].to_numpy(float)
    # A portfolio of nothing differs from the base by exactly 0: its burden does not rise.
    frame["burden_verdict"] = np.select([high <= 0.0, low > 0.0], ["does not rise", "rises"], "not clear")
    frame["within_budget"] = frame["hours"] <= budget
    may_be = frame["complete"].to_numpy(bool) & frame["within_budget"].to_numpy(bool) & np.isfinite(means).all(axis=1)
    may_be &= (frame["burden_verdict"] == "does not rise").to_numpy()
    # A portfolio that may not be kept excludes no other: it may do harm.
    is_efficient = np.zeros(len(frame), bool)
    is_efficient[may_be] = efficient(means[may_be])
    frame["efficient"] = frame["kept"] = is_efficient
    frame = frame.sort_values(["loneliness", "hours"], kind="stable").reset_index(drop=True)
    names = iter(_named(int(frame["kept"].sum())))
    return frame.assign(name=[next(names) if is_kept else "" for is_kept in frame["kept"]])


def _named(count: int) -> list[str]:
    """Return names A, B ... Z, AA, AB ..."""
    letters = string.ascii_uppercase
    return [letters[k] if k < 26 else f"{letters[k // 26 - 1]}{letters[k % 26]}" for k in range(count)]


def optimism_of(rows: Sequence[dict[str, Any]]) -> "pd.DataFrame":
    """Return how far fresh runs are from what the search saw, over the portfolios found."""
    import pandas as pd

    found = []
    for name in OUTCOMES:
        gaps = np.array([row[name] - row[f"searched_{name}"] for row in rows])
        gaps = gaps[np.isfinite(gaps)]
        low, high = paired_interval(gaps)
        found.append((name, mean_of(gaps), low, high, len(gaps)))
    return pd.DataFrame(found, columns=["outcome", "mean", "low", "high", "portfolios"])


__all__ = [
    "OUTCOMES",
    "Front",
    "Lever",
    "Portfolio",
    "Samples",
    "efficient",
    "judged",
    "mean_of",
    "optimism_of",
    "row_of",
]
