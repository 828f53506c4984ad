"""Outcomes of other packages: recorded where they are asked for, shown with label and unit, and part of the address."""

import numpy as np
import pytest
from own_offers import TALKERS, Steps, forgotten, talkers

from dayroom import (
    OwnOutcome,
    Replace,
    compare,
    daily_frame,
    define_study,
    load_scenario,
    load_study,
    register,
    results,
    run,
    run_replicates,
    sweep,
)
from experiments.runs.executors import InProcess
from experiments.runs.executors.pool import ProcessPool
from experiments.store.extensions import extensions_of
from experiments.store.named_files import simulated
from experiments.sweep.kept import kept
from sim.engine import Engine
from sim.outcomes.catalogue import DAILY, OUTCOMES, recorded
from sim.scenario.schema.registry import UnusableError
from sim.scenario.text.errors import InputError, ScenarioError

SMALL = {"days": 6, "settling": 0, "centres": Replace({"east": {"users": 6}, "west": {"users": 5}})}


@pytest.fixture(autouse=True)
def _registered():
    register(TALKERS)
    register(Steps)
    yield
    forgotten()


def scenario(**more):
    return load_scenario("baseline").with_changes(**SMALL, **more)


@pytest.fixture
def watched():
    return scenario(observe={"outcomes": ["talkers"]})


def test_it_is_recorded_each_day_beside_the_same_bits(watched):
    plain, done = run(scenario(), 1), run(watched, 1)
    assert done.daily["talkers"].shape == plain.daily.shape
    assert ((done.daily["talkers"] >= 0) & (done.daily["talkers"] <= 1)).all()
    assert len(np.unique(done.daily["talkers"])) > 1
    assert all(plain.daily[one.name].tobytes() == done.daily[one.name].tobytes() for one in DAILY)
    assert "talkers" not in plain.daily.dtype.names


def test_it_is_what_the_function_says_of_that_evening(watched):
    done = run(watched, 1)
    engine = Engine(scenario(), 1)
    for day in range(6):
        engine.advance(1)
        for c in range(len(done.centres)):
            users = engine.state.users[(engine.state.users["status"] == 1) & (engine.state.users["centre"] == c)]
            assert done.daily["talkers"][day, c] == (users["talk_hours"] > 0).mean()


def test_an_evening_shows_ties_and_own_columns():
    seen = []

    def look(evening):
        seen.append(evening)
        return evening.own_users["steps"].days.mean()

    days = OwnOutcome("days_lived", "day", "neither", "Days", "Days", look)
    done = run(scenario(rules={"steps": {}}), 1, outcomes=[days])
    assert done.daily["days_lived"][-1, 0] == 6.0
    evening = seen[0]
    assert evening.ties.shape == evening.own_ties["steps"].shape == (len(evening.users),) * 2
    evening.users["mood"] = 0.0  # a copy
    assert evening.centre in done.centres


def test_a_day_in_parts_records_it_too(watched):
    whole, parts = Engine(watched, 1), Engine(watched, 1)
    whole.advance(3)
    for _ in range(3):
        parts.open_day()
        parts.live(1, 13)
        parts.close_day()
    assert whole.daily["talkers"].tolist() == parts.daily["talkers"].tolist()


def test_tables_name_it(watched):
    assert "talkers" in daily_frame(run(watched, 1)).columns
    assert kept(run(watched, 1, measures=True)).names[len(DAILY)] == "talkers"
    assert OUTCOMES["talkers"].label == "Users who talked"
    assert [one.name for one in recorded(["talkers", "burden", "nothing"])] == ["burden", "talkers"]
    result = run_replicates(watched, 2, 1)
    assert result.changes.chosen(["talkers"])[0].name == "talkers"


def test_a_comparison_has_its_contrast(watched):
    other = watched.with_changes(name="other", rules={"steps": {"size": 0.3}})
    done = compare(watched, [other], replicates=2, seed=1)
    row = next(one for one in done.contrasts if one.outcome == "talkers")
    assert row.unit == "share"


