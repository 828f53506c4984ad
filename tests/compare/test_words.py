"""Contrasts in words: whole sentences by hand, and what no sentence may claim."""

import math
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.compare.contrasts import Contrast, GroupContrast
from experiments.compare.sentences import clause, mixed, sentences, worse_off
from experiments.statistics.verdict import verdict
from sim.outcomes.catalogue import DAILY, OUTCOMES

NAN = math.nan


def word_of(outcome: str, difference: float, low: float, high: float, n: int) -> str:
    """Return the verdict that goes with an interval, clear among all."""
    return verdict((low, high), difference, OUTCOMES[outcome].better, n=n, differ=n, clear=True)


def contrast(
    outcome: str, difference: float, low: float = NAN, high: float = NAN, n: int = 20, **more: Any
) -> Contrast:
    """Return a contrast with this difference and interval."""
    kind = OUTCOMES[outcome]
    fields = {
        "scenario": "open_days", "base": "baseline", "outcome": outcome, "label": kind.label, "unit": kind.unit,
        "better": kind.better, "n": n, "differ": n, "dropped": 0, "base_mean": 1.0, "other_mean": 1.0 + difference,
        "difference": difference, "low": low, "high": high, "low_simultaneous": NAN, "high_simultaneous": NAN,
        "share_better": NAN, "effect_sd": NAN, "pairing": NAN, "verdict": word_of(outcome, difference, low, high, n),
    }  # fmt: skip
    return Contrast(**{**fields, **more})


def group(
    name: str, users: float, outcome: str, difference: float, half: float = 0.1, flag: str = "", verdict: str = ""
) -> GroupContrast:
    """Return the contrast of a group."""
    kind, low, high = OUTCOMES[outcome], difference - half, difference + half
    word = verdict or ("too few to say" if flag else word_of(outcome, difference, low, high, 20))
    return GroupContrast(
        "open_days", "baseline", name, outcome, kind.label, kind.unit, kind.better, 20, 20, 0, users, NAN, 1.0, 1.0,
        difference, low, high, flag, word,
    )  # fmt: skip


def test_the_sentence_a_reader_wants():
    rows = [contrast("lonely_share", -0.07, -0.10, -0.04), contrast("burden", 2.1, 1.0, 3.2)]
    groups = [
        group("helpers", 30, "burden", 6.0),
        group("helped", 70, "burden", 0.4),
        group("helped", 70, "lonely_share", 0.0),
    ]
    assert sentences(rows, groups) == (
        "Of 100 users, 7 fewer (4 to 10) are lonely at the end; "
        "burden rises by 2.1 points (1.0 to 3.2), mostly among helpers."
    )
    assert sentences([]) == ""


@pytest.mark.parametrize(
    ("outcome", "difference", "low", "high", "expected"),
    [
        ("lonely_share", 0.01, 0.006, 0.014, "Of 100 users, 1.0 more (0.6 to 1.4) are lonely at the end."),
        ("lonely_share", 0.01, 0.004, 0.016, "Of 100 users, 1 more (under 1 to 2) is lonely at the end."),
        ("lonely_share", -0.07, -0.14, -0.0004, "Of 100 users, 7 fewer (under 1 to 14) are lonely at the end."),
        ("burdened_share", 0.003, 0.002, 0.004, "Of 100 users, 0.3 more (0.2 to 0.4) are burdened at the end."),
        ("no_friend_share", -0.02, -0.02, -0.02, "Of 100 users, 2 fewer are without a friend at the end."),
        ("belonging_share", 0.02, 0.012, 0.03, "Of 100 users, 2 more (1 to 3) feel they belong at the end."),
        ("loneliness_ucla20", -3.14, -4.26, -2.04, "Loneliness falls by 3.1 points (2.0 to 4.3)."),
        ("group_identity", 0.25, 0.1, 0.4, "Group identity rises by 0.25 points (0.10 to 0.40)."),
        ("self_worth", 0.05, 0.01, 0.09, "Self-worth rises by 0.05 (0.01 to 0.09) on a scale from 0 to 1."),
        ("open_needs", -0.05, -0.09, -0.01, "Open needs fall by 0.05 (0.01 to 0.09) on a scale from 0 to 1."),
        ("density", 0.012, 0.01, 0.014, "Density rises by 1.2 percentage points (1.0 to 1.4)."),
        ("confidants", 0.3, 0.1, 0.5, "Confidants: 0.30 more a user (0.10 to 0.50)."),
        ("users", -3.0, -5.0, -1.0, "Users enrolled: 3.0 fewer (1.0 to 5.0)."),
        ("helped", 1.2, 0.5, 1.9, "Acts of help: 1.2 more a day (0.5 to 1.9)."),
        ("talk_hours", -1.2, -1.9, -0.5, "Hours of conversation: 1.2 hours fewer a day (0.5 to 1.9)."),
        ("burden", 0.004, 0.001, 0.007, "Burden rises by 0.004 points (0.001 to 0.007)."),
        ("burden", 1e-7, 1e-8, 2e-7, "Burden rises by under 0.0001 points."),
        ("burden", 0.5, -0.3, 1.3, "No clear difference in burden: between 0.3 points lower and 1.3 points higher."),
        ("helped", 0.5, -0.3, 1.3, "No clear difference in acts of help: between 0.3 fewer and 1.3 more a day."),
    ],
)  # fmt: skip
def test_sentences(outcome, difference, low, high, expected):
    assert sentences([contrast(outcome, difference, low, high)]) == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (-0.01, 0.02, "between 1 fewer and 2 more of 100"),
        (-0.002, 0.003, "between 0.2 fewer and 0.3 more of 100"),
        (0.0, 0.02, "between 0 fewer and 2 more of 100"),
        (-1e-9, 0.02, "between under 1 fewer and 2 more of 100"),
    ],
)
def test_no_clear_difference_of_100(low, high, expected):
    assert sentences([contrast("lonely_share", 0.0, low, high)]) == f"No clear difference in lonely users: {expected}."


