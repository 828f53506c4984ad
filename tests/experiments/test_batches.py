"""Batches: every item once, as many as fit the time of a batch, few at the end, lost items alone."""

import pytest

from experiments.runs.executors.batches import LARGEST_BATCH, Batch, Batches


def all_of(batches: Batches, workers: int, seconds: float) -> list[Batch]:
    """Hand out all items to workers that take this long for each."""
    given = []
    while (batch := batches.next(workers, len(batches.items))) is not None:
        batches.done(batch, seconds * len(batch.items))
        given.append(batch)
    return given


@pytest.mark.parametrize(("seconds", "largest"), [(10.0, 1), (0.3, 1), (0.05, 6), (0.005, 60), (1e-9, LARGEST_BATCH)])
def test_a_batch_holds_what_its_time_does(seconds: float, largest: int) -> None:
    items = list(range(5000))
    given = all_of(Batches(items, 0.3 + 1e-9), 2, seconds)
    assert [item for batch in given for item in batch.items] == items
    assert [batch.start for batch in given] == [batch.items[0] for batch in given]
    sizes = [len(batch.items) for batch in given]
    assert sizes[0] == 1, "nobody knows yet what an item takes"
    assert max(sizes) == largest
    assert sizes[-8:] == [1] * 8, "no worker is left with much at the end"


def test_one_slow_first_item_does_not_make_batches_small_for_long() -> None:
    batches = Batches(range(1000), 0.3)
    for number, seconds in enumerate([2.0, 2.0, *[0.005] * 10]):
        batches.done(Batch(number, [number]), seconds)
    assert batches.size(2) == 60


def test_nothing_beyond_the_limit_is_begun() -> None:
    batches = Batches(range(10), 1.0)
    assert [batches.next(1, 2) for _ in range(3)] == [Batch(0, range(1)), Batch(1, range(1, 2)), None]
    assert batches


def test_what_a_dead_worker_had_is_handed_out_one_by_one_and_first() -> None:
    batches = Batches("abcdef", 1.0)
    batches.once_more(Batch(0, "abc"))
    assert [batches.next(1, 6) for _ in range(4)] == [Batch(0, ["a"]), Batch(1, ["b"]), Batch(2, ["c"]), Batch(0, "a")]


def test_empty_when_all_is_handed_out() -> None:
    assert not Batches([], 1.0)
    batches = Batches("a", 1.0)
    batches.next(1, 1)
    assert not batches
