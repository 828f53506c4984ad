"""Make a run of a set-up, and keep small arrays of it."""

from collections.abc import Callable, Iterable

from experiments.calibration.setups import SETUPS
from experiments.calibration.statistics import (
    disclosure,
    effects,
    helping,
    identity,
    strangers,
    ties,
    traits,
    wellbeing,
)
from experiments.calibration.statistics.nominations import seen, surveyed
from experiments.calibration.statistics.runs import BASELINE, FRESHMEN, as_seen
from experiments.calibration.statistics.snapshots import Array, Snapshot, snapshot
from sim.engine import Engine
from sim.outcomes.observation import Survey
from sim.scenario.schema.scenario import Scenario


def kept_of(scenario: Scenario, setup: str, seed: int) -> dict[str, Array]:
    """Make a run of a scenario's set-up, and return the arrays that statistics need.

    Parameters
    ----------
    scenario : Scenario
        The scenario that the set-up changes.
    setup : str
        Name of a set-up in `SETUPS`.
    """
    made = SETUPS[setup](scenario)
    engine = Engine(made, seed)
    if setup == FRESHMEN:
        true, answers = _taken(engine, [7 * week for week in strangers.WAVES], snapshot, seen)
        return strangers.freshmen_kept(true) | as_seen(strangers.freshmen_kept(answers))
    if setup == BASELINE:
        return _of_baseline(engine)
    engine.advance(made.days)
    return effects.ends_kept(engine.daily)


def _taken(
    engine: Engine, days: Iterable[int], *takers: Callable[[Engine], Snapshot]
) -> tuple[dict[int, Snapshot], ...]:
    """Advance to each of these days and apply every taker at its start; return each taker's snapshots by day."""
    shots: tuple[dict[int, Snapshot], ...] = tuple({} for _ in takers)
    for day in sorted(days):
        if day > engine.day:
            engine.advance(day - engine.day)
        for take, taken in zip(takers, shots, strict=True):
            taken[day] = take(engine)
    return shots


def _of_baseline(engine: Engine) -> dict[str, Array]:
    last = engine.scenario.days
    before = max(0, last - ties.SIX_WEEKS)
    shots, answers = _taken(engine, {0, last // 4, last // 2, 3 * last // 4, before, last}, snapshot, seen)
    end = shots[last]
    kept = _of_year(shots, before, last, surveyed(engine)) | as_seen(_of_year(answers, before, last, surveyed(engine)))
    kept |= traits.traits_kept(end)
    kept |= helping.helping_kept([shots[day] for day in sorted(shots) if day > 0])
    return kept | strangers.newcomers_kept(engine.state.users, engine.day) | effects.ends_kept(engine.daily)


def _of_year(shots: dict[int, Snapshot], before: int, last: int, survey: Survey) -> dict[str, Array]:
    """Return the arrays of a year, from snapshots of either the truth or a survey's answers."""
    end = shots[last]
    kept = ties.ties_kept(shots[0], shots[before], end, survey) | wellbeing.wellbeing_kept(end)
    return kept | disclosure.disclosure_kept(end.users) | identity.belonging_kept(end.users)
