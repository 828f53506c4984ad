"""The shipped ensemble: sets of fitted parameters near the fit that come nearest to all targets.

Run `python -m experiments.shipped_ensemble` (about ten minutes on two cores) to make it and write its page. It is no
posterior: with all fitted parameters free at once a search from their plausible ranges finds hardly anything that fits
(`dayroom posterior`), so these sets say how far comparisons hold near the fit, and no more.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from experiments.analysis.checkpoint import write_json_whole
from experiments.calibration.measurement import Sizes, estimates, made
from experiments.calibration.parameters import BOUNDS, CALIBRATED, share_of, values_at
from experiments.calibration.runs import Estimate
from experiments.calibration.statistics import setups_of
from experiments.calibration.targets import Target, keys_of, read_targets
from experiments.calibration.verdicts import FARTHEST
from experiments.designs.changes import changed
from experiments.executors import executor, none_lost, warm_up
from experiments.marked_pages import DOCS, read_json, shows, write_marked
from sim.kernel import sources_digest
from sim.scenario.load import load_scenario
from sim.scenario.schema import Scenario

WORD: Final = "calibrated"
"""What is written instead of a file to mean the shipped ensemble."""
_FOLDER: Final = Path(__file__).parent / "calibration"
ENSEMBLE: Final = _FOLDER / "ensemble.csv"
RECORD: Final = _FOLDER / "ensemble.json"
PAGE: Final = DOCS / "calibration-abc.md"
SETS: Final = 120
REACH: Final = 0.1
"""How far each parameter is moved at most, as a share of its plausible range."""
RUNS: Final = Sizes(8, 5, 4)
SEED: Final = 20240404
_MARK: Final = "ensemble"


def make(sets: int = SETS, jobs: int | None = None, ensemble: Path = ENSEMBLE, record: Path = RECORD) -> None:
    """Draw sets near the fit, keep the half that comes nearest to the targets, and write them and their record."""
    import pandas as pd

    warm_up()
    scenario, targets = load_scenario("baseline"), read_targets()
    drawn = near(sets)
    look = partial(apart, scenario=scenario, targets=targets, seed=SEED)
    off = np.array(list(none_lost(executor(jobs).each(look, drawn))))
    kept = np.sort(np.argsort(np.sqrt((off**2).mean(axis=1)), kind="stable")[: sets // 2])
    frame = pd.DataFrame([drawn[k] for k in kept])
    frame.to_csv(ensemble, index=False, float_format="%.6g", lineterminator="\n")
    found = {
        "sets": sets,
        "shipped": len(kept),
        "reach": REACH,
        "runs": [RUNS.baseline, RUNS.paired, RUNS.freshmen],
        "seed": SEED,
        "model_digest": sources_digest(),
        "met": [int((np.abs(off[k]) <= 1.0).sum()) for k in kept],
        "inside": {one.key: float((np.abs(off[kept, k]) <= 1.0).mean()) for k, one in enumerate(targets)},
    }
    write_json_whole(record, found)


def near(sets: int) -> list[dict[str, float]]:
    """Draw sets of fitted parameters, each moved by a uniform step of at most `REACH` of its plausible range."""
    fit = np.array([share_of(one, one.default) for one in CALIBRATED])
    steps = np.random.default_rng(SEED).uniform(-REACH, REACH, (sets, len(fit)))
    return [values_at([float(one) for one in row], CALIBRATED) for row in np.clip(fit + steps, *BOUNDS)]


def apart(values: dict[str, float], *, scenario: Scenario, targets: Sequence[Target], seed: int) -> list[float]:
    """Run a set and give how far it is from each target, in half widths, and farther where a condition is missed."""
    keys = keys_of(targets)
    found = estimates(made(changed(scenario, values), setups_of(keys), RUNS, seed), keys)
    return [_off(target, found[target.key]) for target in targets]


def _off(target: Target, found: Estimate) -> float:
    distances = [min(one.off(value), FARTHEST) for value, one in zip(found.values, target.elements, strict=True)]
    return max(distances) + found.short


def text(record: dict[str, Any]) -> str:
    """Write what the page shows of the record."""
    low, middle, high = np.quantile(record["met"], [0.0, 0.5, 1.0])
    seldom = ", ".join(f"`{key}` ({share:.0%})" for key, share in record["inside"].items() if share < 0.5)
    baseline, paired, freshmen = record["runs"]
    return (
        f"Of {record['sets']} sets, in each of which every fitted parameter was moved at random by up to "
        f"{record['reach']:.0%} of its plausible range, the {record['shipped']} that come nearest to all targets, the "
        f"paired ones too. By {baseline} runs of the baseline, {paired} of each variant and {freshmen} of freshmen "
        f"each meets {low:.0f} to {high:.0f} of {len(record['inside'])} targets ({middle:.0f} in the middle; with so "
        f"few runs the fit itself misses some by chance). Met by less than half of the sets: {seldom or 'none'}.\n"
    )


def write_page(page: Path = PAGE, record: Path = RECORD) -> None:
    """Write what the page shows from the record."""
    write_marked(page, _MARK, text(read_json(record)))


def is_current(page: Path = PAGE, record: Path = RECORD) -> bool:
    """Tell whether the page shows the record."""
    return shows(page, _MARK, text(read_json(record)))


if __name__ == "__main__":
    make()
    write_page()
