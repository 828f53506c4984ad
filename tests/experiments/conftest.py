"""A scenario small enough to run many times, and a run of it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from sim.run import Run, run
from sim.scenario.schema.scenario import Centre, Network, Scenario
from tests.conftest import Dayroom

SMALL = """\
extends: baseline
title: Two small centres
days: 40
settling: 0
replicates: 3
seed: 7
replace: [centres]
centres:
  east: {users: 12}
  west: {users: 15}
network: {kind: none}
"""


@pytest.fixture(scope="session")
def small() -> Scenario:
    centres = {"east": Centre(users=12), "west": Centre(users=15)}
    return Scenario(name="small", days=40, replicates=3, seed=7, centres=centres, network=Network(kind="none"))


@pytest.fixture(scope="session")
def small_run(small: Scenario) -> Run:
    return run(small, 7, graph_days=(0, 20, 40))


@pytest.fixture
def small_file(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


Here = Callable[..., int]


@pytest.fixture
def here(dayroom: Dayroom) -> Here:
    """Return `dayroom run` in this process: words in, exit code out."""
    return partial(dayroom, "run")
