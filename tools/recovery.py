"""Test ABC: whether it recovers known parameters, and simulation-based calibration of its posteriors.

Simulation-based calibration (Talts et al. 2018, arXiv:1804.06788; Cook, Gelman & Rubin 2006) draws parameters from the
prior, makes targets from the model there, and computes the posterior. Among draws from a correct posterior, the true
value has every rank equally often. If the posterior is too wide, ranks gather in the middle; if it is too narrow, at
the ends; if it is biased, on one side.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.calibration.posterior.inference import Simulate, infer
from experiments.calibration.posterior.particles import Posterior, keyed, stream_of, values_at
from experiments.calibration.posterior.schedule import Schedule
from experiments.designs.factor import Factor
from experiments.runs.executors import Executor
from experiments.runs.runner import Failed
from experiments.statistics.ranges import Range

if TYPE_CHECKING:
    import pandas as pd


def targets_at(
    simulate: Simulate, values: Mapping[str, float], half_widths: Mapping[str, float], seed: int
) -> tuple[Range, ...]:
    """Run the model at known values, and return targets around its statistics, with these half widths.

    Raises
    ------
    ValueError
        When the model fails there, or gives no value for a statistic.
    """
    statistics = simulate(dict(values), keyed(seed, "observed") % 2**48)
    if isinstance(statistics, Failed):
        raise ValueError(f"the model gives no statistics at {dict(values)}: {statistics.error}")
    missing = [key for key in half_widths if not np.isfinite(statistics.get(key, float("nan")))]
    if missing:
        raise ValueError(f"the model gives no {missing[0]} at {dict(values)}")
    return tuple(Range(key, statistics[key] - half, statistics[key] + half) for key, half in half_widths.items())


def recovered(
    simulate: Simulate,
    factors: Sequence[Factor],
    truth: Mapping[str, float],
    half_widths: Mapping[str, float],
    schedule: Schedule,
    seed: int = 0,
    workers: Executor | None = None,
) -> tuple[Posterior, "pd.DataFrame"]:
    """Return the posterior for targets made at known parameters, and a summary that compares it with the truth.

    Returns
    -------
    Posterior
    DataFrame
        `Posterior.summary` with `truth`, `share_below` (share of the posterior below the truth) and `inside` (whether
        the truth lies in the posterior's middle 90 %).
    """
    targets = targets_at(simulate, truth, half_widths, seed)
    posterior = infer(simulate, factors, targets, schedule, seed=seed + 1, workers=workers)
    frame, known = posterior.summary(), posterior.particles()
    below = [float(known["weight"][known[path] < truth[path]].sum()) for path in frame["parameter"]]
    frame["truth"] = [truth[path] for path in frame["parameter"]]
    frame["share_below"] = below
    frame["inside"] = (frame["q05"] <= frame["truth"]) & (frame["truth"] <= frame["q95"])
    return posterior, frame


@dataclass(frozen=True)
class Ranks:
    """Ranks of the true values among draws from posteriors.

    Parameters
    ----------
    ranks : DataFrame
        Ranks, from 0 to `draws`: one row for each case, one column for each parameter.
    draws : int
        Draws from the posterior in each case.
    """

    ranks: "pd.DataFrame"
    draws: int

    def histogram(self, bins: int) -> "pd.DataFrame":
        """Count ranks in bins: one row for each bin, one column for each parameter.

        Raises
        ------
        ValueError
            When the bins do not divide the ranks evenly.
        """
        import pandas as pd

        if (self.draws + 1) % bins:
            raise ValueError(f"bins: found {bins}, allowed are divisors of {self.draws + 1}, the number of ranks")
        width = (self.draws + 1) // bins
        return pd.DataFrame({name: np.bincount(self.ranks[name] // width, minlength=bins) for name in self.ranks})

    def uniformity(self, bins: int) -> "pd.DataFrame":
        """Test each parameter by chi-square for equally likely ranks: `parameter`, `statistic`, `p`."""
        import pandas as pd
        from scipy.stats import chisquare

        counts = self.histogram(bins)
        rows = [(name, *(float(each) for each in chisquare(counts[name]))) for name in counts]
        return pd.DataFrame(rows, columns=["parameter", "statistic", "p"])


def simulation_based_calibration(
    simulate: Simulate,
    factors: Sequence[Factor],
    half_widths: Mapping[str, float],
    schedule: Schedule,
    cases: int,
    draws: int = 19,
    seed: int = 0,
    workers: Executor | None = None,
) -> Ranks:
    """Rank the true values among draws from the posterior, in many cases.

    Parameters
    ----------
    factors : sequence of Factor
        Parameters to rank, with uniform priors over their ranges.
    half_widths : mapping of str to float
        Half width of the target for each statistic: the unit in which the distance measures it.
    schedule : Schedule
        Schedule of each search. Its tolerance must be small beside the noise of the statistics, else posteriors are too
        wide.
    cases : int
        Number of true parameter sets.
    draws : int
        Draws from the posterior of each case.
    """
    import pandas as pd

    names = [factor.path for factor in factors]
    rows = []
    for case in range(cases):
        stream = stream_of(seed, "case", case)
        truth = dict(zip(names, values_at(factors, stream.random((1, len(names))))[0].tolist(), strict=True))
        own = keyed(seed, "case", case) % 2**32
        targets = targets_at(simulate, truth, half_widths, own)
        posterior = infer(simulate, factors, targets, schedule, seed=own + 1, workers=workers)
        last = posterior.particles()
        drawn = last.iloc[stream.choice(len(last), size=draws, p=last["weight"].to_numpy())]
        rows.append({name: int((drawn[name] < truth[name]).sum()) for name in names})
    return Ranks(pd.DataFrame(rows, columns=names), draws)
