"""Compiled reviews leave the same bits as reviews in plain numpy and Python, for each policy and for many at once."""

from random import Random

import numpy as np
import pytest
from plain_review import PlainReview
from trials import OPTIONS

from sim.day import run_days
from sim.engine import Engine
from sim.outcomes.catalogue import COSTS
from sim.scenario.schema.changes import Replace
from sim.scenario.schema.effects import Effect
from sim.scenario.schema.policy import policies
from sim.scenario.schema.scenario import Scenario

TABLES = ("users", "ties", "centres", "society", "workers", "circles", "sessions", "ledger")
DAYS = 64
CONDITIONS = ("all", "burden > 30 and not newcomer", "years_in_centre < 2 or helper", "sex == woman")
SIGNALS = ("mean(burden) > 25 for 1 week", "share(newcomer) >= 5 %", "attendance < 80 %", "sd(mood) > 0.1", "day >= 20")
OVER = ("median(burden) < 20", "users > 9 for 2 weeks", "count(unwell) == 0")


def busy(uses, **more) -> Scenario:
    """Return two busy centres in which users come, talk, fall ill and leave."""
    given = {
        "name": "busy",
        "days": DAYS,
        "settling": 30,
        "rules": {"turnover": {"leaving_rate": 3.0, "vacancy_days": 3.0}, "conversation": {"occasion": 1.0}},
        "network": {"hours_per_year": 60},
        "centres": {"here": {"users": 12, "staff": 1}, "there": {"users": 9, "staff": 0.5}},
        "policies": uses,
    }
    return Scenario.model_validate(given | more)


def use_at_random(chance: Random, policy: str) -> dict:
    """Draw a use of a policy: dates, ramp, condition, signal, staff hours, place."""
    use = {"policy": policy, **OPTIONS.get(policy, {})}
    use |= {"uptake": chance.choice([1.0, 0.6]), "intensity": chance.choice([1.0, 0.4])}
    use |= {"start": chance.choice([0, 4]), "end": chance.choice([33, 40, 1000]), "ramp": chance.choice([0, 10])}
    use |= {"fade": chance.choice([0, 9.5]), "eligible": chance.choice(CONDITIONS)}
    use |= {"stay": chance.choice(["while eligible", "once begun"]), "priority": chance.choice([10, 50])}
    use |= {"staff_hours": chance.choice([0.0, 3.0]), "staff_hours_each": chance.choice([0.0, 0.5])}
    use |= {"money": 10.0, "money_each": chance.choice([0.0, 3.3])}
    if chance.random() < 0.5:
        use |= {"when": chance.choice(SIGNALS), "cooldown": chance.choice([0, 8])}
        if chance.random() < 0.5:
            use["until"] = chance.choice(OVER)
    if chance.random() < 0.3:
        use["centres"] = [chance.choice(["here", "there"])]
    return use


def differences(scenario: Scenario, seed: int) -> list[str]:
    """Live a scenario twice, with compiled and with plain reviews; return the day and table of each difference."""
    ours, theirs = Engine(scenario, seed), Engine(scenario.with_changes(policies=Replace({})), seed)
    plain = PlainReview(scenario, theirs.centres, seed, theirs.state)
    theirs.state, found = plain.state, []
    for day in range(scenario.days):
        if day == 0 or plain.next_day(day - 1) == day:
            plain.hold(theirs.state, day)
        theirs.advance(1)
        for name, cost in zip(COSTS, plain.costs, strict=True):
            theirs.state.ledger[name][day] = cost
        ours.advance(1)
        bits = {name: [getattr(one.state, name).tobytes() for one in (ours, theirs)] for name in TABLES}
        found += [f"day {day}: {name}" for name, (one, other) in bits.items() if one != other]
    if ours.review.records().tobytes() != plain.records().tobytes():
        found.append("records")
    pairs = zip(ours.review.running, plain.running, strict=True)
    acted = [(one.acted[: len(other.acted)] != other.acted).any() for one, other in pairs]
    return found + ["acted"] * any(acted)


@pytest.mark.parametrize("policy", sorted(policies()))
def test_a_policy_alone_leaves_the_same_bits(policy):
    chance = Random(policy)  # noqa: S311
    for number in range(3):
        assert differences(busy({"use": use_at_random(chance, policy)}), number) == []


@pytest.mark.parametrize("number", range(6))
def test_many_policies_leave_the_same_bits(number):
    chance = Random(number)  # noqa: S311
    chosen = chance.sample(sorted(policies()), 8)
    assert differences(busy({f"use-{k}": use_at_random(chance, one) for k, one in enumerate(chosen)}), number) == []


@pytest.mark.slow
@pytest.mark.parametrize("number", range(100, 200))
def test_any_policies_leave_the_same_bits(number):
    chance = Random(number)  # noqa: S311
    chosen = [chance.choice(sorted(policies())) for _ in range(chance.randint(1, 10))]
    assert differences(busy({f"use-{k}": use_at_random(chance, one) for k, one in enumerate(chosen)}), number) == []


