"""The first part of the page: choose a scenario, change it, and see what its policies take."""

from functools import partial
from typing import Any, Final

import solara

from experiments.app.closures import Closures
from experiments.app.components import LANGUAGE, Press, component, tag
from experiments.app.controls import MOST_FOUND, control, every, found, of_section
from experiments.app.downloads import YAML, Download, yaml_of
from experiments.app.draft import Checked, Draft, changes
from experiments.app.money import Budgeted
from experiments.app.policies import Policies
from experiments.app.session import Session
from experiments.app.ties import Ties
from experiments.app.timetable import Timetable
from experiments.app.uploads import MOST_FILES, MOST_TABLE
from experiments.app.views import Form, Upload
from sim.language import say, term
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.scenario import Centre, Scenario
from sim.scenario.schema.users import Users

CENTRE: Final = (
    *("users", "copies", "staff", "users_per_staff", "staff_week", "programme_share", "hour_cost", "open"),
    *("norm", "norm_help", "norm_welcome", "voice"),
)
"""The settings of a centre that come first."""
PEOPLE: Final = (
    *("women", "age_mean", "tenure_mean", "part_time", "alone"),
    *("disclosure_threshold.mean", "desired_closeness.mean", "desired_ties.mean", "sociability.mean", "empathy.mean"),
    *("listening_skill.mean", "confidentiality.mean", "helping_inclination.mean", "support_capacity.mean"),
    *("family_support.mean", "stigma_disposition.mean", "hope_disposition.mean"),
)
"""The settings of the users that come first."""
LENGTH: Final = ("days", "settling", "first_date", "seed", "replicates")
"""The settings of the run that come first."""
_MOST_CHANGES: Final = 12


def form_words() -> dict[str, str]:
    """Return the words that every form needs."""
    return {"help": say("What is meant by:"), "key": say("in the file")}


@component
def ScenarioPart(session: Session, checked: Checked) -> None:
    """The scenario and what can be changed in it."""
    group, set_group = solara.use_state("centre")
    groups = {
        "centre": say("Centre"),
        "people": say("People"),
        "timetable": say("Timetable"),
        "policies": say("Policies"),
        "length": say("Length and chance"),
        "ties": say("Ties"),
        "every": say("All settings"),
    }
    with tag("div", class_="dr-columns"):
        with tag("div", class_="dr-wide"):
            Beginning(session)
            with tag("nav", class_="dr-chips", aria_label=say("Settings")):
                for key, name in groups.items():
                    Press(name, partial(set_group, key), pressed=key == group, look="dr-chip")
            with tag("section", class_="dr-card", aria_label=groups[group]):
                tag("h2", groups[group], class_="dr-hidden")
                _group(session, checked, group)
        with tag("aside", class_="dr-aside", aria_label=say("Budget and changes")):
            Budgeted(session, checked)
            Changed(session, checked)


def _group(session: Session, checked: Checked, group: str) -> None:
    draft, mistakes = session.draft.value, checked.mistakes
    if group == "people":
        _form(session, of_section(Users, ("users",), PEOPLE, draft, mistakes))
    elif group == "length":
        _form(session, of_section(Scenario, (), LENGTH, draft, mistakes))
    elif group == "policies":
        Policies(session, checked)
    elif group == "ties":
        Ties(session, checked)
    elif group == "every":
        Everything(session, checked)
    else:
        PerCentre(session, checked, group)


def _form(session: Session, controls: list[dict[str, Any]]) -> None:
    Form(controls=controls, words=form_words(), event_change=edits(session))


def edits(session: Session) -> Any:
    """Return what a form calls when a value changes."""
    return lambda change: session.edit(tuple(change["path"]), change["value"])


@component
def PerCentre(session: Session, checked: Checked, group: str) -> None:
    """The settings or the timetable of a centre, and the choice of the centre where there are several."""
    names = list(session.draft.value.values.get("centres", {}))
    name, set_name = solara.use_state(names[0])
    name = name if name in names else names[0]
    if len(names) > 1:
        options = [{"value": one, "label": one} for one in names]
        Form(
            controls=[plain_choice("which-centre", say("Centre"), options, name)],
            words=form_words(),
            event_change=lambda change: set_name(change["value"]),
        )
    if group == "timetable":
        Timetable(session, checked, name)
        Closures(session, checked, name)
    else:
        _form(session, of_section(Centre, ("centres", name), CENTRE, session.draft.value, checked.mistakes))


