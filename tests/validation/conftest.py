"""Waves to validate with: small waves written by hand, and a file of them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from experiments.validation.waves import Wave, rated

WavesFile = Callable[..., Path]


@pytest.fixture
def waves_file(tmp_path: Path) -> WavesFile:
    """Return a writer of files of waves: `waves_file("0,a,b,1", ...)`; it adds the header."""

    def written(*rows: str, header: str = "week,from,to,rating", name: str = "waves.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return path

    return written


@pytest.fixture
def two_waves() -> list[Wave]:
    """Return two random waves of eight people, weeks 3 and 9; one person does not answer the second."""
    draws = np.random.default_rng(11)
    made = []
    for week in (3, 9):
        ratings = draws.integers(0, 6, (8, 8))
        ratings[np.arange(8), (np.arange(8) + 1) % 8] = 1  # everybody has a friend
        np.fill_diagonal(ratings, 0)
        if week == 9:
            ratings[5] = 0
        made.append(rated(week, range(8), ratings, 3, 2))
    return made


@pytest.fixture
def file_of_two(waves_file: WavesFile, two_waves: list[Wave]) -> Path:
    """Write those two waves as a file: 2 a friend, 3 a friendly relation, 4 anybody else."""
    rows = []
    for wave in two_waves:
        for i in np.flatnonzero(wave.answered):
            for j in (k for k in range(8) if k != i):
                rating = 2 if wave.friend[i, j] else 3 if wave.friendly[i, j] else 4
                rows.append(f"{wave.week},user {i},user {j},{rating}")
    return waves_file(*rows)
