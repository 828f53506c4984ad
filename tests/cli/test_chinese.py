"""What commands print in Chinese: no word of another language but names, keys and files, and no mixed marks."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dayroom import Effort, InProcess, levers_of, load_scenario, portfolio
from experiments.cli.app import main
from experiments.compare.runs import compare
from experiments.runs.result import run_replicates
from experiments.statistics.numbers import beside, commas, duration, in_sentence, level, listed, many, percent, signed
from experiments.statistics.terminal import filled
from sim.language import Language, speaking
from sim.scenario.schema.scenario import Scenario

NAMES = (
    r"UCLA",
    r"[\w-]+(?:[./][\w*-]+)+",  # files, folders and paths of parameters
    r"`\w+`",
    r"--[a-z]+(?: \d+)?",
    r"base|rest",  # scenarios
    r"p(?= = )",
)
MIXED = re.compile(r"[A-Za-z]{2,}|[\u4e00-\u9fff][,;:?!(]|[,;:?!)][\u4e00-\u9fff]|\d -|-\d")


def mixed(lines: list[str]) -> list[str]:
    """Return the lines with words or marks that are not Chinese, names left out."""
    return [line for line in lines if MIXED.search(re.sub("|".join(NAMES), "", line))]


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    with speaking(Language.zh):
        yield


@pytest.fixture(scope="module")
def tiny() -> Scenario:
    given = {"days": 3, "settling": 0, "budget": {"hours": 9.0, "money": 1000.0}}
    return load_scenario("baseline").with_changes(name="base", title="一个小中心", **given)


def with_rest(scenario: Scenario, start: int = 0) -> Scenario:
    policies = {"rest": {"policy": "respite", "start": start}, "supervision": {"policy": "supervision"}}
    return scenario.with_changes(name="rest", title="喘息", policies=policies)


@pytest.mark.parametrize("replicates", [1, 3, 10])
def test_the_summary_of_a_run_is_chinese(tiny: Scenario, replicates: int) -> None:
    lines = run_replicates(with_rest(tiny), replicates, seed=1).sentences()
    assert lines[0] == "喘息（rest）"
    assert "1个中心、25名学员、3天" in lines[1]
    assert mixed(lines) == []


@pytest.mark.parametrize(("replicates", "draws"), [(2, 0), (10, 10)])
def test_a_comparison_is_chinese(tiny: Scenario, replicates: int, draws: int) -> None:
    reports: list[str] = []
    result = compare(
        tiny, with_rest(tiny), replicates=replicates, seed=1, jobs=1, uncertain=draws, decompose=not draws,
        until="burden ±0.5", most=replicates, report=reports.append,
    )  # fmt: skip
    lines = result.sentences()
    assert lines[0] == f"与一个小中心（base）比较，{replicates}对模拟，随机种子相同"
    assert mixed([*lines, *reports]) == []


def test_a_search_over_portfolios_is_chinese(tiny: Scenario) -> None:
    reports: list[str] = []
    levers = levers_of(with_rest(tiny), steps=1)
    effort = Effort(replicates=2, fresh=10, population=4, generations=1)
    lines = portfolio(tiny, levers, 9.0, effort, workers=InProcess(), report=reports.append).sentences()
    assert lines[0].startswith("在base上增加措施组合，至多每周9小时工作人员工时")
    assert mixed([*lines, *reports]) == []


@pytest.mark.slow
def test_the_command_line_is_chinese(small_file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    words = ["--days", "2", "--replicates", "1", "--out", str(small_file.parent / "r")]
    with pytest.raises(SystemExit, match="0"):
        main(["--lang", "zh", "run", str(small_file), *words])
    out, err = capfd.readouterr()
    assert "结果：" in out
    assert "图：" in out
    assert mixed([line for line in out.splitlines() if "Two small centres" not in line]) == []
    assert mixed(err.splitlines()) == []


def test_a_mistake_of_the_command_line_is_chinese(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--lang", "zh", "compare", "baseline", "buddy-scheme", "--replicates", "2", "--until", "burden ±x"])
    assert "半宽为" in capfd.readouterr().err


def test_numbers_and_lists_are_written_as_in_china() -> None:
    assert (percent(0.12), level(0.5, "share"), signed(-1.25, 2)) == ("12%", "50.0%", "\u22121.25")
    assert (commas(["甲", "乙"]), listed(["甲", "乙", "丙"]), beside("甲。", "", "乙。")) == (
        "甲、乙",
        "甲、乙和丙",
        "甲。乙。",
    )
    assert (many(1, "run"), many(3, "run"), duration(7200)) == ("1次模拟", "3次模拟", "2小时")
    assert in_sentence("Loneliness (UCLA-20)") == "孤独感"


def test_chinese_lines_break_between_letters_but_not_before_a_mark() -> None:
    assert filled("孤独感降低，负担感升高。", 12, following="  ") == ["孤独感降低，", "  负担感升", "  高。"]
    assert filled("大价值（10次）", 8) == ["大价值", "（10次）"]
    for width in range(8, 30):
        lines = filled("孤独感降低1.25分（0.5至2.0），负担感升高；See README.txt。", width, "  ", "    ")
        assert not [line for line in lines if line.strip()[0] in "，。；）"]
        assert "".join(line.strip() for line in lines).replace(" ", "").startswith("孤独感降低1.25分")
