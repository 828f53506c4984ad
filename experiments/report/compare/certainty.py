"""How sure a comparison is: chance, what nobody has measured, signs that turn, and what a survey would be worth."""

from typing import Final

from experiments.report import names
from experiments.report.background.assumptions import assumptions
from experiments.report.background.listed import known
from experiments.report.compare.brief import not_varied, varying
from experiments.report.compare.facts import Facts
from experiments.report.compare.figures import Figures
from experiments.report.compare.signs import beyond, depends, is_judged, too_few, turned
from experiments.report.content import Block, Bullets, Code, Heading, Paragraph, Section, Table, as_written, kept
from experiments.report.values import DECIMALS, MISSING, Row, computed, counted, in_percent, unit_of
from experiments.statistics.numbers import beside, enough
from experiments.statistics.verdict import ABOVE_CHANCE, FEW, FEWEST, PERHAPS_CHANCE
from sim.language import later, say, term
from sim.outcomes.catalogue import OUTCOMES

_IN_WORDS: Final = {
    ABOVE_CHANCE: later("can be told from 0"),
    PERHAPS_CHANCE: later("cannot be told from 0"),
    FEW: later("too few to say"),
}
"""Whether a worth is more than chance."""
_ASKED: Final = 30
"""Users asked in the surveys that the table shows."""


def certainty(facts: Facts, figures: Figures) -> Section:
    """Return the section on how sure the comparison is."""
    return Section(
        "certainty",
        say("How sure this is"),
        kept(
            Heading(say("Chance")),
            *_chance(facts),
            Heading(say("What nobody has measured")),
            *_ignorance(facts, figures),
            Heading(say("What a survey would be worth")),
            *_information(facts, figures),
            *known(facts.scenarios),
            Heading(say("Every assumption that matters, by name")),
            *assumptions(facts.scenarios),
        ),
    )


def _chance(facts: Facts) -> tuple[Block, ...]:
    failed = facts.stored.summary.get("failed_runs", 0)
    lines = [
        say(
            "{pairs} pairs of runs were compared; both runs of a pair share their chance, so a difference comes from "
            "the alternative. More pairs make the intervals narrower.",
            pairs=facts.pairs,
        ),
        say(
            "An interval of 95 % misses the true mean of the model in about one case of twenty, and more often for a "
            "difference that comes from few rare events."
        ),
        say(
            "A verdict stands only where at least {fewest} pairs differ. By itself: where nothing truly differs, "
            "chance alone makes about one comparison in twenty look clear, one in forty better and one in forty worse. "
            "Without “by itself”: chance alone makes any difference of a set judged together look clear in at most "
            "about one report of twenty.",
            fewest=counted("rule/fewest", FEWEST),
        ),
    ]
    if failed:
        lines.append(
            say(
                "{failed} runs failed and are left out with their pairs.", failed=counted("summary/failed_runs", failed)
            )
        )
    return (Bullets(tuple(lines)),)


def _ignorance(facts: Facts, figures: Figures) -> tuple[Block, ...]:
    if not facts.splits:
        return Paragraph(not_varied()), Code(varying(facts))
    draws = min(facts.splits, key=lambda row: row["draws"]).number("draws", 0)
    first = say(
        "{draws} draws gave {parameters} numbers that nobody has measured other values within their plausible ranges, "
        "each under chance of its own.",
        draws=draws, parameters=counted("draws/columns", len(facts.stored.table("draws").columns)),
    )  # fmt: skip
    lines = [
        say(
            "The sign turns: {title}, {outcome}: {defaults} at the defaults, {effect} over the draws.",
            title=facts.titles[str(row["scenario"])], outcome=names.outcome_within(str(row["outcome"])),
            defaults=_in_unit(row, "at_defaults"), effect=_in_unit(row, "effect"),
        )
        for row in turned(facts)
    ]  # fmt: skip
    lines += [
        say(
            "The sign depends on unmeasured numbers: {title}, {outcome}: by a normal law better at {better} of 100 "
            "parameter values.",
            title=facts.titles[str(row["scenario"])], outcome=names.outcome_within(str(row["outcome"])),
            better=row.number("share_better", 0, 100.0),
        )
        for row in depends(facts)
    ]  # fmt: skip
    if not is_judged(facts):
        lines = [too_few(facts)]
    if not lines:
        none = say("No sign was seen to turn beyond chance, neither from the defaults to the draws nor between draws.")
        lines = [beside(none, beyond(facts))]
    return kept(
        Paragraph(first), Bullets(tuple(lines)), _over_draws(facts), figures.picture("uncertainty"),
        figures.picture("ranking"),
    )  # fmt: skip


