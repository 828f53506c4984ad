"""Phase 4: the chance that a user turns to somebody, and the chance that the other declines."""

import math

import pytest
from hand_made import hand_made, tie

from sim.rules.encounters import decline_chance, initiative


def odds_of_declining(
    closeness: float = 0.0,
    desired: float = 0.5,
    withdrawn: int = 0,
    mood: float = 0.5,
    burden: float = 0.0,
    regulated: int = 1,
) -> float:
    s = hand_made(
        2,
        encounters_decline_base=math.log(0.1),
        encounters_decline_burden=math.log(4.0),
        encounters_decline_mood=math.log(16.0),
        encounters_decline_overreach=math.log(2.0) / 0.4,
        encounters_withdrawn_weight=math.log(3.0),
        proximity_regulation=regulated,
    )
    v, back = s.users[1], tie(s, 1, 0)
    v.mood, v.burden, v.desired_closeness, back.withdrawn = mood, burden, desired, withdrawn
    chance = float(decline_chance(v, back, s.p[0], closeness))
    return chance / (1 - chance)


@pytest.mark.parametrize(
    ("state", "times"),
    [
        ({}, 1), ({"burden": 1.0}, 4), ({"mood": 0.25}, 2), ({"mood": 0.9}, 1), ({"closeness": 0.9}, 2),
        ({"closeness": 0.3}, 1), ({"withdrawn": 1}, 3), ({"closeness": 0.9, "withdrawn": 1}, 6),
        ({"closeness": 0.9, "withdrawn": 1, "regulated": 0}, 1),
    ],
)  # fmt: skip
def test_each_reason_to_decline_multiplies_the_odds(state, times):
    assert odds_of_declining(**state) == pytest.approx(0.1 * times)


def chance_of_turning(turns: int = 0, off: str = "", **columns: float) -> float:
    s = hand_made(
        1,
        encounters_initiative_worth=math.log(4.0) / 2,
        encounters_initiative_identity=math.log(9.0) / 2,
        encounters_initiative_hope=math.log(16.0) / 2,
        encounters_tiring=math.log(2.0),
        **({off: 0} if off else {}),
    )
    u = s.users[0]
    u.sociability, u.turns = 0.2, turns
    for name, value in columns.items():
        setattr(u, name, value)
    return float(initiative(u, s.p[0]))


@pytest.mark.parametrize(
    ("state", "chance"),
    [
        ({}, 1 / 5), ({"self_worth": 1.0}, 4 / 8), ({"self_worth": 0.0}, 1 / 17), ({"identity": 1.0}, 9 / 13),
        ({"identity": 1.0, "off": "belonging"}, 1 / 5), ({"hope": 1.0}, 16 / 20), ({"hope": 1.0, "off": "hope"}, 1 / 5),
        ({"turns": 1}, 1 / 10), ({"turns": 3}, 1 / 40), ({"self_worth": 1.0, "turns": 1}, 4 / 16),
    ],
)  # fmt: skip
def test_worth_identity_and_hope_multiply_the_odds_of_turning_to_somebody_and_talk_tires(state, chance):
    """Odds of a quarter, times 4 from middle to full self-worth, 9 for identity, 16 for hope; a talk halves them."""
    assert chance_of_turning(**state) == pytest.approx(chance)


@pytest.mark.parametrize("sociability", [0.0, 1.0])
def test_the_quite_unsociable_and_the_quite_sociable_are_so_whatever_they_feel(sociability):
    assert chance_of_turning(sociability=sociability, self_worth=0.9, hope=0.1) == sociability
