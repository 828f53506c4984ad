"""The timetable of a centre: its sessions in the order of the day."""

from functools import partial
from typing import Any, Final

from experiments.app.components import Press, component, tag
from experiments.app.controls import of_section
from experiments.app.draft import Checked
from experiments.app.session import Session
from experiments.app.views import Form
from experiments.app.words import word
from sim.language import say
from sim.scenario.schema.session import ACTIVITIES
from sim.scenario.schema.session import Session as Held

FIELDS: Final = ("activity", "days", "minutes", "group_size", "grouping")
NEW: Final = {"activity": "free time"}


@component
def Timetable(session: Session, checked: Checked, centre: str) -> None:
    """The sessions of a centre, each with its settings; sessions can be moved, added and taken away."""
    path = ("centres", centre, "timetable")
    sessions: list[dict[str, Any]] = list(session.draft.value.at(path) or [])
    own = list(session.draft.value.values.get("activities", {}))
    for place, one in enumerate(sessions):
        name = word(str(one.get("activity", "")))
        title = say("Session {number}: {activity}", number=place + 1, activity=name)
        with tag("section", class_="dr-item", aria_label=title):
            with tag("div", class_="dr-item-head"):
                tag("h3", title)
                if place:
                    Press(
                        "↑",
                        partial(_move, session, path, place),
                        look="dr-icon",
                        name=say("Earlier: {what}", what=title),
                    )
                if len(sessions) > 1:
                    Press(
                        "✕",
                        partial(session.edit, (*path, place), None),
                        look="dr-icon",
                        name=say("Remove: {what}", what=title),
                    )
            controls = of_section(Held, (*path, place), FIELDS, session.draft.value, checked.mistakes)
            for made in controls:
                if made["path"][-1] == "activity":
                    made |= {"kind": "choice", "optional": False}
                    made["options"] = [{"value": each, "label": word(each)} for each in (*ACTIVITIES, *own)]
            Form(
                controls=controls,
                words={"help": say("What is meant by:"), "key": say("in the file")},
                event_change=lambda change: session.edit(tuple(change["path"]), change["value"]),
            )
    Press(say("Add a session"), lambda: session.edit(path, [*sessions, dict(NEW)]))


def _move(session: Session, path: tuple[str, ...], place: int) -> None:
    """Move a session before the one that comes before it."""
    sessions = list(session.draft.value.at(path))
    sessions[place - 1], sessions[place] = sessions[place], sessions[place - 1]
    session.edit(path, sessions)
