"""The quantities of users and centres that a condition may use: kind, unit, scale and meaning of each.

A quantity that is also an outcome has the outcome's name and scale (burden from 0 to 100, loneliness on the UCLA-20),
because the authors of scenarios see these in the results.
"""

from dataclasses import dataclass
from typing import Final, Literal

Scope = Literal["user", "centre"]
Kind = Literal["number", "truth", "label"]

_INF = float("inf")


@dataclass(frozen=True, slots=True)
class Attribute:
    """A quantity that every user, or every centre, has.

    Parameters
    ----------
    name : str
        Name in conditions.
    kind : str
        "number", "truth" (true or false) or "label" (one of `labels`).
    unit : str
        "1" for a share or a plain count, "users", "day", "year", or the scale itself, such as "0-100".
    range : tuple of float
        Lowest and highest possible value, both included.
    meaning : str
    labels : tuple of str
        The label of each code 0, 1, ...
    definition : str
        How it is computed, exactly; empty for a value that the model holds as `meaning` states.
    threshold : str
        Path of the parameter that the definition compares with, if any.
    source : str
        Key in `sim.sources.SOURCES` of the definition; empty for the model's own.
    """

    name: str
    kind: Kind
    unit: str
    range: tuple[float, float]
    meaning: str
    labels: tuple[str, ...] = ()
    definition: str = ""
    threshold: str = ""
    source: str = ""


def _number(
    name: str,
    unit: str,
    low: float,
    high: float,
    meaning: str,
    definition: str = "",
    threshold: str = "",
    source: str = "",
) -> Attribute:
    return Attribute(name, "number", unit, (low, high), meaning, (), definition, threshold, source)


def _share(name: str, meaning: str, definition: str = "") -> Attribute:
    return Attribute(name, "number", "1", (0.0, 1.0), meaning, (), definition)


def _truth(name: str, meaning: str, definition: str = "", threshold: str = "", source: str = "") -> Attribute:
    return Attribute(name, "truth", "1", (0.0, 1.0), meaning, (), definition, threshold, source)


def _label(name: str, meaning: str, *labels: str, definition: str = "") -> Attribute:
    return Attribute(name, "label", "1", (0.0, len(labels) - 1.0), meaning, labels, definition)


_LIFETIME = 120.0
"""Longest life in years: the upper end of quantities that count years of a life."""

_INVOLVED = "help_given + help_received >= memory_days / 30 (an act a month)"
_CHOSEN = "; the cut-offs are a choice of the model"

_OF_USERS = (
    _number("loneliness_ucla20", "20-80", 20, 80, "Loneliness on the UCLA-20 scale", "20 + 60 x loneliness, a state from 0 to 1", source="russell-1996"),
    _number("burden", "0-100", 0, 100, "Burden", "100 x burden, a state from 0 to 1"),
    _number("group_identity", "1-7", 1, 7, "Group identity", "1 + 6 x group identity, a state from 0 to 1"),
    _share("mood", "Mood"),
    _share("self_worth", "Self-worth"),
    _share("self_stigma", "Self-stigma"),
    _share("acceptance", "Acceptance of the illness"),
    _share("threshold", "Current disclosure threshold"),
    _share("family_support", "Support from the family"),
    _share("listening_skill", "Listening skill"),
    _share("empathy", "Empathy brought along"),
    _share("confidentiality", "Keeping a confidence"),
    _share("helping_inclination", "Wish to help"),
    _share("sociability", "Chance of turning to somebody in a session"),
    _number("support_capacity", "1", 0, _INF, "Load a day that costs nothing"),
    _share("disclosure_threshold", "Usual disclosure threshold"),
    _share("desired_closeness", "Proximity preference: how close a tie is wanted"),
    _number("desired_ties", "users", 0, _INF, "How many close ties are wanted"),
    _share("habit", "Habit of coming"),
    _number("age", "year", 18, _LIFETIME, "Age on the day of the review", "Age on day 0 or on arrival, and the years of the run since then"),
    _number("years_ill", "year", 0, _LIFETIME, "Years since the illness began, on the day of the review", "Years on day 0 or on arrival, and those of the run since then"),
    _number("years_in_centre", "year", 0, _LIFETIME, "Years in the centre, on the day of the review", "Years on day 0 or on arrival, and those of the run since then"),
    _number("days_since_arrival", "day", 0, _INF, "Days since arrival at the centre", "Day of the review minus day of arrival, which is negative for users who were there on day 0"),
    _number("friends", "users", 0, _INF, "Ties at or above friend", "Number of ties whose closeness, from 0 to 1, is at least 0.35", source="hall-2019"),
    _number("confidants", "users", 0, _INF, "Ties at or above confidant", "Number of ties whose closeness, from 0 to 1, is at least 0.6", source="hall-2019"),
    _number("help_given", "1", 0, _INF, "Help given, discounted", "Acts of help given, a sum that loses 1 / memory_days of itself each day", "rules.support.memory_days"),
    _number("help_received", "1", 0, _INF, "Help received, discounted", "Acts of help received, a sum that loses 1 / memory_days of itself each day", "rules.support.memory_days"),
    _number("days_absent", "day", 0, _INF, "Opening days missed in a row", "0 again on the first day on which the user comes"),
    _truth("newcomer", "Whether the user arrived not long ago", "days_since_arrival < newcomer_days", "rules.episodes.newcomer_days"),
    _truth("unwell", "Whether in an unwell episode", "From the first day of an episode of illness until its end"),
    _truth("helper", "Whether the user gives clearly more help than is received", f"{_INVOLVED}, and help_given >= 1.5 x help_received{_CHOSEN}", "rules.support.memory_days"),
    _truth("helped", "Whether the user receives clearly more help than is given", f"{_INVOLVED}, help_received >= 1.5 x help_given, and no helper{_CHOSEN}", "rules.support.memory_days"),
    _truth("mutual", "Whether the user gives and receives about as much help", f"{_INVOLVED}, and neither helper nor helped{_CHOSEN}", "rules.support.memory_days"),
    _truth("uninvolved", "Whether the user gives and receives next to no help", f"Not {_INVOLVED}{_CHOSEN}", "rules.support.memory_days"),
    _truth("only_child", "Whether an only child"),
    _truth("divorced", "Whether divorced"),
    _truth("married", "Whether married"),
    _truth("widowed", "Whether widowed"),
    _label("sex", "Sex", "man", "woman"),
    _label("marital_status", "Marital status", "unmarried", "divorced", "married", "widowed", definition="The users file, or chance, which leaves nobody married or widowed. No equation uses it; conditions may"),
    _label(
        "diagnosis", "Diagnosis",
        "schizophrenia", "bipolar disorder", "obsessive-compulsive disorder", "epileptic mental disorder",
        "depression", "intellectual disability", "other",
        definition="The users file, or chance. It decides how often an unwell episode begins; depression counts as bipolar disorder, intellectual disability as obsessive-compulsive disorder, other as schizophrenia: assumed, because the study has none of them",
    ),
    _label("occupation", "Occupation", "unemployed", "part-time/volunteer", "retired"),
    _label("lives_with", "Household", "parents", "alone", "child", "spouse", "group home", definition="The users file, or chance, which gives nobody a spouse or a group home. No equation uses it; conditions may"),
)  # fmt: skip

