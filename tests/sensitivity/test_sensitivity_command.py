"""The command that shows what drives a study: real runs of small studies, bad input, and a failed run."""

import json
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from experiments.designs.points import DesignError
from experiments.runs.executors import InProcess
from experiments.sensitivity import indices
from experiments.sensitivity.result import StudySensitivity, of_runs, sensitivity
from experiments.store.folder import ResultError
from experiments.store.provenance import versions
from experiments.studies import load_study
from experiments.studies.study import Study
from experiments.sweep.make import sweep
from experiments.sweep.results import results
from sim.language.meanings import without_references
from sim.scenario.text.errors import InputError
from tests.conftest import Dayroom
from tests.sweep.conftest import write_study

BASE = """\
extends: baseline
days: 30
settling: 0
replace: [centres]
centres:
  east: {users: 8}
"""
HEAD = "question: What drives loneliness?\nbase: base.yaml\n"
FACTORS = """\
factors:
  users.lonely_disposition.mean: {from: 0.3, to: 0.7}
  rules.wellbeing.lonely_days: {from: 5, to: 60}
  centres.*.hour_cost: plausible
"""
MORRIS = HEAD + FACTORS + "design: {kind: morris, trajectories: 8, levels: 6}\nreplicates: 2\nseed: 3\n"
SALTELLI = HEAD + FACTORS + "design: {kind: saltelli, base_points: 16, second_order: true}\nseed: 3\nreplicates: 1\n"
LATIN = HEAD + FACTORS + "design: {kind: latin_hypercube, points: 60}\nreplicates: 1\nseed: 3\n"
LEVERS = """\
levers:
  usual-care: {}
  workers:
    policies:
      workers: {policy: peer_support_workers}
"""
DISPOSITION, DAYS, COST = "users.lonely_disposition.mean", "rules.wellbeing.lonely_days", "centres.*.hour_cost"


def swept(folder: Path, text: str, failed: int = 0) -> tuple[Study, Path]:
    """Sweep a study; return it and its store."""
    folder.mkdir(parents=True, exist_ok=True)
    study = load_study(write_study(folder, text, BASE))
    found = sweep(study, folder / "store", InProcess())
    assert (found.failed > 0) == bool(failed)
    return study, folder / "store"


@pytest.fixture(scope="module")
def morris(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, Path]:
    return swept(tmp_path_factory.mktemp("morris"), MORRIS + LEVERS)


def index_of(found: StudySensitivity, index: str, outcome: str = "loneliness_ucla20") -> pd.Series:
    """Return the values of one index by factor."""
    return found.ranked(outcome, index).set_index("factor")["value"]


def test_morris_finds_what_drives_loneliness_and_what_does_nothing(morris: tuple[Study, Path]) -> None:
    found = sensitivity(*morris)
    assert (found.method, found.lever, found.points, found.replicates, found.runs) == (
        "morris",
        "usual-care",
        32,
        2,
        64,
    )
    ranked = found.ranked("loneliness_ucla20")
    assert ranked["factor"].iloc[0] == DISPOSITION
    assert ranked["meaning"].iloc[0] == "Mean disposition to loneliness"
    assert bool(ranked["clear"].iloc[0])
    last = ranked[ranked["factor"] == COST].iloc[0]
    assert (last["value"], last["noise"], bool(last["clear"])) == (0.0, 0.0, False)
    assert index_of(found, "mu")[DISPOSITION] > 0.0


def test_the_frames_are_those_of_the_analysis_of_the_same_runs(morris: tuple[Study, Path]) -> None:
    study, store = morris
    found = sensitivity(study, store, outcomes=["burden"])
    runs = results(study, store)
    runs = runs[runs["lever"] == "usual-care"]
    points = runs.drop_duplicates("point")[["point", *(factor.path for factor in study.factors)]]
    axes = study.factors
    alone = indices.morris(axes, points, runs[["point", "replicate", "burden"]], levels=6)
    pd.testing.assert_frame_equal(found.indices, alone.indices)
    pd.testing.assert_frame_equal(found.convergence, alone.convergence)


