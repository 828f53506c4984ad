"""Run the engine and the day in plain Python side by side, under the same draws, and find where they disagree."""

import math
from collections.abc import Callable, Iterator
from typing import Any

from plain_day.copying import copied, take_newcomers, take_review
from plain_day.living import live
from plain_day.world import World

from sim.engine import Engine
from sim.scenario.schema.parameters import PHASES
from sim.scenario.schema.scenario import Scenario

TOLERANCE = 1e-12
"""Largest difference, absolute below 1 and relative above."""
BOOKKEEPING = {"centre", "next_row", "queue", "first_session", "sessions"}
"""Columns that say where the engine keeps something."""
COSTS = {"staff_hours", "staff_hours_unserved", "money"}
"""Outcomes that policy reviews write; the plain day takes them from the engine."""
PRESENT, LEFT = 1, 2

Difference = tuple[str, Any, Any]
Found = list[dict[str, float]]


def differs(mine: float, theirs: float) -> bool:
    """Return whether two numbers are too far apart; two undefined numbers are equal."""
    if math.isnan(mine) or math.isnan(theirs):
        return math.isnan(mine) != math.isnan(theirs)
    return abs(mine - theirs) > TOLERANCE * max(1, abs(theirs))


def _columns(where: str, mine: Any, row: Any) -> Iterator[Difference]:
    for name, theirs in zip(row.dtype.names, row.item(), strict=True):
        if name in BOOKKEEPING:
            continue
        ours = getattr(mine, name)
        pairs = zip(ours, theirs, strict=True) if isinstance(ours, list) else ((ours, theirs),)
        if any(a != b and differs(a, b) for a, b in pairs):
            yield f"{name} of {where}", ours, theirs


def _of_the_run(users: Any, centre: int) -> set[int]:
    """Return the names of users who are enrolled, or have left since day 0."""
    there = (users["status"] == PRESENT) | ((users["status"] == LEFT) & (users["left"] >= 0))
    return set(users["uid"][there & (users["centre"] == centre)].tolist())


def state_differences(world: World, engine: Engine) -> Iterator[Difference]:
    """Compare every column of users, enrolled and gone, ties, centres, society and workers."""
    state, rows = engine.state, {int(row["uid"]): row for row in engine.state.users}
    yield from _columns("society", world.society, state.society[0])
    for worker, row in zip(world.workers, state.workers, strict=True):
        yield from _columns(f"worker {worker.uid}", worker, row)
    for house, centre in zip(world.houses, state.centres, strict=True):
        yield from _columns(f"centre {house.number}", house, centre)
        gone = [one for one in house.gone if one.left >= 0]
        mine, theirs = [one.uid for one in (*house.users, *gone)], _of_the_run(state.users, house.number)
        if set(mine) != theirs:
            yield f"users of centre {house.number}", mine, theirs
            return
        for one in (*house.users, *gone):
            yield from _columns(f"user {one.uid}", one, rows[one.uid])
        block = state.ties[int(centre["first_tie"]) :]
        for i, j in [(i, j) for pair in house.pairs for i, j in (pair, pair[::-1])]:
            yield from _columns(f"tie {i.uid} to {j.uid}", house.tie(i, j), block[i.seat * len(house.seats) + j.seat])


def outcome_differences(found: Found, daily: Any) -> Iterator[Difference]:
    """Compare the outcomes of a day, row by row of the centres."""
    for number, (mine, row) in enumerate(zip(found, daily, strict=True)):
        for name in set(row.dtype.names) - COSTS:
            ours, theirs = mine[name], float(row[name])
            if name.endswith("_sd"):  # variances: the engine's come from sums of squares, of which as many digits hold
                mean = float(row[name.removesuffix("_sd")]) or 1.0
                ours, theirs = (ours / mean) ** 2, (theirs / mean) ** 2
            if differs(ours, theirs):
                yield f"{name} in centre {number}", ours, theirs


def reviews(scenario: Scenario) -> Callable[[int], bool]:
    """Return the days of policy reviews."""
    own = {round(day) for use in scenario.policies.values() for day in (use.start, use.end, use.end + use.fade)}
    return lambda day: bool(scenario.policies) and (day % 7 == 0 or day in own)


class Pair:
    """The engine and the plain day, starting from the same state.

    Parameters
    ----------
    scenario : Scenario
    seed : int
    plainly : Scenario, optional
        Scenario of the plain day; by default the same.
    """

    def __init__(self, scenario: Scenario, seed: int, plainly: Scenario | None = None) -> None:
        self.engine = Engine(scenario, seed)
        self.world = copied(self.engine)
        self.world.scenario = plainly or scenario
        self.reviewed = reviews(scenario)
        self.counts: dict[str, float] = {}

    def live(self) -> list[Difference]:
        """Let both live a day; return how they differ after it."""
        engine, world = self.engine, self.world
        day = engine.day
        engine.open_day()
        take_newcomers(world, engine)
        if self.reviewed(day):
            take_review(world, engine)
        engine.live(1, len(PHASES))
        engine.close_day()
        found = live(world)
        for outcome in found:
            self.counts = {name: self.counts.get(name, 0.0) + value for name, value in outcome.items()}
        return [*state_differences(world, engine), *outcome_differences(found, engine.daily[day])]

    def disagreement(self, days: int) -> str:
        """Live this many days, or until the two disagree; return where, or nothing."""
        for _ in range(days):
            if found := self.live():
                lines = [f"{what}: plainly {mine}, in the engine {theirs}" for what, mine, theirs in found]
                return f"on day {self.world.day - 1}, {len(found)} differ: " + "; ".join(lines[:5])
        return ""
