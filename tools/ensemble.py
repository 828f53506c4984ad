"""Make the shipped ensemble: draws from the posterior of the fitted parameters, given all targets.

Run `python -m tools.ensemble` (an hour on two cores) to make the ensemble and write its page. The search of `dayroom
posterior` finds hardly any set when all fitted parameters are free at once, so the ensemble comes from an emulator, in
waves (`tools.emulator`). The model then runs every draw, and the page shows which targets the draws meet.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final, TypedDict, cast

import numpy as np
from numpy.typing import NDArray

from experiments.calibration.ensemble import ENSEMBLE
from experiments.calibration.measurement import Sizes, estimates, made
from experiments.calibration.parameters import BOUNDS, CALIBRATED, share_of, values_at
from experiments.calibration.statistics.catalogue import setups_of
from experiments.calibration.statistics.snapshots import Array
from experiments.calibration.targets import Target, keys_of, read_targets
from experiments.designs.changes import changed
from experiments.runs.checkpoint import write_json_whole
from experiments.runs.executors import Executor, executor, none_lost, warm_up
from experiments.store.pages import DOCS, read_json, shows, table, write_marked
from sim.kernel import sources_digest
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import ScenarioError
from tools.emulator import Emulator, draws, emulated

RECORD: Final = Path(__file__).parent / "ensemble.json"
PAGE: Final = DOCS / "calibration-abc.md"
SETS: Final = 220
"""Number of parameter sets in each wave."""
DRAWS: Final = 100
REACH: Final = 0.15
"""Largest step of a parameter from the fit in the first wave, as a share of its plausible range."""
RUNS: Final = Sizes(8, 5, 4)
SEED: Final = 20240404
_AGAIN: Final = 10
"""How often the model runs the fit itself, each time under other seeds, to compare with the draws."""
_MARK: Final = "ensemble"
_PINNED: Final = 0.8
"""Below this ratio of its SD in the posterior to its SD over the plausible range, a parameter counts as pinned."""
_WELL: Final = 0.5
"""The emulator counts as poor for a statistic if it explains less than this share of the variance over sets."""

Flags = NDArray[np.bool_]


class Record(TypedDict):
    """What `docs/calibration-abc.md` shows of the shipped ensemble.

    `met` counts the targets that each draw meets, `fit_met` those that the fit meets, each time run anew; `inside` is
    the share of draws that meet a target; `spread` a parameter's standard deviation in the posterior, as a share of
    that over its plausible range; `runs` are those of baseline, variants and freshmen.
    """

    sets: int
    shipped: int
    reach: float
    runs: list[int]
    seed: int
    model_digest: str
    met: list[int]
    fit_met: list[int]
    inside: dict[str, float]
    poorly_emulated: list[str]
    spread: dict[str, float]
    pairs: list[tuple[str, str, float]]


def make(
    sets: int = SETS, number: int = DRAWS, jobs: int | None = None, ensemble: Path = ENSEMBLE, record: Path = RECORD
) -> None:
    """Run two waves of sets, draw the ensemble, run its draws, and write the draws and their record."""
    import pandas as pd

    warm_up()
    scenario, targets, workers = load_scenario("baseline"), read_targets(), executor(jobs)
    stream = np.random.default_rng(SEED)
    look = partial(statistics, scenario=scenario, targets=targets, seed=SEED)
    ranges = [element for target in targets for element in target.elements]
    waves = near(sets, stream)
    results = _run(look, waves, workers)
    second = draws(emulated(waves, results), ranges, BOUNDS, sets, stream)
    waves, results = np.vstack([waves, second]), np.vstack([results, _run(look, second, workers)])
    emulator = emulated(waves, results)
    drawn = draws(emulator, ranges, BOUNDS, number, stream)
    values = _run(look, drawn, workers)
    kept = np.isfinite(values).any(axis=1)
    fit = values_at([share_of(parameter, parameter.default) for parameter in CALIBRATED], CALIBRATED)
    again = np.array(list(none_lost(workers.each(partial(_again, look, fit), range(1, _AGAIN + 1)))))
    frame = pd.DataFrame([values_at(row.tolist(), CALIBRATED) for row in drawn[kept]])
    frame.to_csv(ensemble, index=False, float_format="%.6g", lineterminator="\n")
    write_json_whole(record, {**_record(emulator, drawn[kept], values[kept], again, targets, len(waves))})


def near(sets: int, stream: np.random.Generator) -> Array:
    """Draw sets near the fit, as shares of plausible ranges: a uniform step of at most `REACH` for each parameter."""
    fit = np.array([share_of(parameter, parameter.default) for parameter in CALIBRATED])
    return np.clip(fit + stream.uniform(-REACH, REACH, (sets, len(fit))), *BOUNDS)


def statistics(values: dict[str, float], *, scenario: Scenario, targets: Sequence[Target], seed: int) -> list[float]:
    """Run a set and return all elements of the targets' statistics; NaN for values that no scenario allows."""
    keys = keys_of(targets)
    try:
        moved = changed(scenario, values)
    except ScenarioError:
        return [np.nan] * sum(target.size for target in targets)
    by_key = estimates(made(moved, setups_of(keys), RUNS, seed), keys)
    return [float(value) for target in targets for value in by_key[target.key].values]


