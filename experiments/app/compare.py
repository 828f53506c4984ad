"""The third part of the page: the edited scenario against the chosen one, under the same chance."""

import base64
import io
from typing import Any, Final

import solara

from experiments.app.components import LANGUAGE, Working, component, tag
from experiments.app.days import number_field, seed_mistake
from experiments.app.downloads import ARCHIVE, WORKBOOK, YAML, Download, csv_files, workbook, yaml_of
from experiments.app.draft import Checked, Draft
from experiments.app.reports import Reports
from experiments.app.scenario import form_words
from experiments.app.session import Session, changed_name
from experiments.app.views import Form
from experiments.app.words import VERDICTS
from experiments.compare.contrasts import Contrast
from experiments.compare.result import Comparison
from experiments.measures.runs import FIRST_SHOWN
from experiments.statistics import budget
from experiments.statistics.numbers import apart_from_0, bare, in_unit
from experiments.statistics.verdict import FEWEST, towards
from experiments.statistics.windows import end_words
from sim.language import say, term

SHOWN: Final = (*FIRST_SHOWN, "hope", "self_stigma", "no_friend_share", "no_confidant_share")
"""The outcomes in the table: those that are judged first, and four more."""
MOST_PAIRS: Final = 1000


@component
def ComparePart(session: Session, checked: Checked) -> None:
    """Start a comparison, and read its result."""
    pairs, set_pairs = solara.use_state("20")
    seed, set_seed = solara.use_state("1")
    result = session.comparing.result.value
    is_changed = checked.scenario is not None and checked.scenario != session.base.value
    mistake = _pairs_mistake(pairs)

    def change(event: dict[str, Any]) -> None:
        (set_pairs if event["path"] == ["pairs"] else set_seed)(str(event["value"] or ""))

    refusal = ""
    if checked.scenario is None:
        refusal = say("Mend the scenario first.")
    elif not is_changed:
        refusal = say("Change something in the scenario first.")
    elif mistake or seed_mistake(seed):
        refusal = say("Mend the numbers first.")
    with tag("section", class_="dr-card dr-short", aria_label=say("Comparison")):
        tag(
            "p",
            say(
                "Your scenario against {base}: both run with the same people and the same chance, so only your changes "
                "differ.",
                base=_named(session),
            ),
        )
        Form(
            controls=[
                number_field("pairs", say("Pairs of runs"), pairs, mistake),
                number_field("chance", say("Seed of chance"), seed, seed_mistake(seed)),
            ],
            words=form_words(),
            event_change=change,
        )
        Working(
            session.comparing,
            say("Compare"),
            lambda: None if refusal else session.compare(int(pairs), int(seed)),
            refusal,
        )
    if result is None:
        tag(
            "p",
            say("The result will stand here: differences with their intervals, and whether they are clear."),
            class_="dr-empty",
        )
    else:
        Result(session, result, checked)


def _named(session: Session) -> str:
    base = session.base.value
    return term(base.title) if base.title else base.name


def _pairs_mistake(text: str) -> str:
    if text.isdecimal() and text.isascii() and 1 <= int(text[:9]) <= MOST_PAIRS:
        return ""
    return say("found {found}, allowed is a whole number, 1 to {most}", found=repr(text), most=MOST_PAIRS)


