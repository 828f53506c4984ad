"""Which way every parameter moves every primary outcome and hope: one at a time, both ends, under the same seeds.

Run `python -m experiments.anatomy.directions` to measure and write the page. Stopped, it goes on where it was: what
has been measured of the same model, with as many runs, is kept.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from pydantic import ValidationError
from scipy.stats import t as student

from experiments.analysis.checkpoint import write_json_whole
from experiments.anatomy.notes import NOTES
from experiments.anatomy.writing import Document, carried_out
from experiments.calibration.snapshots import Array, snapshot
from experiments.designs.changes import changed
from experiments.designs.replicates import replicate_seed
from experiments.executors import Executor, executor, none_lost, warm_up
from experiments.marked_pages import DOCS, read_json, table
from experiments.measuring import END_DAYS, over_centres
from experiments.provenance import versions
from sim.engine import Engine
from sim.kernel import sources_digest
from sim.outcomes.catalogue import OUTCOMES, PRIMARY
from sim.scenario.load import load_scenario
from sim.scenario.quantity import Parameter
from sim.scenario.schema import SCENARIO_PARAMETERS, Scenario

MOVED: Final = (*PRIMARY, "hope")
RUNS: Final = 50
SEED: Final = 20240303
CONFIDENCE: Final = 0.99
"""Of each interval: of 1,400 directions about 14 would be told of parameters that move nothing."""
NEVER: Final = ("days", "settling", "network.scale", "centres.*.hour_cost", "centres.*.staff_week")
"""Parameters that say how long is run, what files mean, or what things cost."""
_RECORD: Final = Path(__file__).parent / "directions.json"
_SIGNS: Final = {1: "+", -1: "−", 0: "·"}


def moving() -> tuple[Parameter, ...]:
    """Give the parameters that are moved: all that have a plausible range, but for `NEVER`."""
    return tuple(
        p for p in SCENARIO_PARAMETERS if p.path not in NEVER and p.quantity.plausible[0] < p.quantity.plausible[1]
    )


def kept(item: tuple[Scenario, int]) -> tuple[Array, Array]:
    """Run once and give each outcome at the end, in its unit, and its standard deviation between users."""
    scenario, seed = item
    engine = Engine(scenario, seed)
    engine.advance(scenario.days)
    last = engine.daily[-END_DAYS:]
    users = snapshot(engine).users
    ends = [over_centres(last, OUTCOMES[name]) for name in MOVED]
    spreads = [over_centres(last, OUTCOMES[f"{name}_sd"]) for name in PRIMARY] + [float(users["hope"].std(ddof=1))]
    return np.array(ends), np.array(spreads)


def differences(low: Array, high: Array, spread: Array) -> dict[str, list[float]]:
    """Give the paired difference of each outcome, high end less low end, in SD between users, with its interval.

    Parameters
    ----------
    low, high : array, shape (runs, outcomes)
    spread : array, shape (outcomes,)

    Returns
    -------
    dict of str to list of float
        Of each outcome the mean and the ends of the interval (Student's t, `CONFIDENCE`).
    """
    apart = (high - low) / spread
    half = student.ppf(0.5 + CONFIDENCE / 2.0, len(apart) - 1) * apart.std(axis=0, ddof=1) / len(apart) ** 0.5
    means = apart.mean(axis=0)
    return {
        name: [float(f"{value:.4g}") for value in (mean, mean - one, mean + one)]
        for name, mean, one in zip(MOVED, means, half, strict=True)
    }


def direction(values: Sequence[float]) -> int:
    """Give the sign of an effect: 0 where the interval holds 0."""
    _, low, high = values
    return 1 if low > 0.0 else -1 if high < 0.0 else 0


def ends_of(parameter: Parameter, scenario: Scenario) -> list[Scenario]:
    """Give the scenario with the parameter at the low and at the high end of its plausible range."""
    return [changed(scenario, {parameter.path: _whole(parameter, end)}) for end in parameter.quantity.plausible]


def _whole(parameter: Parameter, value: float) -> float:
    return int(value) if parameter.whole else value


def measure(runs: int = RUNS, jobs: int | None = None, record: Path = _RECORD) -> dict[str, Any]:
    """Move every parameter and give what the page shows; the record is written after every parameter."""
    warm_up()
    scenario, workers = load_scenario("baseline"), executor(jobs)
    seeds = [replicate_seed(SEED, k) for k in range(runs)]
    found = _begun(runs, record)
    spread = np.mean([spread for _, spread in _run(scenario, seeds, workers)], axis=0)
    for parameter, rows in _effects(found["parameters"], scenario, seeds, workers, spread):
        found["parameters"][parameter.path] = rows
        write_json_whole(record, found)
    return {**found, "versions": versions()}


def _begun(runs: int, record: Path) -> dict[str, Any]:
    """Give what has been measured of this model with as many runs, or an empty record."""
    about = {"runs": runs, "seed": SEED, "confidence": CONFIDENCE, "model_digest": sources_digest()}
    old = read_json(record) if record.exists() else {}
    same = all(old.get(name) == value for name, value in about.items())
    return {**about, "parameters": old["parameters"] if same else {}}


def _run(scenario: Scenario, seeds: Sequence[int], workers: Executor) -> list[tuple[Array, Array]]:
    return list(none_lost(workers.each(kept, [(scenario, seed) for seed in seeds])))


def _effects(
    known: Mapping[str, Any], scenario: Scenario, seeds: Sequence[int], workers: Executor, spread: Array
) -> Iterator[tuple[Parameter, dict[str, Any]]]:
    """Give each parameter that is not known yet with its ends and effects; none where no scenario has such values."""
    for parameter in moving():
        if parameter.path in known:
            continue
        low, high = (float(end) for end in parameter.quantity.plausible)
        row: dict[str, Any] = {"low": low, "high": high, "meaning": parameter.quantity.meaning}
        try:
            ends = ends_of(parameter, scenario)
        except ValidationError as error:
            yield parameter, {**row, "effects": None, "why": error.errors()[0]["msg"].removeprefix("Value error, ")}
            continue
        items = [(end, seed) for end in ends for seed in seeds]
        values = np.array([one for one, _ in none_lost(workers.each(kept, items))])
        yield parameter, {**row, "effects": differences(values[: len(seeds)], values[len(seeds) :], spread)}


def text(record: dict[str, Any]) -> str:
    """Write what the page shows from the record."""
    rows = record["parameters"]
    measured = {path: row for path, row in rows.items() if row["effects"] is not None}
    still = [path for path, row in measured.items() if not any(any(one) for one in row["effects"].values())]
    moved = {path: row for path, row in measured.items() if path not in still}
    head = ("parameter", "from", "to", *(_title(name) for name in MOVED))
    parts = [_said(record), table(head, [_row(path, row) for path, row in moved.items()])]
    if still:
        parts.append(f"Nothing at all changes in the baseline through: {', '.join(f'`{path}`' for path in still)}.")
    parts += [
        f"`{path}` cannot stand at an end of its range alone: {row['why']}."
        for path, row in rows.items()
        if row["effects"] is None
    ]
    noted = [f"- `{path}`: {NOTES[path]}" for path in moved if path in NOTES]
    parts += ["### Directions that may surprise", "\n".join(noted)] if noted else []
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def _said(record: dict[str, Any]) -> str:
    number, runs, sure = len(record["parameters"]), record["runs"], record["confidence"]
    return (
        f"{number} parameters, each at the low and high end of its plausible range, the others as in the baseline. "
        f"{runs} runs under the same seeds at each end. High less low at the end of a year, in standard deviations "
        f"between users. A sign where the {sure:.0%} interval leaves out 0, · where it does not."
    )


def _title(name: str) -> str:
    return OUTCOMES[name].label.lower()


def _row(path: str, row: Mapping[str, Any]) -> list[str]:
    cells = [f"`{path}`", f"{row['low']:g}", f"{row['high']:g}"]
    return cells + [
        f"{_SIGNS[direction(one)]} {one[0]:+.2f} ({one[1]:+.2f} to {one[2]:+.2f})" for one in row["effects"].values()
    ]


DOCUMENT: Final = Document("directions", _RECORD, DOCS / "directions.md", text)


def main(words: Sequence[str]) -> int:
    """Measure and write, or check."""
    return carried_out(DOCUMENT, partial(measure, record=_RECORD), RUNS, words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
