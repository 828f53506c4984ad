"""Write the record of freshmen and model, its figures, and the page: what `dayroom validate --write` does.

All numbers in `docs/validation.md` come from the record and stand between marks; people write the text around them.
"""

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypedDict, cast

from experiments.plots import save
from experiments.plots.validation.figures import VALIDATION_FIGURES
from experiments.runs.executors import Executor
from experiments.statistics.goodness import rank
from experiments.statistics.numbers import hundredths
from experiments.store.provenance import versions
from experiments.validation.conclusions import conclusions
from experiments.validation.fitted_numbers import aimed_at
from experiments.validation.measured import AIMED, ALL_WAVES, DISTRIBUTIONS, LABELS
from experiments.validation.record import CITATION, freshmen
from experiments.validation.recovery import ASKED, STRENGTHS, USERS, WAVES, exact, recovered
from experiments.validation.result import Validation, validate
from sim.kernel import sources_digest
from sim.outcomes.catalogue import OUTCOMES
from sim.scenario.reading.load import load_scenario
from sim.scenario.text.errors import DayroomError

if TYPE_CHECKING:
    from sim.scenario.schema.scenario import Scenario

PAGE: Final = Path(__file__).parents[2] / "docs" / "validation.md"
RECORD: Final = Path(__file__).parent / "record.json"
FIGURES: Final = tuple(f"validation-{name}.png" for name in VALIDATION_FIGURES)
GROUPS: Final = 200
"""Number of groups of each kind of data with known selection and influence."""
_MARK: Final = re.compile(r"(<!-- begin validation (?P<name>\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


class WaveRow(TypedDict):
    """A number in one week, in the data and in the runs: columns of `Validation.waves`; None where undefined."""

    number: str
    week: str
    data: float | None
    mean: float | None
    low: float | None
    high: float | None
    inside: bool
    aimed: bool


class FitRow(TypedDict):
    """The fit of a distribution in one week: columns of `Validation.fits`."""

    distribution: str
    week: str
    distance: float | None
    p: float
    outside: int


KnownRow = dict[str, str | bool | float | None]
"""Estimates from one kind of data: columns of `recovered`."""


class Record(TypedDict):
    """Everything that the page shows."""

    replicates: int
    seed: int
    groups: int
    model_digest: str
    versions: dict[str, str]
    observe: dict[str, float]
    waves: list[WaveRow]
    fits: list[FitRow]
    known: list[KnownRow]
    known_exactly: list[KnownRow]


class ValidationPageError(DayroomError, ValueError):
    """The page cannot be written; the message gives the reason."""


def write_record(replicates: int, seed: int, workers: Executor, report: Callable[[str], None]) -> list[Path]:
    """Make the runs, write record, figures and page into the checkout, and return their paths.

    Raises
    ------
    ValidationPageError
        When the program does not run from a checkout.
    """
    if not PAGE.is_file():
        raise ValidationPageError(f"{PAGE}: the page is not there; only a checkout has it")
    scenario = load_scenario("freshmen")
    report(f"{replicates} runs of the freshmen's scenario")
    validation = validate(freshmen(), scenario, replicates, seed, workers, aimed=aimed_at())
    report(f"{2 * len(STRENGTHS) * GROUPS} groups with known selection and influence")
    record = made(validation, scenario, seed, workers)
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    for drawing, file in zip(validation.figures().values(), FIGURES, strict=True):
        save(drawing.draw(), PAGE.parent / file)
    PAGE.write_text(written(record, PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return [RECORD, *(PAGE.parent / file for file in FIGURES), PAGE]


def made(validation: Validation, scenario: "Scenario", seed: int, workers: Executor) -> Record:
    """Return the record: everything that the page shows."""
    known, exactly = (recovered(spec, GROUPS, seed, workers) for spec in (scenario, exact(scenario)))
    return {
        "replicates": len(validation.runs),
        "seed": validation.seed,
        "groups": GROUPS,
        "model_digest": sources_digest(),
        "versions": versions(),
        "observe": validation.scenario.observe.model_dump(mode="json"),
        "waves": json.loads(validation.waves().to_json(orient="records")),
        "fits": json.loads(validation.fits().to_json(orient="records")),
        "known": json.loads(known.to_json(orient="records")),
        "known_exactly": json.loads(exactly.to_json(orient="records")),
    }


def written(record: Record, page: str) -> str:
    """Return the page with the text between its marks rewritten from the record.

    Raises
    ------
    KeyError
        When `BLOCKS` lacks the name of a mark.
    """
    return _MARK.sub(lambda mark: f"{mark[1]}{BLOCKS[mark['name']](record)}\n{mark[3]}", page)


def is_current(record: Record, page: str) -> bool:
    """Return whether the page shows the record, with all of `BLOCKS` in order."""
    return written(record, page) == page and [mark["name"] for mark in _MARK.finditer(page)] == list(BLOCKS)


def _run(record: Record) -> str:
    weeks = [row["week"] for row in record["waves"] if row["number"] == "density"]
    observe = record["observe"]
    return (
        f"{record['replicates']} runs of `freshmen` under seed {record['seed']}, by the model whose sources have the "
        f"digest `{record['model_digest'][:16]}`; waves in weeks {', '.join(weeks[:-1])} and {weeks[-1]}. Ratings have "
        f"a retest reliability of {observe['rating_reliability']:g}, everybody's name is on the form (forgetting "
        f"{observe['forgetting']:g}), and in each wave as many answer as did of the students."
    )


def _fitting(record: Record) -> str:
    import pandas as pd

    return "\n".join(f"- {line}" for line in conclusions(pd.DataFrame(record["waves"]), pd.DataFrame(record["fits"])))


def _waves(record: Record) -> str:
    """Return tables, one row for each number, one column for each week: data / mean (middle 95 % of the runs).

    Data outside that interval are bold; a dagger marks calibration targets.
    """
    tables = []
    for is_change in (False, True):
        rows = [row for row in record["waves"] if ("-" in row["week"]) == is_change]
        weeks = list(dict.fromkeys(row["week"] for row in rows))
        lines = ["| | " + " | ".join(f"week {week}" for week in weeks) + " |", "|---" * (len(weeks) + 1) + "|"]
        for number in dict.fromkeys(row["number"] for row in rows):
            of_week = {row["week"]: row for row in rows if row["number"] == number}
            cells = [_cell(of_week[week], number) if week in of_week else "" for week in weeks]
            lines.append(f"| {LABELS[number]} | {' | '.join(cells)} |")
        tables.append("\n".join(lines))
    return "\n\n".join(tables)


def _cell(row: WaveRow, number: str) -> str:
    decimals = 1 if number == "out_degree" else 2
    if row["data"] is None or row["mean"] is None:
        return "undefined"
    data, mean, low, high = (f"{row[name]:.{decimals}f}" for name in ("data", "mean", "low", "high"))
    shown = data if row["inside"] else f"**{data}**"
    return f"{shown}{AIMED if row['aimed'] else ''} / {mean} ({low} to {high})"


def _fits(record: Record) -> str:
    weeks = list(dict.fromkeys(row["week"] for row in record["fits"]))
    heads = ["all waves" if week == ALL_WAVES else f"week {week}" for week in weeks]
    lines = [f"| | {' | '.join(heads)} |", "|---" * (len(weeks) + 1) + "|"]
    for name, label in DISTRIBUTIONS.items():
        rows = [row for row in record["fits"] if row["distribution"] == name]
        cells = [_fit(row, record["replicates"]) for row in rows]
        lines.append(f"| {label} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _fit(row: FitRow, runs: int) -> str:
    if row["distance"] is None:
        return "undefined"
    outside = f", {row['outside']} outside" if row["outside"] else ""
    return f"{row['distance']:.1f} (p {rank(row['p'], runs)}{outside})"


def _known(record: Record) -> str:
    """Return a table of the estimates from data in which the strengths of selection and influence are known."""
    reliability = record["observe"]["identity_reliability"]
    head = (
        f"{record['groups']} groups of {USERS} of each kind, asked in weeks {WAVES[0] // 7} and {WAVES[1] // 7} about "
        f"{OUTCOMES[ASKED].label.lower()} (reliability {reliability:g}); 95 % intervals by the jackknife over groups."
    )
    lines = [
        "| made with | selection found (SD) | influence found | influence, answers taken for the truth |",
        "|---|---|---|---|",
    ]
    for kind in STRENGTHS:
        plain, corrected = (
            next(row for row in record["known"] if row["data"] == kind and row["corrected"] is way)
            for way in (False, True)
        )
        cells = [_interval(corrected, "selection"), _interval(corrected, "influence"), _interval(plain, "influence")]
        lines.append(f"| {kind} | {' | '.join(cells)} |")
    return f"{head}\n\n" + "\n".join(lines)


def _stronger(record: Record) -> str:
    """Return a table of what ties and states added in each kind of data, both from answers and from the truth."""
    lines = [
        "| made with | by ties (SD) | by states (SD) | ties less states | ties less states, of the truth |",
        "|---|---|---|---|---|",
    ]
    for kind in STRENGTHS:
        surveyed, exact = (_of_kind(rows, kind) for rows in (record["known"], record["known_exactly"]))
        cells = [*(_interval(surveyed, name) for name in ("ties", "states", "lead")), _interval(exact, "lead")]
        lines.append(f"| {kind} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _alone(record: Record) -> str:
    """Return sentences on what each estimate finds where there is nothing to find."""
    influence, neither = (
        [_interval(_of_kind(rows, kind), name) for rows in (record["known"], record["known_exactly"])]
        for kind, name in (("influence", "selection"), ("neither", "states"))
    )
    return (
        f"Selection found where there was influence alone: {influence[0]} SD of answers, {influence[1]} of the truth. "
        f"Added by states where there was neither: {neither[0]} SD of answers, {neither[1]} of the truth."
    )


def _of_kind(rows: Sequence[KnownRow], kind: str) -> KnownRow:
    return next(row for row in rows if row["data"] == kind)


def _interval(row: KnownRow, name: str) -> str:
    value, low, high = (cast("float | None", row[key]) for key in (name, f"{name}_low", f"{name}_high"))
    if value is None or low is None or high is None:
        return "undefined"
    text = f"{hundredths(value)} ({hundredths(low)} to {hundredths(high)})"
    return f"**{text}**" if low > 0.0 or high < 0.0 else text


def _source(_: Record) -> str:
    return CITATION


BLOCKS: Final[dict[str, Callable[[Record], str]]] = {
    "source": _source,
    "run": _run,
    "fitting": _fitting,
    "waves": _waves,
    "fits": _fits,
    "known": _known,
    "alone": _alone,
    "stronger": _stronger,
}
"""Functions that write the text between two marks, by the name of the mark, in the order of the page."""

__all__ = ["FIGURES", "PAGE", "RECORD", "ValidationPageError", "is_current", "write_record", "written"]
