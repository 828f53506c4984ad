"""Messages in Chinese: each has a translation with the same named places, and the locale picks the language."""

import ast
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from string import Formatter

import pytest

from sim.language import Language, language, later, preferred, say, set_language, speaking
from tools.messages import calls, catalogues, lacks, translations

BAD = {
    "unknown": ("userss: 3\n", "未知的键'userss'；是否想写'users'？"),
    "range": ("days: 0\n", "读到0，应为整数，1至36525"),
    "unit": ("users: {women: 60 percent}\n", "是否想写'60 %'？"),
    "kind": ("policies: {quiet: {policy: respit}}\n", "是否想写'respite'？应为下列之一"),
    "condition": ("groups: {young: age <}\n", "条件没有写完"),
}


def places(text: str) -> set[str]:
    return {f"{name}!{conversion}:{form}" for _, name, form, conversion in Formatter().parse(text) if name is not None}


def test_every_message_is_translated_and_no_translation_is_stale() -> None:
    assert len(translations()) > 400
    assert lacks() == []


def test_a_message_stands_in_one_catalogue_only() -> None:
    every = [message for catalogue in catalogues().values() for message in catalogue]
    assert [message for message, times in Counter(every).items() if times > 1] == []


def test_every_message_is_a_literal() -> None:
    odd = [
        place
        for place, call in calls()
        if len(call.args) != 1 or not isinstance(call.args[0], ast.Constant) or not isinstance(call.args[0].value, str)
    ]
    assert odd == []


def test_named_places_are_the_same_in_both_languages() -> None:
    filled = {place: call for place, call in calls() if isinstance(call.func, ast.Name) and call.func.id == "say"}
    said, chinese = {str(ast.literal_eval(call.args[0])) for call in filled.values()}, translations()
    assert [one for one in said if places(one) != places(chinese[one])] == []


def test_translations_have_chinese_punctuation() -> None:
    wide = "[\u4e00-\u9fff]"
    assert [text for text in translations().values() if re.search(f"{wide}[,;:?!(]|[,;?!]{wide}", text)] == []


@pytest.mark.parametrize("name", BAD)
def test_a_chinese_shell_gets_chinese_messages(name: str, tmp_path: Path) -> None:
    text, expected = BAD[name]
    (tmp_path / "bad.yaml").write_text(f"extends: baseline\n{text}", encoding="utf-8")
    kept = {key: value for key, value in os.environ.items() if not key.startswith("LC_") and key != "DAYROOM_LANG"}
    command = [sys.executable, "-m", "experiments.cli.app", "scenario", "check", "bad.yaml"]
    root = str(Path(__file__).parents[2])
    environment = {**kept, "LANG": "zh_CN.UTF-8", "PYTHONUTF8": "1"}
    environment["PYTHONPATH"] = os.pathsep.join([root, kept.get("PYTHONPATH", "")])
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert run.returncode == 2
    assert run.stderr.startswith("bad.yaml:2:")
    assert expected in run.stderr
    assert "共1处问题" in run.stderr


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_MESSAGES": "zh_CN.UTF-8", "LANG": "C"}, "zh"),
        ({"DAYROOM_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"),
    ],
)
def test_the_environment_picks_the_language(environment: dict[str, str], expected: str) -> None:
    assert preferred(environment) == expected


def test_a_language_lasts_as_long_as_asked() -> None:
    with speaking(Language.en):
        text = later("scenario")
        with speaking(Language.zh):
            assert (say("not set"), str(text)) == ("未设置", "方案")
        assert (say("not set"), str(text), language()) == ("not set", "scenario", "en")


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="found the language 'fr', allowed is one of en, zh"):
        set_language("fr")
