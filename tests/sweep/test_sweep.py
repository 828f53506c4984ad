"""Run `dayroom sweep`, `status`, `export`, `query` as a user would, and every command of docs/sweeps.md."""

import io
import re
import shlex
import sys
from pathlib import Path
from typing import Any, get_args

import pandas as pd
import pytest

from experiments.studies import load_study
from experiments.sweep.results import groups, results
from tests.conftest import Dayroom
from tests.sweep.conftest import CHECKOUT, RUNS, STUDY, write_study


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(study.parent)


Captured = pytest.CaptureFixture[str]


TO_MAKE = (
    r"60 runs to make \(\d+ ms each\): about .* with \d+ process(es)?(, .* starting them)?, at most about \d+\.\d MB"
)


def test_a_dry_run_begins_with_the_totals_and_shows_the_first_and_last_runs(dayroom: Dayroom, capsys: Captured) -> None:
    assert dayroom("sweep", "small.yaml", "--dry-run") == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "small: 6 points x 2 levers x 5 replicates = 60 runs, 6 days each"
    assert re.fullmatch(TO_MAKE, out[1])
    assert out[-1].startswith("shown are 20 of 60 rows")
    assert out[-1].endswith("--list FILE.csv writes all")
    assert len([line for line in out if line.endswith(" missing")]) == 20
    assert not Path("results").exists()


def test_a_dry_run_of_runs_of_unlike_length_says_from_where_to_where(dayroom: Dayroom, capsys: Captured) -> None:
    write_study(Path(), STUDY.replace("rules.encounters.chaxugeju: {from: 0.3, to: 0.7}", "days: [4, 9]"))
    assert dayroom("sweep", "small.yaml", "--dry-run") == 0
    assert capsys.readouterr().out.splitlines()[0].endswith(" runs, 4 to 9 days each")


def test_many_factors_do_not_make_long_lines(
    dayroom: Dayroom, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "90")
    text = STUDY.replace("  rules.encounters.chaxugeju: {from: 0.3, to: 0.7}", "  rules.**: assumed")
    write_study(Path(), text.replace("design: {kind: grid, levels: 2}", "design: {kind: random, points: 3}"))
    assert dayroom("sweep", "small.yaml", "--dry-run", "--jobs", "1") == 0
    lines = capsys.readouterr().out.splitlines()
    table = lines[lines.index("") + 1 :]
    assert max(len(line) for line in table[:-1]) <= 90
    assert re.search(r"and \d of \d\d\d? columns; --list FILE.csv writes all", table[-1])


def test_a_list_is_written_as_csv(dayroom: Dayroom, capsys: Captured) -> None:
    assert dayroom("sweep", "small.yaml", "--dry-run", "--list", "runs.csv") == 0
    out = capsys.readouterr().out.splitlines()
    assert (len(out), out[-1]) == (3, "runs.csv: 60 runs")
    listed = pd.read_csv("runs.csv")
    assert len(listed) == RUNS
    assert listed["users.disclosure_threshold.mean"].unique().tolist() == [0.4, 0.5, 0.6]
    assert listed["lever"].unique().tolist() == ["usual-care", "pairs"]
    assert listed["key"].nunique() == RUNS


def test_the_size_is_estimated_from_packed_runs(dayroom: Dayroom, capsys: Captured) -> None:
    text = STUDY.replace("replicates: 5", "replicates: 40").replace("storage: daily", "storage: ends")
    write_study(Path(), text)
    assert dayroom("sweep", "small.yaml", "--dry-run", "--jobs", "1") == 0
    [said] = re.findall(r"at most about (\d+\.\d) MB", capsys.readouterr().out)
    assert dayroom("sweep", "small.yaml", "--executor", "inline", "--quiet") == 0
    taken = sum(part.stat().st_size for part in Path("results/store").glob("*/runs/part-*")) / 1e6
    assert taken / 2 - 0.05 <= float(said) <= 2 * taken + 0.05


