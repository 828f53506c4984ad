"""Replicates: reproducible alone, distinct, and independent of their number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.designs.replicates import MOST_REPLICATES, Replicate, replicate_seed, replicates

SEEDS = st.integers(0, 2**64 - 1)


@given(SEEDS)
def test_replicate_0_has_the_seed_itself(seed: int) -> None:
    assert replicates(seed, 1) == (Replicate(0, seed),)


@given(SEEDS, st.integers(1, MOST_REPLICATES - 1))
def test_every_replicate_is_replicate_0_of_its_own_seed(seed: int, number: int) -> None:
    own = replicate_seed(seed, number)
    assert 0 <= own < 2**48
    assert replicate_seed(own, 0) == own


@given(SEEDS, st.integers(1, 40), st.integers(1, 40))
def test_more_replicates_change_no_earlier_one(seed: int, few: int, more: int) -> None:
    assert replicates(seed, few + more)[:few] == replicates(seed, few)


def test_seeds_differ_between_replicates_and_between_neighbouring_seeds() -> None:
    found = {replicate_seed(seed, number) for seed in range(20) for number in range(1, 500)}
    assert len(found) == 20 * 499


def test_the_seeds_are_what_they_have_always_been() -> None:
    assert [one.seed for one in replicates(42, 4)] == [42, 28641347204117, 80827175568834, 256355470096906]


@pytest.mark.parametrize(("seed", "number", "said"), [(-1, 0, "seed"), (2**64, 0, "seed"), (0, -1, "replicate")])
def test_what_is_out_of_range_is_refused(seed: int, number: int, said: str) -> None:
    with pytest.raises(ValueError, match=rf"^{said}: found -?\d+, allowed is a whole number from 0"):
        replicate_seed(seed, number)


@pytest.mark.parametrize("count", [0, MOST_REPLICATES + 1])
def test_too_few_and_too_many_are_refused(count: int) -> None:
    with pytest.raises(ValueError, match=f"found {count}, allowed is a whole number from 1 to {MOST_REPLICATES}"):
        replicates(1, count)
