"""A day of a recording as the browser draws it: people, ties and the course of outcomes."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from experiments.app.recording import SHOWN, Recording, level
from experiments.app.words import user_name, word
from experiments.measures.friendship import FRIEND
from experiments.plots import style
from experiments.plots.frames import CUTOFFS, LEAST, roles
from sim.language import Language, language, say, term
from sim.outcomes.catalogue import OUTCOMES
from sim.scenario.schema.scenario import WEEKDAYS
from sim.state.columns import LEVELS

_WIDTH, _HEIGHT = 200.0, 60.0
_ENDS: Final = {
    "loneliness_ucla20": (20.0, 80.0),
    "burden": (0.0, 100.0),
    "group_identity": (1.0, 7.0),
    "hope": (0.0, 1.0),
}
"""Ends of the scale of each outcome that is drawn."""
_THICK: Final = 0.0032
"""Width of a line in the picture, for each point of its width in a figure."""


def title(recording: Recording, day: int) -> str:
    """Return the name of a day: its number, weekday, and date where the scenario has one."""
    scenario = recording.scenario
    if day == 0:
        return say("the start")
    weekday = word(WEEKDAYS[(WEEKDAYS.index(scenario.first_day) + day - 1) % 7])
    shut = "" if recording.days[day].is_open else say(", closed")
    if scenario.first_date is None:
        return say("day {day}, {weekday}{shut}", day=day, weekday=weekday, shut=shut)
    date = scenario.first_date + timedelta(days=day - 1)
    places = 2 if language() is Language.en else 1  # 2027-03-01, 2027年3月1日
    return say(
        "day {day}, {weekday}, {year}-{month}-{of_month}{shut}",
        day=day,
        weekday=weekday,
        year=date.year,
        month=f"{date.month:0{places}}",
        of_month=f"{date.day:0{places}}",
        shut=shut,
    )


def people(recording: Recording, day: int) -> list[dict[str, Any]]:
    """Return everybody enrolled on a day: place, colour by loneliness, shape by role, and a description in words."""
    users = recording.days[day].users
    first = set(recording.days[0].users["uid"].tolist())
    kinds = roles(users["given"], users["received"], LEAST)
    shut = not recording.days[day].is_open
    drawn = []
    for user, role in zip(users, kinds, strict=True):
        uid, lonely = int(user["uid"]), float(user["loneliness"])
        name = user_name(uid, recording.names)
        score = 20.0 + 60.0 * lonely
        here = shut or bool(user["attends"])
        words = say("{name}: loneliness {score:.0f}, {role}", name=name, score=score, role=word(str(role)))
        drawn.append(
            {
                "id": uid,
                "x": recording.places[uid][0],
                "y": recording.places[uid][1],
                "short": name if len(name) <= 2 else str(uid & 0xFFFF) if not recording.names.get(uid) else name[:2],
                "label": words if here else say("{words}, away today", words=words),
                "role": str(role),
                "fill": shade(lonely),
                "ink": style.on_dark(lonely),
                "here": here,
                "fresh": uid not in first,
            }
        )
    return drawn


def shade(lonely: float) -> str:
    """Return the colour of a user by loneliness, from 0 to 1, as the browser writes it."""
    red, green, blue, _ = style.LONELINESS_COLOURS(lonely)
    return f"#{round(255 * red):02x}{round(255 * green):02x}{round(255 * blue):02x}"


def ties(recording: Recording, day: int) -> list[list[Any]]:
    """Return the ties of a day as lines: ends, colour, width, and whether only one feels it as a friendship."""
    felt = {(one, other): LEVELS.index(level(closeness)) for one, other, closeness in recording.days[day].ties.tolist()}
    lines: list[tuple[int, list[Any]]] = []
    for (one, other), there in felt.items():
        back = felt.get((other, one), 0)
        if there < back or (there == back and one > other):
            continue
        shown, one_sided = (there, True) if there >= FRIEND > back else (min(there, back) if back else there, False)
        look = style.LEVEL_LINES[LEVELS[shown]]
        ends = [*recording.places[one], *recording.places[other]]
        lines.append((shown, [*ends, look.colour, round(look.width * _THICK, 4), one_sided]))
    return [line for _, line in sorted(lines, key=lambda pair: pair[0])]


def legend() -> dict[str, Any]:
    """Return what colours, shapes and lines of the network mean."""
    looks = [
        {"label": word(name), "colour": look.colour, "width": look.width, "dashed": False}
        for name, look in reversed(style.LEVEL_LINES.items())
    ]
    friend = style.LEVEL_LINES["friend"]
    looks.append({"label": say("felt by one only"), "colour": friend.colour, "width": friend.width, "dashed": True})
    shapes = {
        "helper": say("helper (gives more help)"),
        "helped": say("helped (receives more)"),
        "mutual": say("mutual (both alike)"),
        "uninvolved": say("uninvolved (hardly any)"),
    }
    kinds: list[dict[str, Any]] = [{"role": role, "label": label, "fresh": False} for role, label in shapes.items()]
    kinds.append({"role": "mutual", "label": say("newcomer since the start"), "fresh": True})
    return {"ties": looks, "roles": kinds, "shade": say("the darker, the lonelier; pale: away today")}


def alternative(recording: Recording, day: int) -> str:
    """Describe the network of a day in a sentence, for those who do not see it."""
    users = len(recording.days[day].users)
    friends = sum(closeness >= 0.35 for _, _, closeness in recording.days[day].ties.tolist())
    return say(
        "Network of {users} people; each has {friends:.1f} friends on average",
        users=users,
        friends=friends / max(users, 1),
    )


def courses(recording: Recording, day: int) -> list[dict[str, Any]]:
    """Return the course of each outcome: up to the day in colour, what comes later in grey."""
    return [_course(name, recording.outcomes[name], day) for name in SHOWN]


def _course(name: str, values: Sequence[float], day: int) -> dict[str, Any]:
    outcome = OUTCOMES[name]
    low, high = style.zoomed(min(values), max(values), *_ENDS[name])
    points = [
        f"{_WIDTH * number / max(len(values) - 1, 1):.1f} {_HEIGHT * (high - value) / (high - low):.1f}"
        for number, value in enumerate(values)
    ]
    cut = CUTOFFS[name][0] if name in CUTOFFS else None
    number = ".2f" if name == "hope" else ".1f"
    label = term(outcome.label)
    return {
        "name": name,
        "label": label,
        "now": f"{values[day]:{number}}",
        "scale": say("of {low:g}–{high:g}", low=_ENDS[name][0], high=_ENDS[name][1]),
        "low": f"{low:{number}}",
        "high": f"{high:{number}}",
        "when": say("{days} days", days=len(values) - 1),
        "cut": None if cut is None or not low < cut < high else round(_HEIGHT * (high - cut) / (high - low), 1),
        "path": f"M{' L'.join(points[: day + 1])}",
        "later": f"M{' L'.join(points[day:])}",
        "colour": style.OUTCOME_COLOURS.get(name, style.INK),
        "alt": say("{label}: {first:.2f} at the start, {now:.2f} now", label=label, first=values[0], now=values[day]),
    }
