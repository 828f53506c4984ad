"""The second part of the page: run the scenario, and watch a centre day by day."""

from typing import Any

import solara

from experiments.app import picture
from experiments.app.components import Working, component, tag
from experiments.app.draft import Checked
from experiments.app.person import Person
from experiments.app.recording import MOST_DAYS, Recording
from experiments.app.reporting import MOST_RUNS
from experiments.app.reports import Reports
from experiments.app.scenario import form_words, plain_choice
from experiments.app.session import Session
from experiments.app.views import Courses, Form, Network
from experiments.app.words import user_name
from sim.language import say
from sim.scenario.schema.quantity import whole_seed
from sim.scenario.text.errors import InputError
from sim.state.build import centre_names


@component
def DaysPart(session: Session, checked: Checked) -> None:
    """Start a run, and go through its days."""
    scenario, recording = checked.scenario, session.watching.result.value
    centres = centre_names(scenario) if scenario is not None else []
    centre, set_centre = solara.use_state("")
    seed, set_seed = solara.use_state("1")
    centre = centre if centre in centres else (centres[0] if centres else "")
    mistake = seed_mistake(seed)

    def change(event: dict[str, Any]) -> None:
        (set_centre if event["path"] == ["watched"] else set_seed)(str(event["value"] or ""))

    with tag("section", class_="dr-card dr-short", aria_label=say("Run")):
        controls = [number_field("seed", say("Seed of chance"), seed, mistake)]
        if len(centres) > 1:
            options = [{"value": one, "label": one} for one in centres]
            controls.insert(0, plain_choice("watched", say("Centre"), options, centre))
        Form(controls=controls, words=form_words(), event_change=change)
        ready = scenario is not None and not mistake
        Working(
            session.watching,
            say("Run"),
            lambda: session.watch(centre, int(seed)) if ready else None,
            "" if ready else say("Mend the scenario first."),
        )
        if scenario is not None and scenario.days > MOST_DAYS:
            tag("p", say("The first {days} days are kept.", days=MOST_DAYS), class_="dr-hint")
        if recording is not None and scenario is not None and recording.scenario != scenario:
            tag("p", say("The scenario has changed since this run."), class_="dr-note", role="status")
    if recording is None:
        tag("p", say("Run the scenario to watch the centre, evening by evening."), class_="dr-empty")
    else:
        Days(recording).key(f"recording-{id(recording)}")
        Reports(
            session.reporting_days,
            recording,
            lambda: session.report_days(recording),
            say(
                "What becomes of the centres in this scenario, from {count} runs that differ by chance, as a document "
                "to read and to forward, in the language of this page.",
                count=min(recording.scenario.replicates, MOST_RUNS),
            ),
        )


@component
def Days(recording: Recording) -> None:
    """Go through the days of a recording, and look at one person."""
    day, set_day = solara.use_state(0)
    chosen, set_chosen = solara.use_state(-1)
    last = len(recording.days) - 1
    words = {
        "player": say("Go through the days"),
        "back": say("Back"),
        "play": say("Play"),
        "pause": say("Pause"),
        "step": say("One day on"),
        "speed": say("Speed"),
        "pace": say("days a second"),
        "day": say("Day"),
    }
    everybody = sorted({int(uid) for one in recording.days for uid in one.users["uid"]})
    options = [{"value": "", "label": say("Choose a person")}]
    options += [{"value": str(uid), "label": user_name(uid, recording.names)} for uid in everybody]
    with tag("div", class_="dr-columns"):
        with tag("section", class_="dr-card dr-wide", aria_label=say("The centre on this day")):
            tag("h2", say("The centre on this day"), class_="dr-hidden")
            Network(
                day=day,
                last=last,
                title=picture.title(recording, day),
                alt=picture.alternative(recording, day),
                people=picture.people(recording, day),
                ties=picture.ties(recording, day),
                legend=picture.legend(),
                words=words,
                chosen=chosen,
                event_go=lambda to: set_day(max(0, min(last, int(to)))),
                event_choose=lambda uid: set_chosen(int(uid)),
            )
        with tag("div", class_="dr-aside"):
            with tag("section", class_="dr-card", aria_label=say("Outcomes so far")):
                Courses(courses=picture.courses(recording, day))
            with tag("section", class_="dr-card", aria_label=say("Person")):
                Form(
                    controls=[plain_choice("person", say("Person"), options, "" if chosen < 0 else str(chosen))],
                    words=form_words(),
                    event_change=lambda event: set_chosen(int(event["value"] or -1)),
                )
            if chosen >= 0:
                Person(recording, day, chosen)


def number_field(key: str, label: str, value: str, mistake: str) -> dict[str, Any]:
    """Return a control for a number that belongs to no value of the scenario."""
    bare: dict[str, Any] = {"unit": "", "help": [], "slider": None}
    return {
        "id": key,
        "path": [key],
        "key": key,
        "kind": "number",
        "label": label,
        "value": value,
        "error": mistake,
    } | bare


def seed_mistake(text: str) -> str:
    """Return why a text is no seed; empty when it is one."""
    try:
        whole_seed(int(text) if text.isdecimal() and text.isascii() and len(text) <= 20 else text)
    except InputError as error:
        return str(error)
    return ""
