"""Measure what a rule of another package costs a scenario that does not name it: `python -m benchmarks.own_rule`.

The same runs are timed in processor time, in turn in processes that know no such rule and in processes in which one is
registered and loaded. The ratio of the medians, with its interval, is about 1 when the rule costs nothing.
"""

import subprocess
import sys
from typing import Any, ClassVar

from benchmarks.speed import ratio, seconds
from benchmarks.yardstick import run_engine, yardstick
from dayroom import OwnRule, register

REPEATS = 12
RUNS = 20
"""Runs of each repeat."""


class Idle(OwnRule):
    """Writes a user's mood as it is: u.mood <- u.mood."""

    rule: ClassVar = "idle"
    after: ClassVar = "conversation"
    acts_on: ClassVar = ("user.mood",)

    @staticmethod
    def act(s: Any, c: int, day: int, seed: Any, own: Any) -> None:
        """Write the mood of everybody who came."""
        centre = s.centres[c]
        for seat in range(centre.capacity):
            row = s.seats[centre.first_seat + seat]
            if row >= 0 and s.users[row].attends == 1:
                s.users[row].mood += 0.0


def one(present: bool) -> float:
    """Return the processor time of a run of a scenario that names no such rule, in seconds."""
    scenario = yardstick()
    run_engine(scenario, 0)  # loads the day; kernels that numba loads second are slower, whichever they are
    if present:
        register(Idle)
        run_engine(scenario.with_changes(days=1, rules={"idle": {}}), 0)  # loads the rule and its day
    return seconds(run_engine, scenario, range(1, RUNS + 1))


def main() -> None:
    """Measure in processes of their own, in turn, and print."""
    if sys.argv[1:]:
        print(one(sys.argv[1] == "present"))
        return
    times: dict[str, list[float]] = {"present": [], "absent": []}
    for _ in range(REPEATS):
        for kind, took in times.items():
            command = [sys.executable, "-m", "benchmarks.own_rule", kind]
            made = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
            took.append(float(made.stdout))
    middle, low, high = ratio({"plain": times["present"], "engine": times["absent"]})
    print(f"time with an unused rule loaded, over that without: {middle:.3f} ({low:.3f} to {high:.3f})")


if __name__ == "__main__":
    main()