def _in_unit(row: Row, column: str) -> str:
    unit = OUTCOMES[str(row["outcome"])].unit
    return str(row.number(column, DECIMALS.get(unit, 2), in_percent(unit), signed=True))


def _over_draws(facts: Facts) -> Table:
    rows = []
    for row in sorted(facts.splits, key=lambda one: facts.others.index(str(one["scenario"]))):
        unit = OUTCOMES[str(row["outcome"])].unit
        rows.append(
            (
                facts.titles[str(row["scenario"])],
                names.outcome(str(row["outcome"])),
                _in_unit(row, "at_defaults"),
                *_spread(row, unit),
            )
        )
    head = (
        say("Alternative"), say("Outcome"), say("At the defaults"),
        say("Over the draws (95 % of parameter values, by a normal law)"), say("Unit"),
        say("Better at so many of 100 values, by a normal law"),
        say("Spread from unmeasured numbers, of 100 (95 % interval)"),
    )  # fmt: skip
    note = say(
        "A share of parameter values, not of centres: a probability only as far as the ranges "
        "say how likely each value "
        "is, and only if the model is right."
    )
    return Table("over_draws", say("Effects over draws of what nobody has measured"), head, tuple(rows), note=note)


def _spread(row: Row, unit: str) -> tuple[str, str, str, str]:
    """Return the effect over draws, its unit and both shares; the effect alone from few draws, or few that differ."""
    if row["draws"] < FEWEST or row.values.get("differ", FEWEST) < FEWEST:
        return _in_unit(row, "effect"), unit_of(unit), MISSING, MISSING
    effect = row.estimate("effect", DECIMALS.get(unit, 2), in_percent(unit), ends="predicted")
    share = row.estimate("share_ignorance", 0, 100.0, signed=False, ends="share")
    return effect, unit_of(unit), str(row.number("share_better", 0, 100.0)), share


def _information(facts: Facts, figures: Figures) -> tuple[Block, ...]:
    frame = facts.information
    if frame is None:
        return (
            Paragraph(say("Not computed, as the unmeasured numbers were not varied; the command below computes it.")),
            Code(as_written(f'{facts.stored.command} --uncertain 200 --worth "1000 CNY/point"')),
        )
    if frame.empty:
        return (Paragraph(say("The draws are too few to say what knowing more is worth.")),)
    alone = frame[frame["willingness"].isna()]
    amounts = sorted(frame["willingness"].dropna().unique())
    tables = [_worth(frame.index[frame["willingness"].isna()].tolist(), facts, "")]
    if len(amounts) == 1:
        tables.append(_worth(frame.index[frame["willingness"] == amounts[0]].tolist(), facts, str(amounts[0])))
    lead = Paragraph(
        say(
            "What it would be worth to know a number before choosing, in points of loneliness less "
            "for a user and year; "
            "all {count} values computed are in the workbook.",
            count=counted("value_of_information/rows", len(alone)),
        )
    )
    return kept(lead, *tables, figures.picture("information"))


def _worth(indices: list[int], facts: Facts, amount: str) -> Table:
    frame = facts.information
    if frame is None:
        raise AssertionError("there is information where this is called")
    rows = []
    for number in indices:
        row = Row(f"value_of_information/#{number}", frame.loc[number].to_dict())
        if row["users"] not in (0, _ASKED):
            continue
        asked = str(row.number("users", 0)) if row["users"] else say("known exactly")
        ends = [float(row[name]) for name in ("value", "low", "high")]
        value = row.estimate("value", enough(ends, 0 if amount else 2), signed=False)
        cells = [as_written(term(str(row["group"]))), asked, value, str(_IN_WORDS.get(str(row["verdict"]), ""))]
        if amount:
            cells += [str(row.number("total", 0)), str(row.number("price", 0)), str(row.number("net", 0, signed=True))]
        rows.append(tuple(cells))
    head = [say("To know"), say("Users asked"), say("Worth (95 % interval)"), say("Verdict")]
    if not amount:
        return Table("information", say("Worth of knowing more, if loneliness alone decides"), tuple(head), tuple(rows))
    head += [say("Yuan for all users"), say("Yuan it costs"), say("Yuan left")]
    title = say(
        "Worth of knowing more, if a point of loneliness for a user and year is worth {amount} yuan",
        amount=computed("value_of_information/willingness", float(amount), 0),
    )
    return Table("information_priced", title, tuple(head), tuple(rows), note=say("Worth in yuan for a user and year."))