@component
def Result(session: Session, result: Comparison, checked: Checked) -> None:
    """Table, figure, budget and files of a comparison."""
    changed = result.scenarios[changed_name(session.base.value)]
    with tag("section", class_="dr-card", aria_label=say("Result")):
        tag("h2", say("What changes"))
        if checked.scenario is None or Draft.of(checked.scenario.with_changes(name=changed.name)) != Draft.of(changed):
            tag("p", say("The scenario has changed since this comparison."), class_="dr-note", role="status")
        with tag("div", class_="dr-scroll", tabindex="0", role="region", aria_label=say("What changes")):
            _table([result.contrast(changed.name, name) for name in SHOWN])
        tag(
            "p",
            say(
                "Means of the {end}; 95 % intervals of the paired difference, {n} pairs.",
                end=end_words(changed.days),
                n=result.replicates,
            ),
            class_="dr-hint",
        )
        if result.replicates < FEWEST:
            tag(
                "p",
                say("Fewer than {fewest} pairs are too few to call anything better or worse.", fewest=FEWEST),
                class_="dr-note",
            )
        _budget(result, changed.name)
        if result.failed:
            tag(
                "p",
                say("{count} runs failed and are left out with their pairs.", count=len(result.failed)),
                class_="dr-error",
            )
        with tag("div", class_="dr-buttons"):
            Download(say("Tables (xlsx)"), f"{changed.name}.xlsx", WORKBOOK, lambda: workbook(result.tables()))
            Download(say("Tables (CSV)"), f"{changed.name}.zip", ARCHIVE, lambda: csv_files(result.tables()))
            Download(say("Scenario (YAML)"), f"{changed.name}.yaml", YAML, lambda: yaml_of(changed))
    Reports(
        session.reporting_comparison,
        result,
        lambda: session.report_comparison(result),
        say(
            "What to do, at what cost, how sure and for whom it is worse: as a document to read and to forward, in the "
            "language of this page."
        ),
    )
    with tag("section", class_="dr-card", aria_label=say("Figure")):
        tag("h2", say("The differences, with their intervals"))
        picture = solara.use_memo(lambda: _picture(result), [result, LANGUAGE.value])
        tag(
            "div",
            tag(
                "img",
                src=picture,
                alt=say("The differences of the table above, each with its interval; left and right of no difference."),
            ),
            class_="dr-figure",
        )


def _table(rows: list[Contrast]) -> None:
    heads = (
        say("Outcome"),
        say("as chosen"),
        say("as changed"),
        say("difference"),
        say("95 % interval"),
        say("in words"),
    )
    with tag("table", class_="dr-table"):
        with tag("thead"), tag("tr"):
            for head in heads:
                tag("th", head, scope="col")
        with tag("tbody"):
            for row in rows:
                numbers = [in_unit(value, row.unit) for value in (row.difference, row.low, row.high)]
                difference, low, high = map(_minus, apart_from_0(numbers, 1 if row.unit == "share" else 2))
                interval = "–" if row.low != row.low else say("{low} to {high}", low=low, high=high)
                direction = towards(row.verdict)
                with tag("tr"):
                    tag("th", term(row.label), scope="row")
                    tag("td", _level(row.base_mean, row.unit))
                    tag("td", _level(row.other_mean, row.unit))
                    tag("td", difference)
                    tag("td", interval)
                    tag("td", tag("span", str(VERDICTS[row.verdict]), class_=f"dr-verdict dr-{direction or 'unclear'}"))


def _level(value: float, unit: str) -> str:
    return say("{value} %", value=bare(value, unit)) if unit == "share" else bare(value, unit)


def _minus(text: str) -> str:
    return text.replace("-", "−")


def _budget(result: Comparison, name: str) -> None:
    """Say what the policies took, and whether it fits the budget of the edited scenario."""
    limits = result.scenarios[name].budget
    mine = result.values[result.values["scenario"] == name]
    hours, money = float(mine["hours_a_week"].mean()), float(mine["money_a_week"].mean())
    tag("h3", say("What it takes"))
    tag("p", say("{hours:,.1f} hours of staff and {money:,.0f} yuan a week", hours=hours, money=money))
    for use in budget.uses(mine, limits):
        if use.fits:
            tag(
                "p",
                say(
                    "Fits the budget: {mean:,.1f} of {budget:,.1f} {unit}",
                    mean=use.mean,
                    budget=use.budget,
                    unit=_per(use.unit),
                ),
            )
        else:
            over = say(
                "Does not fit the budget: {mean:,.1f} of {budget:,.1f} {unit}",
                mean=use.mean,
                budget=use.budget,
                unit=_per(use.unit),
            )
            tag("p", over, class_="dr-error")


def _per(unit: str) -> str:
    return say("hours of staff a week") if unit == "h/week" else say("yuan a month")


def _picture(result: Comparison) -> str:
    """Return the figure of effects as an address that holds it whole."""
    from experiments.plots import typeface

    made = io.BytesIO()
    with typeface.drawing():
        result.plot("effects").savefig(made, format="svg", metadata={"Date": None, "Creator": None})
    return f"data:image/svg+xml;base64,{base64.b64encode(made.getvalue()).decode('ascii')}"
