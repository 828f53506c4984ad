"""ABC-SMC where the model fails: failures are counted and kept, never treated as a misfit; too many end the search."""

import json

import numpy as np
import pytest

from experiments.calibration.posterior.inference import infer
from experiments.calibration.posterior.model import predictive_attempts
from experiments.calibration.posterior.schedule import Schedule
from experiments.designs.factor import Factor
from experiments.runs.checkpoint import CheckpointError
from experiments.runs.executors import InProcess
from experiments.runs.executors.pool import ProcessPool
from experiments.runs.failures import FailedRunsError
from experiments.runs.runner import Failed
from experiments.statistics.ranges import Range
from tools.recovery import targets_at

RANGE = (Factor("rules.x", 0.0, 1.0),)
SEEN = (Range("x", 0.2, 0.4),)
SCHEDULE = Schedule(particles=60, generations=3)


def sometimes(values, seed):
    """Fail at random, and refuse scenarios above 0.9."""
    if values["rules.x"] > 0.9:
        return Failed("these do not go together", mistake=True)
    if seed % 80 == 0:
        return Failed("ZeroDivisionError: a bug", "sim/engine.py:7 in step", "Traceback ...")
    return {"x": values["rules.x"]}


def broken(values, seed):
    """Fail for large values, as a bug does."""
    return {"x": values["rules.x"]} if values["rules.x"] < 0.4 else Failed("ZeroDivisionError: a bug", "sim/a.py:1")


def test_failed_attempts_are_counted_and_kept_and_those_without_a_scenario_apart():
    found = infer(sometimes, RANGE, SEEN, SCHEDULE, seed=1)
    history = found.history()
    first = found.generations[0]
    # Of the first generation every attempt is a particle, or failed, or has no scenario.
    assert first.attempts == 60 + first.failed + first.inadmissible
    assert first.inadmissible > 2
    assert 0 < history["failed"].sum() < 0.05 * history["attempts"].sum()
    assert history["failed"].tolist() == [len(one.failures) for one in found.generations]
    for failure in (one for generation in found.generations for one in generation.failures):
        assert sometimes(failure.values, failure.seed).error == failure.error == "ZeroDivisionError: a bug"
        assert failure.number < max(one.attempts for one in found.generations)


def test_a_model_that_fails_in_part_of_the_range_gives_no_posterior(tmp_path):
    path = tmp_path / "kept.json"
    with pytest.raises(FailedRunsError, match=r"run in generation 1 failed, allowed are 5 %") as told:
        infer(broken, RANGE, SEEN, SCHEDULE, seed=1, checkpoint=path)
    assert "ZeroDivisionError: a bug at sim/a.py:1, with seed " in str(told.value)
    assert "rules.x = 0." in str(told.value)


def test_where_failures_come_late_the_generations_before_are_kept(tmp_path):
    path, calls = tmp_path / "kept.json", []

    def later(values, seed):
        calls.append(seed)
        return {"x": values["rules.x"]} if len(calls) <= 60 else Failed("gone")

    with pytest.raises(FailedRunsError, match="in generation 2"):
        infer(later, RANGE, SEEN, SCHEDULE, seed=1, checkpoint=path)
    assert len(json.loads(path.read_text(encoding="utf-8"))["generations"]) == 1


def test_values_without_a_scenario_alone_are_told_when_nothing_is_left():
    with pytest.raises(RuntimeError, match=r"gave all of the statistics x; 120 had values that no scenario allows, th"):
        infer(lambda values, seed: Failed("no such law", mistake=True), RANGE, SEEN,
              Schedule(60, 1, least_acceptance=0.5))  # fmt: skip


def kept(found):
    """Return everything that must be equal however a search ran."""
    return [
        (one.attempts, one.inadmissible, one.failures, one.shares.tolist(), one.weights.tolist())
        for one in found.generations
    ]


@pytest.mark.slow
def test_failures_are_the_same_for_any_number_of_workers_and_after_a_stop(tmp_path):
    path = tmp_path / "kept.json"
    whole = infer(sometimes, RANGE, SEEN, SCHEDULE, seed=1, workers=InProcess())
    infer(sometimes, RANGE, SEEN, Schedule(60, 1), seed=1, checkpoint=path)
    resumed = infer(sometimes, RANGE, SEEN, SCHEDULE, seed=1, checkpoint=path, workers=ProcessPool(2))
    assert kept(resumed) == kept(whole)
    assert sum(one.failed for one in whole.generations) > 0


def test_a_checkpoint_with_one_digit_changed_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "kept.json"
    found = infer(sometimes, RANGE, SEEN, SCHEDULE, seed=1, checkpoint=path)
    text = path.read_text(encoding="utf-8")
    digit = repr(float(found.generations[-1].shares[0, 0]))
    path.write_text(text.replace(digit, digit[:4] + str((int(digit[4]) + 1) % 10) + digit[5:]), encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(CheckpointError, match=r"their digest differs\): it is damaged or was edited"):
        infer(sometimes, RANGE, SEEN, SCHEDULE, seed=1, checkpoint=path)
    assert path.read_bytes() == before != text.encode()
    path.write_text(text, encoding="utf-8")
    assert kept(infer(sometimes, RANGE, SEEN, SCHEDULE, seed=1, checkpoint=path)) == kept(found)


def test_a_checkpoint_of_an_earlier_dayroom_is_refused_in_words(tmp_path):
    path = tmp_path / "kept.json"
    infer(sometimes, RANGE, SEEN, Schedule(60, 1), seed=1, checkpoint=path)
    document = json.loads(path.read_text(encoding="utf-8"))
    del document["digest"]
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(
        CheckpointError, match="written by an earlier dayroom, which kept neither failed runs nor a dig"
    ):
        infer(sometimes, RANGE, SEEN, Schedule(60, 1), seed=1, checkpoint=path)


def test_draws_that_fail_when_they_are_run_again_are_kept():
    found = infer(lambda values, seed: {"x": values["rules.x"]}, RANGE, SEEN, Schedule(60, 1), seed=1)
    runs, failures = predictive_attempts(found, broken, 30)
    assert runs["x"].isna().sum() == len(failures) > 0
    assert all(np.isnan(runs["x"][failure.number]) for failure in failures)
    with pytest.raises(ValueError, match=r"gives no statistics at .*: ZeroDivisionError: a bug"):
        targets_at(broken, {"rules.x": 0.7}, {"x": 0.1}, 1)
