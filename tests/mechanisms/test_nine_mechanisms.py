"""The mechanisms behind the sub-themes: with a mechanism off, its pattern disappears (paired runs, 95 %)."""

from functools import cache

import numpy as np
import pytest

from experiments.designs.changes import changed
from sim import load_scenario
from sim.engine import Engine
from sim.run import Run, run
from sim.scenario.schema.scenario import Scenario
from sim.state.columns import FRIEND, PRESENT
from tests.mechanisms.conftest import Statistic, interval, mean_of, total_of

SEEDS = range(3000, 3032)
"""More runs than for the sub-themes: some patterns here concern single ties or users."""
WEEKS = 42
"""Days between the two networks at the end of the year."""
KNOWN = 0.05
"""Known from here on: a deep talk of the last year that was well received leaves more."""

Changes = tuple[tuple[str, float | bool], ...]


def settled(changes: Changes) -> Scenario:
    return changed(load_scenario("baseline").with_changes(settling=180), dict(changes))


@cache
def watched(changes: Changes = ()) -> tuple[Run, ...]:
    """Run the baseline as `runs` does, and keep the networks of the end and of six weeks before, and the measures."""
    scenario = settled(changes)
    days = (scenario.days - WEEKS, scenario.days)
    return tuple(run(scenario, seed, graph_days=days, measures=True, at_least=0) for seed in SEEDS)


def off(name: str) -> tuple[tuple[str, bool], ...]:
    return ((f"mechanisms.{name}", False),)


def switched(statistic: Statistic, name: str) -> tuple[float, float]:
    """Return the interval of a statistic's difference: with the mechanism minus without."""
    return interval(statistic, watched(), watched(off(name)))


def moved(statistic: Statistic, path: str, high: float, low: float, among: Changes = ()) -> tuple[float, float]:
    """Return the interval of a statistic's difference: with a parameter high minus low, other changes equal."""
    return interval(statistic, watched((*among, (path, high))), watched((*among, (path, low))))


def hinges(statistic: Statistic, without: Changes, path: str, high: float, low: float) -> tuple[float, float]:
    """Return the interval of how much more a parameter's move from low to high changes a statistic than without it."""
    ends = [watched(((path, value), *changes)) for changes in ((), without) for value in (high, low)]
    gains = [(statistic(a) - statistic(b), statistic(c) - statistic(d)) for a, b, c, d in zip(*ends, strict=True)]
    return number_interval(*zip(*gains, strict=True))


def depends(statistic: Statistic, name: str, path: str, high: float, low: float) -> tuple[float, float]:
    """Return the interval of how much more a parameter's move changes a statistic with the mechanism."""
    return hinges(statistic, off(name), path, high, low)


def number_interval(with_it: tuple[float, ...], without: tuple[float, ...]) -> tuple[float, float]:
    """Return the interval of a difference of numbers taken from paired runs."""
    return interval(lambda number: number, with_it, without)


def measure(name: str) -> Statistic:
    return lambda result: result.measures[name]


def present(result: Run):
    return result.users[result.users["status"] == PRESENT]


def correlation(one: str, other: str) -> Statistic:
    return lambda result: float(np.corrcoef(present(result)[one], present(result)[other])[0, 1])


def friendships(graph) -> set[tuple[int, int]]:
    return {(i, j) for i, j, closeness in graph.edges(data="closeness") if closeness >= FRIEND}


def one_way_kept_less(result: Run) -> float:
    """Return the share of mutual friendships kept over six weeks, minus that of one-way friendships."""
    before, after = (result.graphs[day] for day in sorted(result.graphs))
    stayed = set(before) & set(after)
    felt = friendships(before)
    kept: dict[bool, list[bool]] = {True: [], False: []}
    for i, j in felt:
        if i in stayed and j in stayed:
            kept[(j, i) in felt].append((i, j) in friendships(after))
    return float(np.mean(kept[True]) - np.mean(kept[False]))


def first_liking_decides(result: Run) -> float:
    """Return the correlation over ties of first liking and closeness at the end."""
    ties = [tie for _, _, tie in result.graphs[max(result.graphs)].edges(data=True)]
    return float(np.corrcoef([tie["liking_base"] for tie in ties], [tie["closeness"] for tie in ties])[0, 1])


