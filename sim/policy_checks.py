"""Checks that every policy must pass, in this package and in others; they need no test framework.

In the tests of a package that offers a policy:

    @pytest.mark.parametrize("check", CHECKS)
    def test_my_policy(check):
        check(Trial("my_policy", {"hours": 2}))

A failed check raises AssertionError with the reason.
"""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from sim.engine import Engine
from sim.policies.review.acting import column
from sim.scenario.schema.policy import PolicyUse, policies
from sim.scenario.schema.quantity import known
from sim.scenario.schema.scenario import Scenario
from sim.state import columns
from sim.state.columns import PRESENT
from sim.state.state import State

START, END, SPAN, DAYS = 10, 31, 6, 50
"""The trial runs a policy from START to END, with ramp and fade of SPAN days; both days lie between weekly reviews."""
LONGEST_FILE: Final = 60
_TABLES: Final = ("users", "ties", "centres", "sessions", "society", "circles", "workers")
_RULES: Final = {
    "turnover": {"leaving_rate": 2.0, "vacancy_days": 3.0},
    "conversation": {"occasion": 1.0, "leak_rate": 0.5},
}
_METHODS: Final = ("set_up", "effects", "act")
_NEIGHBOURS: Final = {
    "own-timetable": {"policy": "activity_timetable", "grouping": "rotating", "uptake": 0.5, "centres": ["there"]},
    "own-buddies": {"policy": "buddy_scheme", "eligible": "all", "uptake": 0.4, "centres": ["there"]},
}


@dataclass(frozen=True)
class Trial:
    """A policy to check, with the options that make it use all its effects.

    Parameters
    ----------
    policy : str
        Name by which scenarios select the policy.
    options : dict
        Options of the policy, as in a scenario.
    through_others : tuple of str
        Columns that the policy changes in users who do not take part themselves, such as mentors.
    """

    policy: str
    options: dict[str, Any] = field(default_factory=dict)
    through_others: tuple[str, ...] = ()

    @property
    def chosen(self) -> type[PolicyUse]:
        """The class of the policy."""
        return policies()[self.policy]

    def use(self, **more: Any) -> dict[str, Any]:
        """Return the policy as scenarios use it: for half of all users, from START to END."""
        dates = {"start": START, "end": END, "ramp": SPAN, "fade": SPAN}
        return {"policy": self.policy, "eligible": "all", "uptake": 0.5} | dates | self.options | more

    def scenario(self, *uses: dict[str, Any], **policies_by_name: Any) -> Scenario:
        """Return a scenario with two busy centres and these uses of policies."""
        given: dict[str, Any] = {"name": "trial", "days": DAYS, "settling": 30, "rules": _RULES}
        given |= {"network": {"hours_per_year": 60}, "users": {"disclosure_threshold": 0.35}}
        given |= {"mechanisms": {"group_advocacy": not self._apart}}
        given |= {"centres": {"here": {"users": 14, "staff": 1}, "there": {"users": 10, "staff": 1}}}
        named = {f"use-{k}": use for k, use in enumerate(uses)}
        return Scenario.model_validate(given | {"policies": named | policies_by_name})

    @property
    def _apart(self) -> bool:
        """Whether the policy leaves society alone, so that the centres of the trial do not affect each other."""
        return not any(name.startswith("society.") for name in self.chosen.acts_on)


def _lived(scenario: Scenario, seed: int = 5, step: int = DAYS) -> Engine:
    engine = Engine(scenario, seed)
    while engine.day < scenario.days:
        engine.advance(min(step, scenario.days - engine.day))
    return engine


def _must(holds: bool, requirement: str) -> None:
    if not holds:
        raise AssertionError(requirement)


def _bits(engine: Engine, centre: int | None = None) -> bytes:
    """Return all results of a run, in one centre or everywhere: outcomes, enrolled users and their ties."""
    users = engine.state.users[engine.enrolled]
    ties, daily = engine.state.ties, engine.daily
    if centre is not None:
        row = engine.state.centres[centre]
        ties = ties[int(row.first_tie) :][: int(row.capacity) ** 2]
        users, daily = users[users["centre"] == centre], daily[:, centre]
    users = users.copy()
    users["next_row"] = 0
    return b"".join(np.ascontiguousarray(part).tobytes() for part in (users, ties, daily))


def of_no_intensity_it_changes_nothing(trial: Trial) -> None:
    """Check that zero intensity leaves outcomes, users and ties bit for bit unchanged."""
    idle = _lived(trial.scenario(trial.use(intensity=0.0)))
    _must(_bits(idle) == _bits(_lived(trial.scenario())), "intensity 0 changes the run")


def _own_values(trial: Trial, state: State) -> dict[tuple[str, int], Any]:
    """Return the values of the user columns that the policy acts on, by column and uid."""
    names = [name.partition(".")[2] for name in trial.chosen.acts_on if name.startswith("user.")]
    present = state.users[state.users["status"] == PRESENT]
    return {(name, int(row["uid"])): row[name] for row in present for name in names}


def _moved(trial: Trial, state: State, plain: State) -> list[str]:
    """Return the columns in `acts_on` whose values differ from a run without the policy."""
    mine, theirs = _own_values(trial, state), _own_values(trial, plain)
    changed = {f"user.{key[0]}" for key in mine.keys() & theirs.keys() if mine[key] != theirs[key]}
    for name in trial.chosen.acts_on:
        if name == "worker.at_work" or name == "tie.arranged":
            changed |= {name} if column(state, name).any() else set()
        elif not name.startswith("user.") and not np.array_equal(column(state, name), column(plain, name)):
            changed.add(name)
    return sorted(changed)