def test_a_dry_run_after_the_sweep_finds_nothing_to_do(dayroom: Dayroom, capsys: Captured) -> None:
    assert dayroom("sweep", "small.yaml", "--executor", "inline", "--quiet") == 0
    assert capsys.readouterr() == ("", "")
    assert dayroom("sweep", "small.yaml", "--dry-run") == 0
    assert "0 runs to make (nothing to do)" in capsys.readouterr().out


def test_progress_counts_failures(dayroom: Dayroom, capsys: Captured) -> None:
    text = STUDY.replace(
        "  rules.encounters.chaxugeju: {from: 0.3, to: 0.7}", "  users.disclosure_threshold.sd: [0.2, 0.489]"
    )
    write_study(Path(), text.replace("[0.4, 0.5, 0.6]", "[0.3]"))
    assert dayroom("sweep", "small.yaml", "--executor", "inline") == 0
    said = capsys.readouterr()
    assert "20 of 20 runs done, 10 failed" in said.err
    assert "10 of 20 runs failed:\n  building: the values of this point do not go together" in said.err
    assert said.err.count("do not go together") == 1
    assert "(10 times)" in said.err
    assert "\n\n" not in said.err
    assert not [line for line in said.err.splitlines() if not line.strip()]


def test_when_all_runs_fail_the_exit_code_says_so(dayroom: Dayroom, capsys: Captured) -> None:
    write_study(Path(), STUDY.replace("[0.4, 0.5, 0.6]", "[0.02]"))
    assert dayroom("sweep", "small.yaml", "--executor", "inline") == 1
    assert "20 of 20 runs failed" in capsys.readouterr().err


def test_one_run_alone(dayroom: Dayroom, capsys: Captured) -> None:
    key = results(load_study("small.yaml"), "results/store")["key"][17]
    assert dayroom("sweep", "small.yaml", "--only", key) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["lever", "pairs"]
    frame = results(load_study("small.yaml"), "results/store")
    assert (frame["status"] == "done").tolist() == [number == 17 for number in range(RUNS)]
    told = dict(line.split() for line in lines)
    assert float(told["loneliness_ucla20"]) == pytest.approx(frame["loneliness_ucla20"][17], rel=1e-5)
    assert dayroom("sweep", "small.yaml", "--only", "abc-1") == 2
    assert "--only: found 'abc-1', which is no run of small" in capsys.readouterr().err


def test_a_store_is_asked_in_sql(dayroom: Dayroom, capsys: Captured) -> None:
    assert dayroom("sweep", "small.yaml", "--executor", "inline", "--quiet") == 0

    def asked(sql: str) -> pd.DataFrame:
        assert dayroom("query", sql, "--csv") == 0
        return pd.read_csv(io.StringIO(capsys.readouterr().out))

    frame = results(load_study("small.yaml"), "results/store")
    assert asked("SELECT count(*) AS n FROM runs")["n"][0] == RUNS
    by_lever = asked("SELECT lever, avg(burden) AS burden FROM small GROUP BY lever ORDER BY lever")
    wanted = frame.groupby("lever")["burden"].mean()
    assert by_lever["burden"].tolist() == pytest.approx(wanted.tolist())
    groups = asked("SELECT \"group\", count(*) AS n FROM groups WHERE outcome = 'burden' GROUP BY ALL")
    assert set(groups["n"]) == {RUNS}
    assert {"women", "men", "guarded"} <= set(groups["group"])
    assert asked("SELECT count(*) AS n, max(len(values)) AS days FROM daily").values.tolist() == [[3 * RUNS, 6]]
    assert asked("SELECT count(*) AS n FROM failures")["n"][0] == 0
    assert asked("SELECT DISTINCT study FROM plans")["study"].tolist() == ["small"]
    assert asked("SELECT is_present FROM models")["is_present"].tolist() == [True]
    assert dayroom("query", "SELECT max(replicate) FROM small") == 0
    assert capsys.readouterr().out.split()[-1] == "4"


