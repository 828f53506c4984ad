"""What opens a talk: how much users are ready to say, and the chance of a good reception."""

import math

import pytest
from hand_made import hand_made, tie
from hypothesis import given
from hypothesis import strategies as st

from sim.state.disclosure import (
    DISTRESS,
    ILLNESS,
    ORDINARY,
    STRENGTHS,
    chance_of_questioning,
    depth_of_talk,
    openness,
    reception_chance,
)

COSTS = {"conversation_cost_strengths": 0.1, "conversation_cost_distress": 0.3, "conversation_cost_illness": 0.5}
WEIGHTS = {
    "conversation_trust_weight": 1.0, "conversation_closeness_weight": 2.0, "conversation_reciprocity_weight": 0.25,
    "conversation_norm_weight": 3.0, "conversation_need_weight": 4.0, "conversation_stigma_weight": 5.0,
    "conversation_mood_filter": 6.0, "conversation_worth_weight": 7.0, "conversation_identity_weight": 8.0,
    "conversation_hope_weight": 9.0,
}  # fmt: skip


def opened(told: bool = False, norm: float = 0.0, off: str = "", **columns: float) -> float:
    """Return how ready a user is to open up, with one mechanism off."""
    s = hand_made(2, **WEIGHTS, **({off: 0} if off else {}))
    u, t = s.users[0], tie(s, 0, 1)
    t.trust, t.closeness = columns.pop("trust", 0.0), columns.pop("closeness", 0.0)
    u.needs[0] = columns.pop("need", 0.0)
    for name, value in columns.items():
        setattr(u, name, value)
    return float(openness(u, t, s.p[0], told, norm))


@pytest.mark.parametrize(
    ("state", "ready"),
    [
        ({}, 0.0), ({"trust": 0.5}, 0.5), ({"closeness": 0.5}, 1.0), ({"told": True}, 0.25), ({"norm": 0.1}, 0.3),
        ({"need": 0.5}, 2.0), ({"self_stigma": 0.2}, -1.0), ({"mood": 0.25}, -1.5), ({"mood": 0.75}, 0.0),
        ({"mood": 0.25, "mood_disposition": 0.2}, 0.0), ({"mood": 0.6, "mood_disposition": 0.9}, -1.8),
        ({"self_stigma": 0.2, "mood": 0.25, "off": "selective_exposure"}, 0.0),
        ({"trust": 0.5, "assurance": 0.5}, 0.75), ({"self_worth": 0.75}, 1.75), ({"self_worth": 0.25}, -1.75),
        ({"identity": 0.75}, 2.0), ({"identity": 0.75, "off": "belonging"}, 0.0), ({"hope": 0.25}, -2.25),
        ({"hope": 0.25, "off": "hope"}, 0.0),
    ],
)  # fmt: skip
def test_openness_adds_its_reasons(state, ready):
    assert opened(**state) == pytest.approx(ready)


@pytest.mark.parametrize(
    ("ready", "depth"),
    [(0.59, ORDINARY), (0.61, STRENGTHS), (0.79, STRENGTHS), (0.81, DISTRESS), (0.99, DISTRESS), (1.01, ILLNESS)],
)
def test_talk_goes_as_deep_as_threshold_and_cost_allow(ready, depth):
    s = hand_made(1, **COSTS)
    s.users[0].threshold = 0.5
    assert depth_of_talk(ready, s.users[0], s.p[0]) == depth


def test_without_selective_exposure_the_threshold_holds_nothing_back():
    s = hand_made(1, **COSTS, selective_exposure=0)
    s.users[0].threshold = 1.0
    assert depth_of_talk(0.51, s.users[0], s.p[0]) == ILLNESS


@given(st.floats(-1, 2), st.floats(0, 1), st.floats(0, 1))
def test_a_higher_threshold_never_deepens_talk(ready, one, other):
    s = hand_made(1, **COSTS)
    depths = []
    for threshold in sorted((one, other)):
        s.users[0].threshold = threshold
        depths.append(depth_of_talk(ready, s.users[0], s.p[0]))
    assert depths[0] >= depths[1]


def reception_odds(
    coverage: float = 1.0, questioned: bool = False, facilitation: float = 0.0, **columns: float
) -> float:
    s = hand_made(
        1,
        conversation_reception_base=math.log(2.0),
        conversation_reception_skill=math.log(3.0),
        conversation_reception_empathy=math.log(5.0),
        conversation_reception_burden=math.log(7.0),
        conversation_reception_shortage=math.log(11.0),
        conversation_questioning_penalty=math.log(13.0),
    )
    for name, value in columns.items():
        setattr(s.users[0], name, value)
    chance = float(reception_chance(s.users[0], s.p[0], coverage, questioned, facilitation))
    return chance / (1 - chance)


@pytest.mark.parametrize(
    ("state", "times"),
    [
        ({}, 1), ({"listening_skill": 1.0}, 3), ({"empathy": 1.0}, 5), ({"learned_empathy": 1.0}, 5),
        ({"burden": 1.0}, 1 / 7), ({"coverage": 0.0}, 1 / 11), ({"questioned": True}, 1 / 13),
        ({"facilitation": math.log(17.0)}, 17),
    ],
)  # fmt: skip
def test_each_reason_multiplies_the_odds_of_a_good_reception(state, times):
    assert reception_odds(**state) == pytest.approx(2.0 * times)


@pytest.mark.parametrize(
    ("skill", "restraint", "chance"), [(0.0, 0.0, 0.8), (0.25, 0.0, 0.6), (0.25, 0.5, 0.3), (1.0, 0.0, 0.0)]
)
def test_one_without_skill_or_restraint_asks_like_a_doctor(skill, restraint, chance):
    s = hand_made(1, conversation_questioning=0.8)
    v = s.users[0]
    v.listening_skill, v.restraint = skill, restraint
    assert chance_of_questioning(v, s.p[0]) == pytest.approx(chance)
