"""Every column of the state: name, dtype, dimensions, unit, range, meaning.

State lives in structured arrays, with one record for each row, because rules read most fields of a row together. A Mesa
agent is a view of a `USER` row; the GraphML export and the table at the end of a run also follow these declarations.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from sim.scenario.schema.scenario import ACTIVITIES
from sim.scenario.text.suggestions import nearest, with_suggestion

DIAGNOSES: Final = (
    "schizophrenia",
    "bipolar disorder",
    "obsessive-compulsive disorder",
    "epileptic mental disorder",
    "depression",
    "intellectual disability",
    "other",
)
SAMPLED_DIAGNOSES: Final = DIAGNOSES[:4]
"""The diagnoses of the study, which sampled users have; only a file of users gives the others."""
SEXES: Final = ("man", "woman")
OCCUPATIONS: Final = ("unemployed", "part-time/volunteer", "retired")
HOUSEHOLDS: Final = ("parents", "alone", "child", "spouse", "group home")
MARITAL: Final = ("unmarried", "divorced", "married", "widowed")
NEEDS: Final = ("emotional", "informational", "esteem", "network", "tangible")
STATUSES: Final = ("waiting", "present", "left")
CAUSES: Final = ("none", "relapse", "work", "other")
ROLES: Final = ("uninvolved", "helper", "helped", "mutual")
LEVELS: Final = ("stranger", "acquaintance", "friend", "confidant", "kin-like")
LEVEL_FROM: Final = (0.10, 0.35, 0.60, 0.85)
"""Lowest closeness of an acquaintance, a friend, a confidant, a kin-like tie (Hall 2019: 12, 50, 106, 220 h)."""
ACQUAINTANCE, FRIEND, CONFIDANT, KIN = LEVEL_FROM

KNOWN_FROM: Final = 0.20
"""Lowest value of `known` at which a peer counts as knowing the user: about one well-received talk of distress or
illness within a year."""

WAITING, PRESENT, LEFT = 0, 1, 2
NOBODY: Final = -1


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table of the state.

    Parameters
    ----------
    name : str
    dtype : str
        numpy dtype of one element.
    unit : str
        "1" for a share or a code.
    range : tuple of float
        Lowest and highest value the model can produce.
    meaning : str
    kind : str
        "key", "background", "trait", "state", "memory" (derived from the past), "tally" (of one day) or "lever" (moved
        by policies alone; 0 without them).
    shape : tuple of int
        () for one value in each row.
    labels : tuple of str
        Labels of the codes of a coded column, or of the elements of a vector column.
    """

    name: str
    dtype: str
    unit: str
    range: tuple[float, float]
    meaning: str
    kind: str
    shape: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()


_INF = float("inf")
_DAYS = (-_INF, _INF)