def test_with_against_it_is_the_paired_difference(morris: tuple[Study, Path]) -> None:
    study, store = morris
    found = sensitivity(study, store, lever="workers", against="usual-care", outcomes=["loneliness_ucla20"])
    wide = results(study, store).pivot(index=["point", "replicate"], columns="lever", values="loneliness_ucla20")
    mean = float((wide["workers"] - wide["usual-care"]).mean())
    assert found.ends["base"].tolist() == pytest.approx([mean] * 3)
    whole = sensitivity(study, store, outcomes=["loneliness_ucla20"])
    assert index_of(found, "mu_star")[DISPOSITION] < 0.5 * index_of(whole, "mu_star")[DISPOSITION]


def test_ends_of_a_morris_design_are_the_moves_of_its_trajectories(morris: tuple[Study, Path]) -> None:
    found = sensitivity(*morris)
    ends = found.ends[found.ends["outcome"] == "loneliness_ucla20"].set_index("factor")
    move = 6 / (2 * 5)  # of the range, with six levels
    assert ends["move"].to_dict() == pytest.approx((move * index_of(found, "mu")).to_dict())
    runs = results(*morris)
    runs = runs[(runs["lever"] == "usual-care") & (runs["status"] == "done")]
    for factor, row in ends.iterrows():
        for name, level in (("at_low", runs[factor].min()), ("at_high", runs[factor].max())):
            assert row[name] == pytest.approx(runs.loc[runs[factor] == level, "loneliness_ucla20"].mean())


@pytest.mark.slow
def test_sobol_and_pawn_come_from_their_designs(tmp_path: Path) -> None:
    for text, method, main in ((SALTELLI, "sobol", "ST"), (LATIN, "pawn", "PAWN")):
        found = sensitivity(*swept(tmp_path / method, text))
        assert (found.method, found.main) == (method, main)
        assert found.ranked("loneliness_ucla20")["factor"].iloc[0] == DISPOSITION
        ends = found.ends.set_index(["outcome", "factor"])
        assert ends.loc[("loneliness_ucla20", DISPOSITION), "low"] > 0.0
    assert set(found.indices["index"]) == {"PAWN"}


def test_words_and_switches_are_places_in_their_list(tmp_path: Path) -> None:
    factors = "factors:\n  mechanisms.proximity_regulation: [true, false]\n  users.lonely_disposition.mean: plausible\n"
    text = HEAD + factors + "design: {kind: random, points: 50}\nreplicates: 1\n"
    found = sensitivity(*swept(tmp_path, text), outcomes=["burden"])
    switch = found.factors.set_index("factor").loc["mechanisms.proximity_regulation"]
    assert (switch["low"], switch["high"]) == (0.0, 1.0)
    assert np.isfinite(found.indices["value"]).all()


def test_a_failed_run_takes_its_trajectory_and_is_told(
    tmp_path: Path, dayroom: Dayroom, capsys: pytest.CaptureFixture[str]
) -> None:
    factors = "factors:\n  users.age_mean: {from: 19, to: 40}\n  users.age_sd: {from: 5, to: 12}\n"
    text = HEAD + factors + "design: {kind: morris, trajectories: 40}\nreplicates: 1\nseed: 2\n"
    study, store = swept(tmp_path, text, failed=1)
    lost = results(study, store)
    gone = lost.loc[lost["status"] == "failed", "point"].floordiv(3).nunique()
    assert 0 < gone < 36
    path, out = tmp_path / "small.yaml", tmp_path / "out"
    assert dayroom("sensitivity", path, "--store", store, "--out", out, "--outcome", "burden") == 0
    said = capsys.readouterr().out
    words = " ".join(said.split())
    assert re.search(rf"{gone} of 40 trajectories dropped: \d+ runs failed\. Intervals are the wider for it\.", words)
    assert "With one replicate nothing separates an effect from chance, so no parameter is called clear" in said
    failed = pd.read_csv(out / "failures.csv")
    assert len(failed) == (lost["status"] == "failed").sum()
    assert json.loads((out / "summary.json").read_text(encoding="utf-8"))["outcomes"]["burden"]["dropped"] == gone


