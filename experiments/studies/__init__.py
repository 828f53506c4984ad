"""Studies: one question each, and the runs that answer it, known in full before the first one starts.

A study is a YAML file (`spelling` says what may stand in it). `load_study` reads and checks it; `planned` lists its
runs; `results` gives what came out of them as a table.
"""

from experiments.studies.newcomers import newcomers
from experiments.studies.planning import Planned, key_of, planned
from experiments.studies.reading import load_study
from experiments.studies.results import daily, failures, groups, results
from experiments.studies.study import Factor, Study

__all__ = [
    "Factor",
    "Planned",
    "Study",
    "daily",
    "failures",
    "groups",
    "key_of",
    "load_study",
    "newcomers",
    "planned",
    "results",
]
