"""What a run depends on, and what not: rows, order, pools, steps, readings, other people's chance."""

import csv
import tempfile
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from at_random import by_uid, everything, lived, rosters, same_people, scenarios, seeds, written
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sim import engine as engine_module
from sim.engine import Engine
from sim.model import DayCentre
from sim.outcomes.catalogue import OUTCOMES
from sim.scenario.schema.changes import Replace
from sim.scenario.schema.scenario import Mechanisms, Scenario
from sim.state.build import build
from sim.state.people import TRAITS

few = settings(max_examples=20)
BACKGROUND = (
    "sex",
    "age",
    "diagnosis",
    "years_ill",
    "years_in_centre",
    "occupation",
    "lives_with",
    "only_child",
    "marital_status",
)
TALKATIVE = {"conversation": {"occasion": 1.0}, "turnover": {"leaving_rate": 1.0, "vacancy_days": 5.0}}


@few
@given(scenarios("bounds"), seeds)
def test_the_same_scenario_and_seed_give_the_same_bits(scenario, seed):
    assert everything(lived(scenario, seed)) == everything(lived(scenario, seed))


@few
@given(scenarios(), seeds)
def test_another_seed_gives_another_run(scenario, seed):
    assert everything(lived(scenario, seed)) != everything(lived(scenario, seed ^ 1))


@few
@given(scenarios(), seeds)
def test_a_month_at_once_is_the_month_day_by_day(scenario, seed):
    by_day = Engine(scenario, seed)
    for _ in range(30):
        by_day.advance(1)
    assert everything(by_day) == everything(lived(scenario, seed, 30))


@settings(max_examples=8)
@given(scenarios(), st.integers(0, 2**63 - 1))
def test_steps_of_the_mesa_model_are_days_of_the_engine(scenario, seed):
    model = DayCentre(scenario, rng=seed)
    for _ in range(20):
        model.step()
    assert everything(model.engine) == everything(lived(scenario, seed))


@few
@given(scenarios(), seeds)
def test_going_on_beyond_the_scenario_is_a_longer_scenario(scenario, seed):
    assert everything(lived(scenario, seed, 33)) == everything(lived(scenario.with_changes(days=33), seed))


@few
@given(scenarios(), seeds)
def test_a_shorter_run_is_the_beginning_of_a_longer(scenario, seed):
    short, long = lived(scenario.with_changes(days=8), seed), lived(scenario, seed)
    assert short.daily.tobytes() == long.daily[:8].tobytes()


@pytest.mark.slow
@few
@given(scenarios(), seeds)
def test_reading_changes_nothing(scenario, seed):
    read = Engine(scenario, seed)
    for _ in range(20):
        read.advance(1)
        read.graph()
        assert [float(np.nansum(read.daily[name])) for name in OUTCOMES]
        assert len(read.enrolled) <= len(read.state.users)
    assert everything(read) == everything(lived(scenario, seed))


@pytest.mark.parametrize("spare", [0.0, 12.0])
@pytest.mark.parametrize("seed", [3, 4])
def test_how_many_newcomers_are_sampled_ahead_changes_nothing(monkeypatch, spare, seed):
    rules = {"turnover": {"leaving_rate": 4.0, "vacancy_days": 1.0}}
    centres = {"a": {"users": 8}, "b": {"users": 6, "copies": 2}}
    scenario = Scenario.model_validate({"name": "x", "days": 120, "settling": 30, "centres": centres, "rules": rules})
    usual = everything(lived(scenario, seed))
    monkeypatch.setattr(engine_module, "build", partial(build, spare=spare))
    assert everything(lived(scenario, seed)) == usual


# Relabelling.


def of_file(people, folder: Path, network=None, **changes) -> Scenario:
    """Return a centre whose users come from a file."""
    centre = {"users": len(people), "users_file": written(people, folder / "users.csv")}
    timetable = [
        {"activity": "crafts", "group_size": 3, "grouping": g} for g in ("free", "interest", "assigned", "rotating")
    ]
    given = {"name": "x", "days": 20, "rules": TALKATIVE, "network": network or {"kind": "none"}}
    return Scenario.model_validate(given | {"centres": {"c": centre | {"timetable": timetable}}} | changes)


@few
@given(rosters(), st.randoms(use_true_random=False), seeds)
def test_the_order_of_strangers_in_a_file_is_of_no_account(people, chance, seed):
    shuffled = list(people)
    chance.shuffle(shuffled)
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        runs = [lived(of_file(who, Path(folder)), seed) for who, folder in ((people, one), (shuffled, other))]
    assert same_people(*runs)
    assert all(np.allclose(runs[0].daily[name], runs[1].daily[name], equal_nan=True) for name in OUTCOMES)


