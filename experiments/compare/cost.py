"""Costs and effect of a policy over the whole run, and the price of a user-year below the severe cut-off.

Both are paired differences for each user and year, integrated over the same days and discounted at the same rate
(`experiments.measures.discounted`). The effect is the share of user-years below the cut-off for severe loneliness; more
is better. Their ratio is money for each user-year below the cut-off. When the denominator may be zero a ratio means
nothing, and a saving with harm has the same sign as a price for a gain. A ratio is therefore given only with ten pairs
or more, when effect and cost are clear among all, neither side dominates, and the ratio's interval is bounded and
leaves out 0. The plane and the acceptability curve need no ratio.

Sources: Fieller, E. C. (1954), Journal of the Royal Statistical Society B 16, 175-185, for the ratio's interval;
Fenwick, Claxton and Sculpher (2001), Health Economics 10, 779-787, for the acceptability curve of several policies.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from experiments.statistics.differences import by_scenario, complete, order_of
from experiments.statistics.intervals import Array, ratio_interval
from experiments.statistics.numbers import many
from experiments.statistics.paired import differences_of
from experiments.statistics.verdict import (
    ALONE_ONLY,
    FEW,
    RARE,
    SAME,
    UNCLEAR,
    UNKNOWN,
    sound_interval,
    towards,
    verdicts_among,
)
from sim.language import later, say, term
from sim.outcomes.measures import mean_of
from sim.scenario.text.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

RESAMPLES: Final = 5_000
WEEKS: Final = 365.25 / 7.0
"""Weeks of a year."""
MONTHS: Final = 12.0
"""Months of a year."""
_KEY: Final = 19_540_017
_NAN: Final = float("nan")
_RUN: Final = ("cost", "staff_hours", "severe_time")

QUADRANTS: Final = ("better_dearer", "better_cheaper", "worse_dearer", "worse_cheaper")
"""The four quarters of the cost-effectiveness plane."""


@dataclass(frozen=True, slots=True)
class CostContrast:
    """A policy's costs and effect against the base: mean paired differences with 95 % intervals.

    An interval is NaN where too few pairs differ (`experiments.statistics.verdict.sound_interval`).

    Parameters
    ----------
    scenario, base : str
    n, dropped : int
        Pairs compared; pairs left out because a run or a value is missing.
    cost, cost_low, cost_high : float
        Money for each user-year, discounted.
    staff_hours, staff_hours_low, staff_hours_high : float
        Staff hours for each user-year.
    effect, effect_low, effect_high : float
        User-years below the severe cut-off gained in a user-year, discounted.
    effect_verdict, cost_verdict : str
        As in `experiments.statistics.verdict`, with "better" and "worse" for the effect and "higher" and "lower" for
        the cost; clear among the effects and costs of all scenarios and what else is judged together with them.
    ratio, ratio_low, ratio_high : float
        Cost divided by effect: money for a user-year below the cut-off, with Fieller's interval; NaN without a price.
    position : str
        "dominant" (better at no more cost) or "dominated" (worse at no less cost), when both verdicts are clear among
        all or, for the cost, no pair differs; else both verdicts, such as "better, dearer" or "effect unclear, dearer
        by itself"; "too few to say" and "not known" as for verdicts.
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
    effect_verdict: str
    cost_verdict: str
    ratio: float
    ratio_low: float
    ratio_high: float
    position: str

    def words(self, currency: str = "CNY", harmed: bool = False, name: str = "") -> str:
        """Return a sentence on effect, cost and price.

        Parameters
        ----------
        currency : str
        harmed : bool
            Whether the policy does harm elsewhere.
        name : str
            What to call the scenario; by default its name.
        """
        name = name or self.scenario
        if self.position == UNKNOWN:
            return say("{scenario}: no pair of runs to compare costs.", scenario=name)
        if self.position == FEW:
            return say(
                "{scenario}: cost and severe loneliness of {pairs}, too few to say what a gain costs.",
                scenario=name,
                pairs=many(self.n, "pair"),
            )
        way = towards(self.effect_verdict)
        effects = _WITH_HARM if harmed and way == "better" else _EFFECTS
        values = {
            "scenario": name,
            "effect": effects[self.effect_verdict],
            "cost": _COSTS[self.cost_verdict],
        }
        if np.isnan(self.ratio):
            if not way:
                return say("{scenario}: {effect}, {cost}, so nothing can be priced.", **values)
            if towards(self.cost_verdict) == ("higher" if way == "better" else "lower"):
                return say("{scenario}: {effect}, {cost}, but too unsure for a price.", **values)
            return say("{scenario}: {effect}, {cost}.", **values)
        price = say(
            "{amount:,.0f} {currency} ({low:,.0f} to {high:,.0f})",
            amount=self.ratio,
            currency=term(currency),
            low=self.ratio_low,
            high=self.ratio_high,
        )
        if way == "better":
            return say(
                "{scenario}: {effect}, {cost}: each user-year below the severe cut-off costs {price}.",
                **values,
                price=price,
            )
        return say(
            "{scenario}: {effect}, {cost}: {price} saved for each user-year more in severe loneliness.",
            **values,
            price=price,
        )


