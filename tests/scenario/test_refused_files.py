"""Files that must do no harm: not scenarios, not files, chains that never end, text made to exhaust."""

import os
import re
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sim.scenario.reading.load import load_scenario, read, read_as
from sim.scenario.text.errors import ScenarioError

FILE = Path("x.yaml")


def refused(path: Path | str) -> str:
    """Try to load a file and return the message."""
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    return str(caught.value)


def test_a_large_file_is_refused_without_reading_it(tmp_path):
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    start = time.process_time()
    assert "found more than 1 MB, allowed is a YAML file of at most 1 MB" in refused(path)
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "the file is empty"),
        (b"# only a remark\n", "the file is empty"),
        (b"days: 3\ntitle: \xff\n", ":2:8: byte 0xff is not UTF-8"),
        ("days: 3\n".encode("utf-16"), ":1:1: byte 0xff is not UTF-8"),
        (b"days: 3\r\ntitle: a\0b\n", ":2:9: character U+0000 does not belong in text"),
        (b"days: 3\ntitle: \x1b[31m\n", ":2:8: character U+001B does not belong in text"),
    ],
)
def test_files_that_hold_no_text(tmp_path, content, expected):
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    assert expected in refused(path)


def test_a_byte_order_mark_is_no_mistake(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_bytes(b"\xef\xbb\xbfdays: 3\r\n")
    assert load_scenario(path).days == 3


def test_paths_that_lead_to_no_file(tmp_path):
    assert refused(tmp_path / "none.yaml").endswith("none.yaml: no such file")
    assert refused(tmp_path).endswith("this is a folder, not a file")
    assert "its name is no file name" in refused("a\0b.yaml")
    assert "its name is no file name" in refused("a\ud800b.yaml")
    assert "file name too long" in refused("a" * 5000 + ".yaml")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_pipes_and_devices_are_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    start = time.perf_counter()
    assert "no ordinary file" in refused(tmp_path / "pipe.yaml")
    assert "no ordinary file" in refused("/dev/zero")
    assert time.perf_counter() - start < 60  # to wait for a writer, or for an end, would be for ever


def test_an_unreadable_file(tmp_path, monkeypatch):
    path = tmp_path / "x.yaml"
    path.write_text("days: 3\n")

    def deny(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", deny)
    assert refused(path).endswith("x.yaml: the file cannot be read (permission denied)")


def test_a_bare_word_gets_the_nearest_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    message = refused("baselin")
    assert message.startswith("'baselin': no shipped scenario and no file has this name; did you mean 'baseline'?")
    (tmp_path / "mine.yaml").write_text("days: 3\n")
    assert "did you mean 'mine.yaml'?" in refused("mine")


# Chains of files


def write(folder: Path, **files: str) -> Path:
    """Write scenario files by stem and return the path of the first."""
    for stem, text in files.items():
        (folder / f"{stem}.yaml").write_text(text)
    return folder / f"{next(iter(files))}.yaml"


def test_circles_are_told_with_their_way_round(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = write(tmp_path, a="extends: b.yaml\n", b="extends: a.yaml\n")
    assert (
        "b.yaml:1:10: extends: found 'a.yaml', a circle of files that extend each other: a.yaml -> b.yaml -> a.yaml"
        in refused(path)
    )
    assert "c.yaml -> c.yaml" in refused(write(tmp_path, c="extends: ./c.yaml\n"))


def test_endless_chains_end(tmp_path):
    path = write(tmp_path, **{f"s{n}": f"extends: s{n + 1}.yaml\n" for n in range(30)}, s30="days: 3\n")
    found = (
        "extends: found 's10.yaml', file 11 of those that build on one another, allowed is a chain of at most 10 files"
    )
    assert found in refused(path)


def test_a_base_that_is_not_there_gets_the_files_of_its_folder_the_nearest_first(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    inner = tmp_path / "inner"
    inner.mkdir()
    write(inner, parks22="days: 3\n", zoo="days: 3\n", park="days: 3\n")
    (inner / "park.csv").write_text("")
    path = write(tmp_path, a="extends: inner/parkz.yaml\n", other="days: 3\n")
    assert refused(path) == (
        "a.yaml:1:10: extends: found 'inner/parkz.yaml'; no such file; did you mean 'inner/park.yaml'? "
        "allowed: a shipped name or a file such as inner/park.yaml, inner/parks22.yaml, inner/zoo.yaml"
    )
    assert "no such file, allowed is a shipped name or a file such as other.yaml" in refused(
        write(tmp_path, a="extends: qqqqqqqqqqqq.yaml\n")
    )
    assert "did you mean 'baseline'?" in refused(write(tmp_path, a="extends: baseline.yaml\n"))


def test_a_base_in_a_folder_without_files_gets_the_shipped_names(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    message = refused(write(tmp_path, a="extends: qqqqqqqqqqqq.yaml\n"))
    assert "no such file, allowed is a path or one of baseline, " in message
    assert message.endswith("; . holds no other YAML file")
    assert "nowhere holds no other YAML file" in refused(write(tmp_path, a="extends: nowhere/qqqqqqqqqqqq.yaml\n"))


def test_of_many_files_the_nearest_are_listed(tmp_path):
    path = write(tmp_path, a="extends: s.yaml\n", **{f"s{n}": "days: 3\n" for n in range(10, 24)})
    message = refused(path)
    assert message.count(".yaml, s") == 9
    assert message.endswith(" and 4 more")


def test_mistakes_of_all_files_of_a_chain_are_told_each_in_its_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = write(tmp_path, a="extends: b.yaml\nzzz: 1\n", b="days: 3\ndays: 4\nusers: {women: 5}\n")
    assert [line[:10] for line in refused(path).splitlines()] == ["b.yaml:2:1", "b.yaml:3:1", "a.yaml:2:1"]


def test_a_broken_base_hides_no_mistakes_of_the_file_itself(tmp_path):
    path = write(tmp_path, a="extends: b.yaml\nzzz: 1\npolicies: {x: {}}\n", b="days: [\n")
    lines = refused(path).splitlines()
    assert len(lines) == 2
    assert "this is no YAML" in lines[0]
    assert "unknown key 'zzz'" in lines[1]


def test_links_do_not_lead_out_of_the_folder(tmp_path):
    inner = tmp_path / "inner"
    inner.mkdir()
    write(tmp_path, outside="days: 3\n")
    (tmp_path / "p.csv").write_text("x\n")
    (inner / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    (inner / "p.csv").symlink_to(tmp_path / "p.csv")
    (inner / "loop.yaml").symlink_to(inner / "loop.yaml")
    assert "extends: found 'link.yaml', allowed is a shipped name, or a file in the folder" in refused(
        write(inner, a="extends: link.yaml\n")
    )
    assert "users_file: found 'p.csv', allowed is a file in the folder" in refused(
        write(inner, a="centres: {park: {users_file: p.csv}}\n")
    )
    assert "extends: found 'loop.yaml'" in refused(write(inner, a="extends: loop.yaml\n"))


# Text made to exhaust the reader


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: " + "[" * 100_000, "found a value nested 41 levels deep, allowed is at most 40 levels"),
        ("{a: " * 100_000, "found a value nested 41 levels deep, allowed is at most 40 levels"),
        ("- " * 100_000, "found a value nested 41 levels deep, allowed is at most 40 levels"),
        ("? " * 100_000, "found a value nested 41 levels deep, allowed is at most 40 levels"),
        ("title:\n" + "- a\n" * 200_000, "found text that stands for 20001 values up to here"),
        ("\n".join(f"k{number}: 1" for number in range(30_000)), "found text that stands for 20001 values up to here"),
        (
            "a: &a [1,1,1,1,1,1,1,1,1]\n" + "".join(
                f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n" for before, name in pairwise("abcdefghi")
            ),
            " values up to here (an alias counts as all it stands for), allowed is at most 20000 values",
        ),
    ],
    ids=["brackets", "braces", "dashes", "questions", "list", "keys", "laughs"],
)  # fmt: skip
def test_text_made_to_exhaust_the_reader_is_refused_soon(text, expected):
    start = time.process_time()
    with pytest.raises(ScenarioError) as caught:
        read_as(text, FILE)
    assert expected in str(caught.value.problems[-1])
    assert time.process_time() - start < 10


def test_ordinary_anchors_and_aliases_are_fine():
    text = "users:\n  empathy: &usual {mean: 0.4, sd: 0.1}\n  sociability: *usual\n  women: &w 0.5\n  only_child: *w\n"
    users = read_as(text, FILE).scenario.users
    assert users.sociability.mean == 0.4
    assert users.only_child == 0.5


def test_a_mistake_behind_an_alias_is_told_where_the_alias_stands():
    with pytest.raises(ScenarioError, match=r"^x\.yaml:2:7: days: found 'long'"):
        read_as("title: &t long\ndays: *t\n", FILE)


# Anything at all

PIECES = st.sampled_from(
    ["users", "women", "days", ":", ": ", "\n", "  ", "- ", "[", "]", "{", "}", ",", "1.5", "null", "&a ", "*a", "!!x ",
     "? ", "centres", "park", "open", "extends", "baseline", "'", '"', "|", ">", "#", "%", "---", "...", "<<", ".nan",
     "true", "3 weeks", "\t", "é", "😀", "\\", "replace", "timetable", "activity", "policy", "0x1F", "~", "1e400"]
)  # fmt: skip
SHIPPED = (Path(__file__).parents[2] / "scenarios" / "baseline.yaml").read_text()


def survives(text: str) -> None:
    """Load a text; it loads, or the error has printable lines."""
    lines = ["x.yaml: "]
    try:
        read_as(text, FILE)
    except ScenarioError as error:
        lines = [str(problem) for problem in error.problems]
    assert lines
    assert all(re.match(r"x\.yaml(:\d+:\d+)?: ", line) and line.isprintable() for line in lines)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=25).map("".join)))
@example("%YAML 1.99999999999999999999\n---\na: 1")
@example('"\\x')
@example("? a\n: b\n? [c]\n: d")
@example("&a : *a")
@example("*a : 1")
@example("- &a\n- *a")
@example("a: !<tag:yaml.org,2002:int> 5")
@example("%TAG ! tag:x,2000:\n---\n!a b")
@example("name: 0x" + "f" * 90)
@example("users: {empathy: 1e99}")
@example("centres: {park: {users: 99999999999999999999999999999999999999999999999}}")
@example("seed: 1" + "0" * 80)
@example("network: {arguments: {k: 1" + "0" * 90 + "}}")
def test_any_text_loads_or_is_told_wrong(text):
    survives(text)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 30), st.lists(PIECES, max_size=3).map("".join)),
        min_size=1,
        max_size=3,
    )
)
def test_any_changed_scenario_loads_or_is_told_wrong(changes):
    text = SHIPPED
    for share, dropped, piece in changes:
        start = int(share * len(text))
        text = text[:start] + piece + text[start + dropped :]
    survives(text)


