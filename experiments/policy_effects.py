"""What every policy does to the baseline, measured: writes the table of `docs/policies.md` and the record behind it.

Run `python -m experiments.policy_effects` (about ten minutes on two cores) after the model or a policy has changed;
`--check` says whether the record is of the present model and the page shows it.
"""

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from experiments import marked_pages
from experiments.calibration.snapshots import snapshot
from experiments.designs.replicates import replicate_seed
from experiments.policy_trials import TRIALS
from experiments.provenance import versions
from sim.engine import Engine
from sim.kernel import sources_digest
from sim.outcomes.catalogue import OUTCOMES, PRIMARY
from sim.scenario.load import load_scenario
from sim.scenario.policy import policies

PAGE: Final = Path(__file__).parent.parent / "docs" / "policies.md"
RECORD: Final = Path(__file__).parent / "policy_effects.json"
PAIRS: Final = 200
TAKEN_APART: Final = 12
SPREADS: Final = 40
"""Runs of the baseline in which the spread between users is measured."""
SEED: Final = 20240201
_IN_STATE: Final = {
    "loneliness_ucla20": ("loneliness", 60.0),
    "burden": ("burden", 100.0),
    "group_identity": ("identity", 6.0),
    "self_stigma": ("self_stigma", 1.0),
    "hope": ("hope", 1.0),
}
"""The column of a user behind an outcome, and by what it is multiplied."""
GROUP: Final = "newcomers of the run"
"""The group for whom some policies are; a mean over all users hides what they do."""
_TOLD: Final = ("loneliness_ucla20", "lonely_share", "burden", "group_identity")
_BESIDES: Final = tuple(dict.fromkeys(trial.outcome for trial in TRIALS))
_HEAD: Final = (
    "policy",
    "loneliness (UCLA-20)",
    "lonely, of 100",
    "burden (0-100)",
    "group identity (1-7)",
    "loneliness of newcomers",
    "loneliness mostly by",
)
_COSTS: Final = ("staff h a user-year", "CNY a user-year, staff included")


def measure(jobs: int | None = None) -> dict[str, Any]:
    """Compare every policy's shipped scenario with the baseline, and give what the page shows."""
    from experiments.comparing import compare
    from experiments.decomposing import PARTS, decomposed
    from experiments.executors import executor

    names = [key.replace("_", "-") for key in policies() if key != "usual_care"]
    found = compare("baseline", names, replicates=PAIRS, seed=SEED, jobs=jobs, tell=_tell)
    same = {name: one for name, one in found.scenarios.items() if _sizes(one) == _sizes(found.scenarios["baseline"])}
    parts = decomposed(same, SEED, TAKEN_APART, executor(jobs), _tell, lambda _: None)
    newcomers = {row.scenario: row for row in found.group_contrasts if (row.group, row.outcome) == (GROUP, PRIMARY[0])}
    rows = {}
    for name in found.others:
        of_it = {row.outcome: row for row in found.contrasts if row.scenario == name}
        shares = {p.part: p for p in parts if p.scenario == name and p.outcome == PRIMARY[0] and p.part in PARTS}
        cost = next(row for row in found.costs if row.scenario == name)
        rows[name] = {
            "effects": {key: _bounds(of_it[key]) for key in dict.fromkeys((*_TOLD, *_BESIDES))},
            "clear": {key: of_it[key].clear_simultaneously for key in PRIMARY},
            "newcomers": _bounds(newcomers[name]),
            "parts": {part: _bounds(one) for part, one in shares.items()},
            "staff_hours": cost.staff_hours,
            "money": cost.cost,
        }
    about = {"pairs": PAIRS, "seeds_taken_apart": TAKEN_APART, "seed": SEED, "model_digest": sources_digest()}
    return {**about, "versions": versions(), "spreads": _spreads(), "policies": rows}


def _bounds(row: Any) -> list[float]:
    return [row.difference, row.low, row.high]


def _spreads() -> dict[str, float]:
    """Give the standard deviation between users of the baseline of each outcome told in standard deviations."""
    scenario = load_scenario("baseline")
    found: dict[str, list[float]] = {}
    for k in range(SPREADS):
        engine = Engine(scenario, replicate_seed(SEED, k))
        engine.advance(scenario.days)
        users = snapshot(engine).users
        for key in dict.fromkeys((*PRIMARY, *_BESIDES)):
            column, times = _IN_STATE[key]
            found.setdefault(key, []).append(times * float(users[column].std(ddof=1)))
    return {key: sum(values) / len(values) for key, values in found.items()}