def test_a_wrong_question_is_told(dayroom: Dayroom, capsys: Captured) -> None:
    assert dayroom("query", "SELECT 1") == 2
    assert "there is no store" in capsys.readouterr().err
    Path("results/store").mkdir(parents=True)
    assert dayroom("query", "SELECT x FROM nowhere") == 2
    err = capsys.readouterr().err
    assert err.startswith("query: there is no view 'nowhere', allowed is one of runs, groups, newcomers, daily")
    assert dayroom("query", "SELECT x FROM rusn") == 2
    assert "did you mean 'runs'?" in capsys.readouterr().err
    assert dayroom("query", 'SELECT x FROM "centre-size"') == 2
    assert "has not been swept into this store; to do so: dayroom sweep centre-size" in capsys.readouterr().err
    assert dayroom("query", "SELECT x FROM centre-size") == 2
    err = capsys.readouterr().err
    assert "a name with a hyphen stands in double quotes" in err
    assert "Traceback" not in err


def test_averages_leave_out_numbers_that_are_none(dayroom: Dayroom, capsys: Captured) -> None:
    assert dayroom("sweep", "small.yaml", "--executor", "inline", "--quiet") == 0
    kept = groups(load_study("small.yaml"), "results/store").groupby(["group", "outcome"])["value"]
    wanted = pd.DataFrame({"mean": kept.mean(), "n": kept.count()}).reset_index()
    assert wanted["n"].between(1, RUNS - 1).any()  # groups that are empty in some runs
    asked = 'SELECT "group", outcome, avg(value) AS mean, count(value) AS n FROM groups GROUP BY ALL ORDER BY ALL'
    assert dayroom("query", asked, "--csv") == 0
    found = pd.read_csv(io.StringIO(capsys.readouterr().out)).sort_values(["group", "outcome"], ignore_index=True)
    pd.testing.assert_frame_equal(found, wanted.sort_values(["group", "outcome"], ignore_index=True))


