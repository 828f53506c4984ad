"""The front of a search over portfolios: the best trade-offs, judged by fresh runs."""

import string
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from experiments.portfolio.budget import a_month, in_words, is_within
from experiments.portfolio.levers import Lever, Portfolio, columns_of, described, portfolio_in
from experiments.runs.failures import FailedRun
from experiments.statistics.crossed import crossed
from experiments.statistics.intervals import Array
from experiments.statistics.numbers import beside, hundredths
from experiments.statistics.pareto import undominated
from experiments.statistics.verdict import ALONE_ONLY, CLEAR, SAME, UNCLEAR, sound_interval, verdicts_among
from sim.language import say
from sim.scenario.schema.budget import Budget

if TYPE_CHECKING:
    import pandas as pd

OUTCOMES: Final = ("loneliness", "burden", "hours", "money")
"""Outcomes of a portfolio: loneliness (20-80) and burden (0-100), minus those of the base; hours of staff a week and
yuan a week, of all policies, those of the base included."""
HARMLESS: Final = "does not rise"
"""The verdict on the burden of a portfolio that lowers it, clear among all, or in which no pair differs."""
_BURDEN: Final = {
    "better": HARMLESS, f"better{ALONE_ONLY}": f"{HARMLESS}{ALONE_ONLY}", SAME["difference"]: HARMLESS,
    "worse": "rises", f"worse{ALONE_ONLY}": f"rises{ALONE_ONLY}", UNCLEAR["difference"]: "not clear",
}  # fmt: skip
"""Verdicts on burden, by those on the difference; the others stay."""


@dataclass(frozen=True)
class Samples:
    """Outcomes of a portfolio, a value for each pair of runs; NaN where a run failed.

    Parameters
    ----------
    loneliness, burden : (pairs,) float array
        Portfolio minus base.
    hours, money : (pairs,) float array
        Per week, of all policies; hours include those that were wanted but not available.
    failures : tuple of FailedRun
        The failed runs, of the portfolio and of the base, because of which values are missing.
    impossible : str
        Why no scenario can have this portfolio, which was then not run; otherwise empty.
    """

    loneliness: Array
    burden: Array
    hours: Array
    money: Array
    failures: tuple[FailedRun, ...] = ()
    impossible: str = ""

    @classmethod
    def of(cls, columns: Iterable[Array], failures: tuple[FailedRun, ...] = (), impossible: str = "") -> "Samples":
        """Return samples from one array for each of `OUTCOMES`, in their order."""
        loneliness, burden, hours, money = columns
        return cls(loneliness, burden, hours, money, failures, impossible)