def test_read_tells_the_same_as_load_scenario(tmp_path):
    path = write(tmp_path, a="days: 0\n")
    with pytest.raises(ScenarioError, match=re.escape("days: found 0")):
        read(path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "extends： baseline\ntitle： a\n",
            ":1:8: found the full-width sign '：' where YAML takes ordinary signs and a space",
        ),
        ("days: 3\nusers：\n  women: 0.5\n", ":2:6: found the full-width sign '：'"),
        ("centres:\n  park:\n    users： 34\n    staff: 3\n", "a space after the colon; did you mean 'users: 34'?"),
        ("centres: {park: {open: [monday，tuesday]}}\n", "did you mean '[monday, tuesday]'?"),
        ("rules: {attendance: {base_share: 60％}}\n", "did you mean '60 %'?"),
        ("rules: {attendance: {base_share: 60}}\n", "found 60; did you mean '60 %'? allowed: 0.01 to 0.99"),
        ("rules: {attendance: {base_share: 2}}\n", "found 2, allowed is 0.01 to 0.99"),
        ("days: 2027-03-01\n", 'or "1 year"; a length of time is no date'),
        ("days: March\n", 'or "1 year"; a length of time is no date'),
        ("centres:\n\tpark:\n", ":2:1: a tab stands where YAML takes spaces; indent with spaces"),
    ],
)
def test_what_a_keyboard_or_a_calendar_brings_in_is_named(tmp_path, text, expected):
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    assert expected in refused(path)


def test_full_width_letters_in_titles_are_kept(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text("title: 北京：６０％\nextends: baseline\n", encoding="utf-8")
    assert load_scenario(path).title == "北京：６０％"
