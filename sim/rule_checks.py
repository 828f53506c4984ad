"""Checks that every rule of another package, and every outcome, must pass; they need no test framework.

In the tests of a package that offers a rule:

    @pytest.mark.parametrize("check", CHECKS)
    def test_my_rule(check):
        check(RuleTrial("my_rule", {"share": 0.2}))

A failed check raises AssertionError with the reason.
"""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from sim.engine import Engine
from sim.own.rules import Own, kernel_of
from sim.scenario.schema.own_rule import RULES, OwnRule
from sim.scenario.schema.parameters import PHASES
from sim.scenario.schema.scenario import Scenario
from sim.state.columns import CENTRE, TIE, USER
from sim.state.state import State

DAYS: Final = 21
"""Days of a trial run."""
_TABLES: Final = {"user": "users", "tie": "ties", "centre": "centres"}
_DECLARED: Final = {"user": USER, "tie": TIE, "centre": CENTRE}
_ALL: Final = (*_TABLES.values(), "seats", "society", "sessions", "ledger", "p", "open")


@dataclass(frozen=True)
class RuleTrial:
    """A rule to check.

    Parameters
    ----------
    rule : str
        Name by which scenarios select the rule.
    parameters : dict
        Parameters with which it uses all its effects.
    outcomes : tuple of str
        Outcomes of the same package, for `OUTCOME_CHECKS`.
    """

    rule: str
    parameters: dict[str, Any] = field(default_factory=dict)
    outcomes: tuple[str, ...] = ()

    @property
    def chosen(self) -> type[OwnRule]:
        """The class of the rule."""
        return RULES.usable()[self.rule]

    def scenario(self, with_rule: bool = True, outcomes: tuple[str, ...] = ()) -> Scenario:
        """Return a scenario with two busy centres, with or without the rule."""
        given: dict[str, Any] = {"name": "trial", "days": DAYS, "settling": 7, "network": {"hours_per_year": 60}}
        given |= {"centres": {"here": {"users": 10}, "there": {"users": 7}}}
        given |= {"rules": {"turnover": {"leaving_rate": 2.0, "vacancy_days": 3.0}}}
        given["rules"] |= {self.rule: self.parameters} if with_rule else {}
        return Scenario.model_validate(given | ({"observe": {"outcomes": outcomes}} if outcomes else {}))


def _must(holds: bool, requirement: str) -> None:
    if not holds:
        raise AssertionError(requirement)


def _lived(scenario: Scenario, step: int = DAYS) -> Engine:
    engine = Engine(scenario, 5)
    while engine.day < DAYS:
        engine.advance(min(step, DAYS - engine.day))
    return engine


def _bits(engine: Engine) -> bytes:
    """Return all results of a run: users, ties and outcomes, and what own rules remember."""
    beside = [part for own in (engine.own.own if engine.own is not None else ()) for part in (own.users, own.ties)]
    state = engine.state
    return b"".join(np.ascontiguousarray(part).tobytes() for part in (state.users, state.ties, state.ledger, *beside))


def it_is_the_same_each_time(trial: RuleTrial) -> None:
    """Check that the same seed gives the same bits, at once, day by day and phase by phase."""
    whole = _bits(_lived(trial.scenario()))
    _must(whole == _bits(_lived(trial.scenario())), "two runs with the same seed differ")
    _must(whole == _bits(_lived(trial.scenario(), step=1)), "a run day by day differs from a run at once")
    parts = Engine(trial.scenario(), 5)
    for _ in range(DAYS):
        parts.open_day()
        parts.live(1, 4)
        parts.live(5, 13)
        parts.close_day()
    _must(whole == _bits(parts), "a run phase by phase differs from a run at once")


def _acts(trial: RuleTrial) -> Iterator[tuple[State, State, Own, Own]]:
    """Yield state and columns before and after each day's act in the first centre."""
    engine = Engine(trial.scenario(), 5)
    if engine.own is None:  # for the type checker; the scenario has the rule
        return
    act, [place] = kernel_of(trial.chosen), engine.own.phases()
    for day in range(DAYS):
        engine.open_day()
        engine.phases(1, place)
        engine.own.grow(engine.state)
        before, own_before = _copied(engine.state), _copied(engine.own.own[0])
        after, own_after = _copied(engine.state), _copied(engine.own.own[0])
        act(after, 0, day, np.uint64(5), own_after)
        yield before, after, own_before, own_after
        for c in range(len(engine.centres)):
            engine.own.after(place, engine.state, c, day)
        if place < len(PHASES):
            engine.phases(place + 1, len(PHASES))
        engine.close_day()


