"""Find the parameters on which an outcome depends: Morris' screening, Sobol' indices, and PAWN.

Morris' method (Morris, M. D. 1991, Technometrics 33, 161-174; Campolongo, Cariboni & Saltelli 2007) is cheap and shows
which parameters can be left out. Sobol' indices (S1, ST, S2; estimators of Saltelli et al. 2010) give the shares of
variance of the other parameters. Sobol' indices are computed by SALib, Morris' by its formulas for many resamples at
once. PAWN (Pianosi & Wagener 2015, 2018) compares whole distributions by the statistic of Kolmogorov and Smirnov: it
needs neither a monotone nor a smooth response, does not change when the outcome is rescaled by any increasing function,
and is right for skewed outcomes and shares stuck at 0 or 1, where variance misleads. Borgonovo's delta is similar but
rests on kernel densities, which such outcomes do not have.

A failed run removes its whole trajectory (Morris) or block (Sobol'). A made-up value would give wrong effects and
shares of variance, and SALib returns 0 for every index if any value is NaN. The indices of an outcome that does not
vary are NaN, not 0, because nothing is known about them.

Intervals resample blocks and replicates, in the two ways of `experiments.sensitivity.chance`, around the index. Means
over resampled replicates are noisier than the means themselves, which makes the intervals wide rather than narrow. With
one replicate, or when nearly all variance between points is noise, no index is clear.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, TypedDict

import numpy as np

from experiments.designs.points import DesignError
from experiments.sensitivity.chance import drawn_again, ends_of, replicate_noise, tellable
from experiments.sensitivity.designs import (
    LEVELS,
    Blocks,
    Problem,
    complete_blocks,
    morris_order,
    shares_of,
    sobol_order,
    values_of,
)
from experiments.sensitivity.formulas import (
    Estimate,
    Noise,
    Places,
    distances,
    elementary,
    elementary_noise,
    shares,
    shares_noise,
)
from experiments.statistics.intervals import Array, tails
from experiments.statistics.numbers import clauses
from sim.language import later, say
from sim.scenario.schema.quantity import whole_seed
from sim.scenario.text.errors import UnknownNameError
from sim.scenario.text.suggestions import misspelt

if TYPE_CHECKING:
    import pandas as pd

LEAST_TRAJECTORIES: Final = 4
LEAST_BLOCKS: Final = 16
LEAST_POINTS: Final = 50
"""Fewest complete trajectories, blocks and points for an index."""
LEAST_IN_SLICE: Final = 5
"""Fewest points in a slice of PAWN."""
_TOO_FEW: Final = {
    "morris": (
        later("{outcome}: the design has {planned} trajectories, Morris' method takes at least {least}"),
        later("{outcome}: {complete} of {planned} trajectories are complete, Morris' method takes at least {least}"),
    ),
    "sobol": (
        later("{outcome}: the design has {planned} base points, Sobol' indices take at least {least}"),
        later("{outcome}: {complete} of {planned} base points are complete, Sobol' indices take at least {least}"),
    ),
    "pawn": (
        later("{outcome}: the design has {planned} points, PAWN takes at least {least}"),
        later("{outcome}: {complete} of {planned} points are complete, PAWN takes at least {least}"),
    ),
}
"""Messages, by method: that the design is too small, and that too much of it is missing."""
RESAMPLES: Final = 400
_PERMUTATIONS: Final = 100
_AT_ONCE: Final = 50
"""Resamples held in memory at once."""
_KEY: Final = 19_910_500
NoiseOf = Callable[[Array, Places], Noise]
"""Function from runs (blocks, points of a block, replicates) and positions of the blocks in the design to `Noise`."""
_CONSTANT: Final = 1e-12
"""When an outcome varies by at most this share of its size, only rounding makes it vary."""


class Facts(TypedDict):
    """What the runs show of an outcome; `Sensitivity.outcomes` explains each number."""

    outcome: str
    blocks: int
    dropped: int
    used: int
    replicates: int
    varies: bool
    least: float
    most: float
    variance: float
    noise_variance: float
    noise_share: float
    tellable: bool


@dataclass(frozen=True)
class Sensitivity:
    """The result of a sensitivity analysis.

    Parameters
    ----------
    method : str
        "morris", "sobol" or "pawn".
    indices : DataFrame
        One row for each outcome, index and factor: `outcome`, `index`, `factor`, `other` (the second factor of an S2,
        else empty), `value`, `low`, `high` (95 %), `spread` (half-width of the interval with replicates drawn
        independently in each block), `noise` (expected index of a factor whose mean effect is 0, because its effect
        varies between replicates, or because the sample is finite), `clear` (whether the interval lies above `noise`,
        or for signed indices below -`noise`; never with one replicate, nor if `noise_share` is 90 % or more) and
        `noise_share`. The numbers are NaN when the outcome does not vary.
    convergence : DataFrame
        Indices from the first quarter, the first half and all of the design: `outcome`, `index`, `factor`, `other`,
        `blocks` (planned), `value` (NaN when too few of these blocks are complete).
    outcomes : DataFrame
        One row for each outcome: `outcome`, `blocks` (planned), `dropped` (blocks with a failed run), `used` (blocks),
        `replicates`, `varies`, `least`, `most` and `variance` (of the means at points), `noise_variance` (of such a
        mean, by two-way analysis of variance; NaN with one replicate), `noise_share` (`noise_variance` / `variance`, at
        most 1) and `tellable` (whether any effect can be separated from chance).
    """

    method: str
    indices: "pd.DataFrame"
    convergence: "pd.DataFrame"
    outcomes: "pd.DataFrame"

    def ranked(self, outcome: str, index: str) -> "pd.DataFrame":
        """Return the rows of an index of an outcome, the largest value first.

        Raises
        ------
        KeyError
            When there is no such index or outcome.
        """
        table = self.indices
        rows = table[(table["outcome"] == outcome) & (table["index"] == index)]
        if rows.empty:
            known = table["index"].unique() if outcome in set(table["outcome"]) else table["outcome"].unique()
            word = index if outcome in set(table["outcome"]) else outcome
            raise UnknownNameError(misspelt(f"no index {index!r} of {outcome!r}", word, map(str, known)))
        return rows.sort_values("value", ascending=False, kind="stable", na_position="last").reset_index(drop=True)


def morris(
    problem: Problem,
    points: "pd.DataFrame",
    results: "pd.DataFrame",
    resamples: int = RESAMPLES,
    seed: int = 0,
    levels: int = LEVELS,
) -> Sensitivity:
    """Return Morris' indices of elementary effects: `mu_star` (mean size), `mu` (mean), `sigma` (standard deviation).

    An effect is the change of the outcome by a move, scaled up to the whole range of the factor. A sigma that is large
    beside mu_star means that the factor acts non-linearly or together with others.

    Parameters
    ----------
    points : DataFrame
        `point`, and one column for each factor, in the order of `sample(problem, "morris", ...)`.
    results : DataFrame
        `point`, `replicate`, and one column for each outcome; a failed run is absent or NaN.
    resamples, seed : int
        Number of resamples for the intervals, and their seed.
    levels : int
        Grid levels of the design.

    Raises
    ------
    DesignError
        When points or results do not match the design, or fewer than `LEAST_TRAJECTORIES` trajectories are complete.
    """
    order = shares_of(problem, morris_order(problem, points))
    names = [factor.path for factor in problem]
    estimate, noise = partial(elementary, names, order, levels), partial(elementary_noise, names, order, levels)
    return _analysed("morris", points, results, len(problem) + 1, LEAST_TRAJECTORIES, estimate, noise, resamples, seed)


def sobol(
    problem: Problem, points: "pd.DataFrame", results: "pd.DataFrame", resamples: int = RESAMPLES, seed: int = 0
) -> Sensitivity:
    """Return Sobol' shares of variance: `S1` of a factor alone, `ST` with its interactions, `S2` of each pair.

    S2 needs a design with points for it. Independent replicate noise of share q adds about q to ST and multiplies S1 by
    1 - q; under common seeds part of it cancels. `noise` is what remains of it in ST, and 0 for S1 and S2.

    Parameters
    ----------
    problem, points, results, resamples, seed
        As in `morris`, with points in the order of `sample(problem, "sobol", ...)`.

    Raises
    ------
    DesignError
        When points or results do not match the design, or fewer than `LEAST_BLOCKS` blocks are complete.
    """
    step = sobol_order(problem, points)
    names = [factor.path for factor in problem]
    estimate, noise = partial(shares, names, step), partial(shares_noise, names, step)
    return _analysed("sobol", points, results, step, LEAST_BLOCKS, estimate, noise, resamples, seed)


def pawn(
    problem: Problem,
    points: "pd.DataFrame",
    results: "pd.DataFrame",
    resamples: int = 100,
    seed: int = 0,
    slices: int | None = None,
) -> Sensitivity:
    """Return PAWN indices: the median distance between the outcome's distribution in slices of a factor and overall.

    0 means that the outcome's distribution does not depend on the factor; 1 is the maximum. A finite sample never gives
    0, so `noise` is the mean index of the same values in random order. This does not use SALib's function, which leaves
    out the largest value of each factor, and is too slow to resample because it computes a p-value for each slice.

    Parameters
    ----------
    problem, points, results, resamples, seed
        As in `morris`, with points of any design that fills the space.
    slices : int, optional
        Number of slices of each factor, with about equally many points each; by default 10, or fewer, so that a slice
        holds 20 points. Each must hold `LEAST_IN_SLICE`. More slices resolve a response that bends often; with fewer
        points in each, the index of a factor without effect rises (`noise`).

    Raises
    ------
    DesignError
        When points and results do not match, fewer than `LEAST_POINTS` points are complete, or there are too many
        slices.
    """
    places = values_of(problem, points)
    most = len(places) // LEAST_IN_SLICE
    if slices is not None and not 2 <= slices <= most:
        counts = {"slices": slices, "most": most, "points": len(places)}
        raise DesignError(say("slices: found {slices}, allowed is 2 to {most} for {points} points", **counts))
    estimate = partial(distances, [factor.path for factor in problem], places, slices)
    return _analysed("pawn", points, results, 1, LEAST_POINTS, estimate, None, resamples, seed)


def _analysed(
    method: str,
    points: "pd.DataFrame",
    results: "pd.DataFrame",
    step: int,
    least: int,
    estimate: Estimate,
    noise: NoiseOf | None,
    resamples: int,
    seed: int,
) -> Sensitivity:
    import pandas as pd

    seed = whole_seed(seed)
    rows: list[dict[str, object]] = []
    steps: list[dict[str, object]] = []
    facts: list[Facts] = []
    outcomes = [str(name) for name in results.columns if name not in ("point", "replicate")]
    if not outcomes:
        raise DesignError("the results have no column of an outcome beside point and replicate")
    for number, outcome in enumerate(outcomes):
        stream = np.random.Generator(np.random.Philox(key=[_KEY + seed, number]))
        blocks = complete_blocks(points, results, outcome, step)
        if len(blocks.numbers) < least:
            raise DesignError(_too_few(method, outcome, blocks, least))
        fact = _facts(outcome, blocks)
        facts.append(fact)
        with_intervals = _with_intervals(blocks, fact, estimate, noise, resamples, stream)
        rows += [{"outcome": outcome, **row, "noise_share": fact["noise_share"]} for row in with_intervals]
        steps += [
            {"outcome": outcome, "blocks": most, **row}
            for most in dict.fromkeys(max(1, blocks.planned // part) for part in (4, 2, 1))
            for row in _at(most, blocks, fact["varies"], least, estimate, stream)
        ]
    columns = ["outcome", "index", "factor", "other", "value", "low", "high", "spread", "noise", "clear", "noise_share"]
    return Sensitivity(
        method,
        pd.DataFrame(rows)[columns],
        pd.DataFrame(steps)[["outcome", "index", "factor", "other", "blocks", "value"]],
        pd.DataFrame(facts),
    )


def _too_few(method: str, outcome: str, blocks: Blocks, least: int) -> str:
    """Return the message that too few blocks are complete."""
    planned, complete = blocks.planned, len(blocks.numbers)
    lost = planned - complete
    few = str(_TOO_FEW[method][lost > 0]).format(outcome=outcome, complete=complete, planned=planned, least=least)
    if not lost:
        return few
    if lost == 1:
        return clauses([few, say("{lost} was dropped because a run failed or has no value", lost=lost)])
    return clauses([few, say("{lost} were dropped because a run failed or has no value", lost=lost)])


def _facts(outcome: str, blocks: Blocks) -> Facts:
    means = blocks.values.mean(axis=2)
    varies = bool(np.ptp(means) > _CONSTANT * max(1.0, float(np.abs(means).max())))
    noise = replicate_noise(blocks.values)
    variance = float(means.var(ddof=1)) if varies else 0.0
    # By chance the estimate of the noise may exceed the variance, of which it is a part.
    share = min(noise / variance, 1.0) if varies and np.isfinite(noise) else float("nan")
    return {
        "outcome": outcome,
        "blocks": blocks.planned,
        "dropped": blocks.planned - len(blocks.numbers),
        "used": len(blocks.numbers),
        "replicates": blocks.values.shape[2],
        "varies": varies,
        "least": float(means.min()),
        "most": float(means.max()),
        "variance": variance,
        "noise_variance": noise,
        "noise_share": share,
        "tellable": tellable(blocks.values.shape[2], share),
    }


def _with_intervals(
    blocks: Blocks,
    fact: Facts,
    estimate: Estimate,
    noise_of: NoiseOf | None,
    resamples: int,
    stream: np.random.Generator,
) -> list[dict[str, object]]:
    """Return rows of the indices with intervals; NaN for an outcome that does not vary."""
    means = blocks.values.mean(axis=2)
    whole = estimate(means[:, :, None], blocks.numbers, stream)
    idle = noise_of(blocks.values, blocks.numbers) if noise_of else _shuffled(means, blocks.numbers, estimate, stream)
    if not fact["varies"]:
        nothing = {**dict.fromkeys(("value", "low", "high", "spread", "noise"), np.nan), "clear": False}
        return [{"index": index, "factor": factor, "other": other, **nothing} for index, factor, other in whole]
    apart = _resampled(blocks, estimate, resamples, False, stream)
    together = _resampled(blocks, estimate, resamples, True, stream) if fact["replicates"] > 1 else {}
    rows = []
    for key, value in whole.items():
        ends = ends_of(apart[key], together.get(key), fact["replicates"])
        low, high = (float(value[0] + end) for end in ends)
        alone = tails(apart[key])
        noise = idle[key]
        signed = key[0] in ("mu", "S2", "S1")
        beyond = noise if np.isfinite(noise) else 0.0
        clear = fact["tellable"] and (low > beyond or (signed and high < -beyond))
        rows.append(
            {"index": key[0], "factor": key[1], "other": key[2], "value": float(value[0]), "low": low, "high": high}
            | {"spread": 0.5 * (alone[1] - alone[0]), "noise": noise, "clear": bool(clear)}
        )
    return rows


def _resampled(
    blocks: Blocks, estimate: Estimate, resamples: int, together: bool, stream: np.random.Generator
) -> dict[tuple[str, str, str], Array]:
    """Return the indices of resampled blocks and replicates, or `together` of all blocks and the same replicates."""
    n = len(blocks.values)
    # A shift of all runs of a replicate is no noise, but blocks with replicates of their own would make it one.
    values = blocks.values - blocks.values.mean(axis=(0, 1))
    parts = []
    drawn = np.tile(np.arange(n), (resamples, 1)) if together else stream.integers(n, size=(resamples, n))
    for some in np.array_split(drawn, max(1, resamples // _AT_ONCE)):
        again = np.stack(list(drawn_again(values, some, together, stream)), axis=2)
        parts.append(estimate(again, blocks.numbers[some.T], stream))
    return {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}


def _shuffled(means: Array, numbers: Places, estimate: Estimate, stream: np.random.Generator) -> Noise:
    """Return the mean of each index over shuffles of the values: its size in a finite sample without any effect."""
    order = np.argsort(stream.random((_PERMUTATIONS, len(means))), axis=1)
    shuffled = estimate(means[order.T].transpose(0, 2, 1), numbers, stream)
    return {key: float(np.nanmean(values)) for key, values in shuffled.items()}


def _at(
    most: int, blocks: Blocks, varies: bool, least: int, estimate: Estimate, stream: np.random.Generator
) -> list[dict[str, object]]:
    """Estimate the indices from the first `most` blocks, in a row each; NaN if too few of these blocks are complete."""
    chosen = blocks.numbers < most
    enough = varies and int(chosen.sum()) >= max(2, min(least, most))
    means = blocks.values.mean(axis=2)
    estimated = (
        estimate(means[chosen][:, :, None], blocks.numbers[chosen], stream)
        if enough
        else dict.fromkeys(estimate(means[:, :, None], blocks.numbers, stream), np.array([np.nan]))
    )
    return [
        {"index": index, "factor": factor, "other": other, "value": float(value[0])}
        for (index, factor, other), value in estimated.items()
    ]
