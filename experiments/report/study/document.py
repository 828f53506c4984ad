"""The whole report of a swept study: its alternatives over all its points, and what was varied."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from experiments.report import names
from experiments.report.background.assumptions import assumptions, leading_numbers
from experiments.report.background.differences import differences, translated
from experiments.report.background.limits import limits
from experiments.report.background.model import model
from experiments.report.background.validation import validation
from experiments.report.content import (
    Block,
    Box,
    Bullets,
    Code,
    Paragraph,
    Picture,
    Quote,
    Report,
    Section,
    Table,
    as_written,
)
from experiments.report.values import DECIMALS, MISSING, Row, counted, decimal, in_percent, listed, unit_of
from experiments.statistics.by_point import lever_effects
from experiments.statistics.crossed import crossed
from experiments.statistics.differences import by_scenario
from experiments.statistics.numbers import beside
from experiments.statistics.verdict import ALONE_ONLY, UNCLEAR
from experiments.store.provenance import command
from experiments.studies.study import Study
from experiments.sweep.results import results
from sim.language import language, say, term
from sim.outcomes.catalogue import OUTCOMES, PRIMARY

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

_MOST: Final = 6
"""Most alternatives on page one."""
MOST_FACTORS: Final = 60
"""Factors that the table of what was varied lists; the study's file has all."""


def report_of_study(study: Study, store: Path, *, brief: bool = False) -> Report:
    """Return the report of a study whose runs are in a store, in the language of messages.

    Raises
    ------
    ResultError
        When the store has no runs of the study by the present version of the model.
    """
    runs = results(study, store)
    done = runs[runs["status"] == "done"]
    title = as_written(term(study.title)) or as_written(study.name)
    subtitle = say("A study of {points} points and {levers} alternatives", **_sizes(study))
    rows = _rows(study, done)
    first = _brief(study, runs, done, rows)
    if brief:
        return Report(title, subtitle, str(language()), first)
    sections = (
        Section("effects", say("What would happen"), (_points_table(study, done),)),
        Section("varied", say("What was varied"), (_factors(study),)),
        Section("certainty", say("How sure this is"), assumptions(study.levers)),
        model(),
        validation(),
        *((differences(_ordered(study), _titles(study)),) if len(study.levers) > 1 else ()),
        Section("repeat", say("How to repeat it"), _repeat(study, store)),
    )
    return Report(title, subtitle, str(language()), first, sections, {"runs": runs})


def _sizes(study: Study) -> dict[str, Any]:
    return {"points": counted("study/points", len(study.points)), "levers": counted("study/levers", len(study.levers))}


def _ordered(study: Study) -> dict[str, Any]:
    """Return the scenarios of the alternatives, that without policies first."""
    return {study.usual_care: study.levers[study.usual_care], **study.levers}


def _titles(study: Study) -> dict[str, str]:
    """Return the names of alternatives: of policies in the reader's language, others as the study has them."""
    policies = {name: name.replace("-", "_") for name in study.levers}
    return {name: as_written(term(key) if term(key) != key else name) for name, key in policies.items()}


def _rows(study: Study, done: "pd.DataFrame") -> list[Row]:
    """Return the mean difference of each alternative over points, with an interval over points and seeds."""
    rows = []
    for lever in study.levers:
        for outcome in PRIMARY if lever != study.usual_care else ():
            wide = by_scenario(
                done.rename(columns={"lever": "scenario"} | ({"scenario": "digest"} if "scenario" in done else {})),
                outcome,
                ["point", "replicate"],
            ).reindex(columns=[study.usual_care, lever])
            gaps = (wide[lever] - wide[study.usual_care]).unstack("replicate").to_numpy(float)
            over = crossed(gaps)
            values = {"lever": lever, "outcome": outcome, "mean": over.mean, "low": over.low, "high": over.high}
            rows.append(Row(f"study/{lever}/{outcome}", values))
    return rows


