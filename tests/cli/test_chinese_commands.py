"""What trace, explain, scenario, sweep, status, export, query and every `--help` print in Chinese."""

import re
from pathlib import Path
from typing import Protocol

import pytest

from experiments.cli.app import COMMANDS, main
from experiments.cli.help import in_words
from experiments.store.documents import ABOUT, write_captions, write_readme
from sim.language import Language, padded, speaking
from sim.scenario.conditions.names import AGGREGATES, CENTRE_ATTRIBUTES, EVERYBODY, OPERATORS, USER_ATTRIBUTES
from sim.scenario.schema.policy import policies

OF_SCENARIO = ("new", "check", "show", "explain", "schema", "template")
HOUSE = "title: 小中心\ndays: 9\nsettling: 0\ncentres: {house: {users: 6}}\n"
CIRCLE = "extends: ./house.yaml\ntitle: 分享小组\npolicies: {circle: {policy: disclosure_circle}}\n"
STUDY = """\
title: 小研究
question: 什么影响小中心的孤独感？
base: house.yaml
factors:
  users.empathy.mean: [0.4, 0.6]
levers:
  usual-care: {}
  circle: {policies: {circle: {policy: disclosure_circle}}}
design: {kind: grid}
replicates: 2
seed: 5
"""
QUOTED = re.compile(
    r"^(?:用法|说明见)：.*|`[^`]*`|默认(?:条件：)?[^；。]*|'[^']*'|\"[^\"]*\"|dayroom [a-z][^，。；）\u4e00-\u9fff]*|\w+://\S+"
)
SENTENCE = re.compile(r"[A-Za-z]{2,}(?: [a-z]{2,}){2,}")
MARKS = re.compile(r"[\u4e00-\u9fff][,;?!]|[,;?!][\u4e00-\u9fff]")


def english(text: str) -> list[str]:
    """Return the lines with three English words in a row, or marks that are not Chinese; what is quoted left out."""
    conditions = ("eligible: ", "when: ", "until: ")
    lines = [QUOTED.sub("", line) for line in text.splitlines() if not line.lstrip().startswith(conditions)]
    return [line for line in lines if SENTENCE.search(line) or MARKS.search(line)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in {"house.yaml": HOUSE, "circle.yaml": CIRCLE, "small.yaml": STUDY}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Printed(Protocol):
    """Runs a command in Chinese, and returns what it prints on both streams."""

    def __call__(self, *words: str, status: int = 0) -> str:
        """Run a command that ends with this status."""


@pytest.fixture
def printed(capfd: pytest.CaptureFixture[str]) -> Printed:
    def run(*words: str, status: int = 0) -> str:
        with pytest.raises(SystemExit) as ended:
            main(["--lang", "zh", *words])
        out, err = capfd.readouterr()
        assert ended.value.code == status, err
        return out + err

    return run


@pytest.mark.parametrize(
    "words", [(), *((name,) for name in COMMANDS), *(("scenario", name) for name in OF_SCENARIO)], ids=" ".join
)
def test_every_help_is_chinese(printed: Printed, words: tuple[str, ...]) -> None:
    page = printed(*words, "--help")
    assert page.startswith("用法：")
    assert "显示本说明后退出。" in page
    assert english(page) == []
    assert max(len(line) for line in page.splitlines()) <= 110


def test_a_command_without_arguments_prints_its_help(printed: Printed) -> None:
    assert printed("scenario", status=2).startswith("用法：")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["rum"], "错误：没有命令'rum'。是否想写'run'？"),
        (["check", "baseline"], "错误：没有命令'check'；是否想写'scenario check'？"),
        (["run"], "错误：缺少参数'SCENARIO'。"),
        (["run", "baseline", "--sed", "3"], "错误：没有选项--sed（是否想写：--csv, --seed）"),
        (["run", "baseline", "--days"], "错误：选项'--days'需要一个值。"),
        (["run", "a", "b"], "错误：多出参数：b"),
        (["run", "baseline", "--seed", "x"], "错误：'--seed'的值无效：读到'x'，应为0至2**64 - 1的整数"),
        (["sweep", "s", "--executor", "x"], "的值无效：读到'x'，应为下列之一：'inline', 'processes', 'dask'"),
        (["scenario", "template", "--users", "0"], "错误：'--users'的值无效：应大于或等于1"),
    ],
)  # fmt: skip
def test_a_mistake_on_the_command_line_is_chinese(printed: Printed, words: list[str], expected: str) -> None:
    text = printed(*words, status=2)
    assert expected in text
    assert english(text) == []


def test_a_sentence_that_typer_does_not_write_stays() -> None:
    with speaking(Language.zh):
        assert in_words("用--days统一时长") == "用--days统一时长"
        assert in_words("Invalid value: required") == "值无效：必填"


