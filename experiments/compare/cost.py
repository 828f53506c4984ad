"""Costs and effect of a policy, and the cost of lifting one user out of severe loneliness.

Costs are paired differences per user-year. The effect is a paired difference with a sign that makes more better: by
default the share of users lifted below the severe cut-off, so that the ratio is the cost per user lifted. When the
denominator may be zero, a ratio means nothing: its interval is unbounded, and a saving with harm has the same sign as a
price for a gain. The ratio is therefore given only when the effect is clear and neither side dominates; otherwise
`position` names the case. The plane and the acceptability curve need no ratio and always hold.

Sources: Fieller, E. C. (1954), Journal of the Royal Statistical Society B 16, 175-185, for the ratio's interval;
Fenwick, Claxton and Sculpher (2001), Health Economics 10, 779-787, for the acceptability curve of several policies.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from experiments.statistics.differences import by_scenario, complete, differences_of, order_of
from experiments.statistics.intervals import Array, paired_interval, ratio_interval

if TYPE_CHECKING:
    import pandas as pd

RESAMPLES: Final = 5_000
_KEY: Final = 19_540_017
_NAN: Final = float("nan")
_RUN: Final = ("cost", "staff_hours", "user_years")

QUADRANTS: Final = ("better_dearer", "better_cheaper", "worse_dearer", "worse_cheaper")
"""The four quarters of the cost-effectiveness plane."""


@dataclass(frozen=True, slots=True)
class CostContrast:
    """A policy's costs and effect against the base: mean paired differences with 95 % intervals.

    Parameters
    ----------
    scenario, base : str
    n, dropped : int
        Pairs compared; pairs left out because a run or a value is missing.
    cost, cost_low, cost_high : float
        Cost per user-year.
    staff_hours, staff_hours_low, staff_hours_high : float
        Staff hours per user-year.
    effect, effect_low, effect_high : float
        Gain at the end of the run, more being better; by default the share of users lifted below the cut-off.
    ratio, ratio_low, ratio_high : float
        Cost per user place over the run, divided by the effect: the cost of lifting one user, with Fieller's interval.
        NaN unless the effect is clear and neither side dominates.
    position : str
        "dominant" (clearly better at no more cost), "dominated" (clearly worse or dearer for nothing), "better,
        dearer", "worse, cheaper", "better, cost unclear", "worse, cost unclear", "effect unclear, dearer", "effect
        unclear, cheaper", "effect unclear, cost unclear", "effect unclear, cost the same", "identical" or "not known".
    """

    scenario: str
    base: str
    n: int
    dropped: int
    cost: float
    cost_low: float
    cost_high: float
    staff_hours: float
    staff_hours_low: float
    staff_hours_high: float
    effect: float
    effect_low: float
    effect_high: float
    ratio: float
    ratio_low: float
    ratio_high: float
    position: str

    def words(self, what: str = "user lifted out of severe loneliness", currency: str = "CNY") -> str:
        """Return a sentence with the cost of one unit of effect, or the reason why there is none."""
        paid = {
            "better, dearer": f"each {what} costs",
            "worse, cheaper": f"worse and cheaper: saved for each {what} fewer,",
            "better, cost unclear": f"clearly better, difference in cost unclear: each {what} costs",
            "worse, cost unclear": f"clearly worse, difference in cost unclear: saved for each {what} fewer,",
        }
        if self.position in paid:
            numbers = f"{self.ratio:,.0f} {currency} ({self.ratio_low:,.0f} to {self.ratio_high:,.0f})"
            return f"{self.scenario}: {paid[self.position]} {numbers}."
        return f"{self.scenario}: {_WHY[self.position]}."


_WHY: Final = {
    "dominant": "clearly fewer severely lonely, at no more cost",
    "dominated": "not fewer severely lonely, and dearer, or more of them at no less cost",
    "effect unclear, dearer": "clearly dearer; no clear effect on severe loneliness, so none can be priced",
    "effect unclear, cheaper": "clearly cheaper; no clear effect on severe loneliness, so none can be priced",
    "effect unclear, cost unclear": "neither severe loneliness nor cost clearly differ, so nothing can be priced",
    "effect unclear, cost the same": "costs the same; no clear effect on severe loneliness, so nothing can be priced",
    "identical": "severe loneliness and cost are those of the base in every pair of runs",
    "not known": "too few pairs of runs to compare",
}


def costs(
    runs: "pd.DataFrame", years: float, effect: str = "severe_share", better: Literal["lower", "higher"] = "lower"
) -> list[CostContrast]:
    """Compare the costs and effect of each other scenario with those of the first.

    Parameters
    ----------
    runs : DataFrame
        Columns `scenario`, `replicate`, `cost` (money over the whole run), `staff_hours` (over the whole run),
        `user_years` (enrolled users times years) and that of the effect; one row for each run.
    years : float
        Length of a run, in years.
    effect : str
        Column of the effect, an outcome at the end of the run. By default the share of users beyond the severe cut-off.
    better : "lower" or "higher"
        Which direction of that outcome counts as a gain.

    Raises
    ------
    ValueError
        When a column or a second scenario is missing, a run appears twice, or `years` is not above 0.
    """
    base, *others = order_of(runs)
    wide = _measures(runs, years, effect, better)
    return [_cost_contrast([measure[[base, other]] for measure in wide], years) for other in others]


def table(rows: Sequence[CostContrast]) -> "pd.DataFrame":
    """Return a table with one row for each other scenario."""
    import pandas as pd

    return pd.DataFrame(rows, columns=[field.name for field in fields(CostContrast)])


def _measures(
    runs: "pd.DataFrame", years: float, effect: str, better: Literal["lower", "higher"]
) -> tuple["pd.DataFrame", "pd.DataFrame", "pd.DataFrame"]:
    """Return cost and staff hours per user-year, and effect, each of shape (replicates, scenarios)."""
    if not (np.isfinite(years) and years > 0.0):
        raise ValueError(f"the run's length is {years} years; allowed: a number above 0")
    cost, hours, user_years = (by_scenario(runs, name) for name in _RUN)
    user_years = user_years.where(user_years > 0.0)  # without users there is no cost per user
    return cost / user_years, hours / user_years, by_scenario(runs, effect) * (1.0 if better == "higher" else -1.0)


def _cost_contrast(both: Sequence["pd.DataFrame"], years: float) -> CostContrast:
    known = np.logical_and.reduce([measure.notna().all(axis=1).to_numpy() for measure in both])
    sides = [complete(measure[known]) for measure in both]
    cost, hours, gain = (differences_of(before, after) for before, after, _ in sides)
    of_cost, of_hours, of_gain = (_mean_interval(differences) for differences in (cost, hours, gain))
    position = _position(cost, of_cost, gain, of_gain)
    ratio = (_NAN, _NAN, _NAN)
    if position.startswith(("better", "worse")):
        ratio = ratio_interval(cost * years, gain)
    return CostContrast(
        str(both[0].columns[1]),
        str(both[0].columns[0]),
        int(known.sum()),
        int((~known).sum()),
        *of_cost,
        *of_hours,
        *of_gain,
        *ratio,
        position,
    )


def _mean_interval(differences: Array) -> tuple[float, float, float]:
    return (float(differences.mean()) if len(differences) else _NAN, *paired_interval(differences))


def _position(
    cost: Array, of_cost: tuple[float, float, float], gain: Array, of_gain: tuple[float, float, float]
) -> str:
    if len(cost) < 2:
        return "not known"
    dearer, cheaper = of_cost[1] > 0.0, of_cost[2] < 0.0
    more, less = of_gain[1] > 0.0, of_gain[2] < 0.0
    same_cost, same_gain = not cost.any(), not gain.any()
    if same_cost and same_gain:
        return "identical"
    if (more and (cheaper or same_cost)) or (same_gain and cheaper):
        return "dominant"
    if (less and (dearer or same_cost)) or (same_gain and dearer):
        return "dominated"
    price = "dearer" if dearer else "cheaper" if cheaper else "cost the same" if same_cost else "cost unclear"
    return f"{'better' if more else 'worse' if less else 'effect unclear'}, {price}"


def plane(
    runs: "pd.DataFrame",
    years: float,
    effect: str = "severe_share",
    better: Literal["lower", "higher"] = "lower",
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> "pd.DataFrame":
    """Return points of the cost-effectiveness plane: bootstrapped mean differences from the base, the first scenario.

    Parameters
    ----------
    runs, years, effect, better
        As in `costs`.
    resamples : int
    seed : int
        The same seed gives the same points.

    Returns
    -------
    DataFrame
        Columns `scenario`, `resample`, `effect` (more is better) and `cost` (per user place over the run). A resample
        draws whole replicates, with all scenarios, so that its points for different scenarios belong together.

    Raises
    ------
    ValueError
        As `costs`, and when fewer than two replicates have values for all scenarios.
    """
    import pandas as pd

    base, *others = order_of(runs)
    cost, _, gain = _measures(runs, years, effect, better)
    known = (cost.notna().all(axis=1) & gain.notna().all(axis=1)).to_numpy()
    n = int(known.sum())
    if n < 2:
        raise ValueError(f"{n} of {len(known)} replicates complete over all scenarios; at least 2 are needed")
    stream = np.random.Generator(np.random.Philox([_KEY, seed]))
    weights = stream.multinomial(n, np.full(n, 1.0 / n), resamples) / n
    frames = []
    for other in others:
        dearer, more = (
            differences_of(side[base].to_numpy(float)[known], side[other].to_numpy(float)[known])
            for side in (cost * years, gain)
        )
        points = {"scenario": other, "resample": range(resamples), "effect": weights @ more, "cost": weights @ dearer}
        frames.append(pd.DataFrame(points))
    return pd.concat(frames, ignore_index=True)


def quadrants(points: "pd.DataFrame") -> "pd.DataFrame":
    """Return, for each scenario, the share of points in each quarter of the plane; `on_axis` is the share on an axis.

    Parameters
    ----------
    points : DataFrame
        As from `plane`.
    """
    import pandas as pd

    rows = []
    for scenario in points["scenario"].unique():
        here = points[points["scenario"] == scenario]
        more, dearer = here["effect"].to_numpy(float), here["cost"].to_numpy(float)
        inside = [(more * x > 0) & (dearer * y > 0) for x, y in ((1, 1), (1, -1), (-1, 1), (-1, -1))]
        shares = {name: float(each.mean()) for name, each in zip(QUADRANTS, inside, strict=True)}
        rows.append({"scenario": scenario, **shares, "on_axis": float((more * dearer == 0.0).mean())})
    return pd.DataFrame(rows)


def acceptability(points: "pd.DataFrame", willingness: Sequence[float], base: str) -> "pd.DataFrame":
    """Return the acceptability curve: how likely each scenario is worth its cost, by the value of a unit of effect.

    Parameters
    ----------
    points : DataFrame
        As from `plane`.
    willingness : sequence of float
        Money that one unit of effect is worth; 0 or more.
    base : str
        The scenario from which the points are differences; its net benefit is 0.

    Returns
    -------
    DataFrame
        Columns `willingness`, `scenario`, `positive` and `best`. Net benefit is willingness x effect - cost. `positive`
        is the share of resamples in which it is above 0 (a tie counts half; NaN for the base). `best` is the share in
        which no scenario has a higher net benefit, tied scenarios sharing it equally; it adds up to 1 for each
        willingness.

    Raises
    ------
    ValueError
        When a willingness is negative or not a number.
    """
    import pandas as pd

    worth = np.asarray(willingness, dtype=float)
    if not (np.isfinite(worth).all() and (worth >= 0.0).all()):
        raise ValueError("what may be paid for an effect must be 0 or more")
    names = [str(name) for name in points["scenario"].unique()]
    effect = points.pivot(index="resample", columns="scenario", values="effect")[names].to_numpy(float)
    cost = points.pivot(index="resample", columns="scenario", values="cost")[names].to_numpy(float)
    frames = []
    for each in worth:
        benefit = np.column_stack([np.zeros(len(effect)), each * effect - cost])
        top = benefit == benefit.max(axis=1, keepdims=True)
        positive = (0.5 + np.sign(benefit) / 2.0).mean(axis=0)
        positive[0] = _NAN
        best = (top / top.sum(axis=1, keepdims=True)).mean(axis=0)
        columns = {"willingness": each, "scenario": [base, *names], "positive": positive, "best": best}
        frames.append(pd.DataFrame(columns))
    return pd.concat(frames, ignore_index=True)
