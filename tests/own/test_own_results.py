"""Results of own rules and outcomes: tables of users, a model of Mesa, draws of what nobody knows, calibration."""

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from own_offers import TALKERS, Steps, forgotten

from dayroom import (
    DayCentre,
    Replace,
    calibration_parameters,
    compare,
    load_scenario,
    register,
    run,
    run_replicates,
    users_frame,
)
from experiments.calibration.fit import value_in
from experiments.calibration.parameters import calibrated, parameters_of
from experiments.calibration.posterior.model import ModelStatistics
from experiments.calibration.posterior.search import PosteriorError, read_parameter
from experiments.calibration.targets import read_targets
from experiments.compare.draws import drawn, unknown_parameters, with_draw
from experiments.compare.ensembles import EnsembleError, ensemble
from experiments.compare.terminal import lines_of
from experiments.designs.changes import changed
from experiments.designs.factor import Factor
from experiments.runs.runner import Failed
from experiments.store.tables import users_table
from sim.engine import Engine
from sim.scenario.text.errors import InputError, ScenarioError

SMALL = {"days": 4, "settling": 0, "centres": Replace({"east": {"users": 6}, "west": {"users": 5}})}
SIZE = "rules.steps.size"


@pytest.fixture(autouse=True)
def _registered():
    register(TALKERS)
    register(Steps)
    yield
    forgotten()


def scenario(**more):
    return load_scenario("baseline").with_changes(**SMALL, **more)


@pytest.fixture
def stepped():
    return scenario(rules={"steps": {}}, observe={"outcomes": ["talkers"]})


def test_users_of_a_run_have_the_columns_of_the_rule(stepped):
    done = run(stepped, 1)
    engine = Engine(stepped, 1)
    engine.advance(4)
    of = dict(zip(engine.state.users["uid"].tolist(), engine.own.by_name()["steps"].users.pace.tolist(), strict=True))
    assert done.users["steps.pace"].tolist() == [of[uid] for uid in done.users["uid"].tolist()]
    assert (done.users["steps.days"][done.users["status"] == 1] == 4).all()
    assert "steps.age" not in done.users.dtype.names  # a column of ties
    plain = run(scenario(observe={"outcomes": ["talkers"]}), 1)
    assert plain.users.dtype.names == done.users.dtype.names[:-2]


def test_tables_of_users_hold_them_with_unit_and_meaning(stepped, tmp_path):
    done = run(stepped, 1)
    assert users_frame(done)["steps.pace"].between(0.5, 1.0).all()
    pq.write_table(users_table(done, {"replicate": 0, "seed": 1}), tmp_path / "users.parquet")
    schema = pq.read_schema(tmp_path / "users.parquet")
    assert schema.field("steps.days").metadata[b"unit"] == b"day"
    assert schema.field("steps.pace").metadata[b"meaning"] == b"Pace"
    assert pd.read_parquet(tmp_path / "users.parquet")["steps.days"].tolist() == done.users["steps.days"].tolist()


def test_mesa_collects_own_outcomes_from_day_0(stepped):
    model = DayCentre(stepped, rng=1)
    assert model.outcome("talkers") == 0.0  # nobody has talked yet
    model.step()
    collected = model.datacollector.get_model_vars_dataframe()["talkers"]
    assert collected.tolist() == [0.0, model.outcome("talkers")]
    assert model.outcome("talkers") > 0
    table = model.data_recorder.get_table_dataframe("outcomes")
    assert table["talkers"].tolist() == model.engine.daily["talkers"].ravel().tolist()
    chosen = DayCentre(stepped, rng=1, outcomes=["talkers"]).datacollector
    assert list(chosen.model_reporters) == ["talkers"]
    with pytest.raises(InputError, match="outcomes: found 'talkers'"):
        DayCentre(scenario(), rng=1, outcomes=["talkers"])


