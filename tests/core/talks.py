"""Talks whose depth and reception are certain."""

from hand_made import SEED, SURE, hand_made, meet, stay_home

from sim.rules.conversation import conversation
from sim.state.disclosure import DISTRESS, ILLNESS, STRENGTHS

COSTS = {"conversation_cost_strengths": 0.1, "conversation_cost_distress": 0.3, "conversation_cost_illness": 0.5}

SPEAKS = {
    DISTRESS: {
        "conversation_cost_strengths": -0.3,
        "conversation_cost_distress": -0.2,
        "conversation_cost_illness": 0.5,
    },
    STRENGTHS: {
        "conversation_cost_strengths": -0.3,
        "conversation_cost_distress": 0.5,
        "conversation_cost_illness": 0.6,
    },
    ILLNESS: {
        "conversation_cost_strengths": -0.3,
        "conversation_cost_distress": -0.2,
        "conversation_cost_illness": -0.1,
    },
}
"""Costs set how deep the first speaks: the first has threshold 0, and always speaks; the other 1, and never."""
GOOD = {"conversation_reception_base": SURE}
BAD = {"conversation_reception_base": -SURE}


def told_once(
    depth: int,
    users: int = 2,
    third: int | None = None,
    hours: float = 1.0,
    absent: tuple[int, ...] = (),
    **wanted: float,
):
    """Let the first say something personal to the second, who stays silent; a third may sit with them."""
    s = hand_made(users, conversation_occasion=1.0, **SPEAKS[depth], **wanted)
    s.users.threshold[:] = 1.0
    s.users.threshold[0] = 0.0
    stay_home(s, *absent)
    count = meet(s, (0, 1) if third is None else (0, 1, third), hours=hours)
    conversation(s, 0, count, 2, SEED)
    return s
