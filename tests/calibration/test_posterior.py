"""`dayroom posterior`: particles of the model, what it writes and prints, stop and resume, refusals."""

import json
import math
import os
import re
import signal
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from experiments.calibration.posterior.particles import Generation, Posterior
from experiments.calibration.posterior.result import Calibrated
from experiments.calibration.posterior.schedule import Schedule
from experiments.calibration.posterior.search import PosteriorError, read_parameter
from experiments.designs.factor import Factor
from experiments.plots.calibration.figures import POSTERIOR_FIGURES
from experiments.runs.failures import FailedAttempt
from experiments.statistics.ranges import Range
from sim import load_scenario
from sim.scenario.text.errors import InputError
from tests.searches import contents, killed

BASE_SHARE, EMPATHY = "rules.wellbeing.lonely_base", "users.empathy.mean"
AIMS = "targets: [{key: loneliness_mean, low: 45, high: 55}, {key: loneliness_sd, low: 4, high: 16}]\n"
SEARCH = ["posterior", "small.yaml", "--targets", "aims.yaml", "--parameter", f"{BASE_SHARE}=0..0.3"]
SEARCH += [
    "--parameter",
    EMPATHY,
    "--particles",
    "12",
    "--replicates",
    "1",
    "--draws",
    "6",
    "--seed",
    "2",
    "--jobs",
    "1",
]


@pytest.fixture(autouse=True)
def aims(folder):
    (folder / "aims.yaml").write_text(AIMS, encoding="utf-8")


@pytest.mark.slow
def test_a_posterior_is_told_and_written_and_compare_takes_it(folder, told, redrawn):
    status, out, err = told(*SEARCH, "--generations", "3", "--out", "r", "--csv")
    assert status == 0, err
    assert "2 parameters; each of at most 3 generations takes 12 runs or more" in err
    assert "loneliness_mean" in out
    made = folder / "r"
    assert pq.read_table(made / "ensemble.parquet").to_pandas().shape == (6, 2)
    assert pq.read_table(made / "particles.parquet").num_rows == 12
    runs = pq.read_table(made / "predictive_runs.parquet").to_pandas()
    assert runs.columns.tolist() == ["loneliness_mean", "loneliness_sd"]
    assert len(runs) == 6
    check = pq.read_table(made / "predictive.parquet").to_pandas().set_index("key")
    inside = runs["loneliness_mean"].between(45, 55).mean()
    assert check.loc["loneliness_mean", "share_inside"] == pytest.approx(inside)
    summary = json.loads((made / "summary.json").read_text(encoding="utf-8"))
    assert [row["parameter"] for row in summary["parameters"]] == [BASE_SHARE, EMPATHY]
    assert summary["history"][0]["tolerance"] is None
    assert (made / "posterior.csv").is_file()
    drawn = {path.stem for path in (made / "figures").glob("*.png")}
    assert {"targets", "marginals"} <= drawn <= set(POSTERIOR_FIGURES)
    assert not redrawn(made)
    assert not (folder / "r.checkpoint.json").exists()
    readme = (made / "README.txt").read_text(encoding="utf-8")
    assert "for `dayroom compare --uncertain`" in readme
    (folder / "cap.yaml").write_text("extends: ./small.yaml\npolicies: {cap: {policy: help_cap}}\n", encoding="utf-8")
    compared = ["compare", "small.yaml", "cap.yaml", "--replicates", "2", "--ensemble", made / "ensemble.parquet"]
    status, out, _ = told(*compared, "--seed", "1", "--out", "c")
    assert status == 0
    assert "Over 6 draws of what nobody knows (2 parameters)" in out


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals are of POSIX")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_killed_or_stopped_it_goes_on_to_the_same_bytes(folder, told, how):
    (folder / "aims.yaml").write_text(AIMS.replace("45, high: 55", "49, high: 51"), encoding="utf-8")
    long = [*SEARCH, "--generations", "3"]
    assert told(*long, "--out", "whole", "--quiet")[0] == 0
    kept = folder / "part.checkpoint.json"
    status, said = killed([*long, "--out", "part"], folder, kept, how)
    assert status == (130 if how == signal.SIGINT else -how)
    assert "Traceback" not in said
    assert not (folder / "part").exists()
    assert kept.is_file()
    if how == signal.SIGINT:
        assert "To go on: dayroom posterior small.yaml" in said
    assert told(*long, "--out", "part", "--resume")[0] == 0
    assert contents(folder / "part") == contents(folder / "whole")
    assert not kept.exists()


