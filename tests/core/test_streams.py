"""Chance: the generator against its published vectors, keys against the promise, laws against their formulas."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim import streams
from sim.state.people import fill_uniform
from sim.streams import PURPOSES, gumbel, normal, philox, race, uniform, unit, words

MASK = 2**32 - 1
SIGMAS = 4.5
FEW, MANY = 40_000, 120_000
KEY = {"seed": 7, "purpose": 3, "slot": 2, "day": 5, "user": 11, "other": 13}
"""A key in its usual order."""

word = st.integers(0, MASK)


def drawn(draw: Callable[..., Any], key: dict[str, int]) -> Any:
    """Draw with a key whose seed has the model's type."""
    return draw(np.uint64(key["seed"]), *list(key.values())[1:])


def varied(draw: Callable[..., Any], name: str, count: int, **changes: int) -> np.ndarray:
    """Draw `count` times, counting up one part of the key."""
    key = KEY | changes
    return np.array([drawn(draw, key | {name: key[name] + k}) for k in range(count)])


def plain_philox(counter: list[int], key: list[int]) -> list[int]:
    """Return Philox4x32-10 as the paper describes it, in Python's whole numbers."""
    x, k = list(counter), list(key)
    for _ in range(10):
        high0, low0 = divmod(0xD2511F53 * x[0], 2**32)
        high1, low1 = divmod(0xCD9E8D57 * x[2], 2**32)
        x = [high1 ^ x[1] ^ k[0], low1, high0 ^ x[3] ^ k[1], low0]
        k = [(k[0] + 0x9E3779B9) % 2**32, (k[1] + 0xBB67AE85) % 2**32]
    return x


def compiled_philox(counter: list[int], key: list[int]) -> list[int]:
    """Run the model's generator on plain numbers."""
    return [int(found) for found in philox(*(np.uint64(value) for value in (*counter, *key)))]


