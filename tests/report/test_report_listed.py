"""Reports of a centre with users and ties of its own say what was known of them, and that nothing is lived before."""

import re
from pathlib import Path

import pytest

from experiments.report.rendering import html
from experiments.report.reports import report_of
from sim.language import Language, speaking
from tests.conftest import Dayroom

OURS = """\
extends: baseline
days: 14
settling: 10
replace: [centres]
centres: {ours: {users: 5, users_file: users.csv}}
network: {kind: file, file: ties.csv}
"""
USERS = "姓名,诊断,年龄\n王,抑郁症,30\n李,,40\n张,精神分裂症,\n"
TIES = "填答人,对象,亲密度,未作答\n王,李,朋友,\n李,王,相识,\n张,,,是\n"


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    for name, text in (("ours.yaml", OURS), ("users.csv", USERS), ("ties.csv", TIES)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "rest.yaml").write_text("extends: ours.yaml\npolicies: {r: {policy: respite}}\n", encoding="utf-8")
    return tmp_path


def text_of(folder: Path, name: Language) -> str:
    with speaking(name):
        page = html.render(report_of(folder)).decode("utf-8")
    return " ".join(re.sub(r"<[^>]*>", "", page).split())


def test_a_comparison_says_who_was_surveyed_and_what_was_filled_in(
    dayroom: Dayroom, ours: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["compare", ours / "ours.yaml", ours / "rest.yaml", "--replicates", 1, "--seed", 1, "--jobs", 1]
    assert dayroom(*words, "--out", ours / "made") == 0
    surveyed = "ours: 2 of 5 users surveyed, 1 gave no answer, 2 filled in"
    assert " ".join(capsys.readouterr().out.split()).count(surveyed) == 1
    english, chinese = text_of(ours / "made", Language.en), text_of(ours / "made", Language.zh)
    assert surveyed in english
    assert "depression of 1 as bipolar disorder" in english
    assert "nothing is lived before it" in english
    assert "10 days are lived before day 0" not in english
    assert "the scenario lists users of its own" in english
    assert "5名学员中2名作答，1名没有作答，2名补入" in chinese
    assert "第0天之前不作模拟" in chinese
