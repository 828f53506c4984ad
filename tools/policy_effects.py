"""Measure the effects of every policy in the baseline; write the record and the tables of `docs/policies.md`.

Run `python -m tools.policy_effects` (about ten minutes on two cores) after the model or a policy has changed;
`--check` reports whether the record belongs to the present model and the page shows it.
"""

import json
import re
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from experiments.calibration.setups import more_free_time
from experiments.calibration.statistics import strangers
from experiments.calibration.statistics.snapshots import Array, snapshot
from experiments.designs.replicates import replicate_seed
from experiments.findings.fragments import p_of_interval
from experiments.runs.executors import Executor, none_lost
from experiments.statistics.differences import by_scenario
from experiments.statistics.intervals import middle
from experiments.statistics.numbers import apart_from_0
from experiments.statistics.paired import differences_of, paired_p
from experiments.statistics.verdict import CLEAR, holm
from experiments.store import pages
from experiments.store.provenance import versions
from sim.engine import Engine
from sim.kernel import sources_digest
from sim.outcomes.catalogue import OUTCOMES, PRIMARY
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.policy import policies
from sim.scenario.schema.scenario import Scenario
from tools.policy_trials import TRIALS

if TYPE_CHECKING:
    import pandas as pd

PAGE: Final = Path(__file__).parent.parent / "docs" / "policies.md"
RECORD: Final = Path(__file__).parent.parent / "experiments" / "findings" / "policy_effects.json"
PAIRS: Final = 200
TAKEN_APART: Final = 20
SPREADS: Final = 40
"""Number of runs of the baseline that measure the spread between users."""
SEED: Final = 20240201
_IN_STATE: Final = {
    "loneliness_ucla20": ("loneliness", 60.0),
    "burden": ("burden", 100.0),
    "group_identity": ("identity", 6.0),
    "self_stigma": ("self_stigma", 1.0),
    "hope": ("hope", 1.0),
}
"""For each outcome, the user column behind it and the factor from that column to the outcome's unit."""
HOUR: Final = "one-more-hour"
"""Name of a scenario without a policy: an hour more of free time a day, like trials that only let people meet."""
WEEK: Final = strangers.NEWCOMER_WEEKS[0]
_PRIMARY: Final = ("loneliness_ucla20", "lonely_share", "burden", "group_identity")
_BESIDES: Final = tuple(dict.fromkeys(trial.outcome for trial in TRIALS))
_HEAD: Final = (
    "policy",
    "loneliness (UCLA-20)",
    "lonely, of 100",
    "burden (0-100)",
    "group identity (1-7)",
    f"newcomers with a friend by week {WEEK}, of 100",
    "loneliness by new ties / along ties / directly",
)
_COSTS: Final = ("staff h a user-year", "CNY a user-year, staff included")


def measure(jobs: int | None = None) -> dict[str, Any]:
    """Compare every policy's shipped scenario with the baseline, and return the record that the page shows."""
    from experiments.compare.decomposition import PARTS, decomposed
    from experiments.compare.runs import compare
    from experiments.runs.executors import executor

    names = [key.replace("_", "-") for key in policies() if key != "usual_care"]
    base = load_scenario("baseline")
    hour = more_free_time(base).with_changes(name=HOUR)
    comparison = compare(base, [*names, hour], replicates=PAIRS, seed=SEED, jobs=jobs, report=_report)
    same = {
        name: one
        for name, one in comparison.scenarios.items()
        if _sizes(one) == _sizes(comparison.scenarios["baseline"])
    }
    parts = decomposed(same, SEED, TAKEN_APART, executor(jobs), _report, lambda _: None)
    waits = {name: _waited(one, executor(jobs)) for name, one in comparison.scenarios.items()}
    rows = {}
    for name in comparison.others:
        of_it = {row.outcome: row for row in comparison.contrasts if row.scenario == name}
        shares = {p.part: p for p in parts if p.scenario == name and p.outcome == PRIMARY[0] and p.part in PARTS}
        cost = next(row for row in comparison.costs if row.scenario == name)
        rows[name] = {
            "effects": {key: _bounds(of_it[key]) for key in dict.fromkeys((*_PRIMARY, *_BESIDES))},
            "clear": {key: of_it[key].verdict in CLEAR for key in PRIMARY},
            "newcomers": _sooner(waits[comparison.base], waits[name]),
            "parts": {part: _bounds(one) for part, one in shares.items()},
            "staff_hours": cost.staff_hours,
            "money": cost.cost,
        }
    about = {"pairs": PAIRS, "seeds_taken_apart": TAKEN_APART, "seed": SEED, "model_digest": sources_digest()}
    return {**about, "versions": versions(), "spreads": _spreads(), "policies": rows, "apart": apart(comparison.values)}