def _sizes(scenario: Any) -> list[tuple[str, int]]:
    return [(name, centre.users * centre.copies) for name, centre in scenario.centres.items()]


def table(record: dict[str, Any]) -> str:
    """Write the table of effects from the record."""
    ordered = sorted(record["policies"].items(), key=lambda row: row[1]["effects"]["loneliness_ucla20"][0])
    rows = [
        [
            f"[{name}](#{_anchor(name)})",
            *(_effect(key, row["effects"][key], record["spreads"].get(key)) for key in _TOLD),
            _effect("loneliness_ucla20", row["newcomers"]),
            _mostly(row["parts"]),
            f"{row['staff_hours']:.1f}",
            f"{row['money']:,.0f}",
        ]
        for name, row in ordered
    ]
    said = (
        f"Mean difference to the baseline at the end of a year with its 95 % interval, {record['pairs']} pairs of runs "
        "under the same seeds, all policies at their defaults; **bold** where the interval leaves out 0; then the same "
        "in standard deviations between users. What "
        f"loneliness moves by is from {record['seeds_taken_apart']} pairs taken apart (`--decompose`). All sizes rest "
        "on assumed numbers."
    )
    return f"{said}\n\n{marked_pages.table((*_HEAD, *_COSTS), rows)}"


def trials(record: dict[str, Any]) -> str:
    """Write the table of what trials of the same kind found from the record."""
    rows = [
        [
            trial.kind,
            f"{trial.found} ({trial.source})",
            OUTCOMES[trial.outcome].label.lower(),
            "; ".join(f"{name} {_in_spreads(record, name, trial.outcome)}" for name in trial.policies),
        ]
        for trial in TRIALS
    ]
    return marked_pages.table(("programme", "found in trials", "in the model, SD of", "policies"), rows)


def _in_spreads(record: dict[str, Any], name: str, outcome: str) -> str:
    mean, low, high = (value / record["spreads"][outcome] for value in record["policies"][name]["effects"][outcome])
    return f"{mean:+.2f} ({low:+.2f} to {high:+.2f})"


def _anchor(name: str) -> str:
    key = name.replace("-", "_")
    title = next(line[3:] for line in PAGE.read_text(encoding="utf-8").splitlines() if line.endswith(f"(`{key}`)"))
    return re.sub(r"[^a-z0-9_ -]", "", title.lower()).replace(" ", "-")


def _effect(outcome: str, values: Sequence[float], spread: float | None = None) -> str:
    times, decimals = (100.0, 1) if OUTCOMES[outcome].unit == "share" else (1.0, 2)
    mean, low, high = (times * value for value in values)
    text = f"{mean:+.{decimals}f} ({low:+.{decimals}f} to {high:+.{decimals}f})"
    told = f"**{text}**" if low > 0.0 or high < 0.0 else text
    return told if spread is None else f"{told}, {mean / spread:+.2f} SD"


def _mostly(parts: dict[str, Sequence[float]]) -> str:
    clear = {part: value for part, (value, low, high) in parts.items() if low > 0.0 or high < 0.0}
    return max(clear, key=lambda part: abs(clear[part])) if clear else "nothing clear"


def written(record: dict[str, Any], page: str) -> str:
    """Give the page with the tables in their places."""
    page = marked_pages.with_marked(page, "effects", table(record))
    return marked_pages.with_marked(page, "trials", trials(record))


def is_current(record: dict[str, Any], page: str) -> bool:
    """Tell whether the record is of the policies there are and the page shows it."""
    names = {key.replace("_", "-") for key in policies() if key != "usual_care"}
    return record["policies"].keys() == names and written(record, page) == page


def _tell(text: str) -> None:
    print(text, file=sys.stderr)


def main(arguments: Sequence[str]) -> int:
    """Measure and write, or check."""
    page = PAGE.read_text(encoding="utf-8")
    if "--check" in arguments:
        record = json.loads(RECORD.read_text(encoding="utf-8"))
        if not is_current(record, page):
            _tell("docs/policies.md does not show the record, or the record has other policies; measure again")
            return 1
        if record["model_digest"] != sources_digest():
            _tell("the record is of another version of the model's sources")
        return 0
    record = measure() if "--table" not in arguments else json.loads(RECORD.read_text(encoding="utf-8"))
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(written(record, page), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