def _copied[Arrays: (State, Own)](arrays: Arrays) -> Arrays:
    every: Any = [array.copy() for array in arrays]
    return type(arrays)(*every)


def it_writes_what_it_declares(trial: RuleTrial) -> None:
    """Check that only columns in `acts_on` change, within their ranges, and those of the rule within their bounds."""
    changed: set[str] = set()
    remembered = False
    for before, after, own_before, own_after in _acts(trial):
        for table in _ALL:
            old, new = getattr(before, table), getattr(after, table)
            single = {many: one for one, many in _TABLES.items()}.get(table, table)
            names = new.dtype.names or ()
            changed |= {f"{single}.{name}" for name in names if old[name].tobytes() != new[name].tobytes()}
            _must(bool(names) or np.array_equal(old, new), f"writes {table}")
        parts = ("users", "ties", "centres")
        remembered |= any(getattr(own_before, part).tobytes() != getattr(own_after, part).tobytes() for part in parts)
        _within_ranges(trial, after, own_after)
    declared = set(trial.chosen.acts_on)
    _must(changed <= declared, f"writes {sorted(changed - declared)}, which acts_on does not declare")
    _must(declared <= changed, f"never writes {sorted(declared - changed)}, which acts_on declares")
    _must(bool(changed) or remembered, "it does nothing")


def _within_ranges(trial: RuleTrial, state: State, own: Own) -> None:
    ours = {f"{table}.{one.name}": one.range for table, columns in _DECLARED.items() for one in columns}
    for name in trial.chosen.acts_on:
        table, _, column = name.partition(".")
        _inside(getattr(state, _TABLES[table])[column], ours[name], name)
    for one in trial.chosen.columns:
        _inside(getattr(own, _TABLES[one.table])[one.name], one.bounds, f"{one.table}.{one.name}")


def _inside(values: Any, bounds: tuple[float, float], name: str) -> None:
    low, high = bounds
    _must(bool(np.all((values >= low) & (values <= high))), f"{name} leaves its range of {low} to {high}")


def it_acts_in_its_centre_only(trial: RuleTrial) -> None:
    """Check that acting on the first centre changes nobody in the second."""
    for before, after, own_before, own_after in _acts(trial):
        there = before.users["centre"] == 1
        _must(before.users[there].tobytes() == after.users[there].tobytes(), "it changes users of another centre")
        same = own_before.users[there].tobytes() == own_after.users[there].tobytes()
        _must(same, "it changes its columns in another centre")


def compiled_and_plain_agree(trial: RuleTrial) -> None:
    """Check that the compiled kernel and plain Python change the same, up to the last digits."""
    plain = trial.chosen.act
    for day, (before, compiled, own_before, own_compiled) in enumerate(_acts(trial)):
        if day % 7 == 0:
            plain(before, 0, day, np.uint64(5), own_before)
            pairs = ((before, compiled, "users"), (own_before, own_compiled, "users"), (before, compiled, "ties"))
            for mine, theirs, table in pairs:
                old, new = getattr(mine, table), getattr(theirs, table)
                for name in new.dtype.names or ():
                    _must(np.allclose(old[name], new[name], 1e-9, 1e-12), f"{table}.{name} differs in plain Python")


def it_is_written_down(trial: RuleTrial) -> None:
    """Check that the module, the class and its kernel have docstrings."""
    for what in (inspect.getmodule(trial.chosen), trial.chosen, trial.chosen.act):
        _must(bool(what is not None and what.__doc__), f"{what} has no docstring")


def outcomes_change_no_other(trial: RuleTrial) -> None:
    """Check that a run that records the outcomes has the same bits, and records them each day."""
    plain, watched = _lived(trial.scenario()), _lived(trial.scenario(outcomes=trial.outcomes))
    _must(bool(trial.outcomes), "the trial names no outcome")
    _must(_bits(plain) == _bits(watched), "recording an outcome changes the run")
    for name in trial.outcomes:
        values = watched.daily[name]
        _must(values.shape == plain.daily.shape, f"{name} is not recorded for each day and centre")
        _must(len(np.unique(values)) > 1, f"{name} never changes")


CHECKS: Final[tuple[Callable[[RuleTrial], None], ...]] = (
    it_is_the_same_each_time,
    it_writes_what_it_declares,
    it_acts_in_its_centre_only,
    compiled_and_plain_agree,
    it_is_written_down,
)
"""All checks of a rule."""

OUTCOME_CHECKS: Final[tuple[Callable[[RuleTrial], None], ...]] = (outcomes_change_no_other,)
"""All checks of outcomes."""
