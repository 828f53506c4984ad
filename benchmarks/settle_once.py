"""Measure what settling once saves: `python -m benchmarks.settle_once`.

A comparison of the baseline with scenarios of one policy each is made in two ways, in turn: each run settles for
itself, or the runs of a seed share a settled start, as in `dayroom compare`. Times are processor time of one process.
"""

import argparse
import gc
import time
from pathlib import Path

import numpy as np

from experiments.designs.replicates import replicate_seed
from experiments.runs.starts import Starts, start_of
from sim.policies import POLICIES
from sim.run import run
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.scenario import Scenario

FEW = 3
"""Policies in the smaller comparison."""
RESAMPLES = 2000


def arms(number: int | None = None) -> list[Scenario]:
    """Return the baseline and the shipped scenarios of so many policies, or of all."""
    names = [key.replace("_", "-") for key in POLICIES if key != "usual_care"]
    return [load_scenario(name) for name in ("baseline", *names[:number])]


def seconds(scenarios: list[Scenario], names: list[str], seed: int) -> float:
    """Return the processor time of a run of each scenario with a seed; scenarios with an equal name share a start."""
    starts = Starts()
    gc.collect()
    begun = time.process_time()
    for scenario, name in zip(scenarios, names, strict=True):
        starts.run(name, scenario, seed)
    return time.process_time() - begun


def differing(scenarios: list[Scenario], names: list[str], seed: int) -> int:
    """Return how many runs have other bits with a shared start."""
    starts = Starts()
    pairs = [(starts.run(name, one, seed), run(one, seed)) for one, name in zip(scenarios, names, strict=True)]
    return sum(a.daily.tobytes() != b.daily.tobytes() or a.users.tobytes() != b.users.tobytes() for a, b in pairs)


def measured(scenarios: list[Scenario], turns: int) -> dict[str, float]:
    """Time both ways in turn, each turn with a seed of its own; return medians, their ratio and its 95 % interval."""
    names, alone = [start_of(one) for one in scenarios], [""] * len(scenarios)
    unlike = differing(scenarios, names, 0)  # also loads all code
    pairs = [[seconds(scenarios, way, replicate_seed(1, k)) for way in (alone, names)] for k in range(turns)]
    times = np.array(pairs) * 1000 / len(scenarios)
    chosen = np.random.default_rng(0).integers(turns, size=(RESAMPLES, turns))
    drawn = np.median(times[chosen], axis=1)
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], [0.025, 0.975])
    before, after = np.median(times, axis=0)
    return {
        "policies": len(scenarios) - 1,
        "alone": before,
        "shared": after,
        "ratio": before / after,
        "low": low,
        "high": high,
        "settlings": len({*names}),
        "unlike": unlike,
    }


def table(rows: list[dict[str, float]]) -> str:
    """Return the numbers as a table of Markdown."""
    heads = ("base and", "each settles, ms a run", "settled once, ms a run", "ratio", "settlings a seed", "other bits")
    lines = [f"| {' | '.join(heads)} |", "|---|---|---|---|---|---|"]
    for row in rows:
        ratio = f"{row['ratio']:.2f} ({row['low']:.2f} to {row['high']:.2f})"
        lines.append(
            f"| {row['policies']} policies | {row['alone']:.1f} | {row['shared']:.1f} | {ratio} | {row['settlings']} | "
            f"{row['unlike']} of {row['policies'] + 1} |"
        )
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> None:
    """Measure, print the table, and write it to a file if one is named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.settle_once", description=__doc__)
    parser.add_argument("--turns", type=int, default=9)
    parser.add_argument("--out", type=Path, help="write the table to this file")
    given = parser.parse_args(arguments)
    text = table([measured(arms(number), given.turns) for number in (FEW, None)])
    print(text)
    if given.out is not None:
        given.out.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