def test_few_pairs_claim_nothing():
    assert sentences([contrast("lonely_share", -0.07, n=1)]) == "Lonely users: too few to say."
    few = contrast("burden", 2.1, 1.9, 2.3, n=9)
    assert sentences([few]) == "Burden: too few to say."
    assert sentences([few, few]) == "The pairs of runs are too few to say what changes."


def test_a_difference_clear_by_itself_is_said_to_be_so():
    row = contrast("burden", 2.1, 1.0, 3.2, verdict="worse by itself")
    assert sentences([row]) == "By itself, burden rises by 2.1 points (1.0 to 3.2)."
    row = contrast("lonely_share", -0.07, -0.10, -0.04, verdict="better by itself")
    assert sentences([row]) == "By itself, of 100 users, 7 fewer (4 to 10) are lonely at the end."


def test_a_rare_difference_names_the_pairs_that_differ():
    row = contrast("severely_lonely_share", -0.001, differ=3, n=50, verdict="too rare to say")
    assert sentences([row]) == "Severely lonely users: too rare to say, differs in 3 of 50 pairs of runs."


def test_no_pair_is_not_known():
    assert sentences([contrast("burden", NAN, n=0)]) == "Burden: not known, no pair of runs is complete."


def test_where_no_pair_differs_the_sentence_gives_the_bound():
    """Among 20 pairs none differs with probability (1 - p)^20 = .05 at p = 13.9 %."""
    same = contrast("loneliness_ucla20", 0.0, n=20, verdict="no difference seen")
    assert sentences([same]) == (
        "Loneliness: no difference seen in 20 pairs of runs (up to 14 % of pairs might differ)."
    )


def test_a_mixed_case_names_both_sides():
    gain = contrast("loneliness_ucla20", -1.0, -1.5, -0.5)
    alone = contrast("lonely_share", -0.07, -0.10, -0.04, verdict="better by itself")
    loss = contrast("burden", 2.1, 1.0, 3.2, verdict="worse by itself")
    harmed = [group("helpers", 30, "burden", 3.0), group("helpers", 30, "lonely_share", 0.2)]
    assert mixed([gain, alone, loss], []) == (
        "Mixed: loneliness better, lonely users better by itself; but burden worse by itself."
    )
    assert mixed([gain], harmed) == "Mixed: loneliness better; but 1 group worse off."
    assert mixed([gain, loss], [*harmed, group("women", 9, "burden", 1.0)]) == (
        "Mixed: loneliness better; but burden worse by itself, 2 groups worse off."
    )
    assert mixed([gain, alone], [group("women", 9, "burden", 1.0, verdict="worse by itself")]) == ""
    assert mixed([loss], harmed) == ""
    assert mixed([gain], [], ["burden worse over the draws"]) == (
        "Mixed: loneliness better; but burden worse over the draws."
    )


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ([("helpers", 30, 6.0), ("helped", 70, 0.4)], ", mostly among helpers"),
        ([("helpers", 30, 2.1), ("helped", 70, 2.1)], ""),  # everybody alike: no more than their share
        ([("helpers", 30, 3.0), ("helped", 70, 1.7)], ""),  # less than half of it
        ([("helpers", 30, 10.0), ("helped", 70, -8.0)], ""),  # the others change more, the other way
        ([("helpers", 30, 0.05), ("helped", 70, 0.0)], ""),  # not clear itself
        ([("helpers", 30, NAN), ("helped", 70, NAN)], ""),
    ],
)
def test_most_of_a_change(groups, expected):
    rows = [group(name, users, "burden", difference) for name, users, difference in groups]
    text = "Burden rises by 2.1 points (1.0 to 3.2)"
    assert sentences([contrast("burden", 2.1, 1.0, 3.2)], rows) == f"{text}{expected}."
    assert "mostly" not in sentences([contrast("burden", 2.1, -1.0, 3.2)], rows)
    assert "mostly" not in sentences([contrast("burden", 2.1, 1.0, 3.2, scenario="closed")], rows)


