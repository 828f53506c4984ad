"""Units in text: each is converted to the parameter's own unit, nothing is lost, and misfits are refused."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.schema.quantity import Parameter
from sim.scenario.schema.scenario import RULE_PARAMETERS, SCENARIO_PARAMETERS, Centre, Scenario, Session
from sim.scenario.text.units import DAYS_PER_MONTH, UnitError, convert, examples

TIMES = {"min": 1 / 1440, "h": 1 / 24, "day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}
amounts = st.floats(1e-6, 1e6)


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("3 weeks", "day", 21.0),
        ("3weeks", "day", 21.0),
        (" 3 weeks ", "day", 21.0),
        ("1 year", "day", 365.25),
        ("1 month", "day", DAYS_PER_MONTH),
        ("90 min", "h", 1.5),
        ("1.5 h", "min", 90.0),
        ("2 h/week", "h/week", 2.0),
        ("1 h / day", "h/week", 7.0),
        ("0.2 /month", "/year", 2.4),
        ("1/week", "/week", 1.0),
        ("20 %", "1", 0.2),
        ("20%", "1", 0.2),
        ("20 %/month", "/month", -math.log(0.8)),
        ("20 %/month", "/year", -12 * math.log(0.8)),
        ("0 %/year", "/year", 0.0),
        ("7", "day", 7.0),
        ("-2.5", "1", -2.5),
        ("1e3", "day", 1000.0),
        ("3 people", "users", 3.0),
        ("4 周", "day", 28.0),
        ("4周", "day", 28.0),
        ("2 个星期", "day", 14.0),
        ("3个月", "day", 3 * DAYS_PER_MONTH),
        ("2 年", "day", 730.5),
        ("90分钟", "h", 1.5),
        ("10 小时/周", "h/week", 10.0),
        ("4000 元/月", "CNY/week", 4000 * 7 / DAYS_PER_MONTH),
        ("￥400/天", "CNY/week", 2800.0),
        ("20 %/月", "/month", -math.log(0.8)),
        ("6 人", "users", 6.0),
    ],
)
def test_conversion(text, unit, expected):
    assert convert(text, unit) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("", "day"),
        ("three weeks", "day"),
        ("3 wekks", "day"),
        ("3 weeks", "1"),
        ("20 %", "day"),
        ("20 %", "/day"),
        ("3 weeks", "/day"),
        ("3 /week", "day"),
        ("2 h/fortnight", "h/week"),
        ("100 %/month", "/year"),
        ("-1 %/month", "/year"),
        ("3 people", "day"),
        ("3月", "day"),  # March
        ("周一", "day"),
        ("2027年3月", "day"),
        ("nan", "1"),
        ("inf", "1"),
        ("1e999", "1"),
        ("1_000", "1"),
        ("0x10", "1"),
        ("3 weeks 2 days", "day"),
        ("9" * 100_000, "day"),
        (" " * 100_000 + "x", "day"),
    ],
)
def test_refusal_says_what_is_allowed(text, unit):
    with pytest.raises(UnitError, match=r"^found '.{0,80}?'.*, (allowed is|a share over time is allowed)"):
        convert(text, unit)


def test_a_unit_that_is_a_sign_has_no_plural():
    assert examples("h").startswith("a number in h, or")
    assert examples("day").startswith("a number in days, or")


@given(amounts, st.sampled_from(sorted(TIMES)), st.sampled_from(sorted(TIMES)))
def test_times_go_there_and_back(amount, there, back):
    converted = convert(f"{amount!r} {there}", back)
    assert converted == pytest.approx(amount * TIMES[there] / TIMES[back], rel=1e-9)
    assert convert(f"{converted!r} {back}", there) == pytest.approx(amount, rel=1e-9)


@given(amounts, st.sampled_from(sorted(TIMES)), st.sampled_from(sorted(TIMES)))
def test_rates_go_there_and_back(amount, there, back):
    converted = convert(f"{amount!r} /{there}", f"/{back}")
    assert convert(f"{converted!r} /{back}", f"/{there}") == pytest.approx(amount, rel=1e-9)


@given(st.floats(0, 99.9), st.sampled_from(sorted(TIMES)), st.sampled_from(sorted(TIMES)))
def test_a_share_over_time_is_the_rate_that_takes_this_share_in_that_time(percent, per, unit):
    rate = convert(f"{percent!r} %/{per}", f"/{unit}")
    assert 1 - math.exp(-rate * TIMES[per] / TIMES[unit]) == pytest.approx(percent / 100, abs=1e-9)


@given(st.text(max_size=30), st.sampled_from(["1", "day", "/day", "h/week", "users"]))
def test_any_text_gives_a_finite_number_or_a_refusal(text, unit):
    said, number = "found ", 0.0
    try:
        number = convert(text, unit)
    except UnitError as refusal:
        said = str(refusal)
    assert math.isfinite(number)
    assert said.startswith("found ")


ALL = [*SCENARIO_PARAMETERS, *RULE_PARAMETERS]


def test_there_are_parameters_to_check():
    assert len(ALL) > 200


@pytest.mark.parametrize("parameter", ALL, ids=lambda parameter: parameter.path)
def test_every_parameter_reads_its_own_unit(parameter: Parameter):
    unit = "" if parameter.quantity.unit == "1" else parameter.quantity.unit
    assert convert(f"{parameter.default!r} {unit}", parameter.quantity.unit) == parameter.default
    assert examples(parameter.quantity.unit)


def test_sections_take_numbers_with_units():
    assert Session(activity="crafts", minutes="1.5 h").minutes == 90
    assert Scenario(name="x", days="3 weeks").days == 21
    assert Scenario(name="x", days="2 years").days == 730  # whole days of 730.5
    assert Scenario(name="x", users={"empathy": "40 %"}).users.empathy.mean == 0.4
    assert Centre(users="30 users").users == 30
    with pytest.raises(ValueError, match="valid integer"):
        Scenario(name="x", days="36 h")
    with pytest.raises(ValueError, match="less than or equal to 36525"):
        Scenario(name="x", days="1e17 years")
