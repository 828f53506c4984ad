"""Regret: how much worse each policy is than the best policy of a draw of parameters, and the minimax choice."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from experiments.statistics.intervals import Array
from sim.outcomes.catalogue import Better
from sim.scenario.text.errors import InputError
from sim.scenario.text.suggestions import misspelt

if TYPE_CHECKING:
    import pandas as pd

_RESAMPLES: Final = 2_000
_KEY: Final = 19_510_300


@dataclass(frozen=True)
class Regret:
    """How much each policy loses against the best policy of a draw.

    Parameters
    ----------
    by_draw : DataFrame
        Columns `draw`, `policy`, `value` (mean over replicates) and `regret` (how much worse than the best policy).
    summary : DataFrame
        One row for each policy, in rising order of `max_regret`: `policy`, `max_regret`, `mean_regret`, `regret_95` (95
        % quantile over draws), `share_best` (a tie counts for each policy in it), `worst_draw`.
    choice : str
        The minimax choice (Savage 1951): the policy with the smallest `max_regret`. Among equals (`tied`) it is the
        policy with the smallest `mean_regret`, and among equals in that too the first.
    share_same_choice : float
        Share of resamples of the draws with the same choice; in a resample, policies that tie share the choice.
    draws, dropped : int
        Number of draws used; number left out because a policy lacks a run.
    """

    by_draw: "pd.DataFrame"
    summary: "pd.DataFrame"
    choice: str
    share_same_choice: float
    draws: int
    dropped: int

    @property
    def tied(self) -> list[str]:
        """Policies with the smallest largest regret, the choice among them."""
        largest = self.summary["max_regret"]
        return [str(name) for name in self.summary.loc[largest == largest.iloc[0], "policy"]]

    def words(self) -> str:
        """Return sentences on the minimax choice and how firm it is."""
        first = self.summary.iloc[0]
        tied = self.summary[self.summary["policy"].isin(self.tied)]
        least = f"worse than the best by more than {first['max_regret']:.3g}"
        on_average = f"on average by {first['mean_regret']:.3g} ({self.draws} draws)"
        again = f"Had other draws been made it would be the choice in {self.share_same_choice:.0%} of cases."
        if len(tied) == 1:
            return f"{self.choice} has the least largest regret: it never does {least}, {on_average}. {again}"
        names = [str(name) for name in tied["policy"]]
        none = "neither" if len(names) == 2 else "none of them"
        shared = f"{', '.join(names[:-1])} and {names[-1]} share the least largest regret: {none} ever does {least}"
        alike = tied.loc[tied["mean_regret"] == first["mean_regret"], "policy"].tolist()
        if len(alike) == len(names):
            return f"{shared}, {on_average}; by this there is nothing to choose between them."
        if len(alike) > 1:
            equal = f"{', '.join(alike[:-1])} and {alike[-1]}"
            return f"{shared}. On average {equal} lose least, equally ({self.draws} draws)."
        return (
            f"{shared}. {self.choice} loses least on average, {first['mean_regret']:.3g} ({self.draws} draws). {again}"
        )


def regret(values: "pd.DataFrame", better: Better) -> Regret:
    """Return the regret of each policy in each draw, and the minimax choice.

    Parameters
    ----------
    values : DataFrame
        Columns `draw`, `policy`, `value` (NaN for a failed run); one row for each run. Runs of a draw and policy are
        averaged. A draw with a failed or missing run is left out, because its policies would have different seeds.
        Use the same seeds for all policies of a draw; otherwise chance adds to every regret. It always adds a little,
        because the best of several means is partly the luckiest: use enough replicates.
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
    lost = (
        scores - scores.min(axis=1, keepdims=True) if better == "lower" else scores.max(axis=1, keepdims=True) - scores
    )
    largest = lost.max(axis=0)
    order = np.lexsort((lost.mean(axis=0), largest))
    stream = np.random.Generator(np.random.Philox(_KEY))
    rows = stream.integers(len(lost), size=(_RESAMPLES, len(lost)))
    again = np.mean([_chosen(lost[each])[order[0]] for each in rows])
    summary = pd.DataFrame(
        {
            "policy": names,
            "max_regret": largest,
            "mean_regret": lost.mean(axis=0),
            "regret_95": np.quantile(lost, 0.95, axis=0, method="higher"),
            "share_best": (lost == 0.0).mean(axis=0),
            "worst_draw": kept.index.to_numpy()[lost.argmax(axis=0)],
        }
    )
    count = len(names)
    by_draw = pd.DataFrame(
        {
            "draw": np.repeat(kept.index.to_numpy(), count),
            "policy": np.tile(names, len(kept)),
            "value": scores.ravel(),
            "regret": lost.ravel(),
        }
    )
    return Regret(
        by_draw,
        summary.iloc[order].reset_index(drop=True),
        names[order[0]],
        float(again),
        len(kept),
        len(wide) - len(kept),
    )


def _is_whole(values: "pd.DataFrame", names: list[str]) -> "pd.Series[bool]":
    """Return, for each draw, whether all policies have equally many runs and none failed."""
    numbers = values["value"].astype(float)
    by_policy = numbers.where(np.isfinite(numbers)).notna().groupby([values["draw"], values["policy"]], sort=True)
    runs, done = (
        each.unstack(fill_value=0).reindex(columns=names, fill_value=0) for each in (by_policy.size(), by_policy.sum())
    )
    is_whole: pd.Series[bool] = (runs == done).all(axis=1)
    return is_whole & (done.min(axis=1) == done.max(axis=1)) & (done.min(axis=1) > 0)


def _chosen(lost: Array) -> Array:
    """Return each policy's share in the minimax choice from regrets of shape (draws, policies): 1, less in a tie."""
    largest = lost.max(axis=0)
    mean = np.where(largest == largest.min(), lost.mean(axis=0), np.inf)
    first = mean == mean.min()
    return np.asarray(first / first.sum())
