"""Measure which targets pin which parameters: how far each target moves over a fitted parameter's plausible range.

Run `python -m tools.anatomy.pins` to measure and write the page. After an interruption it continues.
"""

import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from experiments.calibration.measurement import Measured, Sizes, measure
from experiments.calibration.parameters import CALIBRATED
from experiments.calibration.targets import Target, keys_of, read_targets
from experiments.designs.changes import changed
from experiments.runs.checkpoint import write_json_whole
from experiments.runs.executors import Executor, executor, warm_up
from experiments.store.pages import DOCS, read_json, table
from experiments.store.provenance import versions
from sim.kernel import sources_digest
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.quantity import Parameter
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import ScenarioError
from tools.anatomy.writing import Document, carried_out

RUNS: Final = 48
SEED: Final = 20240304
SURE: Final = 2.6
"""A move counts by itself when it exceeds this many standard errors; chance does so once in a hundred times."""
FAR: Final = 0.5
"""A target pins a parameter when it moves by at least this many half widths of its range."""
_MOST: Final = 6
_RECORD: Final = Path(__file__).parent / "pins.json"


def sizes_of(runs: int) -> Sizes:
    """Return the number of runs of each kind (baseline, variants, freshmen) at each end of a range."""
    return Sizes(runs, max(2, runs // 2), max(2, runs // 4))


def moves(
    low: Mapping[str, Measured], high: Mapping[str, Measured], targets: Sequence[Target]
) -> dict[str, list[float]]:
    """Return how far each target moves from the low to the high end, in half widths of its range, with standard error.

    The move of a target with several elements is that of the element that moves most. Unknown moves are left out.
    """
    by_key = {}
    for target in targets:
        below, above = low[target.key], high[target.key]
        halves = np.array([(element.high - element.low) / 2.0 for element in target.elements])
        apart = (np.array(above.estimate.values) - np.array(below.estimate.values)) / halves
        error = np.hypot(below.errors, above.errors) / halves
        if np.isfinite(apart).any():
            most = int(np.nanargmax(np.abs(apart)))
            by_key[target.key] = [float(f"{apart[most]:.3g}"), float(f"{np.nan_to_num(error[most], nan=9.0):.3g}")]
    return by_key


def pinning(row: Mapping[str, Sequence[float]]) -> list[tuple[str, float]]:
    """Return the targets that pin a parameter, which it moves far and by itself clear of chance; the farthest first."""
    clear = [(key, move) for key, (move, error) in row.items() if abs(move) >= FAR and abs(move) > SURE * error]
    return sorted(clear, key=lambda target: -abs(target[1]))


def measure_all(
    runs: int = RUNS, jobs: int | None = None, record: Path = _RECORD, parameters: Sequence[Parameter] = CALIBRATED
) -> dict[str, Any]:
    """Move every fitted parameter and return the record for the page; write the record after every parameter."""
    warm_up()
    scenario, workers, targets = load_scenario("baseline"), executor(jobs), read_targets()
    kept = _begun(runs, record)
    for parameter in parameters:
        if parameter.path in kept["parameters"]:
            continue
        kept["parameters"][parameter.path] = _row(parameter, scenario, targets, runs, workers)
        write_json_whole(record, kept)
    return {**kept, "versions": versions()}


def _begun(runs: int, record: Path) -> dict[str, Any]:
    about = {"runs": runs, "seed": SEED, "model_digest": sources_digest()}
    old = read_json(record) if record.exists() else {}
    same = all(old.get(name) == value for name, value in about.items())
    return {**about, "parameters": old["parameters"] if same else {}}


def _row(
    parameter: Parameter, scenario: Scenario, targets: Sequence[Target], runs: int, workers: Executor
) -> dict[str, list[float]]:
    """Return the moves of all targets between both ends of a parameter; empty if no scenario allows an end."""
    ends = []
    for end in parameter.quantity.plausible:
        try:
            made = changed(scenario, {parameter.path: int(end) if parameter.whole else end})
        except ScenarioError:
            return {}
        ends.append(measure(made, keys_of(targets), sizes_of(runs), SEED, workers=workers))
    low, high = ends
    return moves(low, high, targets)


def text(record: dict[str, Any]) -> str:
    """Write the text of the page from its record."""
    rows = {path: pinning(row) for path, row in record["parameters"].items()}
    free = [path for path, pinned in rows.items() if not pinned]
    runs = sizes_of(record["runs"])
    tried = sum(map(len, record["parameters"].values()))
    caption = (
        f"Each fitted parameter at both ends of its plausible range, others as they are ({runs.baseline} runs of the "
        f"baseline, {runs.paired} of each variant, {runs.freshmen} of freshmen at each end): the targets that move by "
        f"{FAR:g} half widths of their range or more and, each by itself, by more than {SURE:g} standard errors; the "
        f"farthest first ({_MOST} at most). Nothing is corrected for the {tried:,} moves looked at: if no parameter "
        f"moved any target, {tried / 100:.0f} or more would exceed {SURE:g} standard errors, and those that also "
        f"exceed {FAR:g} half widths would stand here."
    )
    lines = [[f"`{path}`", _listed(pinned)] for path, pinned in rows.items() if pinned]
    targets = [[f"`{key}`", _by(key, rows)] for key in keys_of(read_targets())]
    parts = [caption, table(("parameter", "targets it moves, in half widths"), lines)]
    if free:
        parts.append(f"No target moves by as much through: {', '.join(f'`{path}`' for path in free)}.")
    parts += ["The other way round:", table(("target", "parameters that move it"), targets)]
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def _listed(moved: Sequence[tuple[str, float]]) -> str:
    return ", ".join(f"{name} {move:+.1f}" for name, move in moved[:_MOST])


def _by(key: str, rows: Mapping[str, Sequence[tuple[str, float]]]) -> str:
    movers = [(f"`{path}`", move) for path, pinned in rows.items() for name, move in pinned if name == key]
    return _listed(sorted(movers, key=lambda mover: -abs(mover[1]))) or "none"


DOCUMENT: Final = Document("pins", _RECORD, DOCS / "pins.md", text)


def main(words: Sequence[str]) -> int:
    """Measure and write the page, or check it."""
    return carried_out(DOCUMENT, partial(measure_all, record=_RECORD), RUNS, words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
