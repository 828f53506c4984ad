"""The closed days of a centre: from a first to a last day, or a country's public holidays."""

from functools import partial
from itertools import groupby
from typing import Any, Final

from experiments.app.components import Press, component, tag
from experiments.app.controls import of_section
from experiments.app.draft import Checked
from experiments.app.session import Session
from experiments.app.views import Form
from sim.language import say
from sim.scenario.schema.calendar import Closure
from sim.scenario.text.nodes import KeyPath, shown

SPAN: Final = ("first", "last", "why")
NEW: Final = {"first": 0, "last": 0}
NEW_LIST: Final = {"holidays": "china"}


@component
def Closures(session: Session, checked: Checked, centre: str) -> None:
    """The closures of a centre, each with its settings; they can be added and taken away."""
    path = ("centres", centre, "closures")
    closures: list[dict[str, Any]] = list(session.draft.value.at(path) or [])
    tag("h3", say("Closed days"))
    tag(
        "p",
        say("Days count from 0; they may be dates once the date of the first day is set, under “Length and chance”."),
        class_="dr-hint",
    )
    _complaint(checked, path)
    for begin, end in spans(closures):
        _closure(session, checked, path, closures, begin, end)
    with tag("div", class_="dr-buttons"):
        Press(say("Add closed days"), lambda: session.edit(path, [*closures, dict(NEW)]))
        Press(say("Add public holidays"), lambda: session.edit(path, [*closures, dict(NEW_LIST)]))


def spans(closures: list[dict[str, Any]]) -> list[tuple[int, int]]:
    """Return the first and the following place of each closure; those of one list of holidays count as one."""
    found = []
    for name, alike in groupby(range(len(closures)), lambda place: closures[place].get("holidays") or ""):
        places = list(alike)
        found += [(places[0], places[-1] + 1)] if name else [(place, place + 1) for place in places]
    return found


def _closure(
    session: Session, checked: Checked, path: KeyPath, closures: list[dict[str, Any]], begin: int, end: int
) -> None:
    is_list = bool(closures[begin].get("holidays"))
    number = begin + 1
    title = say("Public holidays {number}", number=number) if is_list else say("Closure {number}", number=number)

    def change(event: dict[str, Any]) -> None:
        if is_list:  # the days of a list follow from its name
            session.edit(path, [*closures[:begin], {"holidays": event["value"]}, *closures[end:]])
        else:
            session.edit(tuple(event["path"]), event["value"])

    with tag("section", class_="dr-item", aria_label=title):
        with tag("div", class_="dr-item-head"):
            tag("h4", title)
            Press(
                "✕",
                partial(session.edit, path, [*closures[:begin], *closures[end:]]),
                look="dr-icon",
                name=say("Remove: {what}", what=title),
            )
        fields = ("holidays",) if is_list else SPAN
        controls = of_section(Closure, (*path, begin), fields, session.draft.value, checked.mistakes)
        labels = {"first": say("First closed day"), "last": say("Last closed day"), "why": say("Reason")}
        for made in controls:
            made["label"] = labels.get(made["path"][-1], say("Country"))
        Form(
            controls=controls,
            words={"help": say("What is meant by:"), "key": say("in the file")},
            event_change=change,
        )
        _complaint(checked, (*path, begin))


def _complaint(checked: Checked, path: KeyPath) -> None:
    """Show what is wrong with a closure, or with all of them, as a whole."""
    if mistake := checked.mistakes.get(shown(path)):
        tag("p", mistake, class_="dr-error", role="alert")
