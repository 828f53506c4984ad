"""Random draws: each is a pure function of (seed, purpose, slot, day, user, other user).

The generator is Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", doi
10.1145/2063384.2063405), which passes TestU01's BigCrush. Its key is the 64-bit seed; its 128-bit counter is (day,
purpose and slot, user, other). So no two draws of a run share a counter, and no draw depends on the number of draws
before it. The counter uses a user's `uid`, not the row, so adding a user leaves all other draws unchanged.
"""

import hashlib
import math
from typing import Any, Final

import numpy as np

from sim.elementary import cos_turns, exp, log
from sim.kernel import kernel

# Purposes: one number for each kind of draw. Never renumber them: runs would change.
# (int64 and not int: numba would compile every function again for each literal argument.)
BACKGROUND: Final = np.int64(1)
TRAIT: Final = np.int64(2)
NETWORK: Final = np.int64(3)
CHEMISTRY_SHARED: Final = np.int64(4)
CHEMISTRY_OWN: Final = np.int64(5)
ATTRACTION: Final = np.int64(6)
LEAVING: Final = np.int64(7)
ARRIVAL: Final = np.int64(8)
EPISODE: Final = np.int64(9)
NEED: Final = np.int64(10)
ATTENDANCE: Final = np.int64(11)
ORDER: Final = np.int64(12)
SEATING: Final = np.int64(13)
APPROACH: Final = np.int64(14)
PARTNER: Final = np.int64(15)
DECLINE: Final = np.int64(16)
DEPTH: Final = np.int64(17)
LEAK: Final = np.int64(19)
LEAK_HEARER: Final = np.int64(20)
ASKING: Final = np.int64(21)
HELPER: Final = np.int64(22)
HELPING: Final = np.int64(23)
TEACHING: Final = np.int64(24)
WITHDRAWAL: Final = np.int64(27)
PHONE: Final = np.int64(28)
MOOD: Final = np.int64(29)
ADVOCACY: Final = np.int64(30)
TOLD: Final = np.int64(31)
NOTICE: Final = np.int64(32)
LENGTH: Final = np.int64(33)
JOINING: Final = np.int64(34)
JOINER: Final = np.int64(35)
WILLING: Final = np.int64(36)
UPTAKE: Final = np.int64(37)
MATCHING: Final = np.int64(38)
CIRCLE_SEATING: Final = np.int64(39)
WORKER: Final = np.int64(40)
WORKER_TALK: Final = np.int64(41)
EVENING: Final = np.int64(42)
ROTA: Final = np.int64(43)
CHEMISTRY_PERSON: Final = np.int64(44)
IMPRESSION: Final = np.int64(45)
CANCELLED: Final = np.int64(46)
INTRODUCTION: Final = np.int64(47)
STAFF_TALK: Final = np.int64(48)
TROUBLE: Final = np.int64(49)
SLIGHT: Final = np.int64(50)
SURVEY: Final = np.int64(51)
RATING: Final = np.int64(60)
RECALL: Final = np.int64(61)
QUESTIONNAIRE: Final = np.int64(62)
RESPONSE: Final = np.int64(63)

PURPOSES: Final[dict[str, int]] = {
    name: int(value) for name, value in list(globals().items()) if name.isupper() and isinstance(value, np.int64)
}
"""Every purpose, by name."""


def own_purpose(rule: str, draw: str) -> int:
    """Return the purpose of a draw of an own rule: from its name alone, whatever other rules there are.

    The lowest byte is 128 or more, so no purpose above shares a counter with it; bits 20 to 31 hold more of the hash of
    the name. Two names of a scenario that share all 19 bits are refused (`sim.own.rules`).
    """
    bits = int.from_bytes(hashlib.blake2b(f"{rule}.{draw}".encode(), digest_size=3).digest())
    return 0x80 | (bits & 0x7F) | ((bits >> 7) & 0xFFF) << 20


_M0: Final = np.uint64(0xD2511F53)
_M1: Final = np.uint64(0xCD9E8D57)
_W0: Final = np.uint64(0x9E3779B9)
_W1: Final = np.uint64(0xBB67AE85)
_MASK: Final = np.uint64(0xFFFFFFFF)
_32: Final = np.uint64(32)
_6: Final = np.uint64(6)
_8: Final = np.uint64(8)
_TO_UNIT: Final = 2.0**-32


@kernel
def philox(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> tuple[Any, Any, Any, Any]:
    """Return four 32-bit words (held in uint64): ten rounds of Philox4x32 on a counter of four words and a key of two.

    Source: Salmon et al. 2011; checked against the published known-answer vectors of Random123.
    """
    for _ in range(10):
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0 = (p1 >> _32) ^ c1 ^ k0
        c1 = p1 & _MASK
        c2 = (p0 >> _32) ^ c3 ^ k1
        c3 = p0 & _MASK
        k0 = (k0 + _W0) & _MASK
        k1 = (k1 + _W1) & _MASK
    return c0, c1, c2, c3


@kernel
def words(seed: Any, purpose: Any, slot: Any, day: Any, user: Any, other: Any) -> tuple[Any, Any, Any, Any]:
    """Return four independent 32-bit words for a key.

    Parameters
    ----------
    seed : uint64
    purpose : int
        One of the purposes above, below 128, or one of `own_purpose`.
    slot : int
        Number of the draw of this purpose on this day, such as the number of the session; below 2**24, and below 2**12
        with a purpose of `own_purpose`.
    day : int
        Day of the draw, negative while settling; 0 for draws that belong to no day.
    user, other : int
        `uid` of the user and of the other user; 0 if there is none.
    """
    s = np.uint64(seed)
    return philox(
        np.uint64(day & 0xFFFFFFFF),  # days of settling are negative
        np.uint64(purpose) | (np.uint64(slot) << _8),
        np.uint64(user) & _MASK,
        np.uint64(other) & _MASK,
        s & _MASK,
        s >> _32,
    )


@kernel
def unit(word: Any) -> float:
    """Turn a 32-bit word into a number strictly between 0 and 1."""
    return (float(word) + 0.5) * _TO_UNIT


@kernel
def uniform(seed: Any, purpose: Any, slot: Any, day: Any, user: Any, other: Any) -> float:
    """Return a uniform draw strictly between 0 and 1, in steps of 2**-32."""
    return unit(words(seed, purpose, slot, day, user, other)[0])


@kernel
def normal(seed: Any, purpose: Any, slot: Any, day: Any, user: Any, other: Any) -> float:
    """Return a standard normal draw (Box & Muller 1958) from two words of a key."""
    a, b, _, _ = words(seed, purpose, slot, day, user, other)
    return math.sqrt(-2.0 * log(unit(a))) * cos_turns(unit(b))


@kernel
def race(seed: Any, purpose: Any, slot: Any, day: Any, user: Any, other: Any, utility: float) -> float:
    """Return a candidate's arrival time in an exponential race; the choice is the first to arrive.

    The smallest E/exp(utility), E standard exponential, is the largest utility plus Gumbel noise: a multinomial logit
    choice with independent noise for each candidate (Luce 1959; Snijders 2001), at the cost of an exponential and a
    logarithm.
    """
    return -log(unit(words(seed, purpose, slot, day, user, other)[0])) * exp(-utility)


@kernel
def gumbel(seed: Any, purpose: Any, slot: Any, day: Any, user: Any, other: Any) -> float:
    """Return a standard Gumbel draw: the noise that makes the largest utility a multinomial logit choice."""
    return -log(-log(unit(words(seed, purpose, slot, day, user, other)[0])))