def apart(values: "pd.DataFrame") -> dict[str, dict[str, dict[str, float]]]:
    """Return, by primary outcome and two scenarios, the p value that their paired means are equal."""
    record: dict[str, dict[str, dict[str, float]]] = {}
    for outcome in PRIMARY:
        wide = by_scenario(values, outcome).dropna()
        record[outcome] = {
            str(one): {
                str(other): paired_p(differences_of(wide[one].to_numpy(float), wide[other].to_numpy(float)))
                for other in wide.columns
                if other != one
            }
            for one in wide.columns
        }
    return record


def _bounds(row: Any) -> list[float]:
    return [row.difference, row.low, row.high]


def _waited(scenario: Scenario, workers: Executor) -> Array:
    """Count, in each run, the newcomers with a friend by `WEEK` and all who stayed that long; shape (runs, 2)."""
    seeds = [replicate_seed(SEED, k) for k in range(PAIRS)]
    return np.array(list(none_lost(workers.each(partial(_waits_of, scenario), seeds))))


def _waits_of(scenario: Scenario, seed: int) -> Array:
    engine = Engine(scenario, seed)
    engine.advance(scenario.days)
    return np.asarray(strangers.newcomers_kept(engine.state.users, engine.day)["newcomers"][0])


def _sooner(base: Array, other: Array) -> list[float]:
    """Return how many more of 100 newcomers had a friend, with a 95 % interval over resampled pairs of runs."""
    at = np.random.default_rng(SEED).integers(len(base), size=(2000, len(base)))
    drawn = [100.0 * (_share(other, rows) - _share(base, rows)) for rows in at]
    everyone = np.arange(len(base))
    low, high = middle(drawn)
    return [100.0 * (_share(other, everyone) - _share(base, everyone)), low, high]


def _share(counts: Array, rows: Array) -> float:
    had, seen = counts[rows].sum(axis=0)
    return float(had / seen)


def _spreads() -> dict[str, float]:
    """Return the standard deviation between users, in the baseline, of each outcome shown in such units."""
    scenario = load_scenario("baseline")
    spreads: dict[str, list[float]] = {}
    for k in range(SPREADS):
        engine = Engine(scenario, replicate_seed(SEED, k))
        engine.advance(scenario.days)
        users = snapshot(engine).users
        for key in dict.fromkeys((*PRIMARY, *_BESIDES)):
            column, times = _IN_STATE[key]
            spreads.setdefault(key, []).append(times * float(users[column].std(ddof=1)))
    return {key: sum(values) / len(values) for key, values in spreads.items()}


def _sizes(scenario: Any) -> list[tuple[str, int]]:
    return [(name, centre.users * centre.copies) for name, centre in scenario.centres.items()]


