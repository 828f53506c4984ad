"""Conditions in words: every quantity and operator has them, in one language, with the numbers that were written."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.report.conditions import in_words
from sim.language import Language, speaking
from sim.scenario.conditions.condition import Condition
from sim.scenario.conditions.names import AGGREGATES, CENTRE_ATTRIBUTES, OF_CONDITIONS, OPERATORS, USER_ATTRIBUTES
from sim.scenario.conditions.words import in_quotes
from sim.scenario.text.units import convert

SIGNS = ("<", "<=", ">", ">=", "==", "!=")
NUMBERS = [one for one in USER_ATTRIBUTES.values() if one.kind == "number"]
TRUTHS = [one.name for one in USER_ATTRIBUTES.values() if one.kind == "truth"]
LABELS = [(one.name, in_quotes(label)) for one in USER_ATTRIBUTES.values() for label in one.labels]
WRITTEN = re.compile(r"“[^”]*”")
"""What stands in quotes: what the analyst wrote, and the label “other”."""


def said(text: str, name: Language = Language.en, scope: str = "user") -> str:
    with speaking(name):
        return in_words(Condition(text, scope))  # type: ignore[arg-type]


@st.composite
def comparisons(draw: st.DrawFn, attributes: list = NUMBERS) -> str:  # type: ignore[type-arg]
    one = draw(st.sampled_from(attributes))
    low, high = one.range[0], min(one.range[1], 1000.0)
    value = low + (high - low) * draw(st.integers(1, 19)) / 20
    return f"{one.name} {draw(st.sampled_from(SIGNS))} {value:g}"


labels = st.tuples(st.sampled_from(LABELS), st.sampled_from(("==", "!="))).map(
    lambda one: f"{one[0][0]} {one[1]} {one[0][1]}"
)
simple = st.one_of(comparisons(), st.sampled_from(TRUTHS), labels)
of_users = st.recursive(
    simple,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(("and", "or")), inner).map(lambda one: f"({one[0]}) {one[1]} ({one[2]})"),
        inner.map(lambda one: f"not ({one})"),
    ),
    max_leaves=5,
)


@st.composite
def of_centres(draw: st.DrawFn) -> str:
    how = draw(st.sampled_from([*AGGREGATES, ""]))
    if not how:
        return draw(comparisons(list(CENTRE_ATTRIBUTES.values())))
    if how in OF_CONDITIONS:
        return f"{how}({draw(of_users)}) > {draw(st.sampled_from(('0.25', '0.5')))}"
    one = draw(st.sampled_from(NUMBERS))
    low, high = one.range
    middle = 3.0 if high == float("inf") else (high - low) / 4 if how == "sd" else (low + high) / 2
    return f"{how}({one.name}) <= {middle:g} for 3 weeks"


def check_languages(text: str, scope: str) -> None:
    english, chinese = (said(text, name, scope) for name in Language)
    assert not re.search(r"[\u2e80-\uffff_]|[<>]=?|==", english)
    assert not re.search(r"[A-Za-z,;:()_<>]", chinese)
    assert chinese.count("（") == chinese.count("）")
    assert "{" not in english + chinese


@settings(max_examples=300, deadline=None)
@given(of_users)
def test_a_condition_on_users_has_words_in_one_language(text: str) -> None:
    check_languages(text, "user")


@settings(max_examples=300, deadline=None)
@given(of_centres())
def test_a_condition_on_a_centre_has_words_in_one_language(text: str) -> None:
    check_languages(text, "centre")


@pytest.mark.parametrize("name", [one.name for one in USER_ATTRIBUTES.values()])
def test_every_quantity_of_users_has_words_of_its_own(name: str) -> None:
    one = USER_ATTRIBUTES[name]
    tests = {
        "number": [f"{name} > 20.5" if one.range[1] > 25 else f"{name} > {(one.range[0] + one.range[1]) / 2}"],
        "truth": [name, f"not {name}"],
        "label": [f"{name} {sign} {in_quotes(label)}" for label in one.labels for sign in ("==", "!=")],
    }[one.kind]
    sentences = [said(text) for text in tests]
    assert len({*sentences}) == len(tests)
    assert not [words for words in sentences if "of whom this holds" in words]


TIMES = {"小时": "hour", "天": "day", "周": "week", "个月": "month", "年": "year"}


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 400), st.sampled_from(("days", "weeks", "months", "years")), st.sampled_from(Language))
def test_a_length_of_time_is_what_was_written(number: int, unit: str, name: Language) -> None:
    words = said(f"days_since_arrival >= {number} {unit}", name)
    found = re.search(r"([\d.]+) ?(hour|day|week|month|year|小时|天|周|个月|年)", words)
    assert found is not None
    days = convert(f"{found[1]} {TIMES.get(found[2], found[2])}", "day")
    assert days == pytest.approx(convert(f"{number} {unit}", "day"), rel=1e-11)


@settings(max_examples=200, deadline=None)
@given(st.integers(200_001, 799_999), st.sampled_from(SIGNS), st.sampled_from(Language))
def test_a_number_is_what_was_written(ten_thousandths: int, sign: str, name: Language) -> None:
    value = ten_thousandths / 10_000
    numbers = re.findall(r"(?<![A-Z])\d+(?:\.\d+)?", said(f"burden {sign} {value}", name))
    assert [float(number) for number in numbers] == [value]


def test_sentences_are_as_people_write_them() -> None:
    assert said("burden > 40") == "users whose burden is above 40 points"
    assert said("burden > 40", Language.zh) == "负担感高于40分的学员"
    assert said("days_since_arrival < 12 weeks") == "users who are in the first 12 weeks after arrival"
    assert said("days_since_arrival < 12 weeks", Language.zh) == "来到中心不满12周的学员"
    assert said("all", Language.zh) == "全体学员"
    assert said("none") == "no users"
    assert said("35 > age") == "users who are younger than 35"
    assert said("mean(burden) > 50 for 3 weeks", scope="centre") == (
        "the users' mean burden is above 50 points, for 3 weeks without a break"
    )
    assert said("share(newcomer) > 20 %", Language.zh, "centre") == "新近来到中心的学员所占比例高于20%"


def test_and_within_or_stands_in_brackets_and_a_denial_is_turned_round() -> None:
    assert said("(sex == woman or divorced) and unwell") == (
        "users (who are women or who are divorced) and who are in an unwell episode"
    )
    assert (
        said("not (20 < burden < 50)")
        == "users whose burden is at most 20 points or whose burden is at least 50 points"
    )
    assert said("not (unwell and newcomer)") == "users who are not in an unwell episode or who did not arrive lately"


def test_sums_and_products_keep_their_order_and_units() -> None:
    assert said("help_received >= 1.5 * (help_given + 2)") == (
        "users whose recent help received (in acts) is at least 1.5 × (recent help given (in acts) + 2)"
    )
    assert said("days_absent - 1 week > 3 days") == "users whose unbroken absence − 1 week is more than 3 days"
    assert said("burden / 2 < 20") == "users whose burden ÷ 2 is below 20 points"


def test_what_has_no_words_stands_in_quotes() -> None:
    text = "not (help_given / help_received > 2)"
    assert said(text) == f"users of whom this holds: “{text}”"
    assert WRITTEN.sub("", said(text, Language.zh)) == "符合的学员"


def test_each_operator_has_words() -> None:
    examples = {
        "and": "helper and divorced", "or": "helper or divorced", "not": "not helper", "in": "sex in (woman)",
        "<": "age < 30", "<=": "age <= 30", ">": "age > 30", ">=": "age >= 30", "==": "age == 30", "!=": "age != 30",
        "+": "friends + confidants > 3", "-": "friends - confidants > 3", "*": "friends * 2 > 3",
        "/": "friends / 2 > 3", "%": "mood > 20 %",
    }  # fmt: skip
    assert {*examples} | {"for"} == {*OPERATORS}  # `for` is in the sentences above
    sentences = {sign: said(text) for sign, text in examples.items()}
    assert len({*sentences.values()}) == len(examples)
    assert not [words for words in sentences.values() if "this holds" in words]
