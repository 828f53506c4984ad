"""Compare the speed of `sim.elementary` with that of the C library: `python -m benchmarks.elementary`.

Compiled loops over arguments as in a run take turns in one process; times are processor time. It prints nanoseconds a
call, and the ratio of the medians with its interval: below 1 when the model's own function is faster.
"""

import math
import time
from typing import Any

import numba
import numpy as np

from benchmarks.speed import ratio
from sim.elementary import cos_turns, exp, log

REPEATS = 60
CALLS = 50_000


def _library_cosine(u: float) -> float:
    return math.cos(2.0 * math.pi * u)


def summed(function: Any) -> Any:
    """Return a compiled loop that sums a function over an array."""

    @numba.njit(error_model="numpy")
    def loop(x: Any) -> float:
        total = 0.0
        for i in range(len(x)):
            total += function(x[i])
        return total

    return loop


def main() -> None:
    """Measure and print."""
    draws = (np.random.default_rng(1).integers(0, 2**32, CALLS) + 0.5) * 2.0**-32
    cosine = numba.njit(_library_cosine)
    for name, own, library, x in (
        ("exp", exp, math.exp, 12.0 * draws - 8.0),
        ("log", log, math.log, draws),
        ("cos", cos_turns, cosine, draws),
    ):
        loops = {"plain": summed(own), "engine": summed(library)}
        for loop in loops.values():
            loop(x)
        times: dict[str, list[float]] = {"plain": [], "engine": []}
        for _ in range(REPEATS):
            for kind, loop in loops.items():
                start = time.process_time()
                loop(x)
                times[kind].append(time.process_time() - start)
        middle, low, high = ratio(times)
        own_ns, library_ns = (min(times[kind]) / CALLS * 1e9 for kind in ("plain", "engine"))
        print(f"{name}: {own_ns:.1f} ns, C library {library_ns:.1f} ns; ratio {middle:.2f} ({low:.2f} to {high:.2f})")


if __name__ == "__main__":
    main()
