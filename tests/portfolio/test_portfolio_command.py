"""`dayroom portfolio`: a search of the model, what it writes, how it stops and resumes, and refusals."""

import json
import os
import signal

import pandas as pd
import pyarrow.parquet as pq
import pytest

from experiments.plots.portfolio.figures import PORTFOLIO_FIGURES
from experiments.portfolio.levers import Lever, PortfolioError
from experiments.portfolio.reading import levers_of, read_lever
from experiments.portfolio.result import Effort, portfolios, without_levers
from experiments.runs.starts import Starts
from sim import load_scenario
from sim.scenario.schema.changes import Replace
from sim.scenario.text.errors import InputError
from tests.searches import contents, killed

pytest.importorskip("pymoo")

SEARCH = ["portfolio", "small.yaml", "--lever", "help_cap:2", "--lever", "respite:1", "--lever", "codesign:1"]
SEARCH += ["--budget", "3", "--replicates", "3", "--fresh", "4", "--population", "5", "--generations", "3"]
SEARCH += ["--seed", "5", "--jobs", "1"]


def test_a_search_is_told_and_written(folder, told, redrawn):
    status, out, err = told(*SEARCH, "--fresh", "20", "--out", "r", "--csv")
    assert status == 0, err
    # 12 portfolios are all there are: with the base 13 x 3 runs, then the base and at most 2 x 5 of them x 20.
    assert "at most 259 runs" in err
    assert "Portfolios added to small, at most 3 hours of staff a week" in out
    assert max(len(line) for line in out.splitlines() if not line.startswith("The best one")) <= 100
    made = folder / "r"
    summary = json.loads((made / "summary.json").read_text(encoding="utf-8"))
    assert summary["budget_hours_a_week"] == 3.0
    assert [lever["policy"] for lever in summary["levers"]] == ["help_cap", "respite", "codesign"]
    assert [lever["steps"] for lever in summary["levers"]] == [2, 1, 1]
    rows = pq.read_table(made / "solutions.parquet").to_pandas()
    kept = rows[rows["kept"]]
    assert summary["kept"][0]["name"] == "A"
    assert len(summary["kept"]) == len(kept)
    assert (kept["hours"] <= 3.0).all()
    assert (rows["pairs"] == 20).all()
    assert (made / "optimism.csv").is_file()
    assert {path.stem for path in (made / "figures").glob("*.png")} == set(PORTFOLIO_FIGURES)
    assert not redrawn(made)
    about = json.loads((made / "provenance.json").read_text(encoding="utf-8"))
    assert len(about["replicate_seeds"]) == 23
    assert "--lever help_cap:2" in about["command"]
    assert not (folder / "r.checkpoint.json").exists()
    best = load_scenario(made / "scenarios" / "best-portfolio" / "scenario.yaml")
    intensities = {use.policy: use.intensity for use in best.policies.values()}
    assert intensities
    assert intensities == {p: kept.iloc[0][p] for p in ("help_cap", "respite", "codesign") if kept.iloc[0][p] > 0}
    pair = [made / "scenarios" / name / "scenario.yaml" for name in ("small", "best-portfolio")]
    assert told("compare", *pair, "--replicates", "2", "--seed", "1", "--out", "c", "--quiet")[:2] == (0, "c\n")


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals are of POSIX")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_killed_or_stopped_it_goes_on_to_the_same_bytes(folder, told, how):
    long = [*SEARCH[:-6], "--generations", "12", "--population", "6", "--seed", "2", "--jobs", "1"]
    assert told(*long, "--out", "whole", "--quiet")[0] == 0
    kept = folder / "part.checkpoint.json"
    status, said = killed([*long, "--out", "part"], folder, kept, how)
    assert status == (130 if how == signal.SIGINT else -how)
    assert "Traceback" not in said
    assert not (folder / "part").exists()
    assert kept.is_file()
    if how == signal.SIGINT:
        assert "To go on: dayroom portfolio small.yaml" in said
    status, _, err = told(*long, "--out", "part", "--resume")
    assert status == 0
    assert "going on from part.checkpoint.json" in err
    whole, part = contents(folder / "whole"), contents(folder / "part")
    assert part == whole
    assert "solutions.parquet" in part
    assert not kept.exists()
    assert not list(folder.glob(".part*"))