def test_a_group_too_small_to_interpret_is_not_named():
    rows = [group("helpers", 30, "burden", 6.0, flag="too few pairs"), group("helped", 70, "burden", 0.4)]
    assert "mostly" not in sentences([contrast("burden", 2.1, 1.0, 3.2)], rows)
    assert sentences([rows[0]]) == "Burden: too few to say."


def test_who_is_worse_off():
    harmed = [group("helpers", 30, "burden", 3.0, 1.0), group("newcomers", 10, "lonely_share", 0.08, 0.03)]
    fine = [group("helped", 60, "burden", -2.0), group("others", 5, "burden", 0.0)]
    few = group("rare", 0.3, "burden", 9.0, flag="too few users")
    assert worse_off([*harmed, *fine]) == [
        "Worse off: helpers (burden rises by 3.0 points (2.0 to 4.0)); "
        "newcomers (of 100 users, 8 more (5 to 11) are lonely at the end)."
    ]
    assert worse_off([*fine, few]) == ["No group is clearly worse off. For 1 group the runs are too few to say."]
    assert worse_off([few, few]) == ["For 1 group the runs are too few to say."]
    other = group("scarce", 0.2, "burden", 9.0, flag="too few users")
    assert worse_off([few, other]) == ["For 2 groups the runs are too few to say."]
    assert worse_off(fine) == ["No group is clearly worse off."]
    assert worse_off([]) == []
    scarce = group("men", 9, "lonely_share", 0.0, verdict="too rare to say")
    assert worse_off([*fine, scarce]) == ["No group is clearly worse off. 1 difference of groups is too rare to say."]


def test_groups_worse_off_by_themselves_are_listed_apart_and_counted():
    alone = [group(f"group {k}", 9, "burden", 3.0, 1.0, verdict="worse by itself") for k in range(7)]
    none, by_themselves = worse_off(alone)
    assert none == "No group is clearly worse off."
    assert by_themselves.startswith(
        "Worse by itself only, as about one comparison in forty is by chance: group 0 (burden rises by 3.0 points"
    )
    assert by_themselves.endswith("group 4 (burden rises by 3.0 points (2.0 to 4.0)); and 2 more in groups.csv.")
    assert len(worse_off([group("helpers", 30, "burden", 3.0), *alone])) == 2


ends = st.tuples(st.floats(-80, 80), st.floats(-80, 80), st.floats(0, 1)).map(
    lambda x: (min(x[:2]), min(x[:2]) + x[2] * abs(x[0] - x[1]), max(x[:2]))
)
tiny = st.floats(-12, 0).map(lambda power: 10.0**power)


@given(st.sampled_from(DAILY), ends, tiny)
def test_no_sentence_says_nought_of_what_is_not_nought(outcome, interval, scale):
    low, middle, high = (scale * end for end in interval)
    row = contrast(outcome.name, middle, low, high)
    text = clause(row).replace("scale from 0 to 1", "").replace("of 100 users, ", "")
    zeros = re.findall(r"(?<![\d.])0(?:\.0+)?(?![\d.])", text)
    unclear = low <= 0.0 <= high
    assert len(zeros) == (unclear * ((low == 0.0) + (high == 0.0)))
    assert ("no clear difference" in text) == unclear
    assert "nan" not in text
    assert "-" not in re.sub(r"[a-z]-[a-z]", "", text.replace("UCLA-20", ""))


@given(st.sampled_from(DAILY), st.floats(0.5, 3), st.booleans())
def test_words_of_direction_follow_the_sign(outcome, size, up):
    sign = 1.0 if up else -1.0
    ends_ = sorted((sign * (size - 0.2), sign * (size + 0.2)))
    text = clause(contrast(outcome.name, sign * size, *ends_))
    rises = re.search(r"\b(more|rises?)\b", text) is not None
    falls = re.search(r"\b(fewer|falls?)\b", text) is not None
    assert (rises, falls) == (up, not up)


def test_every_outcome_has_a_sentence_that_names_it_or_its_users():
    texts = {clause(contrast(o.name, 0.5, 0.4, 0.6)) for o in DAILY}
    assert len(texts) == len(DAILY)