def test_a_checkpoint_of_another_model_is_refused_and_left_alone(folder, told):
    call = [*SEARCH, "--generations", "1", "--checkpoint", "kept.json", "--quiet"]
    assert told(*call, "--out", "r")[0] == 0
    document = json.loads((folder / "kept.json").read_text(encoding="utf-8"))
    document["signature"]["model"] = "0123-4567"
    (folder / "kept.json").write_text(json.dumps(document), encoding="utf-8")
    status, _, err = told(*call, "--out", "other")
    assert status == 2
    assert "kept.json: this is the checkpoint of another calibration: the model differs" in err
    assert json.loads((folder / "kept.json").read_text(encoding="utf-8")) == document
    assert not (folder / "other").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--parameter", "rules.wellbeing.lonely_bas"], "did you mean 'rules.wellbeing.lonely_base'?"),
        (["--parameter", f"{EMPATHY}=0.9..0.1"], "found the range '0.9..0.1', allowed is LOW..HIGH within 0"),
        (["--parameter", f"{EMPATHY}=much"], "found the range 'much'"),
        (["--parameter", f"{EMPATHY}=-3..0.5"], "found the range '-3..0.5'"),
        (["--parameter", EMPATHY, "--parameter", EMPATHY], f"found {EMPATHY} twice"),
        (["--particles", "9"], "allowed is a whole number from 10"),
        (["--targets", "nowhere.yaml"], "nowhere.yaml: no such file"),
        (["--resume"], "there is no search to continue"),
    ],
)
def test_what_cannot_be_computed_is_said_and_nothing_is_written(folder, told, words, said):
    before = sorted(folder.iterdir())
    status, out, err = told("posterior", "small.yaml", *words)
    assert (status, out) == (2, "")
    assert said in " ".join(err.split())
    assert "Traceback" not in err
    assert sorted(folder.iterdir()) == before


def failing(share):
    """Return a function that makes the model fail at about this share of the parameter sets."""
    from experiments.calibration import measurement

    kept_of = measurement.kept_of

    def kept(scenario, setup, seed):
        if seed % 1000 < 1000 * share:
            raise ZeroDivisionError("a bug")
        return kept_of(scenario, setup, seed)

    return kept


@pytest.mark.slow
def test_what_failed_is_told_and_can_be_repeated(folder, told, monkeypatch):
    monkeypatch.setattr("experiments.calibration.measurement.kept_of", failing(0.03))
    call = [*SEARCH[:6], "--particles", "40", "--replicates", "1", "--draws", "30", "--seed", "2", "--jobs", "1"]
    status, out, err = told(*call, "--generations", "2", "--out", "r")
    assert status == 0, err
    failures = pd.read_csv(folder / "r" / "failures.csv")
    summary = json.loads((folder / "r" / "summary.json").read_text(encoding="utf-8"))
    attempts = sum(row["attempts"] for row in summary["history"])
    failed = summary["failed_attempts"]
    assert failed == sum(row["failed"] for row in summary["history"]) > 0
    assert f"{failed} of {attempts} attempts failed, and the posterior leaves out what" in " ".join(out.split())
    assert len(failures) == failed + summary["failed_in_the_check"]
    row = failures.iloc[0]
    assert (row["error"], row["seed"] % 1000 < 30) == ("ZeroDivisionError: a bug", True)
    assert 0.0 <= row[BASE_SHARE] <= 0.3
    _, _, scenario, *rest = row["again"].split()
    assert load_scenario(folder / scenario).rules.wellbeing.lonely_base == row[BASE_SHARE]
    assert told("run", scenario, *rest, "--out", "again", "--quiet")[0] == 0


def test_a_model_that_fails_often_gives_no_posterior(folder, told, monkeypatch):
    monkeypatch.setattr("experiments.calibration.measurement.kept_of", failing(0.5))
    status, out, err = told(*SEARCH, "--generations", "2", "--out", "r")
    assert (status, out) == (2, "")
    assert "parameter sets run in generation 1 failed, allowed are 5 %" in err
    assert "ZeroDivisionError: a bug" in err
    assert "Traceback" not in err
    assert not (folder / "r").exists()


@pytest.mark.parametrize("command", ["calibrate", "posterior"])
def test_mistakes_in_a_file_of_targets_are_told_with_their_places(folder, told, command):
    wrong = "targets:\n  - {key: lonelyness_mean, low: 42, high: 50}\n  - {key: loneliness_sd, low: 13, high: 9}\n"
    (folder / "aims.yaml").write_text(wrong, encoding="utf-8")
    before = sorted(folder.iterdir())
    status, out, err = told(command, "small.yaml", "--targets", "aims.yaml")
    assert (status, out) == (2, "")
    assert [line.split(": ")[0] for line in err.splitlines()] == ["aims.yaml:2:11", "aims.yaml:3:41"]
    assert sorted(folder.iterdir()) == before


