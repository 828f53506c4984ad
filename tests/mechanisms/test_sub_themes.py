"""Each sub-theme of the study: with it off, its pattern disappears (paired runs, the 95 % interval excludes zero)."""

import numpy as np
import pytest
from scipy import stats

from sim.state.columns import PRESENT
from tests.mechanisms.conftest import interval, mean_of, runs, total_of


def above(interval: tuple[float, float]) -> bool:
    return interval[0] > 0


def below(interval: tuple[float, float]) -> bool:
    return interval[1] < 0


def off(name: str) -> dict[str, bool]:
    return {f"mechanisms__{name}": False}


def ratio(top: str, bottom: str):
    return lambda result: float(result.daily[top].sum() / result.daily[bottom].sum())


def test_ordinary_connection(effect):
    """§3.1.1: with ordinary talk users are less lonely and in better mood."""
    assert below(effect(mean_of("loneliness_ucla20"), **off("ordinary_connection")))
    assert above(effect(mean_of("mood"), **off("ordinary_connection")))


def test_becoming_oneself(effect):
    """§3.1.2: recognition of a user's strengths raises self-worth."""
    assert above(effect(mean_of("self_worth"), **off("becoming_oneself")))


def test_adaptation_with_peers(effect):
    """§3.1.3: talk of the illness helps users accept it, and reminders prevent relapse."""
    assert above(effect(mean_of("acceptance"), **off("adaptation_with_peers")))
    assert below(effect(total_of("relapses"), **off("adaptation_with_peers")))


def test_selective_exposure(effect, baseline):
    """§3.2.1: few talks touch the illness and many tell nobody; without the filter most do."""
    assert below(effect(ratio("illness_talks", "talks"), **off("selective_exposure")))
    assert below(effect(mean_of("users_who_told_a_peer"), **off("selective_exposure")))
    assert np.mean([ratio("illness_talks", "talks")(result) for result in baseline]) < 0.05


@pytest.mark.slow
def test_the_distressed_conceal():
    """§3.2.1, P12: the filter of low mood alone lowers how often users speak of distress or illness."""
    path, many = "rules.conversation.mood_filter", range(2000, 2060)
    with_filter, without = runs((), many), runs(((path, 0.0),), many)
    assert below(interval(ratio("deep_talks", "talks"), with_filter, without))


def test_proximity_regulation(effect, baseline):
    """§3.2.2: ties swing on and off, ties that are too near burden users, and fewer become kin-like.

    Burden is higher in all, and by demand alone.
    """
    assert above(effect(total_of("withdrawals"), **off("proximity_regulation")))
    assert above(effect(total_of("returns"), **off("proximity_regulation")))
    assert above(effect(mean_of("burden"), **off("proximity_regulation")))
    assert above(effect(mean_of("burden"), rules__proximity__demand_weight=0.0))
    assert below(effect(mean_of("kin_like"), **off("proximity_regulation")))


def test_helping_empowers(effect, baseline):
    """§3.3.1: helping raises self-worth, most among users who give most."""
    assert above(effect(mean_of("self_worth"), **off("helping_empowers")))

    def giving_and_worth(result):
        users = result.users[result.users["status"] == PRESENT]
        return stats.spearmanr(users["given"], users["self_worth"]).statistic

    assert above(effect(giving_and_worth, **off("helping_empowers")))


def test_expanding_love(effect):
    """§3.3.2: learned empathy carries help beyond the inner circle, and more requests are granted."""
    assert above(effect(total_of("helped_beyond"), **off("expanding_love")))
    assert above(effect(ratio("granted", "asked"), **off("expanding_love")))
    assert below(effect(mean_of("open_needs"), **off("expanding_love")))


def test_group_advocacy(effect):
    """§3.3.3: identity grows from shared life, turns into advocacy, and self-stigma falls."""
    assert above(effect(mean_of("group_identity"), **off("group_advocacy")))
    assert above(effect(total_of("advocacy"), **off("group_advocacy")))
    assert below(effect(mean_of("self_stigma"), **off("group_advocacy")))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "outcome", "sign"),
    [
        ("ordinary_connection", "loneliness_ucla20", -1),
        ("becoming_oneself", "loneliness_ucla20", -1),
        ("adaptation_with_peers", "loneliness_ucla20", -1),
        ("selective_exposure", "loneliness_ucla20", 1),
        ("proximity_regulation", "loneliness_ucla20", 1),
        ("helping_empowers", "loneliness_ucla20", -1),
        ("expanding_love", "loneliness_ucla20", -1),
        ("expanding_love", "group_identity", 1),
        ("group_advocacy", "loneliness_ucla20", -1),
    ],
)
def test_every_sub_theme_reaches_a_primary_outcome(name, outcome, sign):
    """Through others, months later: filters and distance isolate; talk, strengths, acceptance, help and voice do not.

    No path is the switched equation itself: identity grows by the equations of `group_advocacy`, so its test reads
    loneliness; no equation of identity reads learned empathy, which acts through more help and more talk well received.
    """
    many = range(4000, 4048)
    low, high = interval(mean_of(outcome), runs((), many), runs(((f"mechanisms.{name}", False),), many))
    assert (low if sign > 0 else -high) > 0
