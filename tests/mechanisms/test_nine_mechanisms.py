"""The mechanisms by which the sub-themes act: switched off, the pattern of each goes away (paired runs, 95 %)."""

from functools import cache

import numpy as np

from experiments.designs.changes import changed
from sim import load_scenario
from sim.run import Run, run
from sim.state.columns import FRIEND, PRESENT
from tests.mechanisms.conftest import Statistic, interval, mean_of, total_of

SEEDS = range(3000, 3032)
"""More than the sub-themes take: some patterns here are of single ties or users."""
WEEKS = 42
"""Days between the two networks at the end of the year."""


@cache
def watched(changes: tuple[tuple[str, float | bool], ...] = ()) -> tuple[Run, ...]:
    """Run the baseline as `runs` does, and keep the networks of the end and of six weeks before, and the measures."""
    scenario = changed(load_scenario("baseline").with_changes(settling=180), dict(changes))
    days = (scenario.days - WEEKS, scenario.days)
    return tuple(run(scenario, seed, graph_days=days, measures=True) for seed in SEEDS)


def off(name: str) -> tuple[tuple[str, bool], ...]:
    return ((f"mechanisms.{name}", False),)


def switched(statistic: Statistic, name: str) -> tuple[float, float]:
    """Interval of a statistic's difference: with the mechanism minus without."""
    return interval(statistic, watched(), watched(off(name)))


def depends(statistic: Statistic, name: str, path: str, high: float, low: float) -> tuple[float, float]:
    """Interval of how much more a parameter's move from low to high changes a statistic with the mechanism."""
    ends = [watched(((path, value), *without)) for without in ((), off(name)) for value in (high, low)]
    quads = [dict(zip("abcd", four, strict=True)) for four in zip(*ends, strict=True)]
    with_it = [statistic(four["a"]) - statistic(four["b"]) for four in quads]
    without = [statistic(four["c"]) - statistic(four["d"]) for four in quads]
    return interval(lambda number: number, tuple(with_it), tuple(without))


def measure(name: str) -> Statistic:
    return lambda result: result.measures[name]


def present(result: Run):
    return result.users[result.users["status"] == PRESENT]


def correlation(one: str, other: str) -> Statistic:
    return lambda result: float(np.corrcoef(present(result)[one], present(result)[other])[0, 1])


def friendships(graph) -> set[tuple[int, int]]:
    return {(i, j) for i, j, closeness in graph.edges(data="closeness") if closeness >= FRIEND}


def one_way_kept_less(result: Run) -> float:
    """Share of mutual friendships kept over six weeks, minus that of one-way ones."""
    before, after = (result.graphs[day] for day in sorted(result.graphs))
    stayed = set(before) & set(after)
    felt = friendships(before)
    kept: dict[bool, list[bool]] = {True: [], False: []}
    for i, j in felt:
        if i in stayed and j in stayed:
            kept[(j, i) in felt].append((i, j) in friendships(after))
    return float(np.mean(kept[True]) - np.mean(kept[False]))


def first_liking_decides(result: Run) -> float:
    """Correlation over ties of first liking and closeness at the end."""
    ties = [tie for _, _, tie in result.graphs[max(result.graphs)].edges(data=True)]
    return float(np.corrcoef([tie["liking_base"] for tie in ties], [tie["closeness"] for tie in ties])[0, 1])


def unwell_more_burdened(result: Run) -> float:
    users = present(result)
    unwell = users["unwell"] == 1
    return float(users["burden"][unwell].mean() - users["burden"][~unwell].mean()) if unwell.any() else 0.0


def test_moving_ties():
    """One-way friendships end sooner, so more of those there are are returned."""
    assert switched(one_way_kept_less, "moving_ties")[0] > 0
    assert switched(mean_of("friend_arc_reciprocity"), "moving_ties")[0] > 0


def test_shared_friends():
    """Friends of friends become friends: friendships cluster more."""
    assert switched(measure("transitivity"), "shared_friends")[0] > 0


def test_learned_liking():
    """First impressions decide less of how close two become."""
    assert switched(first_liking_decides, "learned_liking")[1] < 0


def test_being_known():
    """§4.2: who keeps more to himself is known by fewer, and lonelier for it."""
    path, high, low = "users.disclosure_threshold.mean", 0.65, 0.40
    assert switched(correlation("disclosure_threshold", "loneliness"), "being_known")[0] > 0
    assert depends(mean_of("loneliness_ucla20"), "being_known", path, high, low)[0] > 0
    assert switched(mean_of("known_by"), "being_known")[0] > 0


def test_helping():
    """§3.3.1: where users help each other needs are met, and self-worth, hope and belonging are higher; it costs."""
    assert switched(mean_of("open_needs"), "helping")[1] < 0
    for outcome in ("self_worth", "hope", "group_identity", "burden"):
        assert switched(mean_of(outcome), "helping")[0] > 0, outcome
    assert switched(mean_of("loneliness_ucla20"), "helping")[1] < 0


def test_binding_help():
    """§3.1.3: help brings closer, and needs that nobody meets are lonely."""
    assert switched(mean_of("ties_at_or_above_friend_out"), "binding_help")[0] > 0
    path, high, low = "rules.episodes.need_emotional", 2.0, 0.3
    assert depends(mean_of("loneliness_ucla20"), "binding_help", path, high, low)[0] > 0


def test_belonging():
    """§4.3: who belongs is less lonely."""
    assert switched(correlation("identity", "loneliness"), "belonging")[1] < 0
    path, high, low = "users.initial_identity.mean", 0.40, 0.10
    assert depends(mean_of("loneliness_ucla20"), "belonging", path, high, low)[1] < 0


def test_strain():
    """§3.2.2: illness burdens, and so does trouble at home."""
    assert switched(unwell_more_burdened, "strain")[0] > 0
    assert depends(mean_of("burden"), "strain", "rules.episodes.trouble_rate", 4.0, 0.5)[0] > 0


def test_living_house():
    """§2.1: how many staff there are matters: sessions are held, needs seen, newcomers and the lonely introduced."""
    path, many, none = "centres.*.staff", 4.0, 0.0
    for outcome, sign in (("talks", 1), ("open_needs", -1), ("group_identity", 1)):
        low, high = depends(mean_of(outcome), "living_house", path, many, none)
        assert (low if sign > 0 else -high) > 0, outcome
    assert all(total_of("cancelled")(result) == 0 for result in watched(((path, none), *off("living_house"))))


def test_hope():
    """Hope rises above what users bring along, and those who hope ask for more help and are in better mood."""
    for outcome in ("hope", "mood", "asked"):
        assert switched(mean_of(outcome), "hope")[0] > 0, outcome
