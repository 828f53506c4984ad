"""Phase 10: group identity, advocacy and stigma."""

import math

import pytest
from hand_made import AT_ONCE, SEED, befriend, hand_made
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.identity import identity, identity_gain, public_opinion, stigma_target


@pytest.mark.parametrize(
    ("state", "voice", "dose"),
    [
        ({"attends": 0}, 1.0, 0.0), ({"attends": 1}, 0.0, 0.2), ({"attends": 1}, 0.5, 0.2),
        ({"attends": 1, "partners": 3}, 0.0, 0.5), ({"attends": 1, "partners": 3}, 0.5, 0.5375),
        ({"attends": 0, "welcomed": 2}, 0.0, 0.6),
        ({"attends": 1, "doing": 2}, 0.0, 1.0), ({"attends": 0, "helping": 3}, 0.5, 1.5),
    ],
)  # fmt: skip
def test_a_day_of_belonging_adds_its_doses(state, voice, dose):
    s = hand_made(
        1, identity_breadth_gain=0.4, identity_activity_gain=0.2, identity_welcome_gain=0.3, identity_voice_gain=0.1
    )
    s.p.identity_breadth_partners = 3.0 / math.log(4.0)
    s.p.identity_doing_gain, s.p.identity_help_gain = 0.4, 0.5
    for name, value in state.items():
        s.users[name] = value
    assert identity_gain(s.users[0], s.p[0], voice) == pytest.approx(dose)


def stigma(public: float = 0.6, disposition: float = 0.5, **columns: float) -> float:
    s = hand_made(1, identity_stigma_public=0.5, identity_stigma_identity=0.4, identity_stigma_acceptance=0.3)
    u = s.users[0]
    u.stigma_disposition = disposition
    for name, value in columns.items():
        setattr(u, name, value)
    return float(stigma_target(u, s.p[0], public, 0.6))


@pytest.mark.parametrize(
    ("state", "log_odds"),
    [
        ({}, 0.0), ({"public": 0.8}, 0.4), ({"identity": 1.0}, -0.8), ({"acceptance": 0.0}, 0.6),
    ],
)  # fmt: skip
def test_stigma_is_shifted_by_the_public_by_identity_and_by_acceptance(state, log_odds):
    assert stigma(**state) == pytest.approx(1 / (1 + math.exp(-log_odds)))


def test_stigma_stays_at_its_disposition_when_nothing_has_changed():
    assert stigma(disposition=0.3) == pytest.approx(0.3)


@given(st.floats(0, 1), st.floats(0.001, 0.999), st.floats(0, 1), st.floats(0, 1))
def test_stigma_never_leaves_its_scale(public, disposition, belonging, acceptance):
    assert 0.0 < stigma(public, disposition, identity=belonging, acceptance=acceptance) < 1.0


def lived(users: int = 1, *, is_open: int = 1, state: dict[str, float] | None = None, **wanted: float):
    s = hand_made(users, **wanted)
    s.centres[0].is_open = is_open
    for name, value in (state or {}).items():
        s.users[name] = value
    identity(s, 0, 1, SEED)
    return s


def test_identity_grows_by_a_share_of_what_is_missing():
    s = lived(identity_activity_gain=math.log(2.0))
    assert s.users.identity[0] == pytest.approx(0.75)


def test_without_group_advocacy_it_does_not():
    s = lived(identity_activity_gain=math.log(2.0), group_advocacy=0)
    assert s.users.identity[0] == pytest.approx(0.5)


@pytest.mark.parametrize(("is_open", "left"), [(1, 0.25), (0, 0.5)])
def test_missing_an_opening_day_costs_identity(is_open, left):
    s = lived(is_open=is_open, state={"attends": 0}, identity_absence_loss=math.log(2.0))
    assert s.users.identity[0] == pytest.approx(left)


@pytest.mark.parametrize(
    ("attends", "partners", "is_open", "left"), [(1, 0, 1, 0.25), (1, 1, 1, 0.5), (0, 0, 1, 0.5), (1, 0, 0, 0.5)]
)
def test_a_day_at_the_centre_without_any_talk_costs_identity(attends, partners, is_open, left):
    state = {"attends": attends, "partners": partners}
    s = lived(is_open=is_open, state=state, identity_alone_loss=math.log(2.0))
    assert s.users.identity[0] == pytest.approx(left)


def test_conflicts_cost_identity():
    s = lived(state={"conflicts": 2}, identity_conflict_loss=math.log(2.0) / 2)
    assert s.users.identity[0] == pytest.approx(0.25)


def test_identity_fades_toward_what_was_brought_along():
    s = lived(state={"initial_identity": 0.1}, identity_fade_days=4.0)
    assert s.users.identity[0] == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("attends", "apart", "left"), [(1, 0.5, 0.4), (0, 0.5, 0.45), (0, 0.0, 0.5), (0, 2.0, 0.3), (0, 100.0, 0.1)]
)
def test_identity_fades_at_a_pace_of_its_own_on_days_at_home(attends, apart, left):
    state = {"initial_identity": 0.1, "attends": attends}
    s = lived(state=state, identity_fade_days=4.0, identity_apart_fade=apart)
    assert s.users.identity[0] == pytest.approx(left)


