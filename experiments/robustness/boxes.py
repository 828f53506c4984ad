"""Find conditions under which a policy fails: boxes in the space of the drawn parameters, by PRIM.

PRIM, the patient rule induction method (Friedman & Fisher 1999; for scenario discovery Bryant & Lempert 2010), peels
thin slices off the space of the drawn parameters until failures are dense in the box that remains. ema-workbench does
the peeling. Of the boxes on the way, the search takes that with the largest harmonic mean of coverage and density, and
lifts limits that add nothing (quasi-p above 0.05). It tries thin and thick slices (`PEELS`), and keeps the better box.
With hundreds of parameters, some slice is without failures by chance alone. PRIM therefore peels only the
`MOST_PARAMETERS` parameters whose values differ most between failures and the rest (Kolmogorov-Smirnov distance).

A box fits the draws in which it was found too well, and the search finds a box in pure noise as well. A share of the
draws (`HELD`) is therefore held out of the search. There, failures must be denser in the box than outside by Fisher's
exact test (one-sided) at `SIGNIFICANT`; otherwise the box counts as not found, and the search ends. A later box is
tested on the held-out draws outside all earlier boxes. As the search ends with the first box that does not hold, the
chance of any box in pure noise is at most `SIGNIFICANT`, however many parameters there are.
"""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from experiments.robustness.box import Box, Restriction, nothing, unseen
from experiments.statistics.intervals import Array
from experiments.statistics.numbers import beside
from sim.language import say
from sim.scenario.text.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

SIGNIFICANT: Final = 0.05
LEAST_DRAWS: Final = 40
LEAST_OF_EACH: Final = 10
"""Fewest draws, and fewest failures and successes, with which to look for a box."""
PEELS: Final = (0.05, 0.1)
"""Shares of the draws in the box that a peel removes. The search tries each: thin slices find fine limits, and thick
slices are not misled by small dents due to chance."""
LEAST_MASS: Final = 0.05
MOST_PARAMETERS: Final = 10
"""Most parameters that a box may restrict: those whose values differ most between failures and the rest."""
HELD: Final = 1 / 3
"""Share of the draws, of failures as of the rest, that is held out of the search to test its boxes."""
_KEY: Final = 19_990_601

Flags = NDArray[np.bool_]
"""Whether something holds, for each draw."""
Limits = dict[str, tuple[float, float]]
"""Ends of the allowed range, by parameter."""
Steps = list[tuple[int, float, float, float]]
"""Number of restricted parameters, coverage, density and mass of each box on the way to a box."""


@dataclass(frozen=True)
class Discovery:
    """The result of a search for boxes.

    Parameters
    ----------
    boxes : tuple of Box
        Boxes in the order found; each is fitted to the draws searched outside all earlier boxes, and holds on others.
    trajectory : DataFrame
        The boxes on the way to the first box: `parameters` (number restricted), `coverage`, `density`, `mass`, among
        the draws searched.
    draws, failures : int
    held : (draws,) bool array
        Whether a draw was held out of the search.
    refused : Box or None
        The box with which the search ended because it does not hold on the draws held out.
    """

    boxes: tuple[Box, ...]
    trajectory: "pd.DataFrame"
    draws: int
    failures: int
    held: Flags
    refused: Box | None = None

    def words(self, labels: Mapping[str, str] | None = None, units: Mapping[str, str] | None = None) -> list[str]:
        """Return, for each box, sentences on where the policy fails."""
        if self.failures == 0:
            none = say("The policy fails in none of {draws} draws.", draws=self.draws)
            return [beside(none, unseen(self.failures, self.draws, "draws"))]
        if self.failures == self.draws:
            every = say("The policy fails in all of {draws} draws.", draws=self.draws)
            return [beside(every, unseen(self.failures, self.draws, "draws"))]
        if not self.boxes:
            some = say("The policy fails in {failures} of {draws} draws.", failures=self.failures, draws=self.draws)
            return [beside(some, nothing(self.refused, "draws"))]
        return [box.words(labels, units) for box in self.boxes]

    def table(self) -> "pd.DataFrame":
        """Return a table with a row for each restriction, with the number of its box (from 1) and the box's shares."""
        import pandas as pd

        columns = ["box", "parameter", "low", "high", "quasi_p", "coverage", "density", "mass"]
        return pd.DataFrame(
            [
                (number, limit.parameter, limit.low, limit.high, limit.quasi_p, box.coverage, box.density, box.mass)
                for number, box in enumerate(self.boxes, 1)
                for limit in box.restrictions
            ],
            columns=columns,
        )