USER: Final[tuple[Column, ...]] = (
    Column("uid", "i8", "1", (0, 2**32 - 1), "Name of the user in the draws of chance; never changes, never reused", "key"),
    Column("centre", "i8", "1", (0, _INF), "Number of the centre", "key"),
    Column("seat", "i8", "1", (-1, _INF), "Place in the centre's block of ties; -1 before arrival and after leaving", "key"),
    Column("next_row", "i8", "1", (-1, _INF), "Row of the next newcomer of the same centre; -1 at the end of the queue", "key"),
    Column("status", "i8", "1", (0, 2), "Whether the user is enrolled", "key", labels=STATUSES),
    Column("arrived", "f8", "day", _DAYS, "Day of enrolment; negative for those who were there before day 0", "key"),
    Column("left", "f8", "day", _DAYS, "Day of leaving, negative while settling; -1 while enrolled (see status)", "key"),
    Column("leave_cause", "i8", "1", (0, 3), "Why the user left", "key", labels=CAUSES),
    Column("sex", "i8", "1", (0, 1), "Sex", "background", labels=SEXES),
    Column("age", "f8", "year", (18, 81), "Age on day 0 or on arrival", "background"),
    Column("diagnosis", "i8", "1", (0, 6), "Diagnosis; the last three only if a file gives them", "background", labels=DIAGNOSES),
    Column("years_ill", "f8", "year", (0, 70), "Years since the illness began, on day 0 or on arrival", "background"),
    Column("years_in_centre", "f8", "year", (0, 48), "Years in the centre, on day 0 or on arrival", "background"),
    Column("occupation", "i8", "1", (0, 2), "Occupation", "background", labels=OCCUPATIONS),
    Column("lives_with", "i8", "1", (0, 4), "Household; the last two only if a file gives them", "background", labels=HOUSEHOLDS),
    Column("only_child", "i8", "1", (0, 1), "Whether an only child", "background", labels=("no", "yes")),
    Column("marital_status", "i8", "1", (0, 3), "Marital status; the last two only if a file gives them", "background", labels=MARITAL),
    Column("disclosure_threshold", "f8", "1", (0, 1), "Usual disclosure threshold", "trait"),
    Column("desired_closeness", "f8", "1", (0, 1), "Proximity preference: how close a tie is wanted", "trait"),
    Column("desired_ties", "f8", "users", (0, _INF), "How many close ties are wanted", "trait"),
    Column("sociability", "f8", "1", (0, 1), "Chance of turning to somebody in a session", "trait"),
    Column("empathy", "f8", "1", (0, 1), "Empathy brought along", "trait"),
    Column("listening_skill", "f8", "1", (0, 1), "Listening skill", "trait"),
    Column("confidentiality", "f8", "1", (0, 1), "Keeping a confidence", "trait"),
    Column("helping_inclination", "f8", "1", (0, 1), "Wish to help", "trait"),
    Column("support_capacity", "f8", "1", (0, _INF), "Load a day that costs nothing", "trait"),
    Column("interest", "f8", "1", (0, 1), "Interest in each activity", "trait", (len(ACTIVITIES),), ACTIVITIES),
    Column("speciality", "i8", "1", (0, len(ACTIVITIES) - 1), "The activity the user is best at", "trait", labels=ACTIVITIES),
    Column("lonely_disposition", "f8", "1", (0, 1), "Disposition to loneliness", "trait"),
    Column("mood_disposition", "f8", "1", (0, 1), "Disposition of mood", "trait"),
    Column("outside_burden", "f8", "1", (0, 1), "Burden that life outside leaves", "trait"),
    Column("initial_identity", "f8", "1", (0, 1), "Group identity brought along", "trait"),
    Column("worth_disposition", "f8", "1", (0, 1), "Disposition of self-worth", "trait"),
    Column("stigma_disposition", "f8", "1", (0, 1), "Disposition of self-stigma", "trait"),
    Column("acceptance_disposition", "f8", "1", (0, 1), "Disposition of acceptance", "trait"),
    Column("family_support", "f8", "1", (0, 1), "Support from the family", "trait"),
    Column("hope_disposition", "f8", "1", (0, 1), "Disposition of hope", "trait"),
    Column("mood", "f8", "1", (0, 1), "Mood", "state"),
    Column("loneliness", "f8", "1", (0, 1), "Loneliness", "state"),
    Column("burden", "f8", "1", (0, 1), "Burden", "state"),
    Column("identity", "f8", "1", (0, 1), "Group identity", "state"),
    Column("self_worth", "f8", "1", (0, 1), "Self-worth", "state"),
    Column("self_stigma", "f8", "1", (0, 1), "Self-stigma", "state"),
    Column("acceptance", "f8", "1", (0, 1), "Acceptance of the illness", "state"),
    Column("hope", "f8", "1", (0, 1), "Hope (personal recovery)", "state"),
    Column("trouble", "f8", "1", (0, 1), "Trouble at home", "state"),
    Column("unwell", "i8", "1", (0, 1), "Whether in an unwell episode", "state", labels=("well", "unwell")),
    Column("needs", "f8", "1", (0, 1), "Open need of each of the five kinds", "state", (5,), NEEDS),
    Column("threshold", "f8", "1", (0, 1), "Current disclosure threshold", "state"),
    Column("learned_empathy", "f8", "1", (0, 1), "Empathy learned in mutual help, as a share of what was missing", "state"),
    Column("habit", "f8", "1", (0, 1), "Habit of coming", "state"),
    Column("reminded", "f8", "1", (0, 1), "How recently a peer has reminded one of medication", "state"),
    Column("company", "f8", "h", (0, 24), "Hours of company a day, discounted", "memory"),
    Column("given", "f8", "1", (0, _INF), "Help given, discounted", "memory"),
    Column("received", "f8", "1", (0, _INF), "Help received, discounted", "memory"),
    Column("friends", "i8", "users", (0, _INF), "Ties at or above friend", "memory"),
    Column("confidants", "i8", "users", (0, _INF), "Ties at or above confidant", "memory"),
    Column("closest", "f8", "1", (0, 1), "Mean closeness of the three closest ties", "memory"),
    Column("longing", "f8", "1", (0, _INF), "Closeness felt and not returned, over close ties", "memory"),
    Column("told_peers", "i8", "users", (0, _INF), "Present peers told of the illness", "memory"),
    Column("known_closest", "f8", "1", (0, 1), "Mean intimacy of the three most intimate ties: closeness, counted in full where one is known", "memory"),
    Column("known_by", "i8", "users", (0, _INF), "Present peers by whom one is known", "memory"),
    Column("missed", "i8", "day", (0, _INF), "Opening days missed in a row", "memory"),
    Column("open_days", "i8", "day", (0, _INF), "Opening days since entry into the run", "memory"),
    Column("days_attended", "i8", "day", (0, _INF), "Opening days attended since entry into the run", "memory"),
    Column("first_friend", "f8", "day", (-1, _INF), "Day of the first tie at friend since arrival; -1 if none yet", "memory"),
    Column("first_confidant", "f8", "day", (-1, _INF), "Day of the first tie at confidant since arrival; -1 if none yet", "memory"),
    Column("loneliness_at_entry", "f8", "1", (0, 1), "Loneliness on day 0 or on arrival", "memory"),
    Column("burden_at_entry", "f8", "1", (0, 1), "Burden on day 0 or on arrival", "memory"),
    Column("identity_at_entry", "f8", "1", (0, 1), "Group identity on day 0 or on arrival", "memory"),
    Column("friends_at_entry", "i8", "users", (0, _INF), "Ties at or above friend on day 0; 0 on arrival", "memory"),
    Column("role_at_entry", "i8", "1", (0, 3), "Role in helping on day 0; uninvolved on arrival", "memory", labels=ROLES),
    Column("attends", "i8", "1", (0, 1), "Whether the user came today", "tally"),
    Column("talk_hours", "f8", "h", (0, 24), "Hours of conversation at the centre today", "tally"),
    Column("phone_hours", "f8", "h", (0, 24), "Hours by phone today", "tally"),
    Column("partners", "i8", "users", (0, _INF), "Partners talked with at the centre today, counted once a talk and partner", "tally"),
    Column("turns", "i8", "1", (0, _INF), "Talks one has been in so far in the sessions of today", "tally"),
    Column("doing", "i8", "1", (0, _INF), "Talks today while something was made or sung together", "tally"),
    Column("helping", "i8", "1", (0, _INF), "Acts of help given or received today", "tally"),
    Column("load", "f8", "1", (0, _INF), "Load of helping and listening today", "tally"),
    Column("demand", "f8", "1", (0, _INF), "Closeness wanted by others and not by oneself, met today", "tally"),
    Column("conflicts", "i8", "1", (0, _INF), "Conflicts today", "tally"),
    Column("welcomed", "i8", "users", (0, _INF), "Newcomers helped today", "tally"),
    Column("assurance", "f8", "1", (0, 1), "Share of missing trust that a confidentiality agreement stands in for", "lever"),
    Column("restraint", "f8", "1", (0, 1), "Share of clinical questioning held back", "lever"),
    Column("limits", "f8", "1", (0, 1), "How surely one says no once the day's capacity to help is used", "lever"),
    Column("boundary", "f8", "1", (0, 1), "Share of unwanted demand kept off", "lever"),
    Column("supervised", "f8", "1", (0, 1), "Share of the strain of helping taken off by supervision", "lever"),
    Column("respite", "f8", "1", (0, _INF), "How much faster burden falls, as a share of its usual pace", "lever"),
    Column("quiet", "f8", "1", (0, 1), "Share of calls out of hours left out", "lever"),
    Column("evenings", "f8", "1", (0, 1), "Chance a day of taking part in the out-of-hours group", "lever"),
    Column("evening_hours", "f8", "h", (0, 24), "Length of an evening in that group", "lever"),
    Column("outreach", "f8", "1", (0, _INF), "Rise in the log odds of coming once one is reached out to", "lever"),
    Column("outreach_after", "f8", "day", (0, _INF), "Opening days missed in a row after which that happens", "lever"),
    Column("outreach_by_peers", "f8", "1", (0, 1), "Share of outreach done by the closest peer", "lever"),
    Column("mentoring", "f8", "1", (0, 1), "Share of missed occasions of teaching an assigned peer that are taken up", "lever"),
    Column("work_ready", "f8", "/year", (0, _INF), "Added hazard of leaving to work, at full self-worth", "lever"),
    Column("spokesperson", "f8", "/day", (0, _INF), "Added hazard of an act of advocacy", "lever"),
    Column("circle", "i8", "1", (0, _INF), "Disclosure circle one belongs to, counted from 1; 0 for none", "lever"),
    Column("circle_share", "f8", "1", (0, 1), "How fully the circle works for one", "lever"),
    Column("worker", "i8", "1", (0, _INF), "Peer support worker whose caseload one is on, counted from 1; 0 for none", "lever"),
    Column("worker_trust", "f8", "1", (0, 1), "Trust in that worker", "state"),
)
"""Columns of a user."""

