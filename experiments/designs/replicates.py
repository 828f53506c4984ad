"""Replicates: runs of the same scenario with different seeds. Each can be repeated alone."""

import hashlib
from dataclasses import dataclass
from typing import Final

from sim.scenario.schema.quantity import whole_seed
from sim.scenario.text.errors import InputError

MOST_REPLICATES: Final = 100_000
"""Most replicates of a scenario."""


@dataclass(frozen=True, slots=True)
class Replicate:
    """One of several runs that differ only by chance.

    Parameters
    ----------
    number : int
        Number of the replicate, from 0.
    seed : int
        Seed of this run. A run of the scenario with this seed, as replicate 0, gives the same result.
    """

    number: int
    seed: int


def replicate_seed(seed: int, number: int) -> int:
    """Return the seed of a replicate.

    Replicate 0 has the seed itself; replicate k has 48 bits of a digest of k keyed by the seed. So every replicate is
    replicate 0 of its own seed, and adding replicates leaves the earlier ones unchanged.

    Parameters
    ----------
    seed : int
        Seed of replicate 0, from 0 to 2**64 - 1.
    number : int
        Number of the replicate, from 0.

    Raises
    ------
    ValueError
        When the seed is not a whole number in range, or the number is out of range.
    """
    seed = whole_seed(seed)
    if not 0 <= number < MOST_REPLICATES:
        raise InputError(f"replicate: found {number}, allowed is a whole number from 0 to {MOST_REPLICATES - 1}")
    if number == 0:
        return seed
    key = seed.to_bytes(8, "little")
    digest = hashlib.blake2b(number.to_bytes(8, "little"), digest_size=6, key=key, person=b"replicate")
    return int.from_bytes(digest.digest(), "little")


def draw_seed(seed: int, draw: int, number: int) -> int:
    """Return the seed of a replicate in a draw of parameters; no two draws share one.

    Draws under the same seeds are not independent: a seed that is good for a policy is good for it in all of them. The
    seed has 48 bits of a digest of draw and replicate keyed by the seed, as in `replicate_seed`.

    Parameters
    ----------
    seed : int
        Seed of the comparison, from 0 to 2**64 - 1.
    draw, number : int
        Number of the draw, and of the replicate in it, from 0.

    Raises
    ------
    ValueError
        When the seed or the number of the replicate is out of range.
    """
    seed = whole_seed(seed)
    replicate_seed(seed, number)  # checks the number
    key, order = seed.to_bytes(8, "little"), draw.to_bytes(8, "little") + number.to_bytes(8, "little")
    return int.from_bytes(hashlib.blake2b(order, digest_size=6, key=key, person=b"draw").digest(), "little")


def replicates(seed: int, count: int) -> tuple[Replicate, ...]:
    """Return the first `count` replicates of a seed.

    Parameters
    ----------
    count : int
        At least 1, at most `MOST_REPLICATES`.

    Raises
    ------
    ValueError
        When the count or the seed is out of range.
    """
    if not 1 <= count <= MOST_REPLICATES:
        raise InputError(f"replicates: found {count}, allowed is a whole number from 1 to {MOST_REPLICATES}")
    return tuple(Replicate(number, replicate_seed(seed, number)) for number in range(count))