def test_views_are_listed_and_wide_answers_fit(
    dayroom: Dayroom, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert dayroom("sweep", "small.yaml", "--executor", "inline", "--quiet") == 0
    assert dayroom("query", "SHOW TABLES") == 0
    views = ["daily", "failures", "groups", "models", "newcomers", "plans", "runs", "small", "small@all"]
    assert capsys.readouterr().out.split() == ["name", *views]
    assert dayroom("query", "SELECT * FROM small") == 0
    said = capsys.readouterr()
    assert max(map(len, said.out.splitlines())) <= 80
    assert re.fullmatch(r"shown are \d of \d+ columns; --csv prints all\n", said.err)
    assert dayroom("query", "SELECT * FROM small", "--csv") == 0
    whole = pd.read_csv(io.StringIO(capsys.readouterr().out))
    assert len(whole) == RUNS
    assert {"loneliness_ucla20", "cost", "done"} <= set(whole.columns)


def test_damage_is_found_by_any_question_about_runs(dayroom: Dayroom, capsys: Captured) -> None:
    assert dayroom("sweep", "small.yaml", "--executor", "inline", "--quiet") == 0
    part = next(Path("results/store").glob("*/runs/part-*"))
    contents = bytearray(part.read_bytes())
    contents[len(contents) // 2] ^= 1
    part.write_bytes(contents)
    assert dayroom("query", "SELECT count(*) FROM runs") == 0
    assert "the part is damaged; set aside" in capsys.readouterr().err
    assert dayroom("status") == 0
    assert "nothing reads those files; delete them" in capsys.readouterr().out


def test_progress_counts_towards_the_whole(dayroom: Dayroom, capsys: Captured) -> None:
    write_study(Path(), STUDY.replace("replicates: 5", "replicates: 2"))
    assert dayroom("sweep", "small.yaml", "--executor", "inline", "--quiet") == 0
    write_study(Path(), STUDY)
    assert dayroom("sweep", "small.yaml", "--executor", "inline", "--resume") == 0
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "24 there already; 36 of 60 runs to make"
    assert lines[1].startswith("28 of 60 runs done")
    assert lines[-1] == "60 of 60 runs done"


def test_a_line_comes_at_least_every_minute(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    from experiments.cli import progress as cli_progress

    now = iter(range(0, 10_000, 25))
    monkeypatch.setattr(cli_progress.time, "monotonic", lambda: float(next(now)))
    progress = cli_progress.Progress(1000)
    for _ in range(10):
        progress.step()
    assert [line.split()[0] for line in capsys.readouterr().err.splitlines()] == ["4", "7", "10"]


def test_a_stop_says_how_to_go_on_with_the_same_workers(
    dayroom: Dayroom, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    from experiments.sweep import make

    for end, status in ((KeyboardInterrupt(), 130), (SystemExit(143), 143)):

        def stopped(*_: object, end: BaseException = end, **__: object):
            raise end

        monkeypatch.setattr(make, "sweep", stopped)
        assert (
            dayroom("sweep", "small.yaml", "--executor", "processes", "--jobs", "3", "--retry-failed", "--overwrite")
            == status
        )
        again = (
            "sweep small.yaml --store results/store --jobs 3 --executor processes --retry-failed --overwrite --resume"
        )
        assert again in capsys.readouterr().err


def test_an_empty_store_can_be_asked_too(dayroom: Dayroom, capsys: Captured) -> None:
    Path("results/store").mkdir(parents=True)
    for view in ("runs", "groups", "newcomers", "daily", "failures", "plans", "models"):
        assert dayroom("query", f"FROM {view} SELECT count(*)") == 0
        assert capsys.readouterr().out.split()[-1] == "0"


def test_exports_hold_the_same_numbers(dayroom: Dayroom, capsys: Captured) -> None:
    import xarray

    assert dayroom("sweep", "small.yaml", "--executor", "inline", "--quiet") == 0
    assert dayroom("export", "small.yaml", "--csv", "--parquet", "--netcdf") == 0
    out = capsys.readouterr().out.splitlines()
    assert [Path(line.split(": ")[0]).name for line in out] == [
        *("runs.csv", "groups.csv", "failures.csv", "newcomers.csv", "daily.csv"),
        *("runs.parquet", "groups.parquet", "failures.parquet", "newcomers.parquet", "daily.parquet"),
        "small.nc",
    ]
    assert [line.split(": ")[1] for line in (out[0], out[2], out[4], out[-1])] == [
        *("60 rows", "0 rows", "360 rows", "60 runs")
    ]
    frame = results(load_study("small.yaml"), "results/store")
    for read in (pd.read_csv("results/small/runs.csv"), pd.read_parquet("results/small/runs.parquet")):
        assert read.columns.tolist() == frame.columns.tolist()
        assert read["burden"].tolist() == frame["burden"].tolist()
    days = pd.read_parquet("results/small/daily.parquet")
    with xarray.open_dataset("results/small/small.nc") as arrays:
        assert dict(arrays.sizes) == {"scenario": 12, "replicate": 5, "day": 6, "outcome": 3}
        picked = arrays["end"].sel(outcome="burden", scenario=3, replicate=2).item()
        assert picked == frame["burden"][3 * 5 + 2]
        assert arrays["lever"].values[:2].tolist() == ["usual-care", "pairs"]
        one = arrays["daily"].sel(outcome="loneliness_ucla20", scenario=3, replicate=2).values
    mine = days[(days["point"] == 1) & (days["lever"] == "pairs") & (days["replicate"] == 2)]
    assert mine["loneliness_ucla20"].tolist() == one.tolist()
    assert mine["loneliness_ucla20"].mean() == pytest.approx(frame["loneliness_ucla20"][17])


def test_export_asks_for_a_format(dayroom: Dayroom, capsys: Captured) -> None:
    assert dayroom("export", "small.yaml") == 2
    assert "choose at least one of --csv, --parquet, --netcdf" in " ".join(capsys.readouterr().err.split())


def test_days_that_are_not_kept_cannot_be_given() -> None:
    from experiments.store.folder import ResultError
    from experiments.sweep.results import daily

    write_study(Path(), STUDY.replace("storage: daily", "storage: ends"))
    with pytest.raises(ResultError, match="the study keeps no days; write `storage: daily`"):
        daily(load_study("small.yaml"), "results/store")


def test_a_precision_is_reached_by_more_replicates(dayroom: Dayroom, capsys: Captured) -> None:
    text = STUDY.replace("[0.4, 0.5, 0.6]", "[0.5]").replace("storage: daily", "precision: {loneliness_ucla20: 0.8}")
    write_study(Path(), f"{text}most_replicates: 60\n")
    assert dayroom("sweep", "small.yaml", "--dry-run") == 0
    assert "more replicates follow where the precision asks for them, up to 60" in capsys.readouterr().out
    assert dayroom("sweep", "small.yaml", "--executor", "inline") == 0
    [wanted] = re.findall(r"the precision asked for takes (\d+) replicates", capsys.readouterr().err)
    frame = results(load_study("small.yaml"), "results/store")
    assert 5 < int(wanted) <= 60
    assert frame["replicate"].max() + 1 == int(wanted)
    assert (frame["status"] == "done").all()
    assert dayroom("sweep", "small.yaml", "--executor", "inline") == 0
    assert "0 made now" in capsys.readouterr().out


def test_a_cluster_needs_dask(dayroom: Dayroom, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "experiments.runs.executors.dask.cluster", None)
    assert dayroom("sweep", "small.yaml", "--executor", "dask") == 2
    assert "pip install 'dayroom[dask]'" in " ".join(capsys.readouterr().err.replace("│", " ").split())
    assert dayroom("sweep", "small.yaml", "--scheduler", "tcp://x:1") == 2
    assert "goes with --executor dask" in " ".join(capsys.readouterr().err.split())


def test_a_cluster_is_used_when_it_is_there(
    dayroom: Dayroom, monkeypatch: pytest.MonkeyPatch, undisturbed: dict[str, bytes]
) -> None:
    """Anything with `jobs` and `each` works; the results are the same."""
    import types

    from tests.sweep.conftest import exported

    class DaskCluster:
        def __init__(self, scheduler: str | None = None, jobs: int | None = None) -> None:
            assert (scheduler, jobs) == ("tcp://here:8786", None)
            self.jobs = 7

        def each(self, task, items):
            yield from [task(item) for item in items]

    stand_in = types.ModuleType("experiments.runs.executors.dask.cluster")
    stand_in.DaskCluster = DaskCluster  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "experiments.runs.executors.dask.cluster", stand_in)
    words = ["sweep", "small.yaml", "--executor", "dask", "--scheduler", "tcp://here:8786", "--quiet"]
    assert dayroom(*words) == 0
    assert exported(Path("small.yaml"), Path("results/store"), Path("out")) == undisturbed


def commands(text: str) -> list[list[str]]:
    """Return the words of every `dayroom` command of a document, in order."""
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    joined = "".join(blocks).replace("\\\n", " ")
    lines = [shlex.split(line, comments=True) for line in joined.splitlines()]
    return [words[1:] for words in lines if words[:1] == ["dayroom"]]


@pytest.mark.slow
def test_every_command_of_the_document_works(dayroom: Dayroom, capsys: Captured) -> None:
    text = (CHECKOUT / "docs" / "sweeps.md").read_text(encoding="utf-8")
    files = re.findall(r"```yaml\n# (\S+\.yaml)\n(.*?)```", text, re.DOTALL)
    assert files
    for name, contents in files:
        Path(name).write_text(contents, encoding="utf-8")
    found = commands(text)
    assert {words[0] for words in found} == {"sweep", "status", "export", "query"}
    key = ""
    for words in found:
        assert dayroom(*(key if word == "KEY" else word for word in words)) == 0, words
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        keys = re.findall(r"\b[0-9a-f]{20}-\d+\b", said.out)
        key = key or (keys[0] if keys else "")
    [code] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    there: dict[str, Any] = {}
    exec(code, there)  # noqa: S102 - our own document
    study = there["study"]
    assert len(there["table"]) == len(study.points) * len(study.levers) * study.replicates


def test_every_table_of_the_document_names_what_there_is() -> None:
    from experiments.studies.schema import Design, Spelled

    designs = get_args(get_args(Design)[0])
    kinds = [get_args(one.model_fields["kind"].annotation)[0] for one in designs]
    assert len(kinds) > 5
    text = (CHECKOUT / "docs" / "sweeps.md").read_text(encoding="utf-8")
    assert [name for name in (*Spelled.model_fields, *kinds) if f"`{name}`" not in text] == []