TIE: Final[tuple[Column, ...]] = (
    Column("closeness", "f8", "1", (0, 1), "How close i feels to j", "state"),
    Column("trust", "f8", "1", (0, 1), "How far i trusts j", "state"),
    Column("known", "f8", "1", (0, 1), "How well i is known by j, through talk that was well received", "state"),
    Column("told", "i4", "1", (0, 1), "Whether i has told j of the illness", "state", labels=("no", "yes")),
    Column("withdrawn", "i4", "1", (0, 1), "Whether i keeps away from j for now", "state", labels=("no", "yes")),
    Column("attracted", "i4", "1", (0, 1), "Whether i could feel attracted to j", "trait", labels=("no", "yes")),
    Column("appeal", "f8", "1", (-_INF, _INF), "Pull of j on i that does not change: interests, sex, time of arrival", "trait"),
    Column("liking_base", "f8", "1", (-_INF, _INF), "First impression: how i likes j on the log scale, to which liking settles", "trait"),
    Column("liking", "f8", "1", (-_INF, _INF), "How i likes j now, on the log scale", "state"),
    Column("shared", "i4", "users", (0, _INF), "Whom i and j have in common: those i is friendly with who are friendly with j", "memory"),
    Column("hours", "f8", "h", (0, _INF), "Hours spent together by the clock, in talk, by phone and in acts of help", "memory"),
    Column("help", "f8", "1", (0, _INF), "Help i gave j, by kind, discounted", "memory", (5,), NEEDS),
    Column("last_contact", "i4", "day", (-1, _INF), "Day of the last contact; -1 if none in this run", "memory"),
    Column("withdrawals", "i4", "1", (0, _INF), "How often i has withdrawn from j", "memory"),
    Column("arranged", "f8", "1", (0, 1), "Strength of an arrangement of the house between the two (buddies, mentor and trainee)", "lever"),
    Column("today", "f8", "h", (0, _INF), "Effective hours of today", "tally"),
    Column("met", "f8", "h", (0, 24), "Hours together today, in talk, by phone or in an act of help", "tally"),
)
"""Columns of a directed tie from i to j."""