def test_a_study_takes_it_as_it_takes_dayrooms(tmp_path):
    study = define_study(
        "Who talks?", scenario(), replicates=2, outcomes=["talkers", "burden"], precision={"talkers": 0.9, "burden": 99}
    )
    assert study.outcomes == ("talkers", "burden")
    assert study.precision == (("burden", 99.0), ("talkers", 0.9))
    assert study.levers["usual-care"].observe.outcomes == ("talkers",)  # which its base does not name
    sweep(study, tmp_path, InProcess())
    frame = results(study, tmp_path)
    assert frame["talkers"].tolist() == [_end(study.levers["usual-care"], seed) for seed in frame["seed"]]


def _end(chosen, seed):
    made = run(chosen, int(seed), measures=True)
    return dict(zip(kept(made).names, kept(made).numbers, strict=True))["talkers"]


def test_a_study_of_a_base_that_records_it_records_it_once(watched):
    study = define_study("Who talks?", watched, outcomes=["talkers"])
    assert study.levers["usual-care"] == watched


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("outcomes: [talkers, talker]", r"outcomes.2: found 'talker'; did you mean 'talkers'"),
        ("outcomes: []", "outcomes"),
        ("precision: {talkers: 5 %, talker: 1}", "unknown key 'talker' in precision; did you mean 'talkers'"),
        ("precision: {talkers: 0}", "precision.talkers: found 0"),
    ],
)
def test_mistakes_in_a_study_are_explained(tmp_path, lines, message):
    file = tmp_path / "ours.yaml"
    file.write_text(f"question: Q?\nbase: baseline\ndesign: replicates\n{lines}\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=message):
        load_study(file)


def test_a_share_of_precision_may_be_a_percentage(tmp_path):
    file = tmp_path / "ours.yaml"
    file.write_text("question: Q?\nbase: baseline\ndesign: replicates\nprecision: {talkers: 5 %}\n", encoding="utf-8")
    assert load_study(file).precision == (("talkers", 0.05),)


def test_it_is_part_of_the_address(watched):
    assert simulated(watched) != simulated(scenario())
    [code] = extensions_of(watched)
    assert (code.kind, code.name, len(code.sources)) == ("outcome", "talkers", 32)


@pytest.mark.slow
def test_workers_of_a_pool_get_what_python_registered(watched):
    named = watched.with_changes(rules={"steps": {}})
    here, there = (list(each) for each in (map(_ends, [named] * 2), ProcessPool(2).each(_ends, [named] * 2)))
    assert here == there


def _ends(chosen):
    return [float(run(chosen, 1).daily[name][-1, 0]) for name in ("talkers", "mood")]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["talker"], r"observe.outcomes: found 'talker'; no package that offers .*; did you mean 'talkers'\?"),
        (["burden"], "found 'burden', which every run records"),
        (["talkers", "talkers"], "found 'talkers' twice"),
    ],
)
def test_mistakes_are_explained(names, message):
    with pytest.raises(ScenarioError, match=message):
        scenario(observe={"outcomes": names})


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"name": "burden"}, "every run records an outcome burden"),
        ({"name": "My outcome"}, "allowed are a-z, 0-9 and _"),
        ({"better": "up"}, "better must be lower, higher or neither"),
        ({"label": ""}, "unit, label and meaning must not be empty"),
        ({"measure": 3}, "measure is no function"),
    ],
)
def test_an_unusable_outcome_is_refused(changes, why):
    given = {"name": "x", "unit": "1", "better": "higher", "label": "X", "meaning": "X", "measure": talkers}
    with pytest.raises(UnusableError, match=why):
        register(OwnOutcome(**(given | changes)))


def test_a_value_that_is_no_number_is_named(watched):
    register(OwnOutcome("talkers", "share", "higher", "X", "X", lambda evening: "many"))
    with pytest.raises(InputError, match="outcome talkers: measure returns 'many', which is no number"):
        run(watched, 1)


def test_only_policies_rules_and_outcomes_are_registered():
    with pytest.raises(InputError, match="is no subclass of PolicyUse or OwnRule, and no OwnOutcome"):
        register(3)