def test_words_and_policies_are_explained_in_chinese(printed: Printed) -> None:
    words = [*USER_ATTRIBUTES, *CENTRE_ATTRIBUTES, *AGGREGATES, *EVERYBODY, *OPERATORS]
    for asked in (["word"], ["word", *words], ["policy"], ["policy", *policies()]):
        text = printed("explain", *asked)
        assert text.count("\n") > len(asked)
        assert english(text) == []
    assert "费用     每周工作人员工时：每个中心1小时；每周经费：每个中心1200元" in printed(
        "explain", "policy", "peer_support_workers"
    )


@pytest.mark.parametrize("path", ["users", "rules", "centres", "observe", "network"])
def test_values_are_explained_in_chinese(printed: Printed, path: str) -> None:
    text = printed("explain", "baseline", path)
    assert "含义" in text
    assert english(text) == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["word", "newcomr"], "条件中没有词'newcomr'；是否想写'newcomer'？"),
        (["policy", "outrech"], "没有措施'outrech'；是否想写'outreach'？"),
        (["users.womn"], "未知的路径'users.womn'；是否想写'users.women'？"),
    ],
)
def test_what_cannot_be_explained_is_named_in_chinese(printed: Printed, words: list[str], expected: str) -> None:
    assert expected in printed("explain", *words, status=2)


def test_a_new_scenario_has_chinese_comments_and_is_valid(printed: Printed, folder: Path) -> None:
    assert english(printed("scenario", "new", "mine")) == []
    text = (folder / "mine.yaml").read_text(encoding="utf-8")
    assert "# 方案说明模拟什么。" in text
    assert english("\n".join(text.splitlines()[1:])) == []
    assert "mine.yaml: " in printed("scenario", "check", "mine.yaml")
    assert "文件已经存在" in printed("scenario", "new", "mine", status=2)
    assert english(printed("scenario", "template", "--users", "3")) == []


def test_a_trace_is_chinese(printed: Printed, folder: Path) -> None:
    text = printed("trace", "house.yaml", "circle.yaml", "--most", "12")
    assert text.startswith("A（house）与B（circle）在随机种子0下最先出现的12处不同：")
    assert re.search(r"A为.+，B为.+；起因：circle", text)
    assert english(text) == []
    same = printed("trace", "house.yaml", "circle.yaml", "--days", "1")
    assert same == "在随机种子0下，house与circle完全相同，毫无差别。\n"
    assert "两个方案都名为'house'" in printed("trace", "house.yaml", "house.yaml", status=2)


def test_a_study_is_swept_described_exported_and_asked_in_chinese(printed: Printed, folder: Path) -> None:
    assert "没有存储库；`dayroom sweep`会新建" in printed("status", status=2)
    plan = printed("sweep", "small.yaml", "--dry-run")
    assert "small：2个研究点 × 2个备选方案 × 2次重复模拟 = 8次模拟，每次9天" in plan
    swept = printed("sweep", "small.yaml", "--jobs", "1")
    assert "small：8次模拟中有8次在results/store" in swept
    again = printed("sweep", "small.yaml", "--jobs", "1")
    status = printed("status")
    assert "small：计划8次模拟，完成8次，失败0次，缺失0次" in status
    export = printed("export", "small.yaml", "--csv", "--out", "tables")
    assert "tables/runs.csv：8行" in export
    answer = printed("query", "SELECT lever, count(*) FROM small GROUP BY lever ORDER BY lever")
    table = [line for line in plan.splitlines() if "：" in line]
    for text in ("\n".join(table), swept, again, status, export, answer):
        assert english(text) == []
    refusals = [
        printed("query", "SELECT * FROM smal", status=2),
        printed("query", "CREATE TABLE x (a INT)", status=2),
        printed("export", "small.yaml", status=2),
        printed("sweep", "small.yaml", "--only", "0", status=2),
    ]
    assert "没有视图'smal'；是否想写'small'？" in refusals[0]
    assert english("\n".join(refusals)) == []


def test_the_readme_and_the_captions_of_a_result_are_chinese(tmp_path: Path) -> None:
    for name in ABOUT:
        (tmp_path / name).touch()
    (tmp_path / "contrasts.csv").touch()
    with speaking(Language.zh):
        write_readme(tmp_path, "小中心", "dayroom run house.yaml")
        (tmp_path / "pictures").mkdir()
        write_captions(tmp_path / "pictures", [("network.png", "关系网络", "每个点是一名学员。")])
    text = (tmp_path / "README.txt").read_text(encoding="utf-8")
    assert re.search(r"^contrasts.csv +contrasts.parquet的电子表格版$", text, re.MULTILINE)
    assert english(text.replace("pyarrow.parquet", "")) == []
    captions = (tmp_path / "pictures/captions.txt").read_text(encoding="utf-8")
    assert captions == "network.png：关系网络\n每个点是一名学员。\n"


def test_chinese_letters_are_padded_as_wide_as_two() -> None:
    assert (padded("kind", 6), padded("类型", 6), padded("（a）", 4)) == ("kind  ", "类型  ", "（a）")