def unwell_more_burdened(result: Run) -> float:
    users = present(result)
    unwell = users["unwell"] == 1
    return float(users["burden"][unwell].mean() - users["burden"][~unwell].mean()) if unwell.any() else 0.0


def closeness_where_known(result: Run) -> float:
    """Return the mean closeness at the end over ties to peers who know the user."""
    ties = [tie for _, _, tie in result.graphs[max(result.graphs)].edges(data=True)]
    return float(np.mean([tie["closeness"] for tie in ties if tie["known"] >= KNOWN]))


def newcomers_with_friend(result: Run, weeks: int = 13) -> float:
    """Return the share of newcomers followed for so many weeks who had a friend by then, leavers included."""
    users = result.users
    new = users[(users["arrived"] >= 0) & (users["arrived"] <= result.scenario.days - 7 * weeks)]
    return float(np.mean((new["first_friend"] >= 0) & (new["first_friend"] - new["arrived"] <= 7 * weeks)))


@cache
def unwell_givers_more_burdened(changes: Changes) -> tuple[float, ...]:
    """Return, for each run, how much more burdened unwell users are among the third who give most, over all weeks.

    It takes every week, because on a single day few of that third are unwell.
    """
    return tuple(_over_a_year(Engine(settled(changes), seed)) for seed in SEEDS)


def _over_a_year(engine: Engine) -> float:
    burden: dict[bool, list[float]] = {True: [], False: []}
    while engine.day < engine.scenario.days:
        engine.advance(7)
        users = engine.state.users[engine.enrolled]
        givers = users[users["given"] >= np.quantile(users["given"], 2 / 3)]
        for unwell in burden:
            burden[unwell].extend(givers["burden"][(givers["unwell"] == 1) == unwell])
    return float(np.mean(burden[True]) - np.mean(burden[False]))


@pytest.mark.slow
def test_moving_ties():
    """One-way friendships end sooner, so more of the friendships are returned."""
    assert switched(one_way_kept_less, "moving_ties")[0] > 0
    assert switched(mean_of("friend_arc_reciprocity"), "moving_ties")[0] > 0


def test_shared_friends():
    """Friends of friends become friends: friendships cluster more."""
    assert switched(measure("transitivity"), "shared_friends")[0] > 0


def test_learned_liking():
    """First impressions decide less of how close two become."""
    assert switched(first_liking_decides, "learned_liking")[1] < 0


@pytest.mark.slow
def test_being_known():
    """§4.2: users who reveal less are known by fewer peers, and lonelier for it."""
    path, high, low = "users.disclosure_threshold.mean", 0.65, 0.40
    assert switched(correlation("disclosure_threshold", "loneliness"), "being_known")[0] > 0
    assert depends(mean_of("loneliness_ucla20"), "being_known", path, high, low)[0] > 0


@pytest.mark.slow
def test_deep_talk_brings_closer():
    """§3.2.1, §4.2: where users are open, those who have been heard are closer, and more become confidants.

    At the usual threshold, deep talks are too few for the gain to show in as many runs.
    """
    path, high, open_users = "rules.conversation.bond_gain", 0.12, ("users.disclosure_threshold.mean", 0.25)
    assert moved(closeness_where_known, path, high, 0.0, (open_users,))[0] > 0
    assert moved(mean_of("confidants"), path, high, 0.0, (open_users,))[0] > 0


def test_helping():
    """§3.3.1: where users help each other, needs are met, and self-worth, hope and belonging rise; helping costs."""
    assert switched(mean_of("open_needs"), "helping")[1] < 0
    for outcome in ("self_worth", "hope", "group_identity", "burden"):
        assert switched(mean_of(outcome), "helping")[0] > 0, outcome
    assert switched(mean_of("loneliness_ucla20"), "helping")[1] < 0


def test_help_lightens():
    """§3.1.3, P14: help lowers the burden of helped users; without that, users are more burdened."""
    assert interval(mean_of("burden"), watched((("rules.support.relief_burden", 0.0),)), watched())[0] > 0


@pytest.mark.slow
def test_binding_help():
    """§3.1.3: help brings users closer, and unmet needs make them lonely."""
    assert switched(mean_of("ties_at_or_above_friend_out"), "binding_help")[0] > 0
    path, high, low = "rules.episodes.need_emotional", 2.0, 0.3
    assert depends(mean_of("loneliness_ucla20"), "binding_help", path, high, low)[0] > 0


