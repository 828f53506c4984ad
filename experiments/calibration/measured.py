"""One run of a set-up, and the small arrays that are kept of it."""

from collections.abc import Iterable

from experiments.calibration import belonging, disclosure, effects, helping, strangers, ties, traits, wellbeing
from experiments.calibration.nominations import surveyed
from experiments.calibration.runs import BASELINE, FRESHMEN
from experiments.calibration.setups import SETUPS
from experiments.calibration.snapshots import Array, Snapshot, snapshot
from sim.engine import Engine
from sim.scenario.schema import Scenario


def kept_of(scenario: Scenario, setup: str, seed: int) -> dict[str, Array]:
    """Run a set-up of a scenario once and give what is kept of it.

    Parameters
    ----------
    scenario : Scenario
        That is measured; the set-up is made from it.
    setup : str
        One of `SETUPS`.
    seed : int
    """
    made = SETUPS[setup](scenario)
    engine = Engine(made, seed)
    if setup == FRESHMEN:
        return strangers.freshmen_kept(_seen(engine, [7 * week for week in strangers.WAVES]))
    if setup == BASELINE:
        return _of_baseline(engine)
    engine.advance(made.days)
    return effects.ends_kept(engine.daily)


def _seen(engine: Engine, days: Iterable[int]) -> dict[int, Snapshot]:
    """Live until each of these days and take a snapshot at its start."""
    shots = {}
    for day in sorted(days):
        if day > engine.day:
            engine.advance(day - engine.day)
        shots[day] = snapshot(engine)
    return shots


def _of_baseline(engine: Engine) -> dict[str, Array]:
    last = engine.scenario.days
    before = max(0, last - ties.SIX_WEEKS)
    shots = _seen(engine, {0, last // 4, last // 2, 3 * last // 4, before, last})
    end = shots[last]
    found = (
        ties.ties_kept(shots[0], shots[before], end, surveyed(engine))
        | wellbeing.wellbeing_kept(end)
        | traits.traits_kept(end)
    )
    found |= disclosure.disclosure_kept(end.users) | belonging.belonging_kept(end.users)
    found |= helping.helping_kept([shots[day] for day in sorted(shots) if day > 0])
    return found | strangers.newcomers_kept(engine.state.users, engine.day) | effects.ends_kept(engine.daily)