CENTRE: Final[tuple[Column, ...]] = (
    Column("code", "i8", "1", (0, 65535), "First half of the `uid` of its users", "key"),
    Column("capacity", "i8", "users", (5, 1000), "Seats", "key"),
    Column("first_seat", "i8", "1", (0, _INF), "Where its seats begin", "key"),
    Column("first_tie", "i8", "1", (0, _INF), "Where its block of ties begins", "key"),
    Column("next_row", "i8", "1", (-1, _INF), "Row of the next newcomer", "key"),
    Column("queue", "i8", "users", (0, _INF), "Newcomers still in the queue", "key"),
    Column("vacant", "i8", "users", (0, 1000), "Empty seats", "state"),
    Column("is_open", "i8", "1", (0, 1), "Whether it is open today", "state", labels=("no", "yes")),
    Column("coverage", "f8", "1", (0, 1), "Share of users that staff can look after well", "trait"),
    Column("expected_norm", "f8", "1", (0, 1), "Norm of open talk the house expects", "trait"),
    Column("norm", "f8", "1", (0, 1), "Norm of open talk as it is", "state"),
    Column("expected_help", "f8", "1", (0, 1), "Norm of help the house expects", "trait"),
    Column("norm_help", "f8", "1", (0, 1), "Norm of help as it is", "state"),
    Column("expected_welcome", "f8", "1", (0, 1), "Norm of welcome the house expects", "trait"),
    Column("norm_welcome", "f8", "1", (0, 1), "Norm of welcome as it is", "state"),
    Column("voice", "f8", "1", (0, 1), "Say of the users", "trait"),
    Column("assigned_days", "i8", "day", (1, _INF), "How long assigned groups stay", "trait"),
    Column("closed_places", "i8", "users", (0, 1000), "Seats not given to anybody new", "lever"),
    Column("first_session", "i8", "1", (0, _INF), "Where its timetable begins", "key"),
    Column("sessions", "i8", "1", (1, 40), "Sessions in its timetable", "key"),
)
"""Columns of a centre."""

