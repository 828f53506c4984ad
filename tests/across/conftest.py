"""A small study with many points, swept once: two levers beside usual care, and a point at which runs fail."""

from pathlib import Path

import pytest

from experiments.runs.executors import InProcess
from experiments.studies import Study, load_study
from experiments.sweep.make import sweep

BASE = """\
extends: baseline
days: 20
settling: 0
replace: [centres]
centres:
  east: {users: 6}
network: {kind: none}
"""

STUDY = """\
title: A small space
question: Where do policies fail, and does their ranking hold?
base: base.yaml
factors:
  rules.encounters.talk_share: plausible
  rules.wellbeing.burden_gain: plausible
  users.disclosure_threshold.mean: {from: 0.3, to: 0.7}
  users.disclosure_threshold.sd: {from: 0.1, to: 0.48}
  policies.*.disclosure_circle.uptake: {from: 0.2, to: 0.9}
  centres.*.timetable.*.grouping: [free, rotating]
levers:
  usual-care: {}
  respite:
    policies:
      quiet-room: {policy: respite, eligible: burden > 10}
  circle:
    policies:
      circle: {policy: disclosure_circle}
design: {kind: latin_hypercube, points: 60}
replicates: 2
seed: 5
"""


def write_study(folder: Path, text: str = STUDY, name: str = "small.yaml") -> Path:
    """Write a study with its base; return the study's file."""
    (folder / "base.yaml").write_text(BASE, encoding="utf-8")
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def swept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, Path]:
    """Return the small study and the store with its runs."""
    folder = tmp_path_factory.mktemp("swept")
    study = load_study(write_study(folder))
    done = sweep(study, folder / "store", InProcess())
    assert 0 < done.failed < done.planned / 4
    return study, folder / "store"