@dataclass(frozen=True)
class Front:
    """The result of a search over portfolios.

    Parameters
    ----------
    solutions : DataFrame
        A row for each portfolio of the search's front, the most relief of loneliness first. A column for each lever
        (its intensity) and for each of its choices (such as `respite_start`, as text); for each of `OUTCOMES` the mean
        over fresh pairs, its 95 % interval `_low`, `_high` (not simultaneous) and `searched_...` (the mean in the
        search); `pairs`; `complete` (none of its own fresh runs failed); `burden_verdict` ("does not rise" or "rises",
        clear among all rows; the same "by itself"; "not clear", or that pairs are too few or too rare to say);
        `loneliness_verdict` ("better", "worse", clear among all rows; the same "by itself"; and so on);
        `within_budget` (by fresh hours and money), `over_hours` and `over_money` (mean minus limit, NaN without a
        limit); `efficient` (complete, within the budget, burden "does not rise", and no other such row dominates it);
        `kept` (the same); `name` (A, B ... for rows kept, as in figures).
    optimism : DataFrame
        A row for each outcome: `outcome`, `mean` over the front of fresh minus searched (above 0, the search promised
        too much), `low`, `high` (95 %, over portfolios and the seeds they share), `portfolios`.
    history : DataFrame
        A row for each generation: `generation`, `evaluated` (portfolios so far), `feasible` (those of the population
        within the budget that do not raise burden), `best_loneliness` (among the feasible).
    levers : tuple of Lever
    budget : Budget
    evaluated, failed : int
        Number of portfolios run in the search; number of those without a successful pair of runs.
    impossible : int
        Number of portfolios that no scenario can have; `evaluated` includes them, but they were not run.
    pairs, failed_pairs : int
        Number of pairs of runs, in the search and fresh; number of those without a value because a run failed.
    failures : tuple of dict
        A row for each failed run: `run` ("base" or "portfolio"), the intensities by lever, `replicate`, `seed`,
        `error`, `origin`, `trace`.
    base_takes : tuple of float
        Hours and yuan a week of the base's own policies, in the runs of the search.
    """

    solutions: "pd.DataFrame"
    optimism: "pd.DataFrame"
    history: "pd.DataFrame"
    levers: tuple[Lever, ...]
    budget: Budget
    evaluated: int
    failed: int
    impossible: int = 0
    pairs: int = 0
    failed_pairs: int = 0
    failures: tuple[dict[str, object], ...] = ()
    base_takes: tuple[float, float] = (0.0, 0.0)

    def kept(self) -> "pd.DataFrame":
        """Return the efficient rows of `solutions`."""
        return self.solutions[self.solutions["kept"]].reset_index(drop=True)

    def holds(self, row: "pd.Series") -> list[str]:
        """Return the policies in a row of `solutions`."""
        return [lever.policy for lever in self.levers if row[lever.policy] > 0.0]

    def words(self) -> list[str]:
        """Return sentences on the best portfolio, what failed, and how far fresh runs differ from the search."""
        return [line for line in (self._best(), self._failed(), self._optimism()) if line]

    def _best(self) -> str:
        kept = self.kept()
        if self.solutions.empty:
            return say(
                "No portfolio within {budget} clearly leaves burden where it is: of {evaluated} that were run none did "
                "so even in the search's own runs.",
                budget=in_words(self.budget),
                evaluated=self.evaluated,
            )
        if kept.empty:
            values = {
                "budget": in_words(self.budget),
                "unclear": int((~self.solutions["burden_verdict"].isin([HARMLESS, "rises"])).sum()),
                "number": len(self.solutions),
            }
            if self._incomplete():
                return say(
                    "No portfolio within {budget} of which no fresh run failed clearly leaves burden where it is; "
                    "{unclear} of {number} are not clear.",
                    **values,
                )
            return say(
                "No portfolio within {budget} clearly leaves burden where it is; {unclear} of {number} are not clear.",
                **values,
            )
        best = kept.iloc[0]
        names = self.holds(best)
        if not names:
            return self._base_kept()
        shown = described(self.levers, portfolio_in(self.levers, best), full=True)
        if self.budget.money is None:
            takes = say("{hours:.1f} hours a week", hours=best["hours"])
        else:
            takes = say(
                "{hours:.1f} hours a week and {money} CNY a month", hours=best["hours"], money=a_month(best["money"])
            )
        text = say(
            "Of {kept} portfolios kept, loneliness changes most, by {relief} at {takes}: {policies}; burden {burden}.",
            kept=len(kept),
            relief=with_interval(best, "loneliness", say(" points")),
            takes=takes,
            policies=shown,
            burden=with_interval(best, "burden"),
        )
        if best["loneliness_verdict"] not in CLEAR:
            text = beside(text, say("Its change of loneliness is not clear among all portfolios that were run again."))
        if sum(bool(self.holds(row)) for _, row in kept.iterrows()) <= 1:
            return text
        return beside(text, say("The same runs picked it as the first of several, so its relief is rather too large."))

    def _base_kept(self) -> str:
        others = self.solutions[[bool(self.holds(row)) for _, row in self.solutions.iterrows()]]
        values = {"evaluated": self.evaluated, "budget": in_words(self.budget)}
        if others.empty:
            return say(
                "None of {evaluated} portfolios lowers loneliness within {budget} and without more burden in the "
                "search's own runs; the search keeps the base, without any of these policies.",
                **values,
            )
        return say(
            "Of none of {evaluated} portfolios is it clear that it lowers loneliness within {budget} and without more "
            "burden; {unclear} of {number} judged by fresh runs are not clear. The search keeps the base, without any "
            "of these policies.",
            **values,
            unclear=int((~others["burden_verdict"].isin([HARMLESS, "rises"])).sum()),
            number=len(others),
        )

    def _failed(self) -> str:
        if not self.failed_pairs:
            return ""
        values = {"failed": self.failed_pairs, "pairs": self.pairs}
        if self.failures:
            text = say(
                "{failed:,} of {pairs:,} pairs of runs failed and are left out (failures.csv says why)", **values
            )
        else:
            text = say("{failed:,} of {pairs:,} pairs of runs gave no value and are left out", **values)
        if incomplete := self._incomplete():
            text = say(
                "{failures}; {incomplete} of {number} portfolios found lack fresh pairs, and are not kept",
                failures=text,
                incomplete=incomplete,
                number=len(self.solutions),
            )
        return say("{clauses}.", clauses=text)

    def _incomplete(self) -> int:
        return int((~self.solutions["complete"].astype(bool)).sum())

    def _optimism(self) -> str:
        gap: dict[Any, Any] = self.optimism.set_index("outcome").loc["loneliness"].to_dict()
        if not np.isfinite(gap["mean"]) or not any(self.holds(row) for _, row in self.solutions.iterrows()):
            return ""  # the base itself always differs from the base by 0
        if not np.isfinite(gap["low"]):
            return say(
                "Only the fresh runs count here; how far they are from what the search saw has no interval, from so "
                "few portfolios or seeds."
            )
        return say(
            "Under fresh seeds loneliness is {gap} points from what the search saw{interval}; only the fresh runs "
            "count here.",
            gap=hundredths(gap["mean"]),
            interval=_between(gap["low"], gap["high"]),
        )