def _brief(study: Study, runs: "pd.DataFrame", done: "pd.DataFrame", rows: list[Row]) -> tuple[Section, ...]:
    text = as_written(term(" ".join(study.question.split())))
    asked: Block = Quote(text) if text else Paragraph(say("The study states no question."))
    shown = _shown(study, rows)
    answer = (
        _largest(study, rows),
        say(
            "{done} of {planned} runs of the study are done.",
            done=counted("study/done", len(done)), planned=counted("study/planned", len(runs)),
        ),
        say(
            "The intervals cover chance and the choice of points, each by itself; they do not cover "
            "errors of the model."
        ),
    )  # fmt: skip
    return (
        Section("question", say("The question"), (asked,)),
        Section("answer", say("The answer"), (Box(answer), _table(study, rows, shown))),
        *_pictured(study, [row for row in rows if row["lever"] in shown]),
        Section("losers", say("Who loses"), (Paragraph(_not_followed()),)),
        Section("hinges", say("What it hangs on"), (Bullets((leading_numbers(),)),)),
        Section("not-for", say("What this may not be used for"), (limits(),)),
    )


def _shown(study: Study, rows: list[Row]) -> list[str]:
    """Return the alternatives of page one, in the study's order; of too many, those with the lowest loneliness."""
    means = {str(row["lever"]): row.value("mean") for row in rows if row["outcome"] == PRIMARY[0]}
    lowest = sorted(means, key=lambda lever: (means[lever] != means[lever], means[lever]))[:_MOST]
    return [lever for lever in study.levers if lever in lowest]


def _not_followed() -> str:
    return say(
        "A study does not follow groups of users, nor what measures cost. Compare the alternative you choose with the "
        "base to see who loses, and at what price."
    )


def _pictured(study: Study, rows: list[Row]) -> tuple[Section, ...]:
    """Return the section with the figure of the table; nothing where no alternative has a difference."""
    known = [row for row in rows if row.value("mean") == row.value("mean")]
    if not known:
        return ()
    base = _titles(study)[study.usual_care]
    picture = Picture(
        "levers",
        say("Difference from “{base}”.", base=base),
        say(
            "Mark: the mean difference over all points, hollow where its interval leaves out 0. Line: the 95 % "
            "interval."
        ),
        lambda: _drawn(study, known),
    )
    return (Section("picture", say("What each alternative changes"), (picture,)),)


def _drawn(study: Study, rows: list[Row]) -> "Figure":
    import pandas as pd

    from experiments.plots.compare.forest import NUMBERS, effect_forest

    titles, unknown = names.short(_titles(study)), float("nan")
    lines = []
    for row in rows:
        about = OUTCOMES[str(row["outcome"])]
        ends = (row.value("mean"), row.value("low"), row.value("high"), unknown, unknown)
        lines.append(
            {
                "scenario": titles[str(row["lever"])], "base": titles[study.usual_care], "outcome": about.name,
                "label": about.label, "unit": about.unit, "better": about.better, "n": 0, "dropped": 0,
                **dict(zip(NUMBERS, ends, strict=True)), "verdict": _word(row, about.better),
            }
        )  # fmt: skip
    return effect_forest(pd.DataFrame(lines), PRIMARY, compact=True)


def _word(row: Row, better: str) -> str:
    """Return the verdict of an interval by itself."""
    low, high = row.value("low"), row.value("high")
    if not (low > 0.0 or high < 0.0):
        return UNCLEAR["difference"]
    return f"{'better' if (high < 0.0) is (better == 'lower') else 'worse'}{ALONE_ONLY}"


