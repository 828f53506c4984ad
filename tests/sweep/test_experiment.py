"""Any callable as a model: a Mesa classic through sweep, pairs and Sobol; failed runs counted; the store by source."""

import functools
import importlib
import json
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from experiments.designs.factor import Factor
from experiments.runs.executors import InProcess
from experiments.runs.executors.pool import ProcessPool
from experiments.sensitivity.designs import sample
from experiments.sensitivity.indices import sobol
from experiments.statistics.by_point import lever_effects
from experiments.store.callables import KeptRuns, source_digest
from experiments.sweep.experiment import experiment
from sim.scenario.text.errors import InputError

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
LEVERS = {"free": {}, "taxed": {"tax": 0.2}}


@pytest.fixture
def wealth(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(EXAMPLES)
    import wealth

    yield wealth.wealth
    sys.modules.pop("wealth")


def noisy(point: dict[str, Any], seed: int) -> dict[str, float]:
    """Return a number that depends on the point, and on the seed a little; fail at the point 3."""
    if point.get("x") == 3:
        raise ZeroDivisionError("three is too many")
    return {"y": point.get("x", 0.0) + point.get("more", 0.0) + (seed % 7) / 100}


def test_a_mesa_classic_is_swept_and_its_levers_compared_in_pairs(wealth: Any) -> None:
    done = experiment(wealth, [{"people": 20}, {"people": 40}], LEVERS, replicates=12, workers=InProcess())
    assert list(done.runs.columns) == [
        *("point", "lever", "replicate", "people", "seed", "status", "gini", "poor_share")
    ]
    assert (len(done.runs), done.made, done.stored, len(done.errors)) == (48, 48, 0, 0)
    assert done.runs.groupby("replicate")["seed"].nunique().eq(1).all()
    effects = lever_effects(done.runs, ["gini"], base="free")
    assert effects[["people", "lever", "n"]].values.tolist() == [[20, "taxed", 12], [40, "taxed", 12]]
    assert (effects["high"] < 0).all()
    assert set(effects["verdict"]) == {"lower"}


def test_a_mesa_classic_has_sobol_indices(wealth: Any) -> None:
    factors = [Factor("tax", 0.0, 0.5), Factor("start", 1.0, 1.2)]
    points = sample(factors, "sobol", 16, seed=1)
    runs = experiment(wealth, points, replicates=3, workers=InProcess()).runs
    found = sobol(factors, points, runs[["point", "replicate", "gini"]], resamples=20)
    assert found.ranked("gini", "ST")["factor"].iloc[0] == "tax"


def test_an_error_is_a_failed_run_and_the_others_go_on() -> None:
    done = experiment(noisy, pd.DataFrame({"x": [1, 3, 5]}), replicates=2, workers=InProcess())
    assert done.runs["status"].tolist() == ["done", "done", "failed", "failed", "done", "done"]
    assert done.runs["y"].isna().tolist() == [False, False, True, True, False, False]
    assert done.errors[["x", "error"]].values.tolist() == [[3, "ZeroDivisionError: three is too many"]] * 2
    assert "test_experiment.py" in done.errors["origin"].iloc[0]
    assert (
        str(done) == "6 runs: 6 made, 0 from the store; 2 failed, the first with: ZeroDivisionError: three is too many"
    )


@pytest.mark.parametrize("given", [None, {}, {"seed": 1.0}, {"y": "high"}, {1: 2.0}])
def test_what_is_no_mapping_of_numbers_is_a_failed_run(given: Any) -> None:
    done = experiment(lambda point, seed: given, replicates=1)
    assert done.runs["status"].tolist() == ["failed"]
    assert "the model returned" in done.errors["error"].iloc[0]


def test_the_store_makes_only_what_it_lacks(tmp_path: Path) -> None:
    points = [{"x": 1}, {"x": 3}]
    first = experiment(noisy, points, replicates=2, store=tmp_path, workers=InProcess())
    more = experiment(noisy, [*points, {"x": 4}], replicates=3, store=tmp_path, workers=InProcess())
    assert (first.made, more.made, more.stored) == (4, 5, 4)
    again = experiment(noisy, [*points, {"x": 4}], replicates=3, store=str(tmp_path), workers=InProcess())
    assert (again.made, again.stored) == (0, 9)
    pd.testing.assert_frame_equal(again.runs, more.runs)
    retried = experiment(noisy, points, replicates=2, store=tmp_path, retry_failed=True, workers=InProcess())
    assert (retried.made, retried.stored) == (2, 2)


def test_a_line_that_a_crash_cut_off_is_made_again(tmp_path: Path) -> None:
    experiment(noisy, replicates=3, store=tmp_path, workers=InProcess())
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[:-9])
    again = experiment(noisy, replicates=3, store=tmp_path, workers=InProcess())
    assert (again.made, again.stored) == (1, 2)
    assert len(KeptRuns(tmp_path, noisy).read()) == 3
    assert json.loads(file.read_text(encoding="utf-8").splitlines()[-1])["outcomes"]["y"] == again.runs["y"].iloc[-1]