@pytest.mark.slow
def test_a_checkpoint_of_another_model_scenario_or_seed_is_refused_and_left_alone(folder, told):
    call = [*SEARCH, "--checkpoint", "kept.json", "--quiet"]
    assert told(*call, "--out", "r")[0] == 0
    document = json.loads((folder / "kept.json").read_text(encoding="utf-8"))
    assert "-" in document["signature"]["model"]
    again = told(*call, "--out", "again")
    assert again[0] == 0
    assert contents(folder / "again") == contents(folder / "r")
    before = (folder / "kept.json").read_bytes()
    for words, said in (
        (["--seed", "3"], "seed differs"),
        (["--days", "43"], "the scenario, or a file it names, differs"),
        (["--lever", "buddy_scheme"], "levers differ. "),
        (["--seed", "3", "--days", "43"], "the scenario (or a file it names) and seed differ. "),
    ):
        status, out, err = told(*call, *words, "--out", "other")
        assert (status, out) == (2, "")
        assert f"kept.json: this is the checkpoint of another search over portfolios: {said}" in err
        assert "delete this one to begin anew" in err
    document["signature"]["model"] = "0123-4567"
    (folder / "kept.json").write_text(json.dumps(document), encoding="utf-8")
    status, _, err = told(*call, "--out", "other")
    assert status == 2
    assert "the model differs" in err
    assert "results of the two are never mixed" in err
    assert json.loads((folder / "kept.json").read_text(encoding="utf-8")) == document
    assert before != (folder / "kept.json").read_bytes()
    assert not (folder / "other").exists()


@pytest.mark.slow
def test_a_roster_that_changes_makes_another_search(folder, told):
    shipped = load_scenario("fourteen-participants").centres["park"].users_file
    text = shipped.read_text(encoding="utf-8")
    (folder / "roster.csv").write_text(text, encoding="utf-8")
    named = "extends: ./small.yaml\nreplace: [centres]\ncentres: {house: {users: 14, users_file: roster.csv}}\n"
    (folder / "named.yaml").write_text(named, encoding="utf-8")
    call = ["portfolio", "named.yaml", *SEARCH[2:], "--checkpoint", "kept.json", "--quiet"]
    assert told(*call, "--out", "r")[0] == 0
    lines = text.splitlines()
    (folder / "roster.csv").write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
    status, _, err = told(*call, "--out", "other")
    assert status == 2
    assert "the scenario, or a file it names, differs" in err


def test_an_earlier_result_is_not_overwritten_unless_asked(folder, told):
    (folder / "r").mkdir()
    (folder / "r" / "mine.txt").write_text("mine", encoding="utf-8")
    status, _, err = told(*SEARCH, "--out", "r")
    assert status == 2
    assert "something else than a result of dayroom" in err
    assert [path.name for path in (folder / "r").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--budget", "3", "--lever", "respit"], "did you mean 'respite'?"),
        (["--budget", "3", "--lever", "respite:0"], "found '0' steps, allowed is a whole number from 1 to 100"),
        (["--budget", "3", "--lever", "respite", "--lever", "respite:2"], "found respite twice"),
        (["--budget", "-1"], "allowed is 0 or more hours a week"),
        (["--budget", "a lot"], "a lot"),
        ([], "--budget"),
        (["--budget", "3", "--replicates", "1"], "allowed is a whole number from 2"),
        (["--budget", "3", "--levers", "small.yaml"], "small: it has no policies that could be levers"),
        (["--budget", "3", "--levers", "levrs"], "no shipped scenario and no file has this name"),
        (["--budget", "3", "--resume"], "there is no search to continue"),
        (["--budget", "3", "--checkpoint", "."], "this is a folder, allowed is a file"),
    ],
)
def test_what_cannot_be_searched_is_said_and_nothing_is_written(folder, told, words, said):
    before = sorted(folder.iterdir())
    status, out, err = told("portfolio", "small.yaml", *words)
    assert (status, out) == (2, "")
    assert said in " ".join(err.replace("│", " ").split())
    assert "Traceback" not in err
    assert sorted(folder.iterdir()) == before


def failing(which):
    """Return a function that makes runs of the model fail, chosen by scenario and seed."""
    done = Starts.run

    def run(starts, start, scenario, seed):
        if which(scenario, seed):
            raise ZeroDivisionError("a bug")
        return done(starts, start, scenario, seed)

    return run