_EFFECTS: Final = {
    "better": later("clearly less time in severe loneliness"),
    f"better{ALONE_ONLY}": later("less time in severe loneliness by itself"),
    "worse": later("clearly more time in severe loneliness"),
    f"worse{ALONE_ONLY}": later("more time in severe loneliness by itself"),
    UNCLEAR["difference"]: later("no clear effect on severe loneliness"),
    SAME["difference"]: later("no effect on severe loneliness seen"),
    RARE: later("an effect on severe loneliness too rare to say"),
}
_WITH_HARM: Final = {
    "better": later("less time in severe loneliness, with harm elsewhere"),
    f"better{ALONE_ONLY}": later("less time in severe loneliness by itself, with harm elsewhere"),
}
_COSTS: Final = {
    "higher": later("clearly dearer"),
    f"higher{ALONE_ONLY}": later("dearer by itself"),
    "lower": later("clearly cheaper"),
    f"lower{ALONE_ONLY}": later("cheaper by itself"),
    UNCLEAR["difference"]: later("no clear difference in cost"),
    SAME["difference"]: later("no difference in cost seen"),
    RARE: later("a difference in cost too rare to say"),
}
_SHORT_EFFECTS: Final = {
    UNCLEAR["difference"]: "effect unclear", SAME["difference"]: "no effect seen", RARE: "effect too rare to say",
}  # fmt: skip
_SHORT_COSTS: Final = {
    "higher": "dearer",
    f"higher{ALONE_ONLY}": f"dearer{ALONE_ONLY}",
    "lower": "cheaper",
    f"lower{ALONE_ONLY}": f"cheaper{ALONE_ONLY}",
    UNCLEAR["difference"]: "cost unclear",
    SAME["difference"]: "same cost seen",
    RARE: "cost too rare to say",
}


def costs(runs: "pd.DataFrame", among: Sequence[Array] = ()) -> list[CostContrast]:
    """Compare the costs and effect of each other scenario with those of the first.

    Parameters
    ----------
    runs : DataFrame
        Columns `scenario`, `replicate`, and for each user-year `cost`, `staff_hours` and `severe_time` (the share of
        time in severe loneliness); one row for each run.
    among : sequence of (pairs,) float array
        Paired differences of other outcomes that are shown beside these and judged together with them.

    Raises
    ------
    ValueError
        When a column or a second scenario is missing, or a run appears twice.
    """
    base, *others = order_of(runs)
    wide = _measures(runs)
    pairs = [_differences([measure[[base, other]] for measure in wide]) for other in others]
    words = verdicts_among(
        [*(differences for (cost, _, gain), _ in pairs for differences in (gain, cost)), *among],
        ["higher", "neither"] * len(others) + ["neither"] * len(among),
    )[: 2 * len(others)]
    return [
        _cost_contrast(other, base, *pair, *both)
        for other, pair, both in zip(others, pairs, zip(words[::2], words[1::2], strict=True), strict=True)
    ]


def table(rows: Sequence[CostContrast]) -> "pd.DataFrame":
    """Return a table with one row for each other scenario; costs and hours also for a user and week, and month."""
    import pandas as pd

    frame = pd.DataFrame(rows, columns=[field.name for field in fields(CostContrast)])
    for name in ("cost", "staff_hours"):
        for end in ("", "_low", "_high"):
            frame[f"{name}_a_week{end}"] = frame[f"{name}{end}"] / WEEKS
            frame[f"{name}_a_month{end}"] = frame[f"{name}{end}"] / MONTHS
    return frame


def _measures(runs: "pd.DataFrame") -> "tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]":
    """Return cost, staff hours and gain for a user-year, each of shape (replicates, scenarios)."""
    cost, hours, severe = (by_scenario(runs, name) for name in _RUN)
    return cost, hours, -severe