def _run(look: "partial[list[float]]", sets: Array, workers: Executor) -> Array:
    values = [values_at(row.tolist(), CALIBRATED) for row in sets]
    return np.array(list(none_lost(workers.each(look, values))))


def _again(look: "partial[list[float]]", values: dict[str, float], number: int) -> list[float]:
    return look(values, seed=SEED + number)


def _record(
    emulator: Emulator, drawn: Array, values: Array, again: Array, targets: Sequence[Target], sets: int
) -> Record:
    """Return the record that the page shows."""
    met, fit = _met(values, targets), _met(again, targets)
    ends = np.cumsum([0, *(target.size for target in targets)])
    poor = [
        target.key
        for target, first, last in zip(targets, ends, ends[1:], strict=False)
        if emulator.explained[first:last].min() < _WELL
    ]
    spread = drawn.std(axis=0, ddof=1) / np.sqrt((BOUNDS[1] - BOUNDS[0]) ** 2 / 12.0)
    return {
        "sets": sets,
        "shipped": len(drawn),
        "reach": REACH,
        "runs": [RUNS.baseline, RUNS.paired, RUNS.freshmen],
        "seed": SEED,
        "model_digest": sources_digest(),
        "met": met.sum(axis=1).tolist(),
        "fit_met": fit.sum(axis=1).tolist(),
        "inside": {target.key: round(float(met[:, k].mean()), 3) for k, target in enumerate(targets)},
        "poorly_emulated": poor,
        "spread": {free.path: round(float(value), 3) for free, value in zip(CALIBRATED, spread, strict=True)},
        "pairs": _pairs(drawn),
    }


def _met(values: Array, targets: Sequence[Target]) -> Flags:
    """Return which targets each row of statistics meets, shape (rows, targets)."""
    low, high = (
        np.array([getattr(one, end) for target in targets for one in target.elements]) for end in ("low", "high")
    )
    starts = np.cumsum([0, *(target.size for target in targets[:-1])])
    return np.logical_and.reduceat((low <= values) & (values <= high), starts, axis=1)


def _pairs(drawn: Array, most: int = 8, least: float = 0.5) -> list[tuple[str, str, float]]:
    """Return the most correlated pairs of parameters: both paths and the correlation."""
    r = np.corrcoef(drawn.T)
    pairs = [
        (CALIBRATED[i].path, CALIBRATED[j].path, round(float(r[i, j]), 2))
        for i in range(len(r))
        for j in range(i)
        if abs(r[i, j]) >= least
    ]
    return sorted(pairs, key=lambda pair: -abs(pair[2]))[:most]


def text(record: Record) -> str:
    """Return the part of the page that shows the record."""
    low, middle, high = np.quantile(record["met"], [0.0, 0.5, 1.0])
    least, usual, most = np.quantile(record["fit_met"], [0.0, 0.5, 1.0])
    seldom = ", ".join(f"`{key}` ({share:.0%})" for key, share in record["inside"].items() if share < 0.5)
    poor = ", ".join(f"`{key}`" for key in record["poorly_emulated"])
    baseline, paired, freshmen = record["runs"]
    pinned = sorted((share, path) for path, share in record["spread"].items() if share < _PINNED)
    left = [f"`{path}`" for path, share in record["spread"].items() if share >= _PINNED]
    rows = [[f"`{path}`", f"{share:.2f}"] for share, path in pinned]
    pairs = "; ".join(f"`{first}` with `{second}` ({r:+.2f})" for first, second, r in record["pairs"])
    return (
        f"{record['shipped']} draws, by an emulator made of {record['sets']} sets, each of {baseline} runs of the "
        f"baseline, {paired} of each variant and {freshmen} of freshmen. Run again by as many, the draws meet "
        f"{low:.0f} to {high:.0f} of {len(record['inside'])} targets ({middle:.0f} in the middle); by runs as few, "
        f"ten times anew, the fit itself meets {least:.0f} to {most:.0f} ({usual:.0f}). Met by less than half of the "
        f"draws: {seldom or 'none'}. The emulator explains less than half of the variance over sets of: "
        f"{poor or 'none'}; these count for little.\n\n"
        f"The targets together pin {len(rows)} of {len(record['spread'])} parameters: standard deviation in the "
        "posterior, as a share of that over the plausible range.\n\n"
        + table(["parameter", "share left"], rows)
        + f"\nLeft open (a share of {_PINNED:g} or more): {', '.join(left) or 'none'}.\n\n"
        f"Tied to each other: {pairs or 'no pair by .5 or more'}.\n"
    )


def write_page(page: Path = PAGE, record: Path = RECORD) -> None:
    """Write the part of the page that shows the record."""
    write_marked(page, _MARK, text(cast("Record", read_json(record))))


def is_current(page: Path = PAGE, record: Path = RECORD) -> bool:
    """Return whether the page shows the record."""
    return shows(page, _MARK, text(cast("Record", read_json(record))))


if __name__ == "__main__":
    make()
    write_page()