def test_the_command_writes_a_whole_result_and_never_over_another(
    morris: tuple[Study, Path],
    tmp_path: Path,
    dayroom: Dayroom,
    capsys: pytest.CaptureFixture[str],
    redrawn: Callable[[Path], list[str]],
) -> None:
    study, store = morris
    words = ["sensitivity", study.file, "--store", store, "--out", tmp_path / "out", "--csv"]
    assert dayroom(*words, "--outcome", "burden", "--outcome", "loneliness_ucla20") == 0
    said = capsys.readouterr().out
    assert "Morris' elementary effects of 3 parameters, usual-care" in said
    assert "32 points x 2 replicates = 64 runs" in said
    assert "Mean disposition to loneliness" in said
    assert said.index("(burden)") < said.index("(loneliness_ucla20)")
    out = tmp_path / "out"
    tables = {"indices", "convergence", "settling", "ends", "factors", "outcomes"}
    for ending in ("parquet", "csv"):
        assert {path.stem for path in out.glob(f"*.{ending}")} == tables
    indices_ = pd.read_parquet(out / "indices.parquet")
    assert set(indices_["outcome"]) == {"burden", "loneliness_ucla20"}
    pictures = {path.name for path in (out / "figures").glob("*.png")}
    names = ("influence", "tornado", "screening", "settling")
    assert pictures == {f"{name}-{outcome}.png" for name in names for outcome in ("burden", "loneliness_ucla20")}
    assert not redrawn(out)
    assert "influence-burden.png: Which parameters matter" in (out / "figures" / "captions.txt").read_text("utf-8")
    provenance = json.loads((out / "provenance.json").read_text(encoding="utf-8"))
    assert provenance["study"] == "small"
    assert provenance["runs"] == 64
    assert "SALib" in provenance["versions"]
    assert provenance["command"].endswith(f"--out {out} --csv")
    readme = (out / "README.txt").read_text("utf-8")
    assert provenance["command"] in readme
    assert all(f"\n{name}.csv " in readme for name in tables)
    assert "Means of the points: " in said
    assert "--outcome burden --outcome loneliness_ucla20" in provenance["command"]
    assert dayroom(*words) == 2
    assert "a result is there already; --overwrite replaces it" in capsys.readouterr().err
    assert set(pd.read_parquet(out / "indices.parquet")["outcome"]) == {"burden", "loneliness_ucla20"}
    assert dayroom(*words, "--overwrite", "--quiet", "--outcome", "burden") == 0
    assert capsys.readouterr().out.strip() == str(out)


def test_an_outcome_that_does_not_vary_is_said_to_be_so(
    tmp_path: Path, dayroom: Dayroom, capsys: pytest.CaptureFixture[str]
) -> None:
    factors = "factors: {centres.*.hour_cost: plausible, centres.*.programme_share: plausible}\n"
    _, store = swept(tmp_path, HEAD + factors + "design: {kind: morris, trajectories: 4}\nreplicates: 1\n")
    words = ("--store", store, "--out", tmp_path / "out", "--outcome", "burden")
    assert dayroom("sensitivity", tmp_path / "small.yaml", *words) == 0
    assert "is the same at all points, so the runs do not show what drives it" in capsys.readouterr().out
    assert not list((tmp_path / "out" / "figures").glob("*.png"))


