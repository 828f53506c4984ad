"""Regret: how much worse each policy is than the best policy of a draw of parameters, and the minimax choice.

The best of several means is partly the luckiest, and so is the largest of several regrets: regrets of plain means come
out too large, most of all those of policies that are about equal. Means are therefore shrunk by their chance (empirical
Bayes; Efron & Morris 1973, J. Am. Stat. Assoc. 68, 117-130). Values of a draw are taken less their mean over policies,
which leaves regrets unchanged. The covariance of the policies' means over draws is that of the true values plus that of
chance, and the replicates show the latter. Given the means, the true values of a draw are then normal around the shrunk
means; the policies' means over all draws are shrunk likewise. Regrets are means over values drawn from these laws.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from experiments.statistics.intervals import Array, middle
from experiments.statistics.numbers import beside, listed, percent, typeset
from experiments.statistics.verdict import most_differing
from sim.language import later, say
from sim.outcomes.catalogue import Better
from sim.scenario.text.errors import InputError
from sim.scenario.text.suggestions import misspelt

if TYPE_CHECKING:
    import pandas as pd

_RESAMPLES: Final = 2_000
_DECIMALS: Final = 10
"""Regrets that differ by less are equal but for rounding."""
_ROUNDING: Final = 1e-9
"""Share of the largest variance below which a variance is due to rounding."""
_KEY: Final = 19_510_300
_ROWS: Final = {"draws": later("{rows} draws"), "points": later("{rows} points")}
_THESE: Final = {"draws": later("these draws"), "points": later("these points")}
_SHARED: Final = {
    True: later("{names} share the least largest regret: each loses {least}."),
    False: later("{names} share the least largest regret: each of them loses {least}."),
}
_ALIKE: Final = {
    True: later(
        "{names} share the least largest regret: each loses {least}, {average}; by this there is nothing to choose "
        "between them."
    ),
    False: later(
        "{names} share the least largest regret: each of them loses {least}, {average}; by this there is nothing to "
        "choose between them."
    ),
}
"""Sentences on policies of equal regret, by whether they are two."""


@dataclass(frozen=True)
class Regret:
    """How much each policy loses against the best policy of a draw.

    Parameters
    ----------
    by_draw : DataFrame
        Columns `draw`, `policy`, `value` (mean over replicates) and `regret` (how much worse than the best policy).
    summary : DataFrame
        One row for each policy, in rising order of `max_regret`: `policy`, `max_regret` with its interval `low`,
        `high` (chance of the runs at these draws, by replicate, since draws share seeds; NaN with one replicate and
        without chance), `mean_regret`, `regret_95` (95 % quantile over draws), `share_best` (share of the draws at
        which its mean is the best; a tie counts for each policy in it), `worst_draw`.
    choice : str
        The minimax choice (Savage 1951): the policy with the smallest `max_regret`. Among equals (`tied`) it is the
        policy with the smallest `mean_regret`, and among equals in that too the first.
    share_same_choice : float
        Share of resamples of the draws with the same choice; in a resample, policies that tie share the choice.
    draws, dropped : int
        Number of draws used; number left out because a policy lacks a run.
    replicates : int
        Runs of each policy at each draw; with one, the regrets include luck and are too large.
    """

    by_draw: "pd.DataFrame"
    summary: "pd.DataFrame"
    choice: str
    share_same_choice: float
    draws: int
    dropped: int
    replicates: int

    @property
    def tied(self) -> list[str]:
        """Policies with the smallest largest regret, the choice among them."""
        largest = self.summary["max_regret"]
        return [str(name) for name in self.summary.loc[largest == largest.iloc[0], "policy"]]

    def words(self, of: Literal["draws", "points"] = "draws") -> str:
        """Return sentences on the minimax choice and how firm it is; `of` is what the sentences call the draws."""
        first = self.summary.iloc[0]
        tied = self.summary[self.summary["policy"].isin(self.tied)]
        losses = {name: typeset(f"{first[name]:.3g}") for name in ("max_regret", "low", "high", "mean_regret")}
        rows = str(_ROWS[of]).format(rows=self.draws)
        least = say("at most {max_regret} against the best", **losses)
        if np.isfinite(first["low"]):
            least = say(
                "at most {max_regret} against the best (nominal 95 % interval {low} to {high}, chance of the runs at "
                "{rows})",
                **losses,
                rows=_THESE[of],
            )
        names = [str(name) for name in tied["policy"]]
        if first["max_regret"] == 0.0 and tied["share_best"].min() < 1.0:  # shrunk to nothing, though others do better
            luck = say(
                "No loss of {names} against the best can be told from luck ({rows}), though not in all of them the "
                "mean of the runs is the best.",
                names=listed(names),
                rows=rows,
            )
            return beside(luck, self._again(of)) if len(names) == 1 else luck
        if first["max_regret"] == 0.0 and len(tied) == 1:
            always = say(
                "{choice} is the best in each of {rows}; if others like them were drawn, it might not be in up to "
                "{most} of them.",
                choice=self.choice, rows=rows, most=percent(most_differing(self.draws)),
            )  # fmt: skip
            return beside(always, self._again(of))
        average = say("on average {mean_regret} ({rows})", **losses, rows=rows)
        if len(tied) == 1:
            only = say("{choice} has the least largest regret: it loses {least}, {average}.",
                       choice=self.choice, least=least, average=average)  # fmt: skip
            return beside(only, self._again(of))
        mean = losses["mean_regret"]
        alike = tied.loc[tied["mean_regret"] == first["mean_regret"], "policy"].tolist()
        if len(alike) == len(names):
            return str(_ALIKE[len(names) == 2]).format(names=listed(names), least=least, average=average)
        shared = str(_SHARED[len(names) == 2]).format(names=listed(names), least=least)
        if len(alike) > 1:
            return beside(
                shared, say("On average {equal} lose least, equally ({rows}).", equal=listed(alike), rows=rows)
            )
        best = say("{choice} loses least on average, {mean} ({rows}).", choice=self.choice, mean=mean, rows=rows)
        return beside(shared, best, self._again(of))

    def _again(self, of: Literal["draws", "points"]) -> str:
        """Return sentences on how often the choice is the same in resamples."""
        share = percent(self.share_same_choice)
        if of == "points":
            again = say("In {share} of resamples of the points it is the choice.", share=share)
        else:
            again = say("In {share} of resamples of the draws it is the choice.", share=share)
        if self.replicates >= 2:
            return again
        return beside(again, say("With one replicate all of this includes luck, and the losses are too large."))


def regret(values: "pd.DataFrame", better: Better) -> Regret:
    """Return the regret of each policy in each draw, and the minimax choice.

    Parameters
    ----------
    values : DataFrame
        Columns `draw`, `policy`, `value` (NaN for a failed run), and `replicate` (by default the order of the rows of
        a draw and policy); one row for each run. A draw with a failed or missing run is left out, because its policies
        would have different seeds. Use the same seeds for all policies of a draw, and the same for all draws. When
        draws have different numbers of replicates, regrets use the first of each, as many as every draw has.
    better : "lower" or "higher"

    Raises
    ------
        InputError
        When the direction is neither of the two, a column is missing, or there is nothing to choose between.
    """
    import pandas as pd

    if better == "neither":
        raise InputError("there is no regret about an outcome of which neither direction is better")
    if better not in ("lower", "higher"):
        raise InputError(misspelt(f"better: found {better!r}", str(better), ("lower", "higher")))
    missing = [name for name in ("draw", "policy", "value") if name not in values.columns]
    if missing:
        raise InputError(f"no column {missing[0]!r}; found: {', '.join(map(str, values.columns))}")
    names = [str(name) for name in values["policy"].unique()]
    wide = values.pivot_table(index="draw", columns="policy", values="value", aggfunc="mean", dropna=False)[names]
    kept = wide[_is_whole(values, names).reindex(wide.index)]
    if len(names) < 2 or kept.empty:
        raise InputError(
            f"found {len(names)} policies with values in {len(kept)} common draws; at least 2 and 1 are needed"
        )
    scores = kept.to_numpy(float)
    sign = 1.0 if better == "lower" else -1.0
    runs = _by_replicate(values[values["draw"].isin(kept.index)], names)
    stream = np.random.Generator(np.random.Philox(_KEY))
    lost, wider = (_lost(each) for each in _likely(sign * runs, stream))
    largest, mean = lost.max(axis=1).mean(axis=0).round(_DECIMALS), lost.mean(axis=(0, 1)).round(_DECIMALS)
    order = np.lexsort((mean, largest))
    rows = stream.integers(len(scores), size=(_RESAMPLES, len(scores)))
    again = np.mean([_chosen(each[some])[order[0]] for each, some in zip(wider, rows, strict=True)])
    low, high = np.array([_ends(column) for column in wider.max(axis=1).T]).T
    by_draw_lost = lost.mean(axis=0).round(_DECIMALS)
    summary = pd.DataFrame(
        {
            "policy": names,
            "max_regret": largest,
            "low": low,
            "high": high,
            "mean_regret": mean,
            "regret_95": np.quantile(lost, 0.95, axis=1, method="higher").mean(axis=0),
            "share_best": (sign * scores == (sign * scores).min(axis=1, keepdims=True)).mean(axis=0),
            "worst_draw": kept.index.to_numpy()[by_draw_lost.argmax(axis=0)],
        }
    )
    count = len(names)
    by_draw = pd.DataFrame(
        {
            "draw": np.repeat(kept.index.to_numpy(), count),
            "policy": np.tile(names, len(kept)),
            "value": scores.ravel(),
            "regret": by_draw_lost.ravel(),
        }
    )
    return Regret(
        by_draw,
        summary.iloc[order].reset_index(drop=True),
        names[order[0]],
        float(again),
        len(kept),
        len(wide) - len(kept),
        runs.shape[1],
    )


def _likely(values: Array, stream: np.random.Generator) -> tuple[Array, Array]:
    """Draw values that the policies may truly have, given their runs.

    Parameters
    ----------
    values : (draws, replicates, policies) float array

    Returns
    -------
    tuple of two (resamples, draws, policies) float arrays
        Values for estimates, and wider ones for intervals. In the latter the policies' means over all draws vary by
        Student's t for this number of replicates, because all draws share the seeds.
    """
    draws, replicates, policies = values.shape
    centred = values - values.mean(axis=2, keepdims=True)
    means = centred.mean(axis=1)
    by_seed = centred.mean(axis=0)
    overall = by_seed.mean(axis=0)
    if not np.ptp(centred, axis=1).max() > _ROUNDING * np.abs(centred).max():  # no chance, or one replicate
        every = np.broadcast_to(means, (_RESAMPLES, draws, policies))
        return every, every
    off = (centred - means[:, None] - by_seed + overall).reshape(-1, policies)
    chance = off.T @ off / (max(draws - 1, 1) * (replicates - 1) * replicates)
    apart = means - overall
    root = _root(apart.T @ apart / max(draws - 1, 1) - chance)
    true = root @ root.T
    kept = true @ np.linalg.pinv(true + chance, hermitian=True, rcond=_ROUNDING)
    left = _root(true - kept @ true)
    likely = apart @ kept.T + stream.standard_normal((_RESAMPLES, draws, policies)) @ left.T
    spread = (by_seed - overall) / (replicates * (replicates - 1)) ** 0.5
    error = float((spread**2).sum())
    size = float((overall**2).sum())
    shrunk = overall * (1.0 - min(1.0, error / size) if size > 0.0 else 1.0)
    scale = np.sqrt(stream.chisquare(replicates - 1, _RESAMPLES) / (replicates - 1))
    shifts = stream.standard_normal((_RESAMPLES, replicates)) @ spread / scale[:, None]
    return likely + shrunk, likely + (shrunk + shifts)[:, None]


def _root(square: Array) -> Array:
    """Return a matrix whose product with its transpose is a symmetric matrix without its negative part.

    The negative part is taken from all eigenvalues alike, so that the trace stays right: to cut it off alone would
    leave too much variance.
    """
    sizes, axes = np.linalg.eigh((square + square.T) / 2.0)
    falling = sizes[::-1]
    cuts = (falling.cumsum() - max(falling.sum(), 0.0)) / np.arange(1, len(falling) + 1)
    cut = cuts[np.flatnonzero(falling - cuts > 0.0)[-1]] if falling.sum() > 0.0 else np.inf
    return np.asarray(axes * np.sqrt(np.maximum(sizes - cut, 0.0)))


def _lost(values: Array) -> Array:
    """Return regrets: how much more each policy has than the policy with the least, to `_DECIMALS`."""
    return np.asarray((values - values.min(axis=2, keepdims=True)).round(_DECIMALS))


def _ends(largest: Array) -> tuple[float, float]:
    """Return the nominal 95 % interval of a largest regret; NaN without chance."""
    return middle(largest) if np.ptp(largest) > 0.0 else (float("nan"), float("nan"))


def _chosen(lost: Array) -> Array:
    """Return each policy's share in the minimax choice from regrets of shape (draws, policies): 1, less in a tie."""
    largest = lost.max(axis=0)
    mean = np.where(largest == largest.min(), lost.mean(axis=0).round(_DECIMALS), np.inf)
    first = mean == mean.min()
    return np.asarray(first / first.sum())