def test_a_parameter_has_its_plausible_range_unless_another_is_given():
    assert read_parameter(f"{EMPATHY}=0.3..0.7") == Factor(EMPATHY, 0.3, 0.7)
    plain = read_parameter(BASE_SHARE)
    assert plain.low < plain.high
    only = r"allowed is one of rules\.\* and users\.\*, such as rules\.[a-z_.]+$"
    for path in ("days", "centres.*.users"):
        with pytest.raises(
            PosteriorError, match=rf"found the parameter '{re.escape(path)}', which cannot be fitted, {only}"
        ):
            read_parameter(path)
    with pytest.raises(PosteriorError, match=rf"found the parameter 'title', which does not exist, {only}"):
        read_parameter("title")


def made(shares, tolerance=0.5, stopped="the least tolerance, 0.577 half widths, is reached", runs=None):
    """Return a posterior of particles with equal weights."""
    count = len(shares)
    factors = tuple(Factor(path, 0.0, 1.0) for path in ("rules.a", "rules.b", "rules.c"))
    targets = (Range("loneliness_mean", 40.0, 50.0),)
    last = Generation(tolerance, shares, np.full(count, 1 / count), np.zeros(count), np.full((count, 1), 45.0), count)
    posterior = Posterior(factors, targets, (last,), stopped, stopped.endswith(" done"))
    runs = pd.DataFrame({"loneliness_mean": [44.0, 45.0, 46.0]}) if runs is None else runs
    return Calibrated(load_scenario("baseline"), posterior, Schedule(), 1, 0, posterior.ensemble(5), runs)


def shares(count=400):
    """Return one parameter that is known, and two that are known only together."""
    stream = np.random.Generator(np.random.Philox(1))
    free = stream.random(count)
    tied = np.clip(free + 0.05 * stream.standard_normal(count), 0.0, 1.0)
    return np.column_stack([0.4 + 0.05 * stream.standard_normal(count), free, tied])


def test_what_is_known_not_known_and_known_together_is_said():
    found = made(shares())
    assert found.posterior.silent() == ["rules.b", "rules.c"]
    [pair] = found.posterior.correlations().to_dict("records")
    assert (pair["first"], pair["second"]) == ("rules.b", "rules.c")
    assert pair["correlation"] > 0.95
    text = " ".join(found.words())
    assert "Narrowed most (share of the variance of its range that is gone): rules.a (97 %)" in text
    assert "The targets say nothing about these (no narrower than chance among 400 particles" in text
    assert "would leave them): rules.b, rules.c." in text
    assert "rules.b and rules.c go together: correlation +0.9" in text
    assert list(found.figures()) == list(POSTERIOR_FIGURES)
    for name in POSTERIOR_FIGURES:
        assert found.plot(name).axes


def test_parameters_at_random_are_neither_known_nor_tied():
    stream = np.random.Generator(np.random.Philox(2))
    found = made(stream.random((400, 3)))
    assert found.posterior.silent() == ["rules.a", "rules.b", "rules.c"]
    assert found.posterior.correlations().empty
    assert list(found.figures()) == ["targets", "marginals"]
    with pytest.raises(InputError, match="allowed is one of targets, marginals"):
        found.plot("pairs")


def test_a_target_that_is_missed_is_blamed_only_where_the_search_was_over():
    away = pd.DataFrame({"loneliness_mean": [60.0, 61.0, 62.0]})
    assert any("model or target is at fault: loneliness_mean" in line for line in made(shares(), runs=away).words())
    short = made(shares(), 2.0, "all 2 generations are done", away).words()
    assert any("more generations may mend: loneliness_mean" in line for line in short)
    assert not any("at fault" in line for line in short)


def test_draws_from_the_ranges_alone_are_said_to_be_within_any_distance():
    away = pd.DataFrame({"loneliness_mean": [60.0, 61.0, 62.0]})
    words = made(shares(), math.inf, "the only generation is done", away).words()
    assert words[0].startswith(
        "1 generation, the last within any distance of the targets' middles; the only generation"
    )
    assert any("more generations may mend: loneliness_mean" in line for line in words)


def test_a_target_of_which_every_run_failed_is_not_said_to_be_missed():
    gone = pd.DataFrame({"loneliness_mean": [math.nan] * 3})
    failures = tuple(FailedAttempt(k, k, {"rules.a": 0.5}, "ZeroDivisionError: a bug") for k in range(3))
    text = " ".join(replace(made(shares(), runs=gone), check_failures=failures).words())
    assert "Of 3 draws from the posterior 3 failed" in text
    assert "at fault" not in text