def test_belonging():
    """§4.3: users who belong are less lonely."""
    assert switched(correlation("identity", "loneliness"), "belonging")[1] < 0
    path, high, low = "users.initial_identity.mean", 0.40, 0.10
    assert depends(mean_of("loneliness_ucla20"), "belonging", path, high, low)[1] < 0


def test_initiative_by_identity():
    """§4.3: belonging opens users to others, so identity at the start leads to more talk than without it."""
    without = (("rules.encounters.initiative_identity", 0.0),)
    assert hinges(mean_of("talks"), without, "users.initial_identity.mean", 0.40, 0.10)[0] > 0


@pytest.mark.slow
def test_initiative_by_worth():
    """§3.1.2: users with low self-worth turn to fewer people and talk less."""
    path, high, low, without = "users.worth_disposition.mean", 0.80, 0.20, (("rules.encounters.initiative_worth", 0.0),)
    assert hinges(mean_of("talks"), without, path, high, low)[0] > 0
    assert interval(mean_of("talks"), watched(((path, low),)), watched(((path, low), *without)))[1] < 0


@pytest.mark.slow
def test_strain():
    """§3.2.2: illness burdens users, and so does trouble at home."""
    assert switched(unwell_more_burdened, "strain")[0] > 0
    assert depends(mean_of("burden"), "strain", "rules.episodes.trouble_rate", 4.0, 0.5)[0] > 0


@pytest.mark.slow
def test_strain_of_givers():
    """§3.2.2: among users who give most, the unwell are more burdened, and less so where load weighs equally.

    It looks at users who are often unwell, because otherwise there are too few.
    """
    often = (("rules.episodes.relapse_schizophrenia", 4.0), ("rules.episodes.relapse_bipolar", 4.0))
    path, usual = "rules.wellbeing.unwell_strain", unwell_givers_more_burdened(often)
    heavy, alike = (unwell_givers_more_burdened((*often, (path, value))) for value in (3.0, 0.0))
    assert number_interval(usual, (0.0,) * len(usual))[0] > 0
    assert number_interval(heavy, alike)[0] > 0
    assert number_interval(usual, unwell_givers_more_burdened((*often, *off("strain"))))[0] > 0


def test_living_house():
    """§2.1: the number of staff matters: sessions are held, needs seen, newcomers and the lonely introduced."""
    path, many, none = "centres.*.staff", 4.0, 0.0
    for outcome, sign in (("talks", 1), ("open_needs", -1), ("group_identity", 1)):
        low, high = depends(mean_of(outcome), "living_house", path, many, none)
        assert (low if sign > 0 else -high) > 0, outcome
    assert all(total_of("cancelled")(result) == 0 for result in watched(((path, none), *off("living_house"))))


@pytest.mark.slow
def test_cancelled_sessions():
    """§2.1: without staff, sessions are cancelled, the more the likelier cancellation is, and users are lonelier."""
    path, nobody = "rules.encounters.cancelled", (("centres.*.staff", 0.0),)
    assert all(total_of("cancelled")(result) > 0 for result in watched(nobody))
    assert moved(total_of("cancelled"), path, 0.3, 0.03, nobody)[0] > 0
    assert moved(mean_of("loneliness_ucla20"), path, 0.3, 0.03, nobody)[0] > 0


@pytest.mark.slow
def test_introductions():
    """§2.1: enough staff introduce newcomers and the lonely: more newcomers find a friend, and fewer have none.

    It looks at users who seldom turn to anybody and often leave: sociable users find friends by themselves, and the
    baseline has too few newcomers for a difference to show in as many runs.
    """
    among = (("centres.*.staff", 3.125), ("users.sociability.mean", 0.25), ("rules.turnover.leaving_rate", 0.8))
    path, high = "rules.encounters.introduced", 0.9
    assert moved(newcomers_with_friend, path, high, 0.0, among)[0] > 0
    assert moved(mean_of("no_friend_share"), path, high, 0.0, among)[1] < 0
    assert moved(mean_of("loneliness_ucla20"), path, high, 0.0, among)[1] < 0


@pytest.mark.slow
def test_hope():
    """Hope rises above its starting level, and users who hope ask for more help and are in better mood."""
    for outcome in ("hope", "mood", "asked"):
        assert switched(mean_of(outcome), "hope")[0] > 0, outcome
