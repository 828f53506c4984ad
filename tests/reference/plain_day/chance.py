"""Keyed draws of chance: Philox4x32-10, and the laws made of its words."""

import math
from collections.abc import Iterable

PURPOSES = {
    "CHEMISTRY_SHARED": 4, "CHEMISTRY_OWN": 5, "CHEMISTRY_PERSON": 44, "ATTRACTION": 6, "ARRIVAL": 8, "LEAVING": 7,
    "EPISODE": 9, "TROUBLE": 49, "NEED": 10, "ATTENDANCE": 11, "ORDER": 12, "CANCELLED": 46, "SEATING": 13,
    "APPROACH": 14, "PARTNER": 15, "DECLINE": 16, "JOINING": 34, "JOINER": 35, "WILLING": 36, "INTRODUCTION": 47,
    "LENGTH": 33, "CIRCLE_SEATING": 39, "DEPTH": 17, "IMPRESSION": 45, "LEAK": 19, "LEAK_HEARER": 20, "TEACHING": 24,
    "NOTICE": 32, "ASKING": 21, "HELPER": 22, "HELPING": 23, "WORKER": 40, "WORKER_TALK": 41, "STAFF_TALK": 48,
    "WITHDRAWAL": 27, "PHONE": 28, "EVENING": 42, "MOOD": 29, "ADVOCACY": 30, "SLIGHT": 50,
}  # fmt: skip
_WORD = 0xFFFFFFFF


def philox(counter: tuple[int, int, int, int], key: tuple[int, int]) -> tuple[int, int, int, int]:
    """Turn a counter and a key into four 32-bit words."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        p, q = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (q >> 32) ^ c1 ^ k0, q & _WORD, (p >> 32) ^ c3 ^ k1, p & _WORD
        k0, k1 = (k0 + 0x9E3779B9) & _WORD, (k1 + 0xBB67AE85) & _WORD
    return c0, c1, c2, c3


def words(seed: int, purpose: str, day: int, slot: int = 0, user: int = 0, other: int = 0) -> tuple[int, int, int, int]:
    """Return the four words of a draw."""
    return philox((day & _WORD, PURPOSES[purpose] + 256 * slot, user, other), (seed & _WORD, seed >> 32))


def share(word: int) -> float:
    """Return the uniform of a word."""
    return (word + 0.5) / 2**32


def normal(u0: float, u1: float) -> float:
    """Return a standard normal from two uniforms (Box & Muller)."""
    return math.sqrt(-2 * math.log(u0)) * math.cos(2 * math.pi * u1)


def gumbel(u: float) -> float:
    """Return a standard Gumbel from a uniform."""
    return -math.log(-math.log(u))


def arrival(u: float, utility: float) -> float:
    """Return a candidate's arrival in an exponential race; the first to arrive is chosen."""
    return -math.log(u) * math.exp(-utility)


def best[Candidate](scored: Iterable[tuple[float, Candidate]]) -> Candidate | None:
    """Return the candidate with the largest score, the first of equals; None without candidates."""
    found, most = None, -math.inf
    for score, candidate in scored:
        if found is None or score > most:
            found, most = candidate, score
    return found
