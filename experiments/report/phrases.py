"""The words for the quantities, labels, comparisons and amounts of conditions."""

from typing import Final, Literal

from sim.language import Later, later, say
from sim.scenario.conditions.numbers import BARE
from sim.scenario.text.units import convert

Sign = Literal["<", "<=", ">", ">=", "==", "!="]

CLAUSES: Final[dict[tuple[str, str], tuple[Later, Later]]] = {
    ("newcomer", ""): (later("who arrived not long ago"), later("who did not arrive lately")),
    ("unwell", ""): (later("who are in an unwell episode"), later("who are not in an unwell episode")),
    ("helper", ""): (
        later("who give clearly more help than they receive"),
        later("who do not give clearly more help than they receive"),
    ),
    ("helped", ""): (
        later("who receive clearly more help than they give"),
        later("who do not receive clearly more help than they give"),
    ),
    ("mutual", ""): (
        later("who give and receive about as much help"), later("who do not give and receive about as much help"),
    ),
    ("uninvolved", ""): (
        later("who give and receive next to no help"), later("who give or receive more than next to no help"),
    ),
    ("only_child", ""): (later("who are only children"), later("who are not only children")),
    ("divorced", ""): (later("who are divorced"), later("who are not divorced")),
    ("married", ""): (later("who are married"), later("who are not married")),
    ("widowed", ""): (later("who are widowed"), later("who are not widowed")),
    ("sex", "man"): (later("who are men"), later("who are not men")),
    ("sex", "woman"): (later("who are women"), later("who are not women")),
    ("marital_status", "unmarried"): (later("who are unmarried"), later("who are not unmarried")),
    ("marital_status", "divorced"): (later("who are divorced"), later("who are not divorced")),
    ("marital_status", "married"): (later("who are married"), later("who are not married")),
    ("marital_status", "widowed"): (later("who are widowed"), later("who are not widowed")),
    ("diagnosis", "other"): (later("whose diagnosis is “other”"), later("whose diagnosis is not “other”")),
    ("occupation", "unemployed"): (later("who are unemployed"), later("who are not unemployed")),
    ("occupation", "part-time/volunteer"): (
        later("who work part-time or as volunteers"), later("who do not work part-time or as volunteers"),
    ),
    ("occupation", "retired"): (later("who are retired"), later("who are not retired")),
    ("lives_with", "parents"): (later("who live with their parents"), later("who do not live with their parents")),
    ("lives_with", "alone"): (later("who live alone"), later("who do not live alone")),
    ("lives_with", "child"): (later("who live with a child"), later("who do not live with a child")),
    ("lives_with", "spouse"): (later("who live with a spouse"), later("who do not live with a spouse")),
    ("lives_with", "group home"): (later("who live in a group home"), later("who do not live in a group home")),
}  # fmt: skip
"""A clause on users, and its opposite, for a quantity that is true or false and for labels; a diagnosis has its own."""

QUANTITIES: Final[dict[str, Later]] = {
    "loneliness_ucla20": later("loneliness (UCLA-20)"),
    "burden": later("burden"),
    "group_identity": later("group identity"),
    "mood": later("mood"),
    "self_worth": later("self-worth"),
    "self_stigma": later("self-stigma"),
    "acceptance": later("acceptance of the illness"),
    "threshold": later("current disclosure threshold"),
    "family_support": later("support from the family"),
    "listening_skill": later("listening skill"),
    "empathy": later("empathy brought along"),
    "confidentiality": later("keeping of confidences"),
    "helping_inclination": later("wish to help"),
    "sociability": later("chance of turning to somebody in a session"),
    "support_capacity": later("load a day that costs nothing"),
    "disclosure_threshold": later("usual disclosure threshold"),
    "desired_closeness": later("proximity preference"),
    "desired_ties": later("number of close ties wanted"),
    "habit": later("habit of coming"),
    "age": later("age"),
    "years_ill": later("time since the illness began"),
    "years_in_centre": later("time in the centre"),
    "days_since_arrival": later("time since arrival"),
    "friends": later("number of friends or closer"),
    "confidants": later("number of confidants or closer"),
    "help_given": later("recent help given (in acts)"),
    "help_received": later("recent help received (in acts)"),
    "days_absent": later("unbroken absence"),
    "users": later("the number of users enrolled"),
    "vacant": later("the number of empty seats"),
    "attendance": later("the attendance of the last 7 days"),
    "public_stigma": later("public stigma"),
    "norm": later("the norm of open talk"),
    "day": later("the time since the run began"),
    "staff_coverage": later("the share of users whom staff can look after well"),
}
"""What a quantity is called in a sentence; those of users stand after "whose"."""