_OF_CENTRES = (
    _number("users", "users", 0, _INF, "Users enrolled", "Seats of the centre that are taken"),
    _number("vacant", "users", 0, _INF, "Empty seats"),
    _share(
        "attendance",
        "Share of the enrolled who came, over the last 7 days",
        "Attendances in the last 7 days / (opening days among them x users enrolled); no condition holds after 7 closed days",
    ),
    _share("public_stigma", "Public stigma"),
    _share("norm", "Norm of open talk as it is"),
    _number("day", "day", 0, _INF, "Day of the run, from 0"),
    _share(
        "staff_coverage",
        "Share of users that staff can look after well",
        "Staff x users_per_staff / users, with the staff that policies add; at most 1",
    ),
)

USER_ATTRIBUTES: Final[dict[str, Attribute]] = {one.name: one for one in _OF_USERS}
"""The quantities of users. A condition on centres may use them only inside an aggregate."""

CENTRE_ATTRIBUTES: Final[dict[str, Attribute]] = {one.name: one for one in _OF_CENTRES}
"""The quantities of centres, for conditions on centres."""

AGGREGATES: Final[dict[str, str]] = {
    "mean": "Mean over the users enrolled",
    "sd": "Standard deviation over the users enrolled (of these users, not of a sample of them)",
    "median": "Median over the users enrolled",
    "min": "Lowest value of any user enrolled",
    "max": "Highest value of any user enrolled",
    "share": "Share of the users enrolled of whom a condition holds",
    "count": "Number of the users enrolled of whom a condition holds",
}
"""The functions that summarize users in a condition on centres."""

OF_CONDITIONS: Final = ("share", "count")
"""The aggregates that take a condition; all others take a number."""

OPERATORS: Final[dict[str, str]] = {
    "and": "Both conditions hold",
    "or": "At least one of the conditions holds",
    "not": "The condition does not hold; before in: the value is none of those listed",
    "in": 'The value is one of those in brackets: diagnosis in (schizophrenia, "bipolar disorder")',
    "for": "After a condition on a centre: it has held that long without a break: mean(burden) > 50 for 3 weeks",
    "<": "Less than; comparisons chain: 20 < age < 30",
    "<=": "At most",
    ">": "More than",
    ">=": "At least",
    "==": "Equal; for labels too: sex == woman",
    "!=": "Not equal; for labels too",
    "+": "Sum of two numbers of the same unit",
    "-": "Difference of two numbers of the same unit",
    "*": "Product",
    "/": "Quotient; a comparison with a quotient by 0 does not hold",
    "%": "After a number: hundredths, for shares",
}
"""The operators of conditions, the words among them first."""

EVERYBODY: Final[dict[str, bool]] = {"all": True, "everybody": True, "none": False, "nobody": False}
"""Words that, alone, are a complete condition on users."""

UNIT_WORDS: Final = (
    "%", "minutes", "hours", "days", "weeks", "months", "years", "min", "h", "d", "day", "week", "month", "year",
    "users",
)  # fmt: skip
"""Common units, from which a misspelt unit gets its suggestion."""

TIMES: Final = ("day", "year")
"""Units of time that quantities use; conditions convert between them."""

SHIPPED_GROUPS: Final = (
    "everybody",
    "women",
    "men",
    *USER_ATTRIBUTES["diagnosis"].labels[:4],  # those of the study, which sampled users have
    "newcomers of the run",
    "guarded",
    "without a friend at the start",
    "helpers at the start",
)
"""Groups that every comparison has."""