WRONG = {
    "outcome": (
        ["--outcome", "lonelines_ucla20"],
        "--outcome: found 'lonelines_ucla20'; did you mean 'loneliness_ucla20'",
    ),
    "lever": (
        ["--lever", "worker"],
        "--lever: found 'worker'; did you mean 'workers'? allowed: one of usual-care, workers",
    ),
    "against": (
        ["--lever", "workers", "--against", "x"],
        "--against: found 'x', allowed is one of usual-care, workers",
    ),
    "itself": (["--against", "usual-care"], "--against: found 'usual-care', which is the lever itself"),
    "method": (
        ["--method", "moris"],
        "--method: found 'moris'; did you mean 'morris'? allowed: one of morris, sobol, pawn",
    ),
    "other method": (["--method", "sobol"], "sobol takes the design saltelli; the design of small is morris"),
    "pawn": (["--method", "pawn"], "pawn takes points that fill the space and repeat no value"),
    "model": (["--model", "zzz"], "--model: found 'zzz'; the store holds no such version"),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_bad_input_is_told_and_nothing_is_written(
    wrong: tuple[list[str], str],
    morris: tuple[Study, Path],
    tmp_path: Path,
    dayroom: Dayroom,
    capsys: pytest.CaptureFixture[str],
) -> None:
    study, store = morris
    assert dayroom("sensitivity", study.file, "--store", store, "--out", tmp_path / "out", *wrong[0]) == 2
    said = capsys.readouterr()
    assert wrong[1] in said.err
    assert "Traceback" not in said.err
    assert not (tmp_path / "out").exists()


def test_missing_runs_are_counted_with_the_command_that_makes_them(
    tmp_path: Path, dayroom: Dayroom, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_study(tmp_path, MORRIS, BASE)
    assert dayroom("sensitivity", path, "--store", tmp_path / "none", "--out", tmp_path / "out") == 2
    said = capsys.readouterr().err
    assert "64 of 64 runs of small are missing; make them with: dayroom sweep" in said
    assert f"--store {tmp_path / 'none'}" in said


def test_a_study_without_factors_has_nothing_that_drives_it(tmp_path: Path) -> None:
    study = load_study(write_study(tmp_path, HEAD + "design: replicates\n", BASE))
    with pytest.raises(DesignError, match="varies no parameter"):
        sensitivity(study, tmp_path / "store")


def test_too_few_complete_blocks_are_told(tmp_path: Path) -> None:
    study, store = swept(tmp_path, MORRIS.replace("trajectories: 8", "trajectories: 3"))
    with pytest.raises(DesignError, match="the design has 3 trajectories, Morris' method takes at least 4"):
        sensitivity(study, store)


EXTENTS = {
    "small": (0.01, 2.0, "0.01 apart, in points (20 to 80). Even that is below a small effect (2:"),
    "large": (9.0, 2.0, "9 apart, in points (20 to 80). That is above a small effect (2:"),
    "unknown": (9.0, float("nan"), "9 apart, in points (20 to 80)."),
}


@pytest.mark.parametrize("extent", EXTENTS.values(), ids=EXTENTS)
def test_it_is_told_whether_the_points_differ_by_a_small_effect(
    extent: tuple[float, float, str], morris: tuple[Study, Path]
) -> None:
    found = sensitivity(*morris, outcomes=["loneliness_ucla20"])
    apart, small, said = extent
    outcomes = found.outcomes.assign(least=40.0, most=40.0 + apart, small=small)
    lines = " ".join(" ".join(replace(found, outcomes=outcomes).sentences()).split())
    assert said in lines
    if small != small:
        assert "small effect" not in lines


def test_a_small_effect_is_a_fifth_of_the_sd_between_users(morris: tuple[Study, Path]) -> None:
    found = sensitivity(*morris, outcomes=["burden"])
    runs = results(*morris)
    assert found.outcomes["small"].iloc[0] == pytest.approx(
        0.2 * runs.loc[runs["lever"] == "usual-care", "burden_sd"].mean()
    )
    means = runs[runs["lever"] == "usual-care"].groupby("point")["burden"].mean()
    assert found.outcomes[["least", "most"]].iloc[0].tolist() == pytest.approx([means.min(), means.max()])


def test_nothing_is_clear_where_nearly_all_is_noise_and_it_is_said(morris: tuple[Study, Path]) -> None:
    study, store = morris
    runs = results(study, store)
    one_seed = np.where(runs["replicate"] == 1, runs[DISPOSITION], 0.0)
    found = of_runs(study, runs.assign(burden=one_seed), outcomes=["burden"])
    assert not found.indices["clear"].any()
    assert not found.ends["clear"].any()
    said = " ".join(" ".join(found.sentences()).split())
    assert "100 % of the variance between points is noise between replicates: from 90 % on, no parameter" in said
    assert "settled" not in said


def test_no_runs_are_no_analysis(morris: tuple[Study, Path]) -> None:
    study, store = morris
    with pytest.raises(ResultError, match="no run of usual-care is among these runs"):
        of_runs(study, results(study, store).iloc[:0], outcomes=["burden"])


def test_a_table_of_runs_that_was_cut_doubled_or_lacks_a_column_is_refused(morris: tuple[Study, Path]) -> None:
    study, store = morris
    runs = results(study, store)
    first = runs[runs["lever"] == "usual-care"].index[0]
    with pytest.raises(
        ResultError, match="replicate 0 of usual-care at point 0 is not among these runs, nor as missing"
    ):
        of_runs(study, runs.drop(index=first), outcomes=["burden"])
    with pytest.raises(ResultError, match="replicate 0 of usual-care at point 0 is there twice"):
        of_runs(study, pd.concat([runs, runs.loc[[first]]]), outcomes=["burden"])
    with pytest.raises(
        ResultError, match=r"2 of \d+ points of .* are not among these runs, nor as missing; the first is 3"
    ):
        of_runs(study, runs[~runs["point"].isin([3, 5])], outcomes=["burden"])
    for name in ("lever", "burden", "status"):
        with pytest.raises(ResultError, match=f"the table of runs has no column {name}; its columns: point, "):
            of_runs(study, runs.drop(columns=name), outcomes=["burden"])


def test_settling_says_what_it_counts(morris: tuple[Study, Path]) -> None:
    found = sensitivity(*morris, outcomes=["burden"])
    row = {"leading": 10, "kept": 9, "placed": 4, "moved": 2, "settled": False}
    said = " ".join(" ".join(replace(found, settling=found.settling.assign(**row)).sentences()).split())
    assert (
        "The indices have not settled: of the 10 that lead now 9 led after half of the trajectories too, 4 of them in "
        "the same place, and 2 of the 10 moved since by more than so many trajectories allow."
    ) in said
    row |= {"kept": 10, "placed": 10, "moved": 0, "settled": True}
    said = " ".join(" ".join(replace(found, settling=found.settling.assign(**row)).sentences()).split())
    assert "The indices show no sign of moving still: of the 10 " in said
    assert "have settled" not in said


def test_meanings_are_without_references_to_sections() -> None:
    meaning = "Mean outside burden (section 3.3.3, P11: who will care when parents age)"
    assert without_references(meaning) == "Mean outside burden"
    assert without_references("Share attended (3 of 5 days)") == "Share attended (3 of 5 days)"


def test_versions_of_extras_are_told_when_they_were_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "duckdb", raising=False)
    assert "duckdb" not in versions()
    monkeypatch.setitem(sys.modules, "duckdb", ModuleType("duckdb"))
    assert versions()["duckdb"][0].isdigit()


def test_figures_are_drawn_by_name(morris: tuple[Study, Path]) -> None:
    found = sensitivity(*morris)
    assert len(found.plot("influence").axes) == len(found.outcomes)
    assert len(found.plot("tornado", "burden").axes) == 1
    assert len(found.plot().axes) == len(found.plot("influence").axes)
    with pytest.raises(
        InputError, match="no figure 'shares', allowed is one of influence, tornado, screening, settling"
    ):
        found.plot("shares")
    with pytest.raises(ResultError, match="--outcome: found 'joy'"):
        sensitivity(*morris, outcomes=["joy"])


@pytest.mark.parametrize("text", [MORRIS, SALTELLI], ids=["morris", "saltelli"])
def test_a_larger_design_keeps_the_runs_of_a_smaller_one(tmp_path: Path, text: str) -> None:
    more = text.replace("trajectories: 8", "trajectories: 16").replace("base_points: 16", "base_points: 32")
    assert more != text
    fewer = load_study(write_study(tmp_path, text, BASE)).points
    assert load_study(write_study(tmp_path, more, BASE)).points[: len(fewer)] == fewer