def _largest(study: Study, rows: list[Row]) -> str:
    mine = [row for row in rows if row["outcome"] == PRIMARY[0] and row.value("mean") == row.value("mean")]
    if not mine:
        return say("The study compares no alternatives; `dayroom sensitivity` says which of its factors matter.")
    best = min(mine, key=lambda row: row.value("mean"))
    if not best.value("high") < 0.0:
        return say("Over its points, no alternative lowers loneliness by an interval that leaves out 0.")
    return say(
        "Over its points, {lever} has the lowest mean loneliness beside “{base}”: {difference} points.",
        lever=_titles(study)[str(best["lever"])], base=_titles(study)[study.usual_care],
        difference=best.estimate("mean", 2),
    )  # fmt: skip


def _table(study: Study, rows: list[Row], shown: list[str]) -> Table:
    lines = []
    for lever in shown:
        mine = {str(row["outcome"]): row for row in rows if row["lever"] == lever}
        if mine:
            cells = (mine[name].estimate("mean", 2, in_percent(OUTCOMES[name].unit)) for name in PRIMARY)
            lines.append((_titles(study)[lever], *cells))
    head = (say("Alternative"), *(names.outcome(name) for name in PRIMARY))
    title = say("Mean difference from “{base}” over all points", base=_titles(study)[study.usual_care])
    note = say("Points of each scale, with 95 % intervals over points and seeds, each by itself.")
    if (more := len(study.levers) - 1 - len(shown)) > 0:
        left_out = say(
            "Left out here, and under “What would happen”: {count} alternatives.", count=counted("levers:more", more)
        )
        note = beside(note, left_out)
    return Table("levers", title, head, tuple(lines), note=note)


def _points_table(study: Study, done: "pd.DataFrame") -> Table | Paragraph:
    """Return at how many points an alternative is better or worse, clear among all points."""
    if len(study.levers) < 2 or done.empty:
        return Paragraph(
            say("The study compares no alternatives; `dayroom sensitivity` says which of its factors matter.")
        )
    frame = lever_effects(done, PRIMARY, study.usual_care)
    rows = []
    for (lever, outcome), here in frame.groupby(["lever", "outcome"], sort=False):
        key = f"study_points/{lever}/{outcome}"
        better, worse = (int((here["verdict"] == word).sum()) for word in ("better", "worse"))
        ends = [float(np.nanmin(here["difference"])), float(np.nanmax(here["difference"]))]
        unit = OUTCOMES[str(outcome)].unit
        span = [decimal(in_percent(unit) * end, DECIMALS.get(unit, 2), signed=True) for end in ends]
        rows.append(
            (
                _titles(study)[str(lever)], names.outcome(str(outcome)), str(counted(f"{key}:better", better)),
                str(counted(f"{key}:worse", worse)), str(counted(f"{key}:points", len(here))),
                say("{low} to {high}", low=span[0], high=span[1]), unit_of(unit),
            )
        )  # fmt: skip
    head = (
        say("Alternative"), say("Outcome"), say("Points at which it is better"), say("Points at which it is worse"),
        say("Points"), say("Differences from the lowest to the highest"), say("Unit"),
    )  # fmt: skip
    note = say("Better and worse are clear among all points, alternatives and outcomes.")
    return Table("points", say("The alternatives point by point"), head, tuple(rows), note=note)


def _factors(study: Study) -> Table:
    rows = []
    for place, factor in enumerate(study.factors[:MOST_FACTORS]):
        values = [point[place] for point in study.points]
        numbers = [float(value) for value in values if isinstance(value, int | float)]
        span = say("{low} to {high}", low=f"{min(numbers):g}", high=f"{max(numbers):g}") if numbers else MISSING
        text = listed([as_written(value) for value in dict.fromkeys(map(str, values))][:6]) if not numbers else span
        rows.append((as_written(factor.path), text, translated(factor.meaning)))
    return Table("factors", say("The factors of the study"), (say("Key"), say("Values"), say("Meaning")), tuple(rows))


def _repeat(study: Study, store: Path) -> tuple[Block, ...]:
    again = command("dayroom", "sweep", study.reference or study.name, "--store", store)
    return (
        Paragraph(say("This command makes the runs that are missing; what is done stays.")),
        Code(as_written(again)),
    )
