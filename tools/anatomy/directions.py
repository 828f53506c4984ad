"""Measure in which direction every parameter moves each primary outcome and hope.

One parameter at a time takes the low and the high end of its plausible range, under the same seeds. The page also shows
where an outcome turns at the baseline's value, between the ends.

Run `python -m tools.anatomy.directions` to measure and write the page. After an interruption it continues: it keeps
measurements of the same model with the same number of runs.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial, reduce
from operator import getitem
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
from scipy.special import stdtr

from experiments.calibration.statistics.snapshots import Array, snapshot
from experiments.designs.changes import changed
from experiments.designs.replicates import replicate_seed
from experiments.measures.runs import END_DAYS, over_centres
from experiments.runs.checkpoint import write_json_whole
from experiments.runs.executors import Executor, executor, none_lost, warm_up
from experiments.statistics.intervals import ALONE, student
from experiments.statistics.verdict import holm
from experiments.store.pages import DOCS, read_json, table
from experiments.store.provenance import versions
from experiments.studies.parameter_paths import Lost, find_values
from sim.engine import Engine
from sim.kernel import sources_digest
from sim.outcomes.catalogue import OUTCOMES, PRIMARY
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.quantity import Parameter
from sim.scenario.schema.scenario import SCENARIO_PARAMETERS, Scenario
from sim.scenario.text.errors import ScenarioError
from tools.anatomy.notes import NOTES
from tools.anatomy.writing import Document, carried_out

MOVED: Final = (*PRIMARY, "hope")
RUNS: Final = 50
SEED: Final = 20240303
CONFIDENCE: Final = 0.99
"""Confidence of each interval."""
NEVER: Final = (
    "days",
    "settling",
    "network.scale",
    "network.unweighted",
    "centres.*.hour_cost",
    "centres.*.staff_week",
)
"""Parameters not to move: they set the length of runs, the meaning of files, or costs."""
_RECORD: Final = Path(__file__).parent / "directions.json"
COMPARED: Final = ("effects", "from_low", "to_high")
"""Comparisons for each parameter: high end minus low end, baseline minus low end, high end minus baseline."""
_SIGNS: Final = {1: "+", -1: "−", 0: "·"}
_TURNS: Final = {1: "∩", -1: "∪", 0: ""}

Mark = tuple[str, str]
"""Path of a parameter and name of an outcome."""


def moving() -> tuple[Parameter, ...]:
    """Return the parameters to move: all with a plausible range, except `NEVER`."""
    return tuple(
        p for p in SCENARIO_PARAMETERS if p.path not in NEVER and p.quantity.plausible[0] < p.quantity.plausible[1]
    )


def kept(item: tuple[Scenario, int]) -> tuple[Array, Array]:
    """Run a scenario; return each outcome at the end, in its unit, and its standard deviation between users."""
    scenario, seed = item
    engine = Engine(scenario, seed)
    engine.advance(scenario.days)
    last = engine.daily[-END_DAYS:]
    users = snapshot(engine).users
    ends = [over_centres(last, OUTCOMES[name]) for name in MOVED]
    spreads = [over_centres(last, OUTCOMES[f"{name}_sd"]) for name in PRIMARY] + [float(users["hope"].std(ddof=1))]
    return np.array(ends), np.array(spreads)


def differences(low: Array, high: Array, spread: Array) -> dict[str, list[float]]:
    """Return the paired difference of each outcome, high minus low, in SD between users, with its interval.

    Parameters
    ----------
    low, high : array, shape (runs, outcomes)
    spread : array, shape (outcomes,)

    Returns
    -------
    dict of str to list of float
        For each outcome, the mean and the ends of the interval (Student's t, `CONFIDENCE`).
    """
    apart = (high - low) / spread
    half = student(len(apart), 1.0 - CONFIDENCE) * apart.std(axis=0, ddof=1) / len(apart) ** 0.5
    means = apart.mean(axis=0)
    return {
        name: [float(f"{value:.4g}") for value in (mean, mean - reach, mean + reach)]
        for name, mean, reach in zip(MOVED, means, half, strict=True)
    }


def direction(values: Sequence[float]) -> int:
    """Return the sign of an effect (mean, low, high); 0 when the interval holds 0."""
    _, low, high = values
    return 1 if low > 0.0 else -1 if high < 0.0 else 0


def turn(from_low: Sequence[float], to_high: Sequence[float]) -> int:
    """Return 1 when an outcome rises to the baseline and then falls, -1 for the reverse, 0 when it does not turn.

    Parameters
    ----------
    from_low, to_high : sequence of float
        Baseline minus low end and high end minus baseline, each with its interval. Both intervals must exclude 0.
    """
    first, then = direction(from_low), direction(to_high)
    return first if first * then < 0 else 0


def p_value(values: Sequence[float], runs: int, confidence: float) -> float:
    """Return the two-sided p value that an effect is 0, from its mean and the ends of its t interval over `runs`."""
    mean, low, high = values
    if not high > low:
        return float(mean == 0.0)
    return float(2.0 * stdtr(runs - 1, -abs(mean) * student(runs, 1.0 - confidence) * 2.0 / (high - low)))


def clear_marks(record: Mapping[str, Any]) -> tuple[set[Mark], set[Mark]]:
    """Return the cells whose sign, and those whose turn, is clear among all signs and turns looked at (Holm).

    A turn has the larger p value of its two steps, as both must differ from 0.
    """
    tests: list[tuple[bool, Mark, float]] = []
    p_of = partial(p_value, runs=record["runs"], confidence=record["confidence"])
    for path, row in record["parameters"].items():
        if row["effects"] is None or not _moves(row):
            continue
        for name, values in row["effects"].items():
            tests.append((False, (path, name), p_of(values)))
            if row["between"]:
                tests.append((True, (path, name), max(p_of(row["from_low"][name]), p_of(row["to_high"][name]))))
    clear = holm([p for _, _, p in tests])
    signs, turns = (
        {cell for (of_turn, cell, _), is_clear in zip(tests, clear, strict=True) if is_clear and of_turn == wanted}
        for wanted in (False, True)
    )
    return signs, turns


def between_ends(parameter: Parameter, scenario: Scenario) -> bool:
    """Return whether all values of the parameter in a scenario lie between the ends of its plausible range."""
    places, tree = find_values(scenario, parameter.path), scenario.model_dump()
    if isinstance(places, Lost):
        return False
    low, high = parameter.quantity.plausible
    values = [cast("float", reduce(getitem, value.place, cast("Any", tree))) for value in places]
    return all(low < value < high for value in values)


def ends_of(parameter: Parameter, scenario: Scenario) -> list[Scenario]:
    """Return the scenario with the parameter at the low and at the high end of its plausible range."""
    return [changed(scenario, {parameter.path: _whole(parameter, end)}) for end in parameter.quantity.plausible]


def _whole(parameter: Parameter, value: float) -> float:
    return int(value) if parameter.whole else value


def measure(runs: int = RUNS, jobs: int | None = None, record: Path = _RECORD) -> dict[str, Any]:
    """Move every parameter and return the record for the page; write the record after every parameter."""
    warm_up()
    scenario, workers = load_scenario("baseline"), executor(jobs)
    seeds = [replicate_seed(SEED, k) for k in range(runs)]
    measured, moved = _begun(runs, record), _moved_by(scenario, seeds, workers)
    for parameter, rows in _effects(measured["parameters"], scenario, moved):
        measured["parameters"][parameter.path] = rows
        write_json_whole(record, measured)
    return {**measured, "versions": versions()}


def _begun(runs: int, record: Path) -> dict[str, Any]:
    """Return the record if it is of this model with this many runs, to continue it; otherwise an empty record."""
    about: dict[str, Any] = {"runs": runs, "seed": SEED, "confidence": CONFIDENCE}
    about |= {"compared": list(COMPARED), "model_digest": sources_digest()}
    old = read_json(record) if record.exists() else {}
    same = all(old.get(name) == value for name, value in about.items())
    return {**about, "parameters": old["parameters"] if same else {}}


def _run(scenarios: Sequence[Scenario], seeds: Sequence[int], workers: Executor) -> tuple[Array, Array]:
    """Return ends and spreads of scenarios under the same seeds, each of shape (scenarios, seeds, outcomes)."""
    runs = list(none_lost(workers.each(kept, [(scenario, seed) for scenario in scenarios for seed in seeds])))
    ends, spreads = (np.array(part).reshape(len(scenarios), len(seeds), -1) for part in zip(*runs, strict=True))
    return ends, spreads


def _moved_by(
    scenario: Scenario, seeds: Sequence[int], workers: Executor
) -> Callable[[list[Scenario]], dict[str, Any]]:
    """Run the scenario; return a function that compares two ends with each other and with the scenario (`COMPARED`)."""
    ends, spreads = _run([scenario], seeds, workers)
    base, spread = ends[0], spreads[0].mean(axis=0)

    def moved(ends: list[Scenario]) -> dict[str, Any]:
        low, high = _run(ends, seeds, workers)[0]
        pairs = ((low, high), (low, base), (base, high))
        return {name: differences(*pair, spread) for name, pair in zip(COMPARED, pairs, strict=True)}

    return moved


def _effects(
    known: Mapping[str, Any], scenario: Scenario, moved: Callable[[list[Scenario]], dict[str, Any]]
) -> Iterator[tuple[Parameter, dict[str, Any]]]:
    """Yield each parameter not yet in the record with its effects; None, and why, where no scenario allows an end."""
    for parameter in moving():
        if parameter.path in known:
            continue
        low, high = (float(end) for end in parameter.quantity.plausible)
        row: dict[str, Any] = {"low": low, "high": high, "meaning": parameter.quantity.meaning}
        try:
            ends = ends_of(parameter, scenario)
        except ScenarioError as error:
            yield parameter, {**row, "effects": None, "why": error.problems[0].sentence}
            continue
        yield parameter, {**row, "between": between_ends(parameter, scenario), **moved(ends)}


def text(record: dict[str, Any]) -> str:
    """Write the text of the page from its record."""
    rows = record["parameters"]
    measured = {path: row for path, row in rows.items() if row["effects"] is not None}
    still = [path for path, row in measured.items() if not _moves(row)]
    moved = {path: row for path, row in measured.items() if path not in still}
    head = ("parameter", "from", "to", *(_title(name) for name in MOVED))
    signs, turns = clear_marks(record)
    lines = [
        [f"`{path}`", f"{row['low']:g}", f"{row['high']:g}"]
        + [_cell(row, name, (path, name) in signs, (path, name) in turns) for name in row["effects"]]
        for path, row in moved.items()
    ]
    parts = [_caption(record), _turns_caption(record), table(head, lines)]
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


def _moves(row: Mapping[str, Any]) -> bool:
    return any(any(one) for name in COMPARED for one in row[name].values())


def _caption(record: dict[str, Any]) -> str:
    number, runs, sure = len(record["parameters"]), record["runs"], record["confidence"]
    return (
        f"{number} parameters, each at the low and high end of its plausible range, the others as in the baseline. "
        f"{runs} runs under the same seeds at each end. High less low at the end of a year, in standard deviations "
        f"between users, with its {sure:.0%} interval. A sign where the effect is clear when all signs and turns of "
        f"this page are judged together (Holm, {ALONE:.0%}); a sign in brackets where only the effect's own interval "
        "leaves out 0 (of 100 effects that are 0, about one has such a sign by chance); · where it does not."
    )


def _turns_caption(record: dict[str, Any]) -> str:
    return (
        "After the sign, ∩ where the outcome rises from the low end to the baseline's value and falls from there to "
        "the high end, ∪ where it falls and then rises; in brackets where that is so by itself only: the "
        f"{record['confidence']:.0%} interval of each step leaves out 0, and the baseline's value lies between the "
        "ends."
    )


def _title(name: str) -> str:
    return OUTCOMES[name].label


def _cell(row: Mapping[str, Any], outcome: str, sign_clear: bool, turn_clear: bool) -> str:
    """Return a cell: the sign, a mark if the outcome turns at the baseline, and the effect with its interval."""
    mean, low, high = row["effects"][outcome]
    sign = direction(row["effects"][outcome])
    turned = turn(row["from_low"][outcome], row["to_high"][outcome]) if row["between"] else 0
    marks = _marked(_SIGNS[sign], sign_clear or not sign) + _marked(_TURNS[turned], turn_clear or not turned)
    return f"{marks} {mean:+.2f} ({low:+.2f} to {high:+.2f})"


def _marked(mark: str, is_clear: bool) -> str:
    return mark if is_clear else f"({mark})"


DOCUMENT: Final = Document("directions", _RECORD, DOCS / "directions.md", text)


def main(words: Sequence[str]) -> int:
    """Measure and write the page, or check it."""
    return carried_out(DOCUMENT, partial(measure, record=_RECORD), RUNS, words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