SESSION: Final[tuple[Column, ...]] = (
    Column("weekdays", "i8", "1", (1, 127), "Bit mask of weekdays, Monday lowest", "key"),
    Column("activity", "i8", "1", (0, _INF), "Number of the activity: the known ones in order, then the scenario's own", "trait"),
    Column("shares", "f8", "1", (0, 1), "Share of each known activity in what is done", "trait", (len(ACTIVITIES),), ACTIVITIES),
    Column("talk_share", "f8", "1", (-1, 1), "Share of its time in talk; -1: encounters.talk_share", "trait"),
    Column("hours", "f8", "h", (0, 10), "Length", "trait"),
    Column("leisure", "i8", "1", (0, 1), "Whether to sit at one table is leisure, or working side by side", "trait", labels=("no", "yes")),
    Column("doing", "i8", "1", (0, 1), "Whether something is made or sung together", "trait", labels=("no", "yes")),
    Column("group_size", "i8", "users", (2, 50), "Users who sit together", "trait"),
    Column("grouping", "i8", "1", (0, 3), "How groups are formed", "trait"),
)
"""Columns of a session of the timetable."""

SOCIETY: Final[tuple[Column, ...]] = (
    Column("public_stigma", "f8", "1", (0, 1), "Public stigma", "state"),
    Column("reference", "f8", "1", (0, 1), "Public stigma at which self-stigma was set", "trait"),
    Column("campaign", "f8", "1", (0, 1), "Share of public stigma that a campaign keeps from users", "lever"),
    Column("acts", "f8", "1", (0, _INF), "Acts of advocacy today", "tally"),
)
"""Columns of society, which has one row."""

MEETING: Final[tuple[Column, ...]] = (
    Column("i", "i8", "1", (0, _INF), "Row of the one who turned to the other", "key"),
    Column("j", "i8", "1", (0, _INF), "Row of the other", "key"),
    Column("doing", "i8", "1", (0, 1), "Whether something is made or sung together in the session", "key"),
    Column("third", "i8", "1", (-1, _INF), "Row of one who joined them; -1 when they stayed by themselves", "key"),
    Column("session", "i8", "1", (0, _INF), "Number of the session in the day", "key"),
    Column("activity", "i8", "1", (-1, _INF), "Activity of the session; -1 in a disclosure circle", "key"),
    Column("circle", "f8", "1", (0, 1), "How fully a disclosure circle works for the two; 0 in ordinary sessions", "key"),
    Column("hours", "f8", "h", (0, 10), "Length of the conversation", "tally"),
)
"""Columns of an encounter of the day."""


CIRCLE: Final[tuple[Column, ...]] = (
    Column("centre", "i8", "1", (0, _INF), "Number of the centre", "key"),
    Column("code", "i8", "1", (0, 65535), "Its name in the draws of chance", "key"),
    Column("weekday", "i8", "1", (0, 6), "Weekday on which it meets, Monday 0", "trait"),
    Column("every", "i8", "week", (1, 52), "Weeks from one meeting to the next", "trait"),
    Column("group_size", "i8", "users", (2, 50), "Users in one circle", "trait"),
    Column("minutes", "f8", "min", (0, 600), "Length of the talk of two in it", "trait"),
    Column("norm", "f8", "1", (0, 1), "Openness added by its setting", "trait"),
    Column("reception", "f8", "1", (0, _INF), "Rise in the log odds of good reception through the facilitator", "trait"),
    Column("discretion", "f8", "1", (0, 1), "Share of leaks its agreement prevents", "trait"),
)
"""Columns of a disclosure circle, one row for each use of the policy in each centre."""

