"""The policies of the edited scenario: which, for whom, from when, how much; and those that can be added."""

from functools import partial
from typing import Any, Final

import solara

from experiments.app.components import Press, component, tag
from experiments.app.controls import of_section
from experiments.app.draft import Checked
from experiments.app.session import Session
from experiments.app.views import Form
from sim.language import say, term
from sim.scenario.reading.policies import fields_of
from sim.scenario.schema.policy import PolicyUse, policies

FIRST: Final = ("start", "end", "eligible", "uptake", "intensity")
"""The options of a policy that come first: from when, for whom, how much."""


@component
def Policies(session: Session, checked: Checked) -> None:
    """The policies in use, and a list of those that can be added."""
    used: dict[str, Any] = dict(session.draft.value.values.get("policies", {}))
    kinds = policies()
    if not used:
        tag("p", say("No policy yet: usual care."), class_="dr-hint")
    for name, use in used.items():
        Policy(session, checked, name, kinds[use["policy"]]).key(f"policy-{name}")
    Adding(session, list(used))


@component
def Policy(session: Session, checked: Checked, name: str, kind: type[PolicyUse]) -> None:
    """A policy in use."""
    whole, set_whole = solara.use_state(False)
    own = [one for one in fields_of(kind) if one not in ("policy", "timetable", *FIRST)]
    rest = [one for one in PolicyUse.model_fields if one not in ("policy", "centres", *FIRST, *own)]
    names = [*FIRST, *own, *(rest if whole else ())]
    title = named(kind.key())
    with tag("section", class_="dr-item", aria_label=title):
        with tag("div", class_="dr-item-head"):
            tag("h3", title)
            tag("code", name)
            Press(
                "✕",
                lambda: session.edit(("policies", name), None),
                look="dr-icon",
                name=say("Remove: {what}", what=title),
            )
        tag("p", term(kind.model_fields["policy"].description or ""), class_="dr-hint")
        Form(
            controls=of_section(kind, ("policies", name), names, session.draft.value, checked.mistakes),
            words={"help": say("What is meant by:"), "key": say("in the file")},
            event_change=lambda change: session.edit(tuple(change["path"]), change["value"]),
        )
        Press(say("Fewer options") if whole else say("More options"), lambda: set_whole(not whole), look="dr-quiet")


@component
def Adding(session: Session, taken: list[str]) -> None:
    """Every policy that can be added, with what it is."""
    is_open, set_open = solara.use_state(False)
    Press(say("Add a policy"), lambda: set_open(not is_open), pressed=is_open, look="dr-primary")
    if not is_open:
        return
    with tag("ul", class_="dr-offers"):
        for key, kind in policies().items():
            if key == "usual_care":
                continue
            with tag("li"):
                Press(named(key), partial(add, session, kind, taken, set_open), look="dr-offer")
                tag("span", term(kind.model_fields["policy"].description or ""))


def named(key: str) -> str:
    """Return the name of a policy for readers."""
    words = term(key)
    return words if words != key else key.replace("_", " ").capitalize()


def add(session: Session, kind: type[PolicyUse], taken: list[str], set_open: Any) -> None:
    """Add a policy under a free name."""
    base = kind.key().replace("_", "-")
    name = next(one for one in (base, *(f"{base}-{number}" for number in range(2, 1000))) if one not in taken)
    session.edit(("policies", name), {**kind.example, "policy": kind.key()})
    set_open(False)