def plain_choice(key: str, label: str, options: list[dict[str, str]], value: str) -> dict[str, Any]:
    """Return a control that chooses between options and belongs to no value of the scenario."""
    bare = {"unit": "", "error": "", "help": [], "optional": False}
    return {
        "id": key,
        "path": [key],
        "key": key,
        "kind": "choice",
        "label": label,
        "options": options,
        "value": value,
    } | bare


@component
def Beginning(session: Session) -> None:
    """Choose a scenario, or send one."""
    source, base = session.source.value, session.base.value
    titles = solara.use_memo(lambda: _titles(session), [LANGUAGE.value])
    options = titles if any(one["value"] == source for one in titles) else [{"value": source, "label": source}, *titles]
    with tag("section", class_="dr-card dr-begin", aria_label=say("Where to begin")):
        Form(
            controls=[plain_choice("source", say("Begin with"), options, source)],
            words=form_words(),
            event_change=lambda change: session.choose(change["value"]),
        )
        if base.question:
            tag("p", term(base.question), class_="dr-question")
        Upload(
            label=say("Begin with a file of your own"),
            hint=say("A scenario in YAML, with the tables that it names. It stays on this machine."),
            most=MOST_FILES,
            bytes=MOST_TABLE,
            event_send=session.send,
            event_refuse=lambda _: session.refuse_size(),
        )
        if session.refusal.value:
            tag("p", session.refusal.value, class_="dr-error dr-lines", role="alert")


def _titles(session: Session) -> list[dict[str, str]]:
    titles = []
    for name, path in session.choices().items():
        try:
            title = load_scenario(path).title
        except Exception:  # a file of the folder with mistakes: choosing it says which
            title = ""
        titles.append({"value": name, "label": term(title) if title else name})
    return titles


@component
def Everything(session: Session, checked: Checked) -> None:
    """Every setting, by a search."""
    text, set_text = solara.use_state("")
    scenario = checked.scenario or session.base.value
    shapes = solara.use_memo(lambda: every(scenario), [scenario])
    hits = found(text, shapes)
    look = {"id": "search", "path": ["search"], "key": "search", "kind": "text", "value": text, "label": say("Search")}
    Form(
        controls=[look | {"unit": "", "error": "", "help": []}],
        words=form_words(),
        event_change=lambda change: set_text(change["value"]),
    )
    if not text:
        tag(
            "p",
            say("{count} settings: search for a word such as trust, burden or days.", count=len(shapes)),
            class_="dr-hint",
        )
        return
    shown_ones = [control(path, shapes[path], session.draft.value, checked.mistakes) for path in hits[:MOST_FOUND]]
    tag(
        "p",
        say("{count} found, {shown} shown", count=len(hits), shown=len(shown_ones)),
        class_="dr-hint",
        role="status",
    )
    _form(session, [one for one in shown_ones if one is not None])


@component
def Changed(session: Session, checked: Checked) -> None:
    """What has been changed, what is wrong, and the scenario to take home."""
    base = solara.use_memo(lambda: Draft.of(session.base.value), [session.base.value])
    rows = changes(base, session.draft.value)
    with tag("section", class_="dr-card", aria_label=say("Changes")):
        tag("h2", say("Changes"))
        if not rows:
            tag("p", say("Nothing is changed yet."), class_="dr-hint")
        with tag("ul", class_="dr-changes"):
            for path, old, new in rows[:_MOST_CHANGES]:
                with tag("li"):
                    tag("code", path)
                    tag("span", f"{_written(old)} → {_written(new)}")
        if len(rows) > _MOST_CHANGES:
            tag("p", say("and {count} more", count=len(rows) - _MOST_CHANGES), class_="dr-hint")
        if checked.mistakes:
            tag("h3", say("To be mended first"))
            with tag("ul", class_="dr-error dr-mistakes"):
                for path, mistake in checked.mistakes.items():
                    tag("li", f"{path}: {mistake}" if path else mistake)
        with tag("div", class_="dr-buttons"):
            if rows:
                Press(say("Undo all"), session.undo)
            if checked.scenario is not None:
                scenario = checked.scenario
                Download(say("Download YAML"), f"{scenario.name}.yaml", YAML, lambda: yaml_of(scenario))


def _written(value: Any) -> str:
    if value is None:
        return "–"
    text = (
        f"{value:.6g}"
        if isinstance(value, float)
        else ", ".join(map(str, value))
        if isinstance(value, list)
        else str(value)
    )
    return text if len(text) <= 60 else f"{text[:57]}…"