def table(record: dict[str, Any]) -> str:
    """Return the table of effects for a record."""
    named = [(name, row) for name, row in record["policies"].items() if name != HOUR]
    ordered = sorted(named, key=lambda named: named[1]["effects"]["loneliness_ucla20"][0])
    shown = [values for _, row in ordered for values in (*(row["effects"][key] for key in _PRIMARY), row["newcomers"])]
    clear = iter(holm([p_of_interval(mean, (low, high), record["pairs"] - 1) for mean, low, high in shown]))
    rows = [
        [
            f"[{name}](#{_anchor(name)})",
            *(_effect(key, row["effects"][key], next(clear), record["spreads"].get(key)) for key in _PRIMARY),
            _told(row["newcomers"], 0, next(clear)),
            " / ".join(_told(values, 1, clear=False) for values in row["parts"].values()) or "not taken apart",
            f"{row['staff_hours']:.1f}",
            f"{row['money']:,.0f}",
        ]
        for name, row in ordered
    ]
    text = (
        f"Mean difference to the baseline at the end of a year with its 95 % interval, {record['pairs']} pairs of runs "
        f"under the same seeds, all policies at their defaults; **bold** where clear when all {len(shown)} differences "
        "with an interval are judged together (Holm); then the same in standard deviations between users. What "
        "loneliness moves by (new ties, what flows along the ties there are, direct) is from "
        f"{record['seeds_taken_apart']} pairs taken apart (`--decompose`); each of its intervals stands by itself. All "
        "sizes rest on assumed numbers."
    )
    return f"{text}\n\n{pages.table((*_HEAD, *_COSTS), rows)}"


def trials(record: dict[str, Any]) -> str:
    """Return the table that sets results of similar trials beside the effects in a record."""
    rows = [
        [
            trial.kind,
            f"{trial.found} ({trial.source})",
            OUTCOMES[trial.outcome].label,
            "; ".join(f"{name} {_in_spreads(record, name, trial.outcome)}" for name in trial.policies),
        ]
        for trial in TRIALS
    ]
    return pages.table(("programme", "found in trials", "in the model, SD of", "policies"), rows)


def _in_spreads(record: dict[str, Any], name: str, outcome: str) -> str:
    three = [value / record["spreads"][outcome] for value in record["policies"][name]["effects"][outcome]]
    return _told(three, 2, clear=False)


def _told(values: Sequence[float], decimals: int, clear: bool) -> str:
    mean, low, high = apart_from_0(values, decimals)
    text = f"{mean} ({low} to {high})" if low != high else mean
    return f"**{text}**" if clear else text


def _anchor(name: str) -> str:
    key = name.replace("-", "_")
    title = next(line[3:] for line in PAGE.read_text(encoding="utf-8").splitlines() if line.endswith(f"(`{key}`)"))
    return re.sub(r"[^a-z0-9_ -]", "", title.lower()).replace(" ", "-")


def _effect(outcome: str, values: Sequence[float], clear: bool, spread: float | None) -> str:
    times, decimals = (100.0, 1) if OUTCOMES[outcome].unit == "share" else (1.0, 2)
    three = [times * value for value in values]
    text = _told(three, decimals, clear)
    return text if spread is None else f"{text}, {apart_from_0([three[0] / spread], 2)[0]} SD"


def written(record: dict[str, Any], page: str) -> str:
    """Return the page with both tables inserted."""
    page = pages.with_marked(page, "effects", table(record))
    return pages.with_marked(page, "trials", trials(record))


def is_current(record: dict[str, Any], page: str) -> bool:
    """Return whether the record covers the current policies and the page shows it."""
    names = {key.replace("_", "-") for key in policies() if key != "usual_care"}
    return record["policies"].keys() == names | {HOUR} and written(record, page) == page


def _report(text: str) -> None:
    print(text, file=sys.stderr)


def main(arguments: Sequence[str]) -> int:
    """Measure and write the page, or check it."""
    page = PAGE.read_text(encoding="utf-8")
    if "--check" in arguments:
        record = json.loads(RECORD.read_text(encoding="utf-8"))
        if not is_current(record, page):
            _report("docs/policies.md does not show the record, or the record has other policies; measure again")
            return 1
        if record["model_digest"] != sources_digest():
            _report("the record is of another version of the model's sources")
        return 0
    record = measure() if "--table" not in arguments else json.loads(RECORD.read_text(encoding="utf-8"))
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(written(record, page), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
