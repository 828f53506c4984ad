"""Words of scenarios and results in the reader's language: units, weekdays, activities, roles, verdicts."""

from typing import Final

from sim.language import Later, later, say, term
from sim.state.columns import label

WORDS: Final[dict[str, Later]] = {
    "monday": later("Monday"),
    "tuesday": later("Tuesday"),
    "wednesday": later("Wednesday"),
    "thursday": later("Thursday"),
    "friday": later("Friday"),
    "saturday": later("Saturday"),
    "sunday": later("Sunday"),
    "crafts": later("crafts"),
    "singing": later("singing"),
    "calligraphy": later("calligraphy"),
    "occupation therapy": later("occupation therapy"),
    "counselling": later("counselling"),
    "vocational training": later("vocational training"),
    "free time": later("free time"),
    "free": later("free choice"),
    "interest": later("by interest"),
    "assigned": later("assigned for a season"),
    "rotating": later("rotating"),
    "uninvolved": later("uninvolved"),
    "helper": later("helper"),
    "helped": later("helped"),
    "mutual": later("mutual"),
    "stranger": later("stranger"),
    "acquaintance": later("acquaintance"),
    "friend": later("friend"),
    "confidant": later("confidant"),
    "kin-like": later("kin-like"),
    "man": later("man"),
    "woman": later("woman"),
    "schizophrenia": later("schizophrenia"),
    "bipolar disorder": later("bipolar disorder"),
    "obsessive-compulsive disorder": later("obsessive-compulsive disorder"),
    "epileptic mental disorder": later("epileptic mental disorder"),
    "depression": later("depression"),
    "intellectual disability": later("intellectual disability"),
    "other": later("other"),
    "emotional": later("comfort"),
    "informational": later("advice"),
    "esteem": later("encouragement or teaching"),
    "network": later("company"),
    "tangible": later("practical help"),
    "while eligible": later("while eligible"),
    "once begun": later("once begun"),
    "measured": later("measured"),
    "calibrated": later("calibrated"),
    "elicited": later("elicited"),
    "assumed": later("assumed"),
}
"""Words that stand in scenarios and in the state; any other is shown as `term` has it."""
VERDICTS: Final[dict[str, Later]] = {
    "better": later("better"),
    "worse": later("worse"),
    "higher": later("higher"),
    "lower": later("lower"),
    "better by itself": later("better by itself"),
    "worse by itself": later("worse by itself"),
    "higher by itself": later("higher by itself"),
    "lower by itself": later("lower by itself"),
    "no clear difference": later("no clear difference"),
    "no difference seen": later("no difference seen"),
    "too rare to say": later("too rare to say"),
    "too few to say": later("too few to say"),
    "not known": later("not known"),
}
"""The verdicts on a difference (`experiments.statistics.verdict`)."""
UNITS: Final[dict[str, Later]] = {
    "day": later("days"),
    "week": later("weeks"),
    "year": later("years"),
    "h": later("hours"),
    "min": later("minutes"),
    "users": later("people"),
    "h/week": later("hours a week"),
    "CNY/week": later("yuan a week"),
    "CNY/h": later("yuan an hour"),
    "/year": later("a year"),
    "/month": later("a month"),
    "/day": later("a day"),
}
"""Units of parameters; one without an entry is shown as it is, and a plain number has none."""


def word(text: str) -> str:
    """Return a word of a scenario or of the state in the reader's language."""
    known = WORDS.get(text)
    return term(text) if known is None else str(known)


def unit(text: str) -> str:
    """Return a parameter's unit in the reader's language; empty for a plain number."""
    known = UNITS.get(text)
    return "" if text == "1" else text if known is None else str(known)


def user_name(uid: int, names: dict[int, str]) -> str:
    """Return the name of a listed user, or a number for a sampled one."""
    return names[uid] if names.get(uid) else say("user {number}", number=label(uid, {}).rpartition(" ")[2])