def test_day_0_shows_the_evening_before():
    seen = []

    def look(evening):
        seen.append((evening.day, evening.centre, float(evening.today["users"]), len(evening.users)))
        return 0.0

    register(type(TALKERS)("watched", "1", "neither", "Watched", "Watched", look))
    DayCentre(scenario(observe={"outcomes": ["watched"]}), rng=1)
    assert set(seen) == {(-1, "east", 6.0, 6), (-1, "west", 5.0, 5)}


def test_its_parameters_can_be_fitted(stepped):
    assert SIZE in {one.path for one in parameters_of(stepped)}
    assert SIZE not in {one.path for one in parameters_of(scenario())}
    assert SIZE not in {one.path for one in calibrated(stepped)}  # it is assumed
    (found,) = calibration_parameters(["rules.steps.*"], stepped)
    assert (found.path, found.quantity.plausible, value_in(stepped, found)) == (SIZE, (0.05, 0.3), 0.1)
    assert read_parameter(SIZE, stepped) == Factor(SIZE, 0.05, 0.3)
    assert read_parameter(f"{SIZE}=0.1..0.2", stepped) == Factor(SIZE, 0.1, 0.2)
    with pytest.raises(InputError, match=r"found 'rules\.steps\.size', which no parameter matches"):
        calibration_parameters([SIZE], scenario())
    with pytest.raises(PosteriorError, match="does not exist"):
        read_parameter(SIZE, scenario())


def test_statistics_of_a_posterior_take_its_values(stepped):
    (target,) = [one for one in read_targets() if one.key == "lonely_share"]
    statistics = ModelStatistics(stepped, [target], 1)
    results = [statistics({SIZE: size}, 1) for size in (0.0, 0.3)]
    assert [set(one) for one in results] == [{"lonely_share"}] * 2
    refused = statistics({SIZE: 7.0}, 1)
    assert isinstance(refused, Failed)
    assert refused.mistake


def test_draws_of_what_nobody_knows_hold_it_where_the_rule_is(stepped):
    base = scenario()
    chosen = [one for one in unknown_parameters([base, stepped]) if one.path == SIZE]
    draws = drawn(chosen, 5, 1)
    assert draws[SIZE].between(0.05, 0.3).all()
    assert with_draw(stepped, {SIZE: 0.2}).rules.steps.size == 0.2
    assert with_draw(base, {SIZE: 0.2}) == base
    assert changed(stepped, {SIZE: 0.2}) == with_draw(stepped, {SIZE: 0.2})
    assert ensemble(pd.DataFrame({SIZE: [0.1, 0.2]}), [base, stepped])[SIZE].tolist() == [0.1, 0.2]
    with pytest.raises(EnsembleError, match=r"found the column 'rules\.steps\.size'"):
        ensemble(pd.DataFrame({SIZE: [0.1, 0.2]}), [base])


def test_a_comparison_with_and_without_the_rule_over_draws(stepped):
    base = scenario().with_changes(name="without")
    draws = pd.DataFrame({SIZE: [0.05, 0.3]})
    done = compare(base, stepped.with_changes(name="with"), replicates=2, seed=1, uncertain=draws, jobs=1)
    values = done.uncertain.values.set_index(["scenario", "draw", "replicate"])
    assert np.isfinite(values["loneliness_ucla20"]).all()
    assert set(values.index.get_level_values("scenario")) == {"without", "with"}


def test_an_own_outcome_as_a_target_is_refused_in_words(tmp_path):
    file = tmp_path / "ours.yaml"
    file.write_text("targets: [{key: talkers, low: 0.1, high: 0.2}]\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="talkers is an outcome of another package; targets name only the statist"):
        read_targets(file)


def test_run_and_compare_print_the_outcome_that_a_scenario_asks_for(stepped):
    ran = run_replicates(stepped, 2, seed=1, jobs=1).sentences()
    compared = compare(stepped, stepped.with_changes(name="longer", days=5), days=4, replicates=2, seed=1, jobs=1)
    label = TALKERS.label
    assert [line for line in ran if line.startswith(label)]
    assert [line for line in lines_of(compared) if line.lower().startswith(label.lower())]
    assert not [line for line in run_replicates(scenario(), 2, seed=1, jobs=1).sentences() if line.startswith(label)]
