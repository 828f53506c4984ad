"""Phase 12: the outcomes of the day."""

import math
from collections.abc import Callable

from .identity import public_pressure
from .scales import ACQUAINTANCE, CONFIDANT, FRIEND, KIN
from .world import House, Person

UNINVOLVED, HELPER, HELPED, MUTUAL = range(4)
COUNTS = (
    "arrivals", "leavers", "relapses", "newcomers_met", "cancelled", "introductions", "staff_talks", "attended", "talks",
    "talk_hours", "declined", "deep_talks", "strengths_talks", "distress_talks", "illness_talks", "well_received",
    "questioned", "leaks", "needs_arisen", "asked", "granted", "welcomes", "helped", "helped_emotional",
    "helped_informational", "helped_esteem", "helped_network", "helped_tangible", "helped_beyond", "teaching",
    "reminders", "worker_talks", "withdrawals", "returns", "contacts", "contact_hours", "advocacy",
)  # fmt: skip
MEANS = ("self_worth", "self_stigma", "hope", "acceptance", "mood", "threshold", "learned_empathy", "trouble")


def role(given: float, received: float, memory_days: float) -> int:
    if given + received < memory_days / 30:
        return UNINVOLVED
    if 2 * given >= 3 * received:
        return HELPER
    return HELPED if 2 * received >= 3 * given else MUTUAL


def outcomes(house: House) -> dict[str, float]:
    """Give what is recorded of a centre today."""
    users = house.users
    found = {name: float(house.counts[name]) for name in COUNTS}
    found["users"] = len(users)
    found["newcomers"] = sum(house.newcomer(one) for one in users)
    found["norm"], found["norm_help"], found["norm_welcome"] = house.norm, house.norm_help, house.norm_welcome
    found["public_stigma"] = public_pressure(house)
    if users:
        found |= {name: _mean(users, lambda one, name=name: getattr(one, name)) for name in MEANS}
        found["unwell_share"] = _mean(users, lambda one: one.unwell)
        found["open_needs"] = _mean(users, lambda one: sum(one.needs) / 5)
        found |= _primary(users) | _roles(house) | _ties(house)
        found["helping_gini"] = _gini([one.given for one in users])
    return found


def _mean(users: list[Person], of: Callable[[Person], float]) -> float:
    return sum(of(one) for one in users) / len(users)


def _sd(users: list[Person], of: Callable[[Person], float]) -> float:
    mean = _mean(users, of)
    return math.sqrt(sum((of(one) - mean) ** 2 for one in users) / (len(users) - 1)) if len(users) > 1 else 0.0


def _primary(users: list[Person]) -> dict[str, float]:
    def ucla(one: Person) -> float:
        return 20 + 60 * one.loneliness

    def burden(one: Person) -> float:
        return 100 * one.burden

    def group(one: Person) -> float:
        return 1 + 6 * one.identity

    return {
        "loneliness_ucla20": _mean(users, ucla),
        "loneliness_ucla20_sd": _sd(users, ucla),
        "lonely_share": _mean(users, lambda one: ucla(one) >= 50),
        "severely_lonely_share": _mean(users, lambda one: ucla(one) >= 65),
        "burden": _mean(users, burden),
        "burden_sd": _sd(users, burden),
        "burdened_share": _mean(users, lambda one: burden(one) >= 50),
        "group_identity": _mean(users, group),
        "group_identity_sd": _sd(users, group),
        "belonging_share": _mean(users, lambda one: group(one) >= 4),
    }


def _roles(house: House) -> dict[str, float]:
    days = house.rules.support.memory_days
    roles = [role(one.given, one.received, days) for one in house.users]
    names = {"role_helper": HELPER, "role_helped": HELPED, "role_mutual": MUTUAL, "role_uninvolved": UNINVOLVED}
    return {name: roles.count(code) / len(roles) for name, code in names.items()}


def _ties(house: House) -> dict[str, float]:
    users = house.users
    n, arcs = len(users), [(i, j, house.tie(i, j)) for i in users for j in users if i is not j]
    friends = [(i, j, tie) for i, j, tie in arcs if tie.closeness >= FRIEND]

    def at(level: float) -> float:
        return sum(tie.closeness >= level for _, _, tie in arcs) / n

    def without(level: float) -> float:
        return 1 - len({i.uid for i, _, tie in arcs if tie.closeness >= level}) / n

    def of_friends(number: int) -> float:
        return number / len(friends) if friends else math.nan

    return {
        "acquaintances": at(ACQUAINTANCE),
        "ties_at_or_above_friend_out": at(FRIEND),
        "confidants": at(CONFIDANT),
        "kin_like": at(KIN),
        "no_friend_share": without(FRIEND),
        "no_confidant_share": without(CONFIDANT),
        "density": len(friends) / (n * (n - 1)) if n > 1 else 0.0,
        "friend_arc_reciprocity": of_friends(sum(house.tie(j, i).closeness >= FRIEND for i, j, _ in friends)),
        "friend_ties_with_illness_talk": of_friends(sum(tie.told for _, _, tie in friends)),
        "users_who_told_a_peer": len({i.uid for i, _, tie in arcs if tie.told}) / n,
        "known_by": sum(i.known_by for i in users) / n,
        "withdrawn_ties": sum(tie.withdrawn for _, _, tie in arcs) / n,
    }


def _gini(values: list[float]) -> float:
    total = sum(values)
    return sum(abs(a - b) for a in values for b in values) / (2 * len(values) * total) if total > 0 else 0.0
