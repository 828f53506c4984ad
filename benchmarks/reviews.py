"""Measure what the reviews of policies cost a run: `python -m benchmarks.reviews`.

Runs without policies, with each policy of some kinds, and with many at once are timed in turn, in one process and in
processor time. Every engine has settled before its clock starts, so only the days of the run are timed. It uses nothing
but `Engine` and scenarios, so that an older version of the model can be measured by the same file.
"""

import statistics
import time
from typing import Any

from sim.engine import Engine
from sim.scenario.schema.scenario import Scenario

REPEATS = 15
USES: dict[str, dict[str, Any]] = {
    "none": {},
    "respite (burden > 40)": {"rest": {"policy": "respite"}},
    "respite, set off by mean(burden)": {
        "rest": {"policy": "respite", "when": "mean(burden) > 20 for 2 weeks", "until": "mean(burden) < 10"}
    },
    "buddy scheme": {"buddies": {"policy": "buddy_scheme"}},
    "peer support workers": {"workers": {"policy": "peer_support_workers"}},
    "six at once": {
        name: {"policy": name}
        for name in ("respite", "help_cap", "supervision", "disclosure_circle", "public_awareness", "buddy_scheme")
    },
}


def scenario(policies: dict[str, Any]) -> Scenario:
    """Return a centre of 25 users for a year, with these policies."""
    given = {"name": "reviews", "days": 365, "settling": 60, "centres": {"house": {"users": 25, "staff": 3}}}
    return Scenario.model_validate(given | {"policies": policies})


def seconds(whole: Scenario, seed: int) -> tuple[float, float]:
    """Return the processor time of the days of a run, and of setting up before its first day."""
    start = time.process_time()
    engine = Engine(whole, seed)
    begun = time.process_time()
    engine.advance(whole.days)
    return time.process_time() - begun, begun - start


def measured(repeats: int) -> dict[str, list[tuple[float, float]]]:
    """Time the runs in turn; return `seconds` of each, repeat by repeat."""
    scenarios = {name: scenario(policies) for name, policies in USES.items()}
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in scenarios}
    for seed in range(repeats + 1):
        for name, whole in scenarios.items():
            times[name].append(seconds(whole, seed))
    return {name: found[1:] for name, found in times.items()}  # the first loads the kernels


def compared(times: list[float], without: list[float]) -> tuple[float, float]:
    """Return the medians of the paired differences and quotients."""
    pairs = list(zip(times, without, strict=True))
    return statistics.median(one - other for one, other in pairs), statistics.median(
        one / other for one, other in pairs
    )


def main() -> None:
    """Measure in turn, and print medians."""
    times = measured(REPEATS)
    days = {name: [1000 * one for one, _ in found] for name, found in times.items()}
    ready = {name: [1000 * one for _, one in found] for name, found in times.items()}
    print(f"{'policies':34} {'days, ms':>9} {'more':>6} {'ratio':>6} {'before, ms':>11}")
    for name in times:
        more, ratio = compared(days[name], days["none"])
        middle, before = statistics.median(days[name]), statistics.median(ready[name])
        print(f"{name:34} {middle:9.2f} {more:6.2f} {ratio:6.2f} {before:11.2f}")


if __name__ == "__main__":
    main()
