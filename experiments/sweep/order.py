"""The order in which a sweep makes its runs: those that share a settled start follow each other."""

from collections.abc import Mapping, Sequence
from typing import Final

from experiments.sweep.plan import Planned

TOGETHER: Final = 32
"""Most scenarios whose runs mix. A worker keeps so many, as checking the values of one takes long."""

Place = tuple[int, str]
"""Point and lever of a scenario."""


def ordered(runs: Sequence[Planned], starts: Mapping[Place, str]) -> list[Planned]:
    """Return runs by blocks of scenarios with the same start, and within a block by replicate.

    Parameters
    ----------
    runs : sequence of Planned
        By scenario, then replicate.
    starts : mapping of (point, lever) to str
        The name of each scenario's start (`Tree.start`); a scenario without one stays by itself.
    """
    blocks: dict[Place, int] = {}
    open_blocks: dict[str, tuple[int, int]] = {}
    for run in runs:
        place = run.point, run.lever
        if place in blocks:
            continue
        number, size = open_blocks.get(starts[place], (len(blocks), 0))
        if size == TOGETHER:
            number, size = len(blocks), 0
        blocks[place] = number
        if starts[place]:
            open_blocks[starts[place]] = number, size + 1
    return sorted(runs, key=lambda run: (blocks[run.point, run.lever], run.replicate))
