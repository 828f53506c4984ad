"""Rules of other packages: found by entry point, checked like ours, placed in the day, absent unless named."""

import copy
import pickle

import numpy as np
import pytest
from own_offers import Steps, forgotten

from dayroom import OwnColumn, OwnRule, Replace, load_scenario, register, run, show
from sim.engine import Engine
from sim.own import rules as own_rules
from sim.scenario.schema.own_rule import RULES
from sim.scenario.schema.registry import UnusableError
from sim.scenario.text.errors import InputError, ScenarioError
from sim.streams import PURPOSES, own_purpose

SMALL = {"days": 6, "settling": 0, "centres": Replace({"centre": {"users": 6}})}


@pytest.fixture(autouse=True)
def _registered():
    register(Steps)
    yield
    forgotten()


def scenario(**rules):
    return load_scenario("baseline").with_changes(**SMALL, rules=rules)


def bits(daily):
    return [np.asarray(daily[name]).tobytes() for name in daily.dtype.names]


def test_a_rule_acts_only_where_it_is_named():
    plain, named = run(scenario(), 1), run(scenario(steps={}), 1)
    assert bits(plain.daily) != bits(named.daily)
    forgotten()
    assert bits(run(scenario(), 1).daily) == bits(plain.daily)


def test_its_columns_start_and_last():
    engine = Engine(scenario(steps={"size": 0.0}), 1)
    engine.advance(3)
    own = engine.own.by_name()["steps"]
    here = engine.state.users["status"] == 1
    assert (own.users.days[here] == 3.0).all()
    assert ((own.users.pace > 0.5) & (own.users.pace < 1.0)).all()
    assert len(set(own.users.pace.tolist())) == len(own.users)
    assert own.centres.acts.tolist() == [3.0]
    assert (own.ties.age == 5.0 + 3.0).all()


def test_a_tie_begins_anew_with_another_user():
    engine = Engine(scenario(steps={"size": 0.0}), 1)
    engine.advance(2)
    engine.own.own[0].seats[0] = -1  # as if another user had sat there
    engine.advance(1)
    age = engine.own.own[0].ties.age.reshape(6, 6)
    assert (age[0] == 6.0).all()
    assert (age[:, 0] == 6.0).all()
    assert (age[1:, 1:] == 8.0).all()


def test_a_day_in_parts_and_a_copy_give_the_same_bits():
    whole, parts = Engine(scenario(steps={}), 1), Engine(scenario(steps={}), 1)
    whole.advance(6)
    parts.advance(2)
    parts = pickle.loads(pickle.dumps(copy.deepcopy(parts)))  # noqa: S301 - our own bytes
    for _ in range(4):
        parts.open_day()
        parts.live(1, 4)
        parts.live(5, 13)
        parts.close_day()
    assert bits(whole.daily) == bits(parts.daily)
    assert whole.own.own[0].users.tobytes() == parts.own.own[0].users.tobytes()


def test_rules_after_one_phase_act_in_the_order_of_their_names():
    order = []

    def rule_of(name, phase):
        def act(s, c, day, seed, own):
            order.append(name)

        return type(
            name, (OwnRule,), {"__module__": "own_offers", "rule": name, "after": phase, "act": staticmethod(act)}
        )

    for name, phase in (("second", "identity"), ("first", "identity"), ("early", "turnover")):
        RULES.registered[name] = rule_of(name, phase), None
    named = scenario(second={}, first={}, early={})
    engine = Engine(scenario(), 1)
    engine.own = own_rules.OwnRules(named, engine.state, 1)
    engine.own._ready = (engine.state, lambda *_: 0, lambda *_: 0, [type(rule).act for rule in engine.own.rules])
    engine.own.run_days(engine.state, 0, 1, 0, np.uint64(1))
    assert order == ["early", "first", "second"]


def test_own_draws_share_no_counter_with_dayrooms():
    numbers = [own_purpose("rule", f"draw-{k}") for k in range(2000)]
    assert min(number & 0xFF for number in numbers) >= 128 > max(PURPOSES.values())
    assert all(number & ~0xFFF000FF == 0 for number in numbers)  # leaves bits 8 to 19 to the slot
    assert len(set(numbers)) > 1980
    assert own_purpose("rule", "draw") == own_purpose("rule", "draw") != own_purpose("rule", "other")


def test_two_draws_with_the_same_numbers_are_refused(monkeypatch):
    monkeypatch.setattr(own_rules, "own_purpose", lambda rule, draw: 128)
    with pytest.raises(InputError, match=r"the draws steps.luck and steps.start.pace would be the same numbers"):
        Engine(scenario(steps={}), 1)


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"step": {}}, r"unknown key 'step' in rules; did you mean 'steps'\?"),
        ({"gossip": {}}, r"unknown key 'gossip' in rules; no package that offers it is installed"),
        ({"steps": {"size": 7}}, r"rules.steps.size: found 7.* allowed: 0 to 1"),
        ({"steps": {"sice": 1}}, r"unknown key 'sice' in rules.steps; did you mean 'size'\?"),
    ],
)
def test_mistakes_are_explained(rules, message):
    with pytest.raises(ScenarioError, match=message):
        scenario(**rules)


def test_a_scenario_with_it_is_written_and_read_again(tmp_path):
    named = scenario(steps={"size": "25 %"})
    assert named.rules.steps.size == 0.25
    (tmp_path / "again.yaml").write_text(show(named), encoding="utf-8")
    assert load_scenario(tmp_path / "again.yaml") == named


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"rule": "Steps!"}, "has no name"),
        ({"rule": "wellbeing"}, "a section of rules is named wellbeing already"),
        ({"after": "identiti"}, "did you mean 'identity'"),
        ({"acts_on": ("user.empathy",)}, "which is of the kind trait; a rule writes states, memories and tallies"),
        ({"acts_on": ("user.moood",)}, "did you mean 'user.mood'"),
        ({"acts_on": "user.mood"}, "acts_on is no tuple"),
        ({"columns": (OwnColumn("tie", "x", "1", (0, 1), "X", (0.0, 1.0)),)}, "starts at one number, not in a range"),
        ({"draws": ("a", "a")}, "a must be a name of a-z, 0-9 and _, given once"),
    ],
)
def test_an_unusable_rule_is_refused(changes, why):
    chosen = type("Other", (Steps,), {"__module__": "own_offers", "rule": "other", **changes})
    with pytest.raises(UnusableError, match=why):
        RULES.register(chosen)


def test_a_rule_that_numba_cannot_compile_is_named(monkeypatch):
    def compiled(kernel, *arguments):
        raise KeyError("nothing")

    monkeypatch.setattr(own_rules, "_entry", compiled)
    with pytest.raises(InputError, match=r"rules.steps: numba cannot compile its act; .*KeyError: 'nothing'"):
        Engine(scenario(steps={}), 1).advance(1)