def test_the_pull_of_friends_is_read_before_anyone_moves():
    """Two friends who adopt each other's identity within a day swap values."""
    s = hand_made(2, identity_pull_days=1.0)
    s.users.identity[:], s.users.friends[:] = [0.2, 0.8], 1
    befriend(s, 0, 1, 0.5)
    identity(s, 0, 0, SEED)
    assert s.users.identity.tolist() == pytest.approx([0.8, 0.2])


def test_closer_friends_pull_more_and_acquaintances_not_at_all():
    s = hand_made(4, identity_pull_days=1.0)
    s.users.identity[:], s.users.friends[0] = [0.5, 0.9, 0.3, 0.0], 2
    befriend(s, 0, 1, 0.8)
    befriend(s, 0, 2, 0.4)
    befriend(s, 0, 3, 0.34)
    identity(s, 0, 0, SEED)
    assert s.users.identity[0] == pytest.approx((0.8 * 0.9 + 0.4 * 0.3) / 1.2)


ADVOCATES = {"identity_advocacy_rate": AT_ONCE, "identity_advocacy_from": 0.6, "identity_advocacy_relief": 0.1}


@pytest.mark.parametrize(("belonging", "acts", "left"), [(0.7, 1, 0.36), (0.59, 0, 0.4)])
def test_one_who_belongs_speaks_up_and_sheds_stigma(belonging, acts, left):
    s = lived(state={"identity": belonging, "self_stigma": 0.4}, **ADVOCATES)
    assert (s.ledger[1, 0].advocacy, s.society[0].acts) == (acts, acts)
    assert s.users.self_stigma[0] == pytest.approx(left)


def test_nobody_speaks_up_without_the_mechanism():
    assert lived(state={"identity": 1.0}, group_advocacy=0, **ADVOCATES).ledger[1, 0].advocacy == 0


def test_self_stigma_goes_a_share_of_the_way_to_its_target():
    s = lived(state={"self_stigma": 0.9}, identity_stigma_days=4.0)
    assert s.users.self_stigma[0] == pytest.approx(0.8)


SLIGHTED = {"identity_slight_rate": AT_ONCE, "identity_slight_size": 0.25}


@pytest.mark.parametrize(("public", "campaign", "stigma_then"), [(0.6, 0.0, 0.55), (0.0, 0.0, 0.4), (0.6, 1.0, 0.4)])
def test_prejudice_met_outside_raises_self_stigma(public, campaign, stigma_then):
    s = hand_made(1, **SLIGHTED)
    s.society[0].public_stigma, s.society[0].campaign, s.users.self_stigma[0] = public, campaign, 0.4
    identity(s, 0, 0, SEED)
    assert s.users.self_stigma[0] == pytest.approx(stigma_then)


def test_prejudice_is_met_at_its_rate_times_public_stigma():
    s = hand_made(50, days=40, identity_slight_rate=73.05, identity_slight_size=1.0)
    s.society[0].public_stigma = 0.5
    met = 0
    for day in range(40):
        s.users.self_stigma[:] = 0.0
        identity(s, 0, day, SEED)
        met += int(s.users.self_stigma.sum())
    share = 1 - math.exp(-0.1)
    assert abs(met / 2000 - share) < 4.5 * math.sqrt(share * (1 - share) / 2000)


def test_public_stigma_falls_by_a_share_per_act_and_user():
    s = hand_made(1, identity_advocacy_public=0.01)
    s.society[0].public_stigma, s.society[0].acts = 0.6, 5.0
    public_opinion(s, 10)
    assert s.society[0].public_stigma == pytest.approx(0.6 * (1 - 0.01 * 5 / 10))
    assert s.society[0].acts == 0.0


def test_public_stigma_stays_without_acts_or_without_users():
    s = hand_made(1, identity_advocacy_public=0.01)
    s.society[0].public_stigma = 0.6
    public_opinion(s, 10)
    s.society[0].acts = 5.0
    public_opinion(s, 0)
    assert s.society[0].public_stigma == 0.6


def test_public_stigma_never_falls_below_nothing():
    s = hand_made(1, identity_advocacy_public=0.1)
    s.society[0].public_stigma, s.society[0].acts = 0.6, 1000.0
    public_opinion(s, 1)
    assert s.society[0].public_stigma == 0.0


@pytest.mark.parametrize(
    ("contagion", "lonely"), [(0.0, [0.2, 0.8, 0.5]), (0.5, [0.5, 0.5, 0.5]), (1.0, [0.8, 0.2, 0.5])]
)
def test_contagion_moves_loneliness_between_friends_at_once(contagion, lonely):
    s = hand_made(3, identity_contagion=contagion)
    s.users.loneliness[:], s.users.friends[:2] = [0.2, 0.8, 0.5], 1
    befriend(s, 0, 1, 0.5)
    befriend(s, 0, 2, 0.3)  # no friend: no contagion
    identity(s, 0, 0, SEED)
    assert s.users.loneliness.tolist() == pytest.approx(lonely)