def _differences(both: "Sequence[pd.DataFrame]") -> tuple[list[Array], int]:
    """Return the paired differences of each measure over the pairs complete in all, and how many are not."""
    known = np.logical_and.reduce([measure.notna().all(axis=1).to_numpy() for measure in both])
    sides = [complete(measure[known]) for measure in both]
    return [differences_of(before, after) for before, after, _ in sides], int((~known).sum())


def _cost_contrast(
    scenario: str, base: str, differences: Sequence[Array], dropped: int, effect_verdict: str, cost_verdict: str
) -> CostContrast:
    cost, _, gain = differences
    of_cost, of_hours, of_gain = ((mean_of(each), *sound_interval(each)) for each in differences)
    place = position(effect_verdict, cost_verdict)
    row = CostContrast(
        scenario, base, len(gain), dropped, *of_cost, *of_hours, *of_gain, effect_verdict, cost_verdict,
        _NAN, _NAN, _NAN, place,
    )  # fmt: skip
    if (effect_verdict, cost_verdict) not in (("better", "higher"), ("worse", "lower")):
        return row
    ratio, low, high = ratio_interval(cost, gain)
    return replace(row, ratio=ratio, ratio_low=low, ratio_high=high) if low > 0.0 else row


def position(effect: str, cost: str) -> str:
    """Return where verdicts on effect and cost put a scenario; see `CostContrast`."""
    for word in (UNKNOWN, FEW):
        if word in (effect, cost):
            return word
    if effect == "better" and cost in ("lower", SAME["difference"]):
        return "dominant"
    if effect == "worse" and cost in ("higher", SAME["difference"]):
        return "dominated"
    if effect == cost == SAME["difference"]:
        return SAME["difference"]
    return f"{_SHORT_EFFECTS.get(effect, effect)}, {_SHORT_COSTS[cost]}"


def pairs(runs: "pd.DataFrame") -> int:
    """Return how many replicates have a cost and an effect for all scenarios; `runs` as in `costs`."""
    cost, _, gain = _measures(runs)
    return int((cost.notna().all(axis=1) & gain.notna().all(axis=1)).sum())


def plane(runs: "pd.DataFrame", resamples: int = RESAMPLES, seed: int = 0) -> "pd.DataFrame":
    """Return points of the cost-effectiveness plane: bootstrapped mean differences from the base, the first scenario.

    Parameters
    ----------
    runs : DataFrame
        As in `costs`.
    resamples : int
    seed : int
        The same seed gives the same points.

    Returns
    -------
    DataFrame
        Columns `scenario`, `resample`, `effect` (more is better) and `cost`, both for a user-year, and `pairs`, how
        many pairs of runs they stand on. A resample draws whole replicates, with all scenarios, so that its points for
        different scenarios belong together.

    Raises
    ------
    ValueError
        As `costs`, and when fewer than two replicates have values for all scenarios.
    """
    import pandas as pd

    base, *others = order_of(runs)
    cost, _, gain = _measures(runs)
    known = (cost.notna().all(axis=1) & gain.notna().all(axis=1)).to_numpy()
    n = int(known.sum())
    if n < 2:
        raise InputError(f"{n} of {len(known)} replicates complete over all scenarios; at least 2 are needed")
    stream = np.random.Generator(np.random.Philox([_KEY, seed]))
    weights = stream.multinomial(n, np.full(n, 1.0 / n), resamples) / n
    frames = []
    for other in others:
        dearer, more = (
            differences_of(side[base].to_numpy(float)[known], side[other].to_numpy(float)[known])
            for side in (cost, gain)
        )
        points = {"scenario": other, "resample": range(resamples), "effect": weights @ more, "cost": weights @ dearer}
        frames.append(pd.DataFrame({**points, "pairs": n}))
    return pd.concat(frames, ignore_index=True)


def quadrants(points: "pd.DataFrame") -> "pd.DataFrame":
    """Return, for each scenario, the share of points in each quarter of the plane, and on an axis, and the pairs.

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
        on_axis = float((more * dearer == 0.0).mean())
        rows.append({"scenario": scenario, **shares, "on_axis": on_axis, "pairs": int(here["pairs"].iloc[0])})
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
        Columns `willingness`, `scenario`, `positive`, `best` and `pairs`, how many pairs of runs the shares stand on.
        Net benefit is willingness x effect - cost. `positive`
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
        raise InputError("what may be paid for an effect must be 0 or more")
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
        columns["pairs"] = int(points["pairs"].iloc[0])
        frames.append(pd.DataFrame(columns))
    return pd.concat(frames, ignore_index=True)
