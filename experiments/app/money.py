"""What the policies of the edited scenario take a week, beside its budget and the hours that its staff have."""

from typing import Any

from experiments.app.components import component, tag
from experiments.app.controls import of_section
from experiments.app.draft import Checked
from experiments.app.session import Session
from experiments.app.views import Form
from sim.language import say
from sim.scenario.schema.budget import Budget
from sim.scenario.schema.expected_cost import expected
from sim.scenario.schema.scenario import Scenario


@component
def Budgeted(session: Session, checked: Checked) -> None:
    """Hours and money of all policies, beside their limits, which can be changed here."""
    controls = of_section(Budget, ("budget",), ("hours", "money"), session.draft.value, checked.mistakes)
    with tag("section", class_="dr-card", aria_label=say("Budget")):
        tag("h2", say("Budget"))
        if checked.scenario is not None:
            _taken(checked.scenario)
        words = {"help": say("What is meant by:"), "key": say("in the file")}
        Form(
            controls=controls,
            words=words,
            event_change=lambda change: session.edit(tuple(change["path"]), change["value"]),
        )


def _taken(scenario: Scenario) -> None:
    hours, money = expected(scenario)
    budget = scenario.budget or None
    most_hours = None if budget is None else budget.hours
    most_money = None if budget is None else budget.money
    available = sum(
        centre.copies * centre.staff * centre.staff_week * centre.programme_share
        for centre in scenario.centres.values()
    )
    _bar(
        say("{hours:,.1f} hours of staff a week", hours=hours),
        hours,
        most_hours,
        say("of {most:,.1f}", most=most_hours or 0.0),
    )
    _bar(say("{money:,.0f} yuan a week", money=money), money, most_money, say("of {most:,.0f}", most=most_money or 0.0))
    tag("p", say("The staff have {hours:,.1f} hours a week for policies.", hours=available), class_="dr-hint")
    if any(use.when is not None or use.eligible.text.strip() != "all" for use in scenario.policies.values()):
        tag(
            "p",
            say("At least: a policy for some counts one who takes part, one with a trigger none. A run tells more."),
            class_="dr-hint",
        )


def _bar(text: str, taken: float, most: float | None, limit: str) -> Any:
    """Draw an amount beside its limit, in words too, and marked when it exceeds the limit."""
    over = most is not None and taken > most * (1.0 + 1e-9)
    share = 0.0 if not most else min(1.0, taken / most)
    with tag("div", class_=f"dr-budget {'dr-over' if over else ''}"):
        with tag("p"):
            tag("strong", text)
            if most is not None:
                tag("span", limit)
        if most is not None:
            tag("div", tag("div", style=f"width:{100 * share:.0f}%"), class_="dr-bar")
        if over:
            tag("p", say("Does not fit the budget."), class_="dr-error")