def _by_replicate(values: "pd.DataFrame", names: list[str]) -> Array:
    """Return values of shape (draws, replicates, policies), of as many replicates as every draw has."""
    if "replicate" in values.columns:
        values = values.sort_values("replicate", kind="stable")
    number = values.groupby(["draw", "policy"]).cumcount()
    wide = values.assign(number=number).pivot(index=["draw", "number"], columns="policy", values="value")[names]
    fewest = int(number.groupby(values["draw"]).max().min()) + 1
    kept = wide[wide.index.get_level_values("number") < fewest].sort_index()
    return kept.to_numpy(float).reshape(-1, fewest, len(names))


def _is_whole(values: "pd.DataFrame", names: list[str]) -> "pd.Series[bool]":
    """Return, for each draw, whether all policies have equally many runs and none failed."""
    numbers = values["value"].astype(float)
    by_policy = numbers.where(np.isfinite(numbers)).notna().groupby([values["draw"], values["policy"]], sort=True)
    runs, done = (
        each.unstack(fill_value=0).reindex(columns=names, fill_value=0) for each in (by_policy.size(), by_policy.sum())
    )
    is_whole: pd.Series[bool] = (runs == done).all(axis=1)
    return is_whole & (done.min(axis=1) == done.max(axis=1)) & (done.min(axis=1) > 0)