VECTORS = [
    ([0] * 4, [0] * 2, [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]),
    ([MASK] * 4, [MASK] * 2, [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]),
    (
        [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
        [0xA4093822, 0x299F31D0],
        [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1],
    ),
]


@pytest.mark.parametrize(("counter", "key", "expected"), VECTORS, ids=["zeros", "ones", "pi"])
def test_the_generator_gives_the_published_vectors(counter, key, expected):
    assert compiled_philox(counter, key) == expected


@pytest.mark.parametrize(("counter", "key", "expected"), VECTORS, ids=["zeros", "ones", "pi"])
def test_the_plain_generator_of_this_file_gives_them_too(counter, key, expected):
    assert plain_philox(counter, key) == expected


@given(st.lists(word, min_size=4, max_size=4), st.lists(word, min_size=2, max_size=2))
def test_the_generator_agrees_with_one_in_whole_numbers(counter, key):
    assert compiled_philox(counter, key) == plain_philox(counter, key)


@given(
    seed=st.integers(0, 2**64 - 1),
    purpose=st.integers(0, 255),
    slot=st.integers(0, 2**24 - 1),
    day=st.integers(0, 36525),
    user=word,
    other=word,
)
def test_a_key_fills_counter_and_key_of_the_generator_as_described(seed, purpose, slot, day, user, other):
    found = [int(w) for w in words(np.uint64(seed), purpose, slot, day, user, other)]
    assert found == plain_philox([day, purpose + 256 * slot, user, other], [seed % 2**32, seed // 2**32])


def test_days_of_settling_have_draws_of_their_own():
    found = [int(w) for w in drawn(words, KEY | {"day": -5})]
    assert found == plain_philox([2**32 - 5, 3 + 256 * 2, 11, 13], [7, 0])


@pytest.mark.parametrize("name", KEY)
def test_every_part_of_the_key_changes_the_draw(name):
    before = drawn(words, KEY)
    after = drawn(words, KEY | {name: KEY[name] + 1})
    assert all(a != b for a, b in zip(before, after, strict=True))


def test_the_upper_half_of_the_seed_changes_the_draw():
    assert drawn(uniform, KEY) != drawn(uniform, KEY | {"seed": KEY["seed"] + 2**32})


def test_user_and_other_are_not_interchangeable():
    assert drawn(uniform, KEY) != drawn(uniform, KEY | {"user": KEY["other"], "other": KEY["user"]})


def test_a_draw_does_not_depend_on_the_draws_before_it():
    first = drawn(uniform, KEY)
    varied(uniform, "day", 50)
    np.random.default_rng(1).random(3)
    assert drawn(uniform, KEY) == first


def test_the_ends_of_the_unit_interval_are_never_drawn():
    assert unit(np.uint64(0)) == 2.0**-33
    assert unit(np.uint64(MASK)) == 1.0 - 2.0**-33


def test_a_uniform_draw_is_the_first_word():
    assert drawn(uniform, KEY) == (int(drawn(words, KEY)[0]) + 0.5) / 2**32


def test_a_normal_draw_is_box_and_muller_of_the_first_two_words():
    a, b = ((int(w) + 0.5) / 2**32 for w in drawn(words, KEY)[:2])
    expected = math.sqrt(-2.0 * math.log(a)) * math.cos(2.0 * math.pi * b)
    assert drawn(normal, KEY) == pytest.approx(expected, rel=1e-12)


def test_a_gumbel_draw_turns_the_first_word_over():
    a = (int(drawn(words, KEY)[0]) + 0.5) / 2**32
    assert drawn(gumbel, KEY) == pytest.approx(-math.log(-math.log(a)), rel=1e-12)


def test_a_race_is_slower_by_the_exponential_of_the_utility():
    even = race(np.uint64(1), 2, 3, 4, 5, 6, 0.0)
    ahead = race(np.uint64(1), 2, 3, 4, 5, 6, 1.5)
    assert even / ahead == pytest.approx(math.exp(1.5), rel=1e-12)


def test_bulk_draws_are_the_single_draws():
    uids = np.array([3, 70_000, 2**32 - 1], np.uint32)
    out = np.empty((3, 6))
    fill_uniform(np.uint64(9), 4, 10, uids, out)
    for i, uid in enumerate(uids.tolist()):
        eight = [*words(np.uint64(9), 4, 10, 0, uid, 0), *words(np.uint64(9), 4, 11, 0, uid, 0)]
        assert out[i].tolist() == [(int(w) + 0.5) / 2**32 for w in eight[:6]]


def test_purposes_are_unique_and_fit_their_place():
    assert len(PURPOSES) >= 30
    assert len(set(PURPOSES.values())) == len(PURPOSES)
    assert all(0 < value < 256 for value in PURPOSES.values())


def test_every_purpose_is_listed_under_its_own_name():
    assert all(getattr(streams, name) == value for name, value in PURPOSES.items())


# Laws. A statistic with a standard normal law under the promise must stay within SIGMAS.


def evenness(draws: np.ndarray) -> float:
    """Return chi-square of 64 equal cells, as a standard normal deviate."""
    observed = np.bincount((draws * 64).astype(int), minlength=64)
    chi = float(((observed - len(draws) / 64) ** 2).sum() / (len(draws) / 64))
    return (chi - 63) / math.sqrt(2 * 63)


def pairing(a: np.ndarray, b: np.ndarray) -> float:
    """Return chi-square of 16 x 16 equal cells for two draws together, as a standard normal deviate."""
    observed = np.bincount((a * 16).astype(int) * 16 + (b * 16).astype(int), minlength=256)
    chi = float(((observed - len(a) / 256) ** 2).sum() / (len(a) / 256))
    return (chi - 255) / math.sqrt(2 * 255)


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Return the correlation of two draws, as a standard normal deviate."""
    return float(np.corrcoef(a, b)[0, 1] * math.sqrt(len(a)))


def distance(draws: np.ndarray, law: Any) -> float:
    """Return the Kolmogorov-Smirnov distance, as a multiple of the limit at 4.5 sigma."""
    allowed = math.sqrt(-math.log(stats.norm.sf(SIGMAS)) / 2) / math.sqrt(len(draws))
    return float(stats.kstest(draws, law.cdf).statistic) / allowed


@pytest.mark.parametrize("name", KEY)
def test_draws_are_even_as_one_part_of_the_key_counts_up(name):
    count = 250 if name == "purpose" else MANY
    draws = varied(uniform, name, count)
    if name == "purpose":  # there are few purposes: 250 draws on each of 500 days
        draws = np.concatenate([varied(uniform, name, count, purpose=1, day=day) for day in range(500)])
    assert abs(evenness(draws)) < SIGMAS
    assert abs(draws.mean() - 0.5) < SIGMAS * math.sqrt(1 / 12 / len(draws))


@pytest.mark.parametrize("name", [name for name in KEY if name != "purpose"])
def test_draws_of_adjacent_keys_are_independent(name):
    draws = varied(uniform, name, MANY)
    assert abs(correlation(draws[:-1], draws[1:])) < SIGMAS
    assert abs(pairing(draws[0::2], draws[1::2])) < SIGMAS


@pytest.mark.parametrize("name", [name for name in KEY if name != "user"])
def test_neighbours_in_one_part_of_the_key_are_independent_over_users(name):
    here, next_door = varied(uniform, "user", MANY), varied(uniform, "user", MANY, **{name: KEY[name] + 1})
    assert abs(correlation(here, next_door)) < SIGMAS
    assert abs(pairing(here, next_door)) < SIGMAS


def test_the_four_words_of_one_draw_are_independent():
    four = varied(words, "user", MANY) / 2.0**32
    for a in range(4):
        for b in range(a):
            assert abs(correlation(four[:, a], four[:, b])) < SIGMAS
            assert abs(pairing(four[:, a], four[:, b])) < SIGMAS


@pytest.mark.parametrize(
    "draws",
    [np.arange(MANY) / MANY, np.random.default_rng(3).random(MANY) ** 1.03],
    ids=["a ramp", "a slightly bent law"],
)
def test_the_checks_reject_what_is_not_chance(draws):
    flagged = [evenness(draws), correlation(draws[:-1], draws[1:]), pairing(draws[0::2], draws[1::2])]
    assert max(abs(value) for value in flagged) > SIGMAS


def test_normal_draws_follow_the_normal_law():
    draws = varied(normal, "user", MANY)
    assert distance(draws, stats.norm) < 1
    assert abs(draws.mean()) < SIGMAS / math.sqrt(MANY)
    assert abs(draws.var() - 1) < SIGMAS * math.sqrt(2 / MANY)


def test_gumbel_draws_follow_the_gumbel_law():
    draws = varied(gumbel, "user", MANY)
    assert distance(draws, stats.gumbel_r) < 1
    assert abs(draws.mean() - 0.5772156649) < SIGMAS * math.pi / math.sqrt(6 * MANY)


def test_the_law_check_rejects_a_law_that_is_a_little_off():
    assert distance(1.02 * varied(normal, "user", MANY) + 0.02, stats.norm) > 1


UTILITIES = (0.0, 0.7, 1.4, -1.0)


def logit_shares(utilities: tuple[float, ...]) -> np.ndarray:
    """Return the choice probabilities of the multinomial logit."""
    weights = [math.exp(value) for value in utilities]
    return np.array(weights) / sum(weights)


def worst_deviation(chosen: np.ndarray, shares: np.ndarray) -> float:
    """Return the largest deviation of observed from expected shares, in standard errors."""
    observed = np.bincount(chosen, minlength=len(shares)) / len(chosen)
    return float(np.max(np.abs(observed - shares) / np.sqrt(shares * (1 - shares) / len(chosen))))


def races() -> np.ndarray:
    """Return the winners of many races between four candidates, a race a day."""
    return np.array(
        [
            min(range(4), key=lambda other, day=day: race(np.uint64(5), 6, 0, day, 1, other, UTILITIES[other]))
            for day in range(FEW)
        ]
    )


def test_the_winner_of_a_race_is_a_multinomial_logit_choice():
    assert worst_deviation(races(), logit_shares(UTILITIES)) < SIGMAS


def test_the_largest_utility_plus_gumbel_is_a_multinomial_logit_choice():
    noise = np.array([[gumbel(np.uint64(5), 6, 0, day, 1, other) for other in range(4)] for day in range(FEW)])
    chosen = np.argmax(np.array(UTILITIES) + noise, axis=1)
    assert worst_deviation(chosen, logit_shares(UTILITIES)) < SIGMAS


def test_the_check_of_choices_rejects_utilities_that_are_a_tenth_off():
    assert worst_deviation(races(), logit_shares((0.1, *UTILITIES[1:]))) > SIGMAS