def surveyed(people, closeness: dict, folder: Path) -> Scenario:
    """Return a centre whose users and ties come from files."""
    path = folder / "ties.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["source", "target", "closeness"])
        writer.writerows([one, other, value] for (one, other), value in closeness.items())
    return of_file(people, folder, {"kind": "file", "file": path})


def shuffled_and_not(people, closeness: dict, chance, seed: int) -> list[Engine]:
    """Return runs of the same friends in two orders."""
    shuffled = list(people)
    chance.shuffle(shuffled)
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        orders = ((people, Path(one)), (shuffled, Path(other)))
        return [lived(surveyed(who, closeness, folder), seed) for who, folder in orders]


@few
@given(rosters(), st.randoms(use_true_random=False), seeds)
def test_the_order_of_friends_in_a_file_is_of_no_account(people, chance, seed):
    names = [person["participant"] for person in people]
    closeness = {(a, b): chance.uniform(0.3, 0.95) for a in names for b in names if a != b}
    assert same_people(*shuffled_and_not(people, closeness, chance, seed))


@few
@given(rosters(), st.randoms(use_true_random=False), seeds)
def test_the_order_of_friends_who_feel_alike_is_of_no_account(people, chance, seed):
    """Two feel equally close when one of them did not answer the survey."""
    names = [person["participant"] for person in people]
    closeness = {(a, b): chance.uniform(0.3, 0.95) for k, a in enumerate(names) for b in names[:k]}
    closeness |= {(b, a): value for (a, b), value in closeness.items()}
    assert same_people(*shuffled_and_not(people, closeness, chance, seed))


@few
@given(scenarios(), seeds)
def test_the_order_of_centres_is_of_no_account(scenario, seed):
    turned = scenario.with_changes(centres=Replace(dict(reversed(scenario.centres.items()))))
    runs = [lived(scenario, seed), lived(turned, seed)]
    assert same_people(*runs)
    for name in OUTCOMES:
        assert np.allclose(runs[0].daily[name], runs[1].daily[name][:, ::-1], equal_nan=True)


# What adding somebody leaves alone.


def unchanged(before: Engine, after: Engine, columns: tuple[str, ...]) -> bool:
    """Return whether everybody is equal in these columns of two runs."""
    one, other = by_uid(before), by_uid(after)
    assert one.keys() < other.keys()
    return all(np.array_equal(one[uid][name], other[uid][name]) for uid in one for name in columns)


FIRST_DAY = (*BACKGROUND, *TRAITS, "interest", "speciality", "attends", "unwell", "habit")


@few
@given(rosters(), seeds, st.integers(0, 8))
def test_a_user_more_in_the_file_disturbs_nobody_elses_first_day(people, seed, place):
    more = list(people)
    more.insert(place, dict(people[0], participant="ZZZ"))
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        runs = [lived(of_file(who, Path(folder)), seed, 1) for who, folder in ((people, one), (more, other))]
    assert unchanged(*runs, FIRST_DAY)


@few
@given(st.integers(5, 12), seeds)
def test_a_seat_more_disturbs_nobody_elses_first_day(users, seed):
    scenarios = [
        Scenario.model_validate({"name": "x", "centres": {"c": {"users": n}}, "network": {"kind": "none"}})
        for n in (users, users + 1)
    ]
    assert unchanged(*(lived(scenario, seed, 1) for scenario in scenarios), FIRST_DAY)


@few
@given(scenarios(), seeds, st.booleans())
def test_a_centre_more_disturbs_nobody_elsewhere(scenario, seed, comes_first):
    """Centres meet in public stigma only, so not at all when nobody advocates."""
    alone = scenario.with_changes(mechanisms=Mechanisms(group_advocacy=False))
    more = {"another": {"users": 9}}
    both = {**more, **alone.centres} if comes_first else {**alone.centres, **more}
    runs = [lived(alone, seed), lived(alone.with_changes(centres=Replace(both)), seed)]
    columns = tuple(next(iter(by_uid(runs[0]).values())))
    assert unchanged(*runs, tuple(name for name in columns if name != "uid"))


