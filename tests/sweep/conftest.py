"""A study of sixty runs of a few days in a centre of five, and a store with all its runs, undisturbed."""

import os
import sys
from pathlib import Path

import pytest

from experiments.runs.executors import InProcess
from experiments.studies import load_study
from experiments.sweep import batch_writer
from experiments.sweep.export import export_study
from experiments.sweep.make import sweep

CHECKOUT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(CHECKOUT), "PYTHONWARNINGS": "error"}
COMMAND = [sys.executable, "-m", "experiments.cli.app"]
DISTURBED = [sys.executable, str(Path(__file__).parent / "disturbed.py")]
UNHURRIED = [
    sys.executable,
    "-c",
    "from experiments.cli import main; from experiments.studies import shelf; "
    "shelf.FIRST_SECONDS = shelf.LAST_SECONDS = 3600.0; main()",
]
"""The command with parts by rows alone, however slow the machine is."""

BASE = """\
extends: baseline
days: 6
settling: 0
replace: [centres]
centres:
  east: {users: 5}
network: {kind: none}
"""

STUDY = """\
title: A small plane
question: Does a sweep keep all it has made?
base: base.yaml
factors:
  users.disclosure_threshold.mean: {values: [0.4, 0.5, 0.6]}
  rules.encounters.chaxugeju: {from: 0.3, to: 0.7}
levers:
  usual-care: {}
  pairs:
    policies:
      pairs: {policy: buddy_scheme}
design: {kind: grid, levels: 2}
replicates: 5
seed: 3
storage: daily
"""
RUNS = 60

FORMATS = ["csv", "parquet", "netcdf"]


def write_study(folder: Path, text: str = STUDY, base: str = BASE) -> Path:
    """Write a study with its base; return the study's file."""
    (folder / "base.yaml").write_text(base, encoding="utf-8")
    path = folder / "small.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def exported(study: Path, store: Path, out: Path) -> dict[str, bytes]:
    """Export a study in every format; return the contents of the files by name."""
    written, _ = export_study(load_study(study), store, out, FORMATS)
    return {path.name: path.read_bytes() for path in written}


@pytest.fixture(autouse=True)
def _parts_by_rows_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the number of parts independent of the machine's speed; sweeps in separate processes go by time."""
    for bound in ("FIRST_SECONDS", "LAST_SECONDS"):
        monkeypatch.setattr(batch_writer, bound, 3600.0)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return write_study(tmp_path)


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the exported tables of a sweep that nothing disturbed."""
    folder = tmp_path_factory.mktemp("undisturbed")
    path = write_study(folder)
    swept = sweep(load_study(path), folder / "store", InProcess())
    assert (swept.planned, swept.made, swept.failed) == (RUNS, RUNS, 0)
    return exported(path, folder / "store", folder / "out")
