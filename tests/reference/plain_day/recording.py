"""Phase 12: the outcomes of the day."""

import math

from .identity import public_pressure
from .scales import ACQUAINTANCE, CONFIDANT, FRIEND, KIN
from .world import House, Person

UNINVOLVED, HELPER, HELPED, MUTUAL = range(4)
COUNTS = (
    "arrivals", "leavers", "relapses", "newcomers_met", "cancelled", "introductions", "staff_talks", "attended",
    "talks", "talk_hours", "declined", "deep_talks", "strengths_talks", "distress_talks", "illness_talks",
    "well_received", "questioned", "leaks", "needs_arisen", "asked", "granted", "welcomes", "helped",
    "helped_emotional", "helped_informational", "helped_esteem", "helped_network", "helped_tangible",
    "helped_beyond", "teaching", "reminders", "worker_talks", "withdrawals", "returns", "contacts", "contact_hours",
    "advocacy",
)  # fmt: skip
MEANS = ("self_worth", "self_stigma", "hope", "acceptance", "mood", "threshold", "learned_empathy", "trouble")


def role(given: float, received: float, memory_days: float) -> int:
    if given + received < memory_days / 30:
        return UNINVOLVED
    if 2 * given >= 3 * received:
        return HELPER
    return HELPED if 2 * received >= 3 * given else MUTUAL


def outcomes(house: House) -> dict[str, float]:
    """Return today's outcomes of a centre."""
    users = house.users
    found = {name: float(house.counts[name]) for name in COUNTS}
    found["users"] = len(users)
    found["newcomers"] = sum(house.newcomer(one) for one in users)
    found["norm"], found["norm_help"], found["norm_welcome"] = house.norm, house.norm_help, house.norm_welcome
    found["public_stigma"] = public_pressure(house)
    found |= {name: _mean([getattr(one, name) for one in users]) for name in MEANS}
    found["unwell_share"] = _mean([one.unwell for one in users])
    found["open_needs"] = _mean([sum(one.needs) / 5 for one in users])
    found["helping_gini"] = _gini([one.given for one in users])
    return found | _primary(users) | _roles(house) | _ties(house)


def _mean(values: list[float]) -> float:
    """Return the mean; 0 without values."""
    return sum(values) / max(len(values), 1)


def _sd(values: list[float]) -> float:
    mean = _mean(values)
    return math.sqrt(sum((value - mean) ** 2 for value in values) / max(len(values) - 1, 1))


def _primary(users: list[Person]) -> dict[str, float]:
    lonely, burden, group = ([getattr(one, name) for one in users] for name in ("loneliness", "burden", "identity"))
    return {
        "loneliness_ucla20": 20 + 60 * _mean(lonely),
        "loneliness_ucla20_sd": 60 * _sd(lonely),
        "lonely_share": _mean([20 + 60 * x >= 50 for x in lonely]),
        "severely_lonely_share": _mean([20 + 60 * x >= 65 for x in lonely]),
        "burden": 100 * _mean(burden),
        "burden_sd": 100 * _sd(burden),
        "burdened_share": _mean([100 * x >= 50 for x in burden]),
        "group_identity": 1 + 6 * _mean(group),
        "group_identity_sd": 6 * _sd(group),
        "belonging_share": _mean([1 + 6 * x >= 4 for x in group]),
    }


def _roles(house: House) -> dict[str, float]:
    days = house.rules.support.memory_days
    roles = [role(one.given, one.received, days) for one in house.users]
    names = {"role_helper": HELPER, "role_helped": HELPED, "role_mutual": MUTUAL, "role_uninvolved": UNINVOLVED}
    return {name: _mean([one == code for one in roles]) for name, code in names.items()}


def _ties(house: House) -> dict[str, float]:
    users = house.users
    n = max(len(users), 1)
    ties = [[house.tie(i, j) for j in users if i is not j] for i in users]
    back = [house.tie(j, i) for i in users for j in users if i is not j and house.tie(i, j).closeness >= FRIEND]
    told = [tie.told for own in ties for tie in own if tie.closeness >= FRIEND]

    def at(level: float) -> list[int]:
        return [sum(tie.closeness >= level for tie in own) for own in ties]

    return {
        "acquaintances": _mean(at(ACQUAINTANCE)),
        "ties_at_or_above_friend_out": _mean(at(FRIEND)),
        "confidants": _mean(at(CONFIDANT)),
        "kin_like": _mean(at(KIN)),
        "no_friend_share": _mean([number == 0 for number in at(FRIEND)]),
        "no_confidant_share": _mean([number == 0 for number in at(CONFIDANT)]),
        "density": len(back) / max(n * (n - 1), 1),
        "friend_arc_reciprocity": _mean([tie.closeness >= FRIEND for tie in back]) if back else math.nan,
        "friend_ties_with_illness_talk": _mean(told) if told else math.nan,
        "users_who_told_a_peer": _mean([any(tie.told for tie in own) for own in ties]),
        "known_by": _mean([one.known_by for one in users]),
        "withdrawn_ties": _mean([sum(tie.withdrawn for tie in own) for own in ties]),
    }


def _gini(values: list[float]) -> float:
    total = sum(values)
    return sum(abs(a - b) for a in values for b in values) / (2 * len(values) * total) if total > 0 else 0.0