def it_acts_between_start_and_end_only(trial: Trial) -> None:
    """Check that the policy changes nothing before its start and after its fade, and something in between."""
    engine, plain = Engine(trial.scenario(trial.use()), 5), Engine(trial.scenario(), 5)
    acted = False
    for _ in range(DAYS):
        engine.advance(1)
        plain.advance(1)
        moved, day = _moved(trial, engine.state, plain.state), engine.day - 1
        acted = acted or bool(moved)
        _must(START <= day < END + SPAN or not moved, f"on day {day}, start {START}, end {END}: {moved} moved")
        if day == START - 1:
            _must(_bits(engine) == _bits(plain), "it changes results before its start")
    _must(acted or not trial.chosen.acts_on, "it never moves anything")


def it_acts_on_the_eligible_only(trial: Trial) -> None:
    """Check that a policy for women only changes no column of a man."""
    engine = Engine(trial.scenario(trial.use(eligible="sex == woman", uptake=1.0)), 5)
    plain = Engine(trial.scenario(), 5)
    for _ in range(DAYS):
        engine.advance(1)
        plain.advance(1)
        users = engine.state.users[engine.enrolled]
        men = set(users["uid"][users["sex"] == columns.SEXES.index("man")].tolist())
        mine, theirs = _own_values(trial, engine.state), _own_values(trial, plain.state)
        for name, uid in mine.keys() & theirs.keys():
            if uid in men and f"user.{name}" not in trial.through_others:
                _must(
                    mine[name, uid] == theirs[name, uid],
                    f"on day {engine.day}: user.{name} moved in a user who is not eligible",
                )


def it_is_the_same_each_time(trial: Trial) -> None:
    """Check that the same scenario and seed give the same bits, whether run at once or day by day."""
    scenario = trial.scenario(trial.use())
    _must(_bits(_lived(scenario)) == _bits(_lived(scenario)), "two runs with the same seed differ")
    _must(_bits(_lived(scenario)) == _bits(_lived(scenario, step=1)), "a run day by day differs from a run at once")


def it_leaves_others_alone(trial: Trial) -> None:
    """Check that a centre without the policy is unchanged, unless the policy acts on society."""
    if not trial._apart:
        return
    runs = [_lived(trial.scenario(*uses, **_NEIGHBOURS)) for uses in ((trial.use(centres=["here"]),), ())]
    _must(_bits(runs[0], 1) == _bits(runs[1], 1), "a centre without the policy changes")


def _acts(trial: Trial) -> Iterator[tuple[State, State]]:
    """Yield the states of a run before and after the review of each day, if any."""
    engine = Engine(trial.scenario(trial.use(ramp=0)), 5)
    review = engine.review
    if review is None:  # for the type checker; the scenario has a policy
        return
    for day in range(DAYS):
        before = _copied(engine.state)
        yield before, _copied(review.hold(engine.state, day))
        engine.advance(1)


def _copied(state: State) -> State:
    return state._replace(**{table: getattr(state, table).copy() for table in _TABLES})


def it_moves_what_it_declares(trial: Trial) -> None:
    """Check that `acts_on` lists exactly the columns that reviews change."""
    changed = set()
    for before, after in _acts(trial):
        for table in _TABLES:
            old, new = getattr(before, table), getattr(after, table)
            single = {"users": "user", "ties": "tie", "centres": "centre", "workers": "worker"}.get(table, table)
            changed |= {f"{single}.{name}" for name in new.dtype.names if old[name].tobytes() != new[name].tobytes()}
    declared = set(trial.chosen.acts_on)
    if "centre.first_session" in changed:  # the number of sessions stays if the new timetable is as long
        changed.add("centre.sessions")
    _must(changed <= declared, f"moves {sorted(changed - declared)}, which acts_on does not declare")
    _must(declared <= changed, f"never moves {sorted(declared - changed)}, which acts_on declares")


def it_moves_traits_and_levers_only(trial: Trial) -> None:
    """Check that the policy acts on mechanisms and not on outcomes: on traits, levers and the choice of timetable."""
    wrong = {name: why for name in trial.chosen.acts_on if (why := columns.refusal_to_act_on(name))}
    _must(not wrong, "; ".join(f"acts on {name}, {why}" for name, why in wrong.items()))


def it_is_written_down(trial: Trial) -> None:
    """Check that the policy's numbers have provenance, that it has docstrings, and that its file is short."""
    chosen = trial.chosen
    for name, about in chosen.model_fields.items():
        _must(bool(about.description) or known(about) is not None, f"{name} has no description")
        if about.annotation in (int, float) and name != "priority":
            _must(
                known(about) is not None, f"{name} is a number without unit, source and grade; declare it by quantity()"
            )
    module = inspect.getmodule(chosen)
    for what in (module, chosen, *(chosen.__dict__[name] for name in _METHODS if name in chosen.__dict__)):
        _must(bool(what.__doc__), f"{what} has no docstring")
    _must("effects" in chosen.__dict__ or "act" in chosen.__dict__, "it defines neither effects nor act")
    lines = len(inspect.getsourcelines(module)[0]) if module else 0
    _must(0 < lines <= LONGEST_FILE, f"its file has {lines} lines, allowed are {LONGEST_FILE}")


CHECKS: Final[tuple[Callable[[Trial], None], ...]] = (
    of_no_intensity_it_changes_nothing,
    it_acts_between_start_and_end_only,
    it_acts_on_the_eligible_only,
    it_is_the_same_each_time,
    it_leaves_others_alone,
    it_moves_what_it_declares,
    it_moves_traits_and_levers_only,
    it_is_written_down,
)
"""All checks."""