WORKER: Final[tuple[Column, ...]] = (
    Column("uid", "i8", "1", (0, 2**32 - 1), "Name of the worker in the draws of chance", "key"),
    Column("centre", "i8", "1", (0, _INF), "Number of the centre", "key"),
    Column("at_work", "f8", "1", (0, 1), "Share of the hours worked that is funded today", "lever"),
    Column("hours", "f8", "h", (0, 24), "Hours a day with users", "trait"),
    Column("talk_minutes", "f8", "min", (1, 600), "Length of a talk", "trait"),
    Column("listening_skill", "f8", "1", (0, 1), "Listening skill", "trait"),
    Column("empathy", "f8", "1", (0, 1), "Empathy", "trait"),
    Column("learned_empathy", "f8", "1", (0, 1), "Empathy learned on the job, as a share of what was missing", "trait"),
    Column("restraint", "f8", "1", (0, 1), "Share of clinical questioning held back", "trait"),
    Column("capacity", "f8", "1", (0, _INF), "Load a day that costs nothing", "trait"),
    Column("supervised", "f8", "1", (0, 1), "Share of the strain that supervision takes off", "trait"),
    Column("burden", "f8", "1", (0, 1), "Burden of the work", "state"),
)
"""Columns of a peer support worker: a trained person in a paid helping role, who does not count in users' outcomes."""


def record(columns: tuple[Column, ...]) -> np.dtype[Any]:
    """Return the aligned numpy dtype of a row with these columns.

    A table's dtype is made once: making it anew took a tenth of the time to build a small centre.
    """
    if id(columns) not in _ROWS:
        fields = [(c.name, c.dtype, c.shape) if c.shape else (c.name, c.dtype) for c in columns]
        _ROWS[id(columns)] = columns, np.dtype(fields, align=True)
    return _ROWS[id(columns)][1]


_ROWS: Final[dict[int, tuple[tuple[Column, ...], np.dtype[Any]]]] = {}
"""Dtypes made so far, by the identity of the table, which is held so that no other gets the same."""
_ACTED_ON: Final = {"user": USER, "tie": TIE, "centre": CENTRE, "society": SOCIETY, "worker": WORKER}
_TIMETABLE: Final = ("centre.first_session", "centre.sessions")
"""Keys that a policy may change all the same: they choose among timetables."""


def refusal_to_act_on(name: str) -> str:
    """Return why no policy may act on a column such as "user.loneliness"; an empty text when one may.

    Policies act on mechanisms, not on outcomes: on traits, on levers, and on the choice of a timetable. No rule writes
    these, so that what a policy moves stays until it ends.
    """
    kinds = {f"{table}.{column.name}": column.kind for table, of_one in _ACTED_ON.items() for column in of_one}
    if name in _TIMETABLE or kinds.get(name) in ("trait", "lever"):
        return ""
    if name not in kinds:
        return with_suggestion("which is no column", nearest(str(name), kinds))
    return f"which is of the kind {kinds[name]}; a policy acts on traits and levers, which no rule writes"


def label(uid: int, names: Mapping[int, str]) -> str:
    """Return the name of a listed user, or "user" and the number within the centre for a sampled one."""
    return names.get(uid) or f"user {uid & 0xFFFF}"


def refusal_to_write(name: str) -> str:
    """Return why no rule of another package may write a column such as "user.mood"; an empty text when one may.

    Rules write what people do and become: states, memories and the tallies of the day, of users, ties and centres.
    Traits and levers belong to scenarios and policies, keys to the engine, and society is shared by all centres, which
    live their day one after the other.
    """
    kinds = {f"{table}.{column.name}": column.kind for table in ("user", "tie", "centre") for column in _ACTED_ON[table]}
    if kinds.get(name) in ("state", "memory", "tally"):
        return ""
    if name not in kinds:
        return with_suggestion("which is no column that a rule may write", nearest(str(name), kinds))
    return f"which is of the kind {kinds[name]}; a rule writes states, memories and tallies"