AMOUNTS: Final = ("attendance", "staff_coverage", "sociability", "confidentiality")
"""Quantities from 0 to 1 that are shares or probabilities, and so stand in percent."""


def comparison(quantity: str, sign: Sign, other: str, *, is_amount: bool) -> str:
    """Return a comparison of a quantity; `is_amount` for counts and lengths of time, which are more or less."""
    values = {"quantity": quantity, "amount": other}
    match sign:
        case "<":
            return say("{quantity} is less than {amount}", **values) if is_amount else say(
                "{quantity} is below {amount}", **values
            )  # fmt: skip
        case ">":
            return say("{quantity} is more than {amount}", **values) if is_amount else say(
                "{quantity} is above {amount}", **values
            )  # fmt: skip
        case "<=":
            return say("{quantity} is at most {amount}", **values)
        case ">=":
            return say("{quantity} is at least {amount}", **values)
        case "==":
            return say("{quantity} is {amount}", **values)
    return say("{quantity} is not {amount}", **values)


def aged(sign: Sign, years: str) -> str:
    """Return a comparison of users' age with a number of years."""
    match sign:
        case "<":
            return say("who are younger than {years}", years=years)
        case ">":
            return say("who are older than {years}", years=years)
        case "<=":
            return say("who are at most {years} years old", years=years)
        case ">=":
            return say("who are at least {years} years old", years=years)
        case "==":
            return say("who are {years} years old", years=years)
    return say("who are not {years} years old", years=years)


def amount(value: float, unit: str) -> str:
    """Return a number with its unit; a length of time in the largest unit that leaves a whole number."""
    if unit in ("day", "year"):
        return _time(value, unit)
    if unit == "share":
        return say("{number} %", number=_digits(100.0 * value))
    if unit == "0-1":
        return say("{number} (on a scale from 0 to 1)", number=_digits(value))
    if unit in (BARE, "1", "users"):
        return _digits(value)
    digits = _digits(value)
    return say("{number} point", number=digits) if value == 1.0 else say("{number} points", number=digits)


def _time(value: float, unit: str) -> str:
    for larger in ("year", "month", "week", "day", "hour"):
        number = value * convert(f"1 {unit}", "day") / convert(f"1 {larger}", "day")
        if abs(number) >= 1.0 and abs(number - round(number)) < 1e-9 * abs(number):
            return _counted(round(number), larger)
    return _counted(value, unit)


def _counted(number: float, unit: str) -> str:
    digits, is_one = _digits(number), number == 1
    match unit:
        case "year":
            return say("1 year") if is_one else say("{number} years", number=digits)
        case "month":
            return say("1 month") if is_one else say("{number} months", number=digits)
        case "week":
            return say("1 week") if is_one else say("{number} weeks", number=digits)
        case "hour":
            return say("1 hour") if is_one else say("{number} hours", number=digits)
    return say("1 day") if is_one else say("{number} days", number=digits)


def _digits(value: float) -> str:
    """Return a number in twelve digits at most, without zeros at the end, and with a true minus."""
    return f"{value:.12g}".replace("-", "−", 1) if value < 0.0 else f"{value:.12g}"
