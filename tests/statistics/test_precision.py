"""Targets of precision, and the coverage of intervals under the two-stage rule."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from experiments.statistics.paired import paired_interval
from experiments.statistics.precision import Reached, Rule, Target, floor, parse_until, pilot_sd, takes
from sim.outcomes.catalogue import OUTCOMES

KEY = ("open_days", "burden")
RULE = Rule((Target("burden", 0.5),), 10, 10_000)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("loneliness_ucla20 ±0.5", [("loneliness_ucla20", 0.5)]),
        ("burden +-2", [("burden", 2.0)]),
        ("burden+/-.25", [("burden", 0.25)]),
        (" burden ± 1e-2 , lonely_share ±2%", [("burden", 0.01), ("lonely_share", 0.02)]),
        ("lonely_share ±0.02,group_identity±0.1", [("lonely_share", 0.02), ("group_identity", 0.1)]),
    ],
)
def test_targets_are_read(text, expected):
    assert [(target.outcome, target.half_width) for target in parse_until(text)] == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("lonelines_ucla20 ±0.5", r"1: there is no outcome 'lonelines_ucla20'; did you mean 'loneliness_ucla20'\?"),
        ("burden ±1, brden ±1", r"character 12: there is no outcome 'brden'; did you mean 'burden'\? allowed: one of "),
        ("zzz ±1", r"there is no outcome 'zzz', allowed is one of users, "),
        ("burden", r"character 1: found 'burden'; allowed: an outcome and a half-width"),
        ("", r"character 1: found ''"),
        ("burden ±1,", r"character 11: found ''"),
        ("burden ±0,5", r"the half-width is '0'; allowed: a number above 0 in the unit of burden \(0-100\)"),
        ("burden ±-1", r"character 9: the half-width is '-1'"),
        ("burden ±", r"the half-width is ''"),
        ("burden ±nan", r"the half-width is 'nan'"),
        ("burden ±1e999", r"the half-width is '1e999'"),
        ("burden ±2%", r"the half-width is '2%'"),
        ("lonely_share ±x", r"allowed: a number above 0 in the unit of lonely_share \(share, or in %\)"),
        ("burden ±1, burden ±2", r"burden has two half-widths"),
    ],
)  # fmt: skip
def test_what_is_no_target_is_refused(text, message):
    with pytest.raises(ValueError, match=message):
        parse_until(text)


@given(st.sampled_from(sorted(OUTCOMES)), st.floats(1e-6, 1e6), st.sampled_from(["±", "+-", "+/-", " ± "]))
def test_every_outcome_can_be_a_target(outcome, width, sign):
    assert parse_until(f"{outcome}{sign}{width!r}") == (Target(outcome, width),)


@pytest.mark.parametrize(
    ("targets", "least", "most", "message"),
    [
        ((), 10, 20, "no target"),
        ((Target("burden", 1.0),), 1, 20, "the least number of pairs is 1; allowed: 2 or more"),
        ((Target("burden", 1.0),), 10, 9, "the most pairs, 9, are fewer than the least, 10"),
    ],
)
def test_rules_that_cannot_be_followed_are_refused(targets, least, most, message):
    with pytest.raises(ValueError, match=message):
        Rule(targets, least, most)


def of_sd(sd: float, n: int) -> np.ndarray:
    """Return numbers of this standard deviation and mean 0."""
    x = np.linspace(-1, 1, n)
    return x / x.std(ddof=1) * sd


def test_needed_is_steins_number():
    assert RULE.needed({KEY: of_sd(2.0, 10)}) == math.ceil((2.262157162740992 * 2.0 / 0.5) ** 2) == 82
    assert RULE.needed({KEY: of_sd(0.1, 10)}) == 10


@pytest.mark.parametrize(
    ("outcome", "grain"),
    [
        ("severely_lonely_share", 1 / 40), ("loneliness_ucla20", 1 / 40), ("burden", 1 / 40), ("confidants", 1 / 40),
        ("group_identity", 1 / 40), ("talks", 1.0), ("users", 1.0), ("mood", 0.0), ("money", 0.0),
    ],
)  # fmt: skip
def test_the_floor_is_what_might_differ_unseen(outcome, grain):
    """With 5 pairs alike, up to 1 - .05^(1/5) = 45 % of pairs might differ."""
    share = 1 - 0.05 ** (1 / 5)
    assert floor(outcome, 40.0, 5) == pytest.approx(grain * math.sqrt(share * (1 - share)))
    assert floor(outcome, math.nan, 5) == (grain if grain == 1.0 else 0.0) * math.sqrt(share * (1 - share))


def test_a_rare_outcome_that_has_not_changed_yet_is_not_precise_at_once():
    key, users = ("open_days", "severely_lonely_share"), {"open_days": 40.0}
    rule = Rule((Target(key[1], 0.001),), 5, 10_000)
    n = math.ceil((stats.t.ppf(0.975, 4) * floor(key[1], 40.0, 5) / 0.001) ** 2)
    assert rule.needed({key: np.zeros(5)}, users) == n > 1000
    [found] = rule.reached({key: np.zeros(5)}, users)
    assert not found.met
    assert found.half_width == pytest.approx(stats.t.ppf(0.975, 4) * floor(key[1], 40.0, 5) / 5**0.5)
    [silent] = rule.reached({key: np.zeros(n)}, users)
    assert 0.0 < silent.half_width <= 0.001 * (1 + 1e-9)
    assert not silent.met
    assert silent.words().endswith(f", open_days: too rare to say from {n:,} pairs, of which none differ.")
    step = np.zeros(n)
    for differ, met in ((9, False), (10, True)):
        step[-differ:] = 1 / 40
        [found] = rule.reached({key: step}, users)
        assert (found.differ, found.met) == (differ, met)


@pytest.mark.parametrize(("studies", "tolerance"), [(400, 0.05), pytest.param(10_000, 0.01, marks=pytest.mark.slow)])
def test_a_precision_that_was_reached_holds_for_a_rare_outcome(studies, tolerance):
    """In 6 % of pairs 6 of 25 users differ; a pilot of 20 pairs often has one or none of them."""
    stream = np.random.default_rng(7)
    key, share, size = ("open_days", "severely_lonely_share"), 0.06, 6 / 25
    rule = Rule((Target(key[1], 0.01),), 20, 2000)
    missed = wrong = 0
    for _ in range(studies):
        pilot = size * (stream.random(20) < share)
        n = rule.planned({key: pilot}, {key[0]: 25.0})
        [found] = rule.reached({key: np.append(pilot, size * (stream.random(n - 20) < share))}, {key[0]: 25.0})
        missed += not found.low <= share * size <= found.high
        wrong += found.met and not found.low <= share * size <= found.high
    assert missed / studies > 0.2  # so counting the pairs that differ is needed
    assert wrong / studies < 0.05 + tolerance


def test_without_a_step_a_pilot_that_does_not_vary_takes_the_most_pairs():
    key = ("open_days", "mood")
    rule = Rule((Target("mood", 0.1),), 10, 300)
    assert rule.needed({key: np.zeros(10)}, {"open_days": 40.0}) == 300
    [found] = rule.reached({key: np.zeros(300)})
    assert not found.met
    assert found.words() == (
        "Mood, open_days: no interval after 300 pairs; nothing varies, so no number of them can be enough."
    )


def test_the_most_allowed_is_no_need():
    """A pilot that does not vary asks for the most allowed: that says nothing about what would be enough."""
    key = ("open_days", "mood")
    rule = Rule((Target("mood", 0.1),), 10, 30)
    needed = rule.needed({key: np.zeros(10)}, {"open_days": 40.0})
    assert takes(needed, 30, "pair", "--max") == (
        "the precision asked for takes at least 30 pairs in all; --max stops at 30"
    )
    assert takes(82, 60, "pair", "--max") == "the precision asked for takes at least 82 pairs in all; --max stops at 60"
    assert takes(29, 30, "pair", "--max") == "the precision asked for takes 29 pairs in all"


def test_several_contrasts_are_run_to_the_most_demanding():
    rule = Rule((Target("burden", 0.5), Target("group_identity", 0.1)), 10, 60)
    pilot = {
        KEY: of_sd(1.0, 10), ("other", "burden"): of_sd(2.0, 10),
        ("other", "group_identity"): of_sd(0.2, 10), ("other", "talks"): of_sd(1e9, 10),
    }  # fmt: skip
    assert rule.needed(pilot) == 82
    assert rule.planned(pilot) == 60
    assert rule.planned({**pilot, ("other", "burden"): of_sd(0.1, 10)}) == 21


def test_pairs_that_fail_in_the_pilot_are_made_up_for():
    pilot = of_sd(2.0, 8)
    failed = np.concatenate([pilot, [np.nan, np.nan]])
    valid = math.ceil((stats.t.ppf(0.975, 7) * 2.0 / 0.5) ** 2)
    assert RULE.needed({KEY: failed}) == math.ceil(valid * 10 / 8)
    assert pilot_sd(failed) == pytest.approx((2.0, 8))


def test_a_pilot_that_failed_asks_for_all_there_may_be():
    assert RULE.needed({KEY: np.array([1.0] + [np.nan] * 9)}) == 10_000


def test_a_target_nobody_measured_is_refused():
    with pytest.raises(ValueError, match="no differences of burden"):
        RULE.needed({("other", "talks"): of_sd(1.0, 10)})


def test_the_interval_is_that_of_the_pilot_deviation():
    every = np.concatenate([of_sd(2.0, 10), np.full(71, 3.0), [np.nan]])
    low, high = RULE.interval(every, 2.0, 10)
    mean, half = np.nanmean(every), 2.262157162740992 * 2.0 / 81**0.5
    assert (low, high) == pytest.approx((mean - half, mean + half))


def test_a_pilot_that_does_not_vary_says_nothing_of_the_variance():
    every = np.array([0.0, 0.0, 1.0, 3.0])
    assert RULE.interval(every, 0.0, 2) == paired_interval(every)
    assert all(math.isnan(end) for end in RULE.interval(np.zeros(4), 0.0, 2))


def test_no_interval_without_a_pilot():
    assert all(math.isnan(end) for end in RULE.interval(np.ones(5), math.nan, 1))
    assert all(math.isnan(end) for end in RULE.interval(np.full(5, np.nan), 1.0, 10))


@given(st.floats(1e-3, 1e3), st.integers(2, 40), st.floats(1e-2, 1e2))
def test_the_number_needed_makes_the_interval_as_narrow_as_asked_and_one_fewer_does_not(sd, n0, width):
    rule = Rule((Target("burden", width),), n0, n0)
    pilot = of_sd(sd, n0)
    n = rule.needed({KEY: pilot})
    half = stats.t.ppf(0.975, n0 - 1) * pilot.std(ddof=1) / np.sqrt([n, n - 1])
    assert half[0] <= width * (1 + 1e-9)
    assert n == n0 or half[1] > width * (1 - 1e-9)


def test_what_was_reached_is_said():
    rule = Rule((Target("burden", 0.5),), 10, 40)
    [found] = rule.reached({KEY: np.concatenate([of_sd(2.0, 10), np.zeros(30)])})
    half = 2.262157162740992 * 2.0 / 40**0.5
    assert (found.n, found.met, found.needed) == (40, False, 82)
    assert (found.half_width, found.low, found.high) == pytest.approx((half, -half, half))
    assert found.words() == (
        "Burden, open_days: ±0.715 after 40 pairs, not ±0.5 as asked; that would take about 82 pairs."
    )
    [enough] = rule.reached({KEY: of_sd(0.5, 10)})
    assert enough.words() == "Burden, open_days: ±0.358 after 10 pairs, as asked (±0.5)."
    [nothing] = rule.reached({KEY: np.array([1.0] + [np.nan] * 9)})
    assert nothing.words() == "Burden, open_days: no interval after 1 pair; too many runs failed."
    assert not nothing.met


def test_an_outcome_of_the_callers_own_is_named_as_it_is():
    made = Reached("p", "own", 2, 1.0, 0.5, 0.0, 1.0, 2, True, 2)
    assert made.words().startswith("own, p: ±0.5 after 2 pairs")


REPEATS = 4_000
LAWS = {
    "normal": lambda g, n: g.standard_normal(n),
    "gamma(8)": lambda g, n: (g.gamma(8.0, size=n) - 8.0) / 8.0**0.5,
    "t5": lambda g, n: g.standard_t(5, size=n) / (5 / 3) ** 0.5,
}


def coverage(law: str, n0: int, width: float, most: int = 10**6) -> tuple[float, float]:
    """Return the share of repeats whose interval holds the true difference, 0, and the share at the most pairs."""
    g = np.random.Generator(np.random.Philox([REPEATS, n0]))
    rule = Rule((Target("burden", width),), n0, most)
    held = stopped = 0
    for _ in range(REPEATS):
        pilot = LAWS[law](g, n0)
        n = rule.planned({KEY: pilot})
        low, high = rule.interval(np.concatenate([pilot, LAWS[law](g, n - n0)]), *pilot_sd(pilot))
        held += low <= 0.0 <= high
        stopped += n == most
    return held / REPEATS, stopped / REPEATS


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("width", [1.0, 0.5, 0.25])
def test_intervals_cover_as_often_as_they_say(law, width):
    assert 0.93 <= coverage(law, 10, width)[0] <= 0.97


@pytest.mark.parametrize("most", [25, 40])
def test_they_do_when_the_rule_is_cut_short(most):
    held, stopped = coverage("normal", 10, 0.3, most)
    assert stopped > 0.5
    assert held == pytest.approx(0.95, abs=4.5 * (0.95 * 0.05 / REPEATS) ** 0.5)


def test_looking_after_every_run_does_not_cover():
    """Negative control: stop as soon as the ordinary interval is narrow enough."""
    g = np.random.Generator(np.random.Philox(REPEATS))
    t = stats.t.ppf(0.975, np.arange(1, 400))
    held = 0
    for _ in range(REPEATS):
        x = g.standard_normal(400)
        n = np.arange(1, 401)
        mean = np.cumsum(x) / n
        variance = (np.cumsum(x**2) - n * mean**2)[1:] / n[:-1]
        half = t * np.sqrt(variance / n[1:])
        stop = 3 + int(np.argmax(half[3:] <= 0.5))  # the first look is at five runs
        held += abs(mean[stop + 1]) <= half[stop]
    assert held / REPEATS < 0.925


def test_changing_over_to_the_ordinary_interval_when_cut_short_does_not_cover():
    """Negative control: the ordinary interval at the most pairs, Stein's before that."""
    g = np.random.Generator(np.random.Philox(REPEATS))
    rule = Rule((Target("burden", 0.5),), 5, 25)
    held = 0
    for _ in range(REPEATS):
        pilot = g.standard_normal(5)
        n = rule.planned({KEY: pilot})
        x = np.concatenate([pilot, g.standard_normal(n - 5)])
        half = stats.t.ppf(0.975, n - 1) * x.std(ddof=1) / n**0.5
        low, high = rule.interval(x, *pilot_sd(pilot)) if n < 25 else (x.mean() - half, x.mean() + half)
        held += low <= 0.0 <= high
    assert held / REPEATS < 0.942