@pytest.mark.parametrize(("more", "is_same"), [("    # a reason\n", True), ("    s += 1\n", False)])
def test_the_digest_follows_the_source_and_not_its_prose(
    more: str, is_same: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digests = []
    for folder, lines in (("before", ""), ("after", more)):
        (tmp_path / folder).mkdir()
        file = tmp_path / folder / "own_model.py"
        file.write_text(f"def model(p, s):\n{lines}    return s\n", encoding="utf-8")
        with monkeypatch.context() as here:
            here.syspath_prepend(file.parent)
            digests.append(source_digest(importlib.import_module("own_model").model))
            sys.modules.pop("own_model")
    assert (digests[0] == digests[1]) is is_same


def test_the_digest_follows_what_is_bound_to_the_model() -> None:
    assert source_digest(noisy) != source_digest(noisy, "2.0")
    assert source_digest(functools.partial(noisy, a=1)) != source_digest(functools.partial(noisy, a=2))


def test_source_that_cannot_be_read_is_refused_when_runs_are_to_be_kept(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="max: its source cannot be read, so its runs cannot be kept"):
        experiment(max, replicates=1, store=tmp_path)


def test_processes_give_the_same_and_need_a_model_they_can_import() -> None:
    here = experiment(noisy, [{"x": 1}, {"x": 3}], LEVERS, replicates=2, workers=InProcess())
    there = experiment(noisy, [{"x": 1}, {"x": 3}], LEVERS, replicates=2, workers=ProcessPool(2))
    pd.testing.assert_frame_equal(here.runs, there.runs)
    with pytest.raises(InputError, match=r"cannot be imported by worker processes; put it in a file, or use InProcess"):
        experiment(lambda point, seed: {"y": 1.0}, workers=ProcessPool(2))


@pytest.mark.parametrize(
    ("points", "options", "words"),
    [
        ([], {}, "there is no point to run"),
        ([{"x": 1}, {"z": 1}], {}, "point 1 has other factors than the first: z"),
        ([{"x": float("nan")}], {}, "point 0 has no value of x"),
        ([{"point": 4, "x": 1}, {"point": 4, "x": 2}], {}, "point 4 is there twice"),
        ([{"seed": 1}], {}, "a factor cannot be named seed"),
        ([{"x": 1}], {"levers": {}}, "there is no lever to run"),
        ([{"x": 1}], {"seed": 1.5}, "seed: found 1.5, allowed is a whole number"),
    ],
)
def test_what_cannot_be_run_is_refused_in_words(points: Any, options: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        experiment(noisy, points, **options)


def test_a_factor_in_the_index_of_a_frame_reaches_the_model() -> None:
    points = pd.DataFrame({"x": [1.0, 2.0], "more": [10.0, 20.0]}).set_index("x")
    runs = experiment(noisy, points, replicates=1, workers=InProcess()).runs
    assert runs[["x", "more"]].values.tolist() == [[1.0, 10.0], [2.0, 20.0]]
    assert runs["y"].round().tolist() == [11.0, 22.0]
