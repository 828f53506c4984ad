"""Measure whether time and memory are linear in the number of centres: `python -m benchmarks.large`.

Each size runs in a process of its own, one after the other. Times are processor time.
"""

import argparse
import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import psutil

from sim.engine import Engine
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.changes import Replace
from sim.scenario.schema.scenario import Scenario

SIZES = (50, 100, 200, 400, 800)
USERS = 40
"""Users of a centre."""


def city(centres: int, days: int, settling: int) -> Scenario:
    """Return a city of centres as that of the baseline, with `USERS` users each."""
    parts = range(-(-centres // 1000))  # a centre has at most 1000 copies
    parks = {f"park-{k}": {"users": USERS, "copies": min(1000, centres - 1000 * k)} for k in parts}
    return load_scenario("baseline").with_changes(
        days=days, settling=settling, centres=Replace(parks), name=f"{centres}-centres"
    )


def measured(centres: int, days: int, settling: int) -> dict[str, float]:
    """Build and run a city; return users, seconds to build, microseconds a user-day, and kilobytes a user."""
    Engine(city(2, 2, 0), 0).advance(2)  # loads all code
    scenario, process = city(centres, days, settling), psutil.Process()
    before, begun = process.memory_info().rss, time.process_time()
    engine = Engine(scenario.with_changes(settling=0), 1)
    built = time.process_time() - begun
    users = len(engine.enrolled)
    del engine
    begun = time.process_time()
    engine = Engine(scenario, 1)
    engine.advance(days)
    lived = time.process_time() - begun - built
    grown = process.memory_info().rss - before
    return {
        "centres": centres,
        "users": users,
        "build_s": built,
        "user_day_us": lived / (users * (days + settling)) * 1e6,
        "user_kb": grown / users / 1e3,
    }


def exponent(sizes: "list[float]", totals: "list[float]") -> float:
    """Return the power of the size with which a total grows: 1 is linear (least squares of the logarithms)."""
    return float(np.polyfit(np.log(sizes), np.log(totals), 1)[0])


def table(rows: list[dict[str, float]], days: int, settling: int) -> str:
    """Return the measurements as a table, and the powers with which totals grow."""
    lines = [
        "| centres | users | build, s | ms a centre | days, us a user-day | memory, KB a user |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row['centres']:,.0f} | {row['users']:,.0f} | {row['build_s']:.2f} | "
        f"{row['build_s'] / row['centres'] * 1e3:.2f} | {row['user_day_us']:.2f} | {row['user_kb']:.1f} |"
        for row in rows
    ]
    users = [row["users"] for row in rows]
    powers = [
        exponent(users, totals)
        for totals in (
            [row["build_s"] for row in rows],
            [row["user_day_us"] * row["users"] for row in rows],
            [row["user_kb"] * row["users"] for row in rows],
        )
    ]
    fitted = "Grows with the power of the users (1 is linear): building {:.2f}, days {:.2f}, memory {:.2f}.".format(
        *powers
    )
    return "\n".join([*lines, "", f"{fitted} Runs of {settling} days of settling and {days} days."])


def main() -> None:
    """Measure and print the table, or write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--centres", type=int, nargs="+", default=SIZES)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--settling", type=int, default=30)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    rows = []
    for centres in given.centres:
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            rows.append(pool.submit(measured, centres, given.days, given.settling).result())
    text = table(rows, given.days, given.settling)
    if given.out:
        given.out.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