@pytest.mark.parametrize("matching", ["interest", "sex", "any"])
def test_pairs_of_each_kind_leave_the_same_bits(matching):
    use = {"policy": "buddy_scheme", "matching": matching, "uptake": 1.0, "end": 50, "senior_from": 0.5}
    training = {"policy": "vocational_training", "eligible": "all", "uptake": 0.3, "start": 11, "ramp": 0}
    assert differences(busy({"use": use, "training": training}), 4) == []


@pytest.mark.parametrize(("matching", "alike"), [("sex", True), ("any", False)])
def test_pairs_by_sex_are_of_one_sex_where_there_is_a_choice(matching, alike):
    house = {"centres": {"here": {"users": 30, "staff": 3}}}
    engine = Engine(busy({"use": {"policy": "buddy_scheme", "matching": matching, "uptake": 0.7}}, **house), 4)
    engine.advance(8)
    pairs, sex = engine.review.running[0].seniors, engine.state.users["sex"]
    assert len(pairs) >= 3
    assert all(sex[row] == sex[senior] for row, senior in pairs.items()) == alike


def by_python(use, on) -> None:
    """Act by effects as a policy of another package would: in Python, through `on`."""
    for effect in use.effects():
        on.take(effect)


@pytest.mark.parametrize("number", [1, 2])
def test_policies_in_python_between_compiled_ones_leave_the_same_bits(monkeypatch, number):
    chance = Random(number)  # noqa: S311
    names = ["codesign", "help_cap", "vocational_training", "staffing", "disclosure_circle", "peer_support_workers"]
    scenario = busy({f"use-{k}": use_at_random(chance, one) for k, one in enumerate(names)})
    compiled = Engine(scenario, number)
    compiled.advance(DAYS)
    for name in names[number - 1 :: 2]:
        monkeypatch.setattr(policies()[name], "act", by_python)
    mixed = Engine(scenario, number)
    mixed.advance(DAYS)
    assert (compiled.review.is_by_hand, mixed.review.is_by_hand) == (False, True)
    for table in TABLES:
        assert getattr(compiled.state, table).tobytes() == getattr(mixed.state, table).tobytes(), table
    assert compiled.review.records().tobytes() == mixed.review.records().tobytes()


def test_the_records_of_a_run_beyond_its_length_find_room():
    engine = Engine(busy({"use": {"policy": "respite", "start": 3}}, days=10), 1)
    for _ in range(3):
        engine.advance(61)
    records = engine.review.records()
    assert records.day.tolist() == sorted([3, *range(0, 183, 7)] * 2)
    assert np.array_equal(records.centre, [0, 1] * (len(records) // 2))


def test_a_run_with_compiled_reviews_makes_no_call_for_them(monkeypatch):
    calls = []
    monkeypatch.setattr("sim.engine.run_days", lambda *given: calls.append(given[2:4]) or run_days(*given))
    engine = Engine(busy({"use": {"policy": "respite"}}, rules={"turnover": {"leaving_rate": 0.0}}), 1)
    calls.clear()
    engine.advance(DAYS)
    assert calls == [(0, DAYS)]


@pytest.mark.parametrize(
    ("policy", "options", "described"),
    [
        ("respite", {"rest": 0.7}, [("add", ("user.respite",), 0.7)]),
        (
            "staffing",
            {"added_staff": 2.0, "closed_places": 3},
            [("staff", ("centre.coverage",), 2.0), ("close places", 3)],
        ),
        (
            "outreach",
            {"caller": "peers"},
            [("add", ("user.outreach",)), ("assign",), ("add", ("user.outreach_by_peers",), 1.0)],
        ),
        ("peer_support_workers", {"number": 2, "caseload": 7}, [("caseloads", 2, 7)]),
        ("buddy_scheme", {"matching": "interest", "closeness": 0.3}, [("pairs", ("tie.arranged",), 0.3, 2)]),
        ("vocational_training", {"teaching": 0.25}, [("add",), ("pairs", ("tie.arranged", "user.mentoring"), 0.25, 0)]),
    ],
)
def test_effects_carry_the_options_of_a_use(policy, options, described):
    effects = policies()[policy](policy=policy, **options).effects()
    assert len(effects) == len(described)
    for effect, parts in zip(effects, described, strict=True):
        assert set(parts) <= {getattr(effect, name) for name in Effect.__dataclass_fields__}


def test_the_comparison_sees_a_difference():
    scenario = busy({"use": {"policy": "respite", "eligible": "all"}})
    engine = Engine(scenario, 1)
    other = Engine(busy({"use": {"policy": "respite", "eligible": "all", "rest": 1.0000001}}), 1)
    engine.advance(1)
    other.advance(1)
    assert engine.state.users.tobytes() != other.state.users.tobytes()


def test_a_copy_of_a_run_goes_on_by_itself():
    import copy

    engine = Engine(busy({"use": {"policy": "buddy_scheme", "eligible": "all"}}), 2)
    engine.advance(10)
    twin = copy.deepcopy(engine)
    engine.advance(DAYS - 10)
    assert not np.array_equal(engine.state.users, twin.state.users)
    twin.advance(DAYS - 10)
    assert engine.state.users.tobytes() == twin.state.users.tobytes()
    assert engine.review.records().tobytes() == twin.review.records().tobytes()
