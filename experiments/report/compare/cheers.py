"""Answers to CHEERS 2022, the 28 items of reports of health economic evaluations, from a comparison itself.

Source: Husereau and others (2022), BMJ 376, e067975, https://doi.org/10.1136/bmj-2021-067975.
"""

import shlex
from typing import Final

from experiments.measures.discounted import DISCOUNT
from experiments.report import names
from experiments.report.checklists.stress import people
from experiments.report.compare.facts import Facts
from experiments.report.content import Paragraph, Section, Table, as_written
from experiments.report.values import computed, counted, day, listed
from sim.language import Later, later, say

DOI: Final = "https://doi.org/10.1136/bmj-2021-067975"
ITEMS: Final[tuple[Later, ...]] = (
    later("Title"),
    later("Abstract"),
    later("Background and objectives"),
    later("Health economic analysis plan"),
    later("Study population"),
    later("Setting and location"),
    later("Comparators"),
    later("Perspective"),
    later("Time horizon"),
    later("Discount rate"),
    later("Selection of outcomes"),
    later("Measurement of outcomes"),
    later("Valuation of outcomes"),
    later("Measurement and valuation of resources and costs"),
    later("Currency, price date, and conversion"),
    later("Rationale and description of model"),
    later("Analytics and assumptions"),
    later("Characterising heterogeneity"),
    later("Characterising distributional effects"),
    later("Characterising uncertainty"),
    later("Engagement with people affected by the study"),
    later("Study parameters"),
    later("Summary of main results"),
    later("Effect of uncertainty"),
    later("Effect of engagement with people affected"),
    later("Findings, limitations, generalisability, and current knowledge"),
    later("Source of funding"),
    later("Conflicts of interest"),
)
"""The items, in their order; their numbers are their places."""


def cheers(facts: Facts) -> Section:
    """Return the annex with an answer to each item."""
    answers = (*_methods(facts), *_analysis(facts), *_results(facts))
    rows = tuple(
        (str(counted("cheers/item", number)), str(item), answer)
        for number, (item, answer) in enumerate(zip(ITEMS, answers, strict=True), 1)
    )
    lead = say("The answers come from the run itself. Checklist: Husereau and others 2022, {doi}", doi=DOI)
    table = Table("cheers", say("CHEERS 2022"), (say("Item"), say("Topic"), say("Answer")), rows)
    return Section("cheers", say("Annex: CHEERS 2022 checklist"), (Paragraph(lead), table))


def _methods(facts: Facts) -> tuple[str, ...]:
    """Return the answers to items 1 to 15."""
    base = facts.scenarios[facts.base]
    begin = base.first_date
    others = listed([facts.titles[name] for name in facts.others])
    return (
        say("Simulated comparison of {others} with “{base}”.", others=others, base=facts.titles[facts.base]),
        say("Page one of this report."),
        names.question(base) or say("The scenarios state no question."),
        say("None was registered; scenarios, seed and command are kept with the result."),
        people(base),
        say("Psychiatric day-care centres of the kind of Shanghai's Sunshine Soul Parks."),
        say("Base: {base}. Alternatives: {others}.", base=facts.titles[facts.base], others=others),
        say(
            "The day-care centre: hours of its staff and money for the measures. Costs of health "
            "care, families and work are left out."
        ),
        say("{days} days from {date}.", days=facts.days, date=day(begin))
        if begin
        else say("{days} days.", days=facts.days),
        say(
            "{rate} % a year for costs and for time in severe loneliness.",
            rate=computed("command/discount", _discount(facts), 1),
        ),
        say("Loneliness, burden and group identity, the three outcomes of the interview study; hope beside them."),
        say(
            "Computed by the model on the scales of the instruments (UCLA-20 from 20 to 80, burden 0 "
            "to 100, identity 1 to 7)."
        ),
        say(
            "None into money, unless the command states what a point is worth; time in severe "
            "loneliness counts in user-years."
        ),
        say("Staff hours and money that the measures take in the runs; an hour costs what the scenario states."),
        say("Yuan (CNY), at the prices that the scenario states; no conversion, no inflation."),
    )


def _discount(facts: Facts) -> float:
    words = shlex.split(facts.stored.command)
    if "--discount" not in words:
        return 100.0 * DISCOUNT
    from experiments.measures.discounted import rate_of

    return 100.0 * rate_of(words[words.index("--discount") + 1])


def _analysis(facts: Facts) -> tuple[str, ...]:
    """Return the answers to items 16 to 22."""
    own = facts.scenarios[facts.base].groups
    groups = say("Groups by sex, diagnosis, guardedness, friends, role and arrival.")
    if own:
        groups = say(
            "Groups by sex, diagnosis, guardedness, friends, role and arrival, and the analyst's own: {own}.",
            own=listed([as_written(name) for name in own]),
        )
    uncertain = (
        say("Chance by pairs of runs under the same seeds; unmeasured numbers by draws from their plausible ranges.")
        if facts.splits
        else say("Chance by pairs of runs under the same seeds; unmeasured numbers were not varied.")
    )
    return (
        say("An agent-based model of daily life in the centre; see “How the model works” and sim/MODEL.md (ODD)."),
        say(
            "Paired differences with 95 % intervals; verdicts hold among all differences judged "
            "together. See “How sure this is”."
        ),
        groups,
        say("See “Who gains and who loses”: every group that is worse off, if only by itself, stands in a table."),
        uncertain,
        say(
            "None: no user, relative or member of staff took part in this simulation. The model rests "
            "on interviews with users."
        ),
        say(
            "Every number of the model with range, source and grade: sim/MODEL-PARAMETERS.md; those "
            "that matter are named above."
        ),
    )


def _results(facts: Facts) -> tuple[str, ...]:
    """Return the answers to items 23 to 28."""
    effect = (
        say("See “How sure this is”: effects over the draws, signs that turn, and the value of information.")
        if facts.splits
        else say("Not computed: unmeasured numbers were not varied.")
    )
    return (
        say("Page one, “What would happen” and “What it costs, and what fits”."),
        effect,
        say("None: nobody affected took part in this simulation."),
        say("Page one and “How it was validated”. The model compares measures and does not forecast a centre."),
        say("The analyst states it; the program does not know it."),
        say("The analyst states it; the program does not know it."),
    )