def discover(parameters: "pd.DataFrame", fails: Sequence[bool], most_boxes: int = 3) -> Discovery:
    """Look for boxes of the parameters in which failures are dense, also among draws held out of the search.

    Parameters
    ----------
    parameters : DataFrame
        A row for each draw, a column for each parameter.
    fails : sequence of bool
        Whether the policy fails in each draw.
    most_boxes : int

    Raises
    ------
    ValueError
        When the lengths differ, a parameter is not a finite number, or there are too few draws.
    """
    import pandas as pd

    wrong = np.asarray(fails)
    if wrong.dtype != bool:
        raise InputError(f"fails: found values of type {wrong.dtype}, allowed are true and false")
    if len(wrong) != len(parameters):
        raise InputError(f"found {len(parameters)} draws and {len(wrong)} outcomes of them")
    numbers = parameters.select_dtypes(["number", "bool"])
    strange = [str(name) for name in parameters.columns if name not in numbers.columns]
    values = numbers.to_numpy(float)
    if strange or not np.isfinite(values).all():
        raise InputError(f"{strange[0] if strange else 'a parameter'}: only finite numbers are allowed in the draws")
    if len(wrong) < LEAST_DRAWS:
        raise InputError(f"found {len(wrong)} draws, at least {LEAST_DRAWS} are needed to look for boxes")
    names = [str(name) for name in parameters.columns]
    boxes: list[Box] = []
    refused = None
    trajectory = pd.DataFrame(columns=["parameters", "coverage", "density", "mass"])
    held, left = _held_out(wrong), np.ones(len(wrong), bool)
    while len(boxes) < most_boxes and _enough(wrong[left]) and 0 < wrong[left & ~held].mean() < 1:
        limits, way = _fitted(values[left & ~held], wrong[left & ~held], names)
        if not boxes:
            trajectory = pd.DataFrame(way, columns=trajectory.columns)
        if not limits:
            break
        box = replace(_box(values, wrong, left, held, names, limits), earlier=len(boxes))
        if box.p > SIGNIFICANT:
            refused = box
            break
        boxes.append(box)
        left &= ~_inside(values, names, limits)
    return Discovery(tuple(boxes), trajectory, len(wrong), int(wrong.sum()), held, refused)


def _held_out(wrong: Flags) -> Flags:
    """Return which draws to hold out of the search: the same share of the failures and of the rest, at random."""
    stream = np.random.Generator(np.random.Philox(_KEY))
    held = np.zeros(len(wrong), bool)
    for kind in (np.flatnonzero(wrong), np.flatnonzero(~wrong)):
        held[stream.permutation(kind)[: round(HELD * len(kind))]] = True
    return held


def _enough(wrong: Flags) -> bool:
    return len(wrong) >= LEAST_DRAWS and LEAST_OF_EACH <= int(wrong.sum()) <= len(wrong) - LEAST_OF_EACH


def _inside(values: Array, names: Sequence[str], limits: Limits) -> Flags:
    inside = np.ones(len(values), bool)
    for name, (low, high) in limits.items():
        column = values[:, names.index(name)]
        inside &= (column >= low) & (column <= high)
    return inside


def _shares(wrong: Flags, inside: Flags) -> tuple[float, float, float]:
    """Return coverage, density and mass."""
    hits, size = float((wrong & inside).sum()), float(inside.sum())
    return hits / max(float(wrong.sum()), 1.0), hits / size if size else 0.0, size / len(wrong)


def _fitted(values: Array, wrong: Flags, names: Sequence[str]) -> tuple[Limits, Steps]:
    """Return the limits of the best box, empty when no limit adds anything, and the boxes on the way to it."""
    columns = _most_different(values, wrong)
    candidates: list[tuple[float, Limits, Steps]] = []
    for peel in PEELS:
        way: Steps = []
        best: tuple[float, Limits] = (0.0, {})
        for limits in _peeled(values[:, columns], wrong, [names[k] for k in columns], peel):
            coverage, density, mass = _shares(wrong, _inside(values, names, limits))
            way.append((len(limits), coverage, density, mass))
            if limits and _both(coverage, density) > best[0]:
                best = (_both(coverage, density), limits)
        kept = _lifted(values, wrong, names, best[1])
        coverage, density, _ = _shares(wrong, _inside(values, names, kept))
        candidates.append((_both(coverage, density) if kept else 0.0, kept, way))
    _, limits, way = max(candidates, key=itemgetter(0))  # of equals the first, with thinner slices
    return limits, way