@pytest.mark.slow
def test_what_failed_is_told_and_can_be_repeated(folder, told, monkeypatch):
    with_respite = failing(lambda scenario, seed: "respite" in scenario.policies and seed % 2)
    monkeypatch.setattr(Starts, "run", with_respite)
    status, out, err = told(*SEARCH, "--out", "r")
    assert status == 0, err
    failures = pd.read_csv(folder / "r" / "failures.csv")
    assert (failures["respite"] == 1.0).all()
    summary = json.loads((folder / "r" / "summary.json").read_text(encoding="utf-8"))
    assert summary["pairs_failed"] == summary["runs_failed"] == len(failures) > 0
    assert f"{len(failures)} of {summary['pairs']} pairs of runs failed and are left out" in " ".join(out.split())
    assert not any(row["respite"] for row in summary["kept"])
    _, _, scenario, *rest = failures.iloc[0]["again"].split()
    uses = {use.policy: use.intensity for use in load_scenario(folder / scenario).policies.values()}
    assert uses == {p: failures.iloc[0][p] for p in ("help_cap", "respite", "codesign") if failures.iloc[0][p] > 0}
    assert told("run", scenario, *rest, "--out", "again", "--quiet")[0] == 0


def test_a_search_of_which_every_run_fails_is_an_error(folder, told, monkeypatch):
    monkeypatch.setattr(Starts, "run", failing(lambda scenario, seed: True))
    status, out, err = told(*SEARCH, "--out", "r")
    assert (status, out) == (2, "")
    assert "no portfolio can be judged: all of " in err
    assert "pairs of runs failed, the first with: ZeroDivisionError: a bug" in err
    assert "Traceback" not in err
    assert not (folder / "r").exists()


def test_where_nothing_can_be_paid_for_nothing_is_recommended(folder, told):
    call = ["portfolio", "small.yaml", "--budget", "0", "--lever", "respite:1", "--replicates", "2", "--fresh", "2"]
    status, out, err = told(*call, "--population", "4", "--generations", "2", "--jobs", "1", "--out", "r")
    assert status == 0, err
    assert "the search keeps the base" in " ".join(out.split())
    assert "nan" not in out
    assert "dayroom compare" not in out
    assert [path.name for path in (folder / "r" / "scenarios").iterdir()] == ["small"]


def test_levers_of_a_scenario_keep_their_options_but_not_their_intensity(folder):
    cap, quiet, circle = levers_of(load_scenario(folder / "levers.yaml"), 2)
    assert (cap.policy, cap.options) == ("help_cap", {"priority": 10})
    assert quiet.options == {"when": "mean(burden) > 20 for 2 weeks", "until": "mean(burden) < 18"}
    assert (circle.options, circle.steps) == ({}, 2)
    twice = load_scenario(folder / "small.yaml").with_changes(
        policies={"a": {"policy": "respite"}, "b": {"policy": "respite"}}
    )
    with pytest.raises(PortfolioError, match=r"policies\.b is the policy respite a second time"):
        levers_of(twice)


def test_the_base_is_searched_without_its_levers_and_with_what_else_it_has(folder):
    base = load_scenario(folder / "levers.yaml")
    bare = without_levers(base, [read_lever("respite"), read_lever("help_cap")])
    assert [use.policy for use in bare.policies.values()] == ["disclosure_circle"]
    elsewhere = [levers_of(base.with_changes(policies=Replace({"x": {"policy": "respite"}})))[0]]
    assert without_levers(base, elsewhere).policies.keys() == {"cap", "circle"}


def test_a_lever_the_base_cannot_have_is_refused_before_anything_is_run(folder):

    with pytest.raises(PortfolioError, match="small cannot have respite as it is set"):
        without_levers(load_scenario(folder / "small.yaml"), [Lever("respite", 1, {"centres": ["nowhere"]})])


def test_in_a_notebook_it_gives_figures_and_scenarios(folder):
    steps = []
    found = portfolios(
        load_scenario(folder / "small.yaml"), [read_lever("help_cap:1"), read_lever("respite:1")], 5.0,
        Effort(2, 3, 4, 2), seed=1, step=lambda done, total: steps.append((done, total)),
    )  # fmt: skip
    assert steps == [(k, 25) for k in range(1, len(steps) + 1)]  # (1 + 4) x 2 and (1 + 4) x 3 at most
    assert 10 < len(steps) <= 25
    assert found.scenario(99) is None
    assert found.scenario(0).name == "best-portfolio"
    assert found.words()
    for name in PORTFOLIO_FIGURES:
        assert found.plot(name).axes
    with pytest.raises(InputError, match="no figure 'fornt'; did you mean 'front'"):
        found.plot("fornt")