def mean_of(values: Array) -> float:
    """Return the mean of the finite values; NaN if there are none."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def with_interval(row: "pd.Series", outcome: str, unit: str = "") -> str:
    """Return the change of an outcome in words, with its interval if it has one."""
    low, high = row[f"{outcome}_low"], row[f"{outcome}_high"]
    return f"{hundredths(row[outcome])}{unit}{_between(low, high)}"


def _between(low: float, high: float) -> str:
    return say(" ({low} to {high})", low=hundredths(low), high=hundredths(high)) if np.isfinite(low) else ""


def row_of(levers: Sequence[Lever], portfolio: Portfolio, searched: Array, samples: Samples) -> dict[str, Any]:
    """Return the row of a portfolio: outcomes in fresh runs and in the search, with the pairs for verdicts."""
    row: dict[str, Any] = columns_of(levers, portfolio)
    for name, seen in zip(OUTCOMES, searched, strict=True):
        values = getattr(samples, name)
        known = values[np.isfinite(values)]
        low, high = sound_interval(known)
        row |= {name: mean_of(known), f"{name}_low": low, f"{name}_high": high, f"searched_{name}": float(seen)}
    pairs = int(np.isfinite(samples.loneliness).sum())
    # A failed run of the base costs all portfolios the same pair, and so favours none of them.
    without_base = len({failure.replicate for failure in samples.failures if failure.of_base})
    row |= {"pairs": pairs, "complete": pairs == len(samples.loneliness) - without_base}
    return row | {f"{name}_pairs": each[np.isfinite(each)] for name, each in _judged_pairs(samples)}


def _judged_pairs(samples: Samples) -> tuple[tuple[str, Array], ...]:
    return ("loneliness", samples.loneliness), ("burden", samples.burden)


def judged(rows: Sequence[Mapping[str, Any]], levers: Sequence[Lever], budget: Budget) -> "pd.DataFrame":
    """Return the rows as a table with verdicts, the most relief of loneliness first."""
    import pandas as pd

    ends = [f"{name}{end}" for name in OUTCOMES for end in ("", "_low", "_high")]
    columns = (
        [name for lever in levers for name in columns_of([lever], next(lever.in_full()))]
        + ends
        + [f"searched_{name}" for name in OUTCOMES]
    )
    columns += ["pairs", "complete"]
    frame = pd.DataFrame(rows, columns=columns)
    means = frame[["loneliness", "burden", "hours"]].to_numpy(float)
    frame["loneliness_verdict"] = verdicts_among([row["loneliness_pairs"] for row in rows], ["lower"] * len(rows))
    frame["burden_verdict"] = _burden_verdicts(rows, levers)
    frame["within_budget"] = is_within(budget, frame["hours"].to_numpy(float), frame["money"].to_numpy(float))
    for name, limit in (("hours", budget.hours), ("money", budget.money)):
        frame[f"over_{name}"] = frame[name] - (np.nan if limit is None else limit)
    may_be = frame["complete"].to_numpy(bool) & frame["within_budget"].to_numpy(bool) & np.isfinite(means).all(axis=1)
    may_be &= (frame["burden_verdict"] == HARMLESS).to_numpy()
    # A portfolio that may not be kept does not exclude others, because it may do harm.
    is_efficient = np.zeros(len(frame), bool)
    is_efficient[may_be] = undominated(means[may_be])
    frame["efficient"] = frame["kept"] = is_efficient
    frame = frame.sort_values(["loneliness", "hours"], kind="stable").reset_index(drop=True)
    names = iter(_named(int(frame["kept"].sum())))
    return frame.assign(name=[next(names) if is_kept else "" for is_kept in frame["kept"]])


def _burden_verdicts(rows: Sequence[Mapping[str, Any]], levers: Sequence[Lever]) -> list[str]:
    """Return the verdict on the burden of each portfolio, clear among all; one without policies is the base itself."""
    words = verdicts_among([row["burden_pairs"] for row in rows], ["lower"] * len(rows))
    is_base = [not any(row[lever.policy] > 0.0 for lever in levers) for row in rows]
    return [HARMLESS if base else _BURDEN.get(word, word) for word, base in zip(words, is_base, strict=True)]


def _named(count: int) -> list[str]:
    """Return `count` names: A, B ... Z, AA, AB ..."""
    letters = string.ascii_uppercase
    return [letters[k] if k < 26 else f"{letters[k // 26 - 1]}{letters[k % 26]}" for k in range(count)]


def optimism_of(searched: Sequence[Array], fresh: Sequence[Samples]) -> "pd.DataFrame":
    """Return the mean difference between fresh runs and the search, for each outcome, over the portfolios found.

    All portfolios have the same fresh seeds, so the interval takes the seed as a random effect, as the portfolio is.

    Parameters
    ----------
    searched : sequence of float array
        For each portfolio, the mean of each of `OUTCOMES` in the search.
    fresh : sequence of Samples
        The fresh runs of each portfolio.
    """
    import pandas as pd

    differences = []
    for number, name in enumerate(OUTCOMES):
        gaps = [getattr(samples, name) - seen[number] for seen, samples in zip(searched, fresh, strict=True)]
        over = crossed(np.array(gaps).reshape(len(gaps), -1 if gaps else 0))
        differences.append((name, over.mean, over.low, over.high, over.points))
    return pd.DataFrame(differences, columns=["outcome", "mean", "low", "high", "portfolios"])


__all__ = [
    "HARMLESS",
    "OUTCOMES",
    "Front",
    "Samples",
    "judged",
    "mean_of",
    "optimism_of",
    "row_of",
    "with_interval",
]