def _both(coverage: float, density: float) -> float:
    """Return the harmonic mean, which is large only when both numbers are large."""
    return 2.0 * coverage * density / (coverage + density) if coverage + density > 0.0 else 0.0


def _lifted(values: Array, wrong: Flags, names: Sequence[str], limits: Limits) -> Limits:
    """Lift limits that add nothing, one after the other; the limit with the largest quasi-p goes first."""
    left = dict(limits)
    while left:
        quasi = _quasi_p(values, wrong, names, left)
        worst = max(quasi, key=quasi.__getitem__)
        if quasi[worst] <= SIGNIFICANT:
            break
        del left[worst]
    return left


def _most_different(values: Array, wrong: Flags) -> list[int]:
    """Return the columns, at most `MOST_PARAMETERS`, whose values differ most between failures and the rest."""
    order = np.argsort(values, axis=0, kind="stable")
    ordered = np.take_along_axis(values, order, axis=0)
    failed = wrong[order]
    apart = np.abs(failed.cumsum(axis=0) / wrong.sum() - (~failed).cumsum(axis=0) / (~wrong).sum())
    apart[:-1][ordered[:-1] == ordered[1:]] = 0.0  # no limit can lie between equal values
    chosen = np.argsort(-apart.max(axis=0), kind="stable")[:MOST_PARAMETERS]
    return sorted(int(k) for k in chosen)


def _peeled(values: Array, wrong: Flags, names: Sequence[str], peel: float) -> list[Limits]:
    """Return the limits of each box on the way of ema-workbench, without those at the ends of the draws."""
    import pandas as pd

    with warnings.catch_warnings():  # it warns about optional packages, and uses a deprecated part of pandas
        warnings.simplefilter("ignore")
        from ema_workbench.analysis.prim import Prim

        # ema-workbench treats a column named "scenario" specially, so the columns get other names.
        columns = [f"p{k}" for k in range(len(names))]
        varied = [c for c, column in zip(columns, values.T, strict=True) if np.ptp(column) > 0.0]
        if not varied:
            return []
        frame = pd.DataFrame(values, columns=columns)[varied]
        box = Prim(frame, wrong.astype(int), peel_alpha=peel, mass_min=LEAST_MASS).find_box()
    boxes: list[Limits] = []
    for limits in box.box_lims:
        here: Limits = {}
        for column in varied:
            k = int(column[1:])
            low, high = (float(limit) for limit in limits[column])
            ends = (
                low if low > values[:, k].min() else -np.inf,
                high if high < values[:, k].max() else np.inf,
            )
            if ends != (-np.inf, np.inf):
                here[names[k]] = ends
        boxes.append(here)
    return boxes


def _quasi_p(values: Array, wrong: Flags, names: Sequence[str], limits: Limits) -> dict[str, float]:
    """Return quasi-p for each restricted parameter (Bryant & Lempert 2010): a one-sided binomial test of its limits."""
    from scipy.stats import binomtest

    inside = _inside(values, names, limits)
    hits, size = int((wrong & inside).sum()), int(inside.sum())
    chances = {}
    for name in limits:
        without = _inside(values, names, {other: ends for other, ends in limits.items() if other != name})
        density = float(wrong[without].mean())
        chances[name] = float(binomtest(hits, size, density, alternative="greater").pvalue) if size else 1.0
    return chances


def _box(values: Array, wrong: Flags, left: Flags, held: Flags, names: Sequence[str], limits: Limits) -> Box:
    from scipy.stats import hypergeom

    searched, fresh = left & ~held, left & held
    quasi = _quasi_p(values[searched], wrong[searched], names, limits)
    inside = _inside(values, names, limits)
    hits, size = int((wrong & inside & searched).sum()), int((inside & searched).sum())
    fresh_hits, fresh_size = int((wrong & inside & fresh).sum()), int((inside & fresh).sum())
    ordered = sorted(limits, key=lambda name: (quasi[name], names.index(name)))
    return Box(
        restrictions=tuple(Restriction(name, *limits[name], quasi[name]) for name in ordered),
        coverage=hits / int(wrong[~held].sum()),
        density=hits / size,
        mass=size / int((~held).sum()),
        draws=size,
        failures=hits,
        fresh_coverage=fresh_hits / max(int(wrong[held].sum()), 1),
        fresh_density=fresh_hits / fresh_size if fresh_size else float("nan"),
        fresh_draws=fresh_size,
        p=float(hypergeom.sf(fresh_hits - 1, int(fresh.sum()), int(wrong[fresh].sum()), fresh_size)),
        base=float(wrong[left].mean()),
    )


__all__ = ["Box", "Discovery", "Restriction", "discover"]
