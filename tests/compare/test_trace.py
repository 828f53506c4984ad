"""The first decisions that differ, and their causes."""

import pytest
from houses import CIRCLE, small

from experiments.compare.trace import Difference, trace
from sim.scenario.schema.changes import Replace

CAP = {"policy": "help_cap", "start": 7, "uptake": 1, "ramp": 0, "refusal": 1}


def test_usual_care_leaves_no_trace():
    assert trace(small("a"), small("b", nothing={"policy": "usual_care"}), 3) == []


def test_python_has_the_lines_of_the_command():
    from dayroom import trace_sentences

    row = Difference(7, "monday", "support", "user 3", "mood", "0.4", "0.5", "cap")
    lines = trace_sentences(small("a"), small("b", cap=CAP), 3, [row])
    assert lines[0] == "The first 1 differences between A (a) and B (b) under seed 3:"
    assert lines[1:3] == ["", "day 7, monday"]
    assert "mood: 0.4 in A, 0.5 in B; behind it: cap" in lines[4]


def test_nothing_differs_before_the_policy_starts_and_the_policy_is_named():
    rows = trace(small("a"), small("b", cap=CAP), 3, 10)
    assert len(rows) == 10
    assert min(row.day for row in rows) >= 7
    assert rows[0].behind == "cap"
    assert rows[0].rule in ("support", "proximity")
    assert {row.behind.removeprefix("through others: ") for row in rows} == {"cap"}


def test_a_circle_first_shows_in_who_speaks_with_whom():
    rows = trace(small("a"), small("b", circle=CIRCLE), 3, 5)
    assert rows[0].weekday == "wednesday"
    assert rows[0].rule in ("encounters", "conversation")


def test_two_policies_are_told_apart():
    late = {"policy": "respite", "start": 28, "eligible": "all", "uptake": 1}
    rows = trace(small("a", late=late), small("b", late=late, cap=CAP), 4, 6)
    assert rows[0].behind == "cap"


@pytest.mark.slow
def test_differences_are_told_once():
    rows = trace(small("a"), small("b", cap=CAP), 3, 40)
    assert len({(row.who) for row in rows}) == len(rows)


def test_listed_users_are_called_by_their_names(tmp_path):
    names = [f"name-{number}" for number in range(12)]
    (tmp_path / "list.csv").write_text("\n".join(["name", *names]), encoding="utf-8")
    listed = Replace({"house": {"users": 12, "users_file": str(tmp_path / "list.csv")}})
    base, other = (one.with_changes(centres=listed, settling=0) for one in (small("a"), small("b", circle=CIRCLE)))
    rows = trace(base, other, 3, 5)
    assert all(who.split(" (")[0] in names for row in rows for who in row.who.split(" towards "))
    assert rows[0].who.startswith("name-")


def test_other_centres_have_nobody_in_common():
    other = small("b").with_changes(centres=Replace({"elsewhere": {"users": 12}}))
    with pytest.raises(ValueError, match="other centres"):
        trace(small("a"), other, 1)
