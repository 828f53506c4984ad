"""Phase 12: the outcomes of a day, named as in `sim/outcomes/catalogue.py`."""

from math import nan, sqrt

from benchmarks.plain_mesa.agents import Centre, User
from benchmarks.plain_mesa.tie import ACQUAINTANCE, CONFIDANT, FRIEND, KIN
from sim.outcomes.catalogue import BELONGING_FROM, BURDENED_FROM, LONELY_FROM, SEVERELY_LONELY_FROM

SCALED = (
    ("loneliness", "loneliness_ucla20", 20.0, 60.0, "lonely_share", LONELY_FROM),
    ("burden", "burden", 0.0, 100.0, "burdened_share", BURDENED_FROM),
    ("identity", "group_identity", 1.0, 6.0, "belonging_share", BELONGING_FROM),
)
AVERAGED = (
    "self_worth", "self_stigma", "hope", "acceptance", "mood", "threshold", "learned_empathy", "trouble", "known_by",
)  # fmt: skip


def record(model: Centre) -> None:
    """Write the outcomes of the day; the phases have already written the counts."""
    users, today = list(model.agents), model.today
    today["users"] = len(users)
    for name in ("public_stigma", "norm", "norm_help", "norm_welcome"):
        today[name] = getattr(model, name)
    if users:
        _record_users(users, today)
        _record_ties(users, today)
        _record_helping(users, today)


def _record_users(users: list[User], today: dict[str, float]) -> None:
    n = len(users)
    for state, name, zero, unit, share, cut in SCALED:
        values = [getattr(user, state) for user in users]
        mean = sum(values) / n
        today[name] = zero + unit * mean
        squares = sum((value - mean) ** 2 for value in values)
        today[f"{name}_sd"] = unit * sqrt(squares / (n - 1)) if n > 1 else 0.0
        today[share] = sum(value >= cut for value in values) / n
    today["severely_lonely_share"] = sum(user.loneliness >= SEVERELY_LONELY_FROM for user in users) / n
    for state in AVERAGED:
        today[state] = sum(getattr(user, state) for user in users) / n
    today["unwell_share"] = sum(user.unwell for user in users) / n
    today["open_needs"] = sum(user.mean_need for user in users) / n
    today["newcomers"] = sum(user.is_newcomer for user in users)


def _record_ties(users: list[User], today: dict[str, float]) -> None:
    n = len(users)
    acquaintances = friends = confidants = kin = withdrawn = returned = told = 0
    no_friend = no_confidant = 0
    for user in users:
        mine = near = 0
        for other, tie in user.ties.items():
            closeness = tie.closeness
            withdrawn += tie.withdrawn
            acquaintances += closeness >= ACQUAINTANCE
            if closeness >= FRIEND:
                mine += 1
                near += closeness >= CONFIDANT
                kin += closeness >= KIN
                told += tie.told
                returned += other.ties[user].closeness >= FRIEND
        friends, confidants = friends + mine, confidants + near
        no_friend, no_confidant = no_friend + (mine == 0), no_confidant + (near == 0)
    today["acquaintances"], today["ties_at_or_above_friend_out"] = acquaintances / n, friends / n
    today["confidants"], today["kin_like"], today["withdrawn_ties"] = confidants / n, kin / n, withdrawn / n
    today["no_friend_share"], today["no_confidant_share"] = no_friend / n, no_confidant / n
    today["density"] = friends / (n * (n - 1)) if n > 1 else 0.0
    today["friend_arc_reciprocity"] = returned / friends if friends else nan
    today["friend_ties_with_illness_talk"] = told / friends if friends else nan
    today["users_who_told_a_peer"] = sum(user.told_peers > 0 for user in users) / n


def role(given: float, received: float, least: float) -> str:
    """Return the role of a user, from the discounted sums of help given and received."""
    if given + received < least:
        return "role_uninvolved"
    if given >= 1.5 * received:
        return "role_helper"
    return "role_helped" if received >= 1.5 * given else "role_mutual"


def _record_helping(users: list[User], today: dict[str, float]) -> None:
    n = len(users)
    least = users[0].model.rules.support.memory_days / 30.0
    for user in users:
        today[role(user.given, user.received, least)] += 1.0 / n
    given = sorted(user.given for user in users)
    total = sum(given)
    ranked = sum((2 * place - n - 1) * value for place, value in enumerate(given, 1))
    today["helping_gini"] = ranked / (n * total) if total > 0.0 else 0.0
