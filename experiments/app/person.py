"""A person's day in words: how they are, whom they are close to, what was said, and who helped."""

from typing import Any, Final

from experiments.app.components import component, tag
from experiments.app.recording import Recording, level
from experiments.app.words import user_name, word
from experiments.plots.frames import LEAST, roles
from sim.language import say
from sim.state.columns import DIAGNOSES, SEXES

NEAREST: Final = 8
"""Most ties of a person that are listed, the closest first."""


@component
def Person(recording: Recording, day: int, uid: int) -> None:
    """The day of one person."""
    users = recording.days[day].users
    here = users[users["uid"] == uid]
    name = user_name(uid, recording.names)
    with tag("section", class_="dr-card dr-person-card", aria_label=name, aria_live="polite"):
        tag("h2", name)
        if not len(here):
            tag("p", say("Not enrolled on this day."), class_="dr-hint")
            return
        user = here[0]
        role = str(roles(user["given"], user["received"], LEAST))
        tag("p", background(user), class_="dr-hint")
        with tag("dl", class_="dr-state"):
            for label, value in state(user, role):
                tag("dt", label)
                tag("dd", value)
        tag("h3", say("The day"))
        _list(lived(recording, day, uid, user))
        tag("h3", say("What was said"))
        _list(said(recording, day, uid) or [say("Nothing personal today.")])
        tag("h3", say("Who helped whom"))
        _list(helped(recording, day, uid) or [say("No help today.")])
        tag("h3", say("Closest ties"))
        _ties(recording, day, uid)
        tag(
            "p",
            say(
                "The lists hold the talks of people with each other at the centre. The model keeps the hours of calls, "
                "but not who called whom, and of talks with staff and peer support workers only what they change."
            ),
            class_="dr-hint",
        )


def background(user: Any) -> str:
    """Return sex, age and diagnosis in a line."""
    return say(
        "{sex}, {age:.0f}, {diagnosis}",
        sex=word(SEXES[int(user["sex"])]),
        age=float(user["age"]),
        diagnosis=word(DIAGNOSES[int(user["diagnosis"])]),
    )


def state(user: Any, role: str) -> list[tuple[str, str]]:
    """Return how a person is, on the scales of the instruments."""
    return [
        (say("Loneliness"), say("{value:.0f} of 20–80", value=20.0 + 60.0 * user["loneliness"])),
        (say("Burden"), say("{value:.0f} of 0–100", value=100.0 * user["burden"])),
        (say("Group identity"), say("{value:.1f} of 1–7", value=1.0 + 6.0 * user["identity"])),
        (say("Hope"), say("{value:.2f} of 0–1", value=user["hope"])),
        (say("Role"), word(role)),
    ]


def lived(recording: Recording, day: int, uid: int, user: Any) -> list[str]:
    """Return whether the person came, with whom they talked, and for how long."""
    today = recording.days[day]
    if day == 0:
        return [say("Before the first day.")]
    if not today.is_open:
        lines = [say("The centre was closed.")]
    elif not user["attends"]:
        lines = [say("Stayed away.")]
    else:
        hours = float(user["talk_hours"])
        lines = [
            say("Came, and talked for {hours:.1f} hours.", hours=hours)
            if hours
            else say("Came, and talked with nobody.")
        ]
        hours_with: dict[int, float] = {}
        for talk in today.happened.talks:
            present = [one for one in (talk.one, talk.other, talk.third) if one >= 0]
            if uid in present:
                for one in present:
                    hours_with[one] = hours_with.get(one, 0.0) + talk.hours
        hours_with.pop(uid, None)
        partners = sorted(hours_with, key=lambda one: -hours_with[one])
        if partners:
            names = say(", ").join(user_name(one, recording.names) for one in partners)
            lines.append(say("Sat talking with {names}.", names=names))
    if user["phone_hours"] > 0.0:
        lines.append(say("By phone for {hours:.1f} hours.", hours=float(user["phone_hours"])))
    if user["unwell"]:
        lines.append(say("Is in an unwell episode."))
    return lines


def said(recording: Recording, day: int, uid: int) -> list[str]:
    """Return what the person said and heard that was personal."""
    lines = []
    for one in recording.days[day].happened.told:
        if uid not in (one.speaker, one.hearer):
            continue
        names = {
            "speaker": user_name(one.speaker, recording.names),
            "hearer": user_name(one.hearer, recording.names),
        }
        if one.of == "strengths":
            line = say("{speaker} spoke to {hearer} of what went well.", **names)
        elif one.of == "distress":
            line = say("{speaker} spoke to {hearer} of distress.", **names)
        else:
            line = say("{speaker} spoke to {hearer} of the illness.", **names)
        received = say("It was well received.") if one.well else say("It was not well received.")
        lines.append(say("{line} {received}", line=line, received=received))
    return lines


def helped(recording: Recording, day: int, uid: int) -> list[str]:
    """Return the help that the person gave and got."""
    lines = []
    for act in recording.days[day].happened.help:
        if uid in (act.helper, act.helped):
            names = {
                "helper": user_name(act.helper, recording.names),
                "helped": user_name(act.helped, recording.names),
            }
            line = say("{helper} gave {helped} {kind}", kind=word(act.kind), **names)
            lines.append(
                say("{line}, {times} times.", line=line, times=act.times)
                if act.times > 1
                else say("{line}.", line=line)
            )
    return lines


def _list(lines: list[str]) -> None:
    with tag("ul", class_="dr-lines"):
        for line in lines:
            tag("li", line)


def _ties(recording: Recording, day: int, uid: int) -> None:
    """List the closest ties: how close the person feels, and how close the other does."""
    found = recording.days[day].ties
    there = {int(tie["other"]): float(tie["closeness"]) for tie in found[found["one"] == uid]}
    back = {int(tie["one"]): float(tie["closeness"]) for tie in found[found["other"] == uid]}
    others = sorted({*there, *back}, key=lambda one: -max(there.get(one, 0.0), back.get(one, 0.0)))[:NEAREST]
    if not others:
        _list([say("Nobody near.")])
        return
    with tag("table", class_="dr-table"):
        with tag("thead"), tag("tr"):
            for head in (say("with"), say("feels"), say("is felt as")):
                tag("th", head, scope="col")
        with tag("tbody"):
            for other in others:
                with tag("tr"):
                    tag("th", user_name(other, recording.names), scope="row")
                    for felt in (there, back):
                        tag("td", f"{word(level(felt.get(other, 0.0)))} {felt.get(other, 0.0):.2f}")