@few
@given(scenarios(), seeds)
def test_copies_of_a_centre_are_centres_of_their_own(scenario, seed):
    name, centre = next(iter(scenario.centres.items()))
    copied = scenario.with_changes(centres=Replace({name: centre.model_copy(update={"copies": 2})}))
    assume(copied.settling == 0)
    engine = lived(copied, seed)
    assert engine.centres == [f"{name}-1", f"{name}-2"]
    assert engine.daily["mood"][0, 0] != engine.daily["mood"][0, 1]


# Common random numbers: what differs between two scenarios is all that differs between their runs.


def usual(**changes) -> Scenario:
    """Return a busy centre with nothing that is off by default."""
    rules = {
        "conversation": {"occasion": 1.0, "leak_rate": 0.0, "questioning": 0.0},
        "identity": {"contagion": 0.0, "advocacy_rate": 0.0},
        "proximity": {"romance_share": 0.0},
        "contact": {"daily_rate": 0.0},
        "encounters": {"join_share": 0.0},
    }
    for section, values in changes.pop("rules", {}).items():
        rules[section] = rules.get(section, {}) | values
    return Scenario.model_validate({"name": "x", "days": 40, "centres": {"c": {"users": 12}}, "rules": rules} | changes)


@pytest.mark.parametrize(
    "irrelevant",
    [
        {"rules": {"conversation": {"leak_trust": 0.9, "leak_learned": 0.9, "hearsay_threshold": 0.1}}},
        {"rules": {"conversation": {"questioning_penalty": 4.0}}},
        {"rules": {"proximity": {"romance_distance": 1.0}}},
        {"rules": {"contact": {"minutes": 45.0, "hour_load": 1.5}}},
        {"rules": {"identity": {"advocacy_relief": 0.06, "advocacy_public": 0.01, "contagion": 0.0}}},
        {"rules": {"identity": {"advocacy_from": 0.3}}},
        {"title": "another title", "question": "Another question?", "replicates": 3, "seed": 5},
        {"users": {"confidentiality": 0.9}},
    ],
    ids=lambda changes: str(changes)[:60],
)
def test_what_is_irrelevant_changes_no_outcome(irrelevant):
    assert lived(usual(**irrelevant), 6).daily.tobytes() == lived(usual(), 6).daily.tobytes()


PATHS_OF_WORTH = {
    "encounters": {"initiative_worth": 0.0},
    "conversation": {"worth_weight": 0.0},
    "support": {"ask_worth": 0.0},
    "wellbeing": {"lonely_worth": 0.0, "mood_worth": 0.0, "hope_worth": 0.0},
}


@pytest.mark.parametrize("mechanism", ["becoming_oneself", "helping_empowers"])
def test_self_worth_acts_by_its_own_paths_only(mechanism):
    """A change of self-worth alone moves no other outcome when nothing reads it, and many while rules read it."""

    def differing(**changes) -> set[str]:
        runs = [lived(usual(mechanisms={mechanism: on}, **changes), 6).daily for on in (True, False)]
        return {name for name in OUTCOMES if runs[0][name].tobytes() != runs[1][name].tobytes()}

    assert differing(rules=PATHS_OF_WORTH) == {"self_worth"}
    assert {"self_worth", "mood", "loneliness_ucla20", "hope", "talks"} <= differing()


def test_a_change_that_comes_late_leaves_what_was_before():
    centre = {"users": 12, "closures": [{"first": 21, "last": 21}]}
    runs = [lived(usual(centres={"c": c}), 6).daily for c in ({"users": 12}, centre)]
    assert runs[0][:21].tobytes() == runs[1][:21].tobytes()
    assert runs[0][21]["attended"].sum() > runs[1][21]["attended"].sum() == 0


def test_staff_who_neither_hold_nor_bring_together_change_nothing_on_the_first_day_before_what_is_said():
    rules = {"encounters": {"cancelled": 0.0, "introduced": 0.0}}
    runs = [lived(usual(centres={"c": {"users": 12, "staff": staff}}, rules=rules), 6, 1).daily for staff in (0.0, 9.0)]
    same = ("attended", "relapses", "needs_arisen", "declined", "talks", "talk_hours")
    assert all(runs[0][name].tobytes() == runs[1][name].tobytes() for name in same)


def test_a_house_that_does_not_live_needs_staff_for_reception_only():
    rules = {"conversation": {"reception_shortage": 0.0}}
    without = {"living_house": False}
    runs = [
        lived(usual(centres={"c": {"users": 12, "staff": staff}}, rules=rules, mechanisms=without), 6).daily
        for staff in (0.0, 9.0)
    ]
    assert runs[0].tobytes() == runs[1].tobytes()
