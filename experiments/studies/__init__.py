"""Studies: one question each, and the runs that answer it, known in full before the first one starts.

A study is a YAML file (`spelling` says what may stand in it), or is defined in Python. `load_study` reads and checks
the file, `define_study` checks what it is given; `planned` lists the runs; `results` gives what came out of them as a
table.
"""

from experiments.studies.defining import define_study
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
    "define_study",
    "failures",
    "groups",
    "key_of",
    "load_study",
    "newcomers",
    "planned",
    "results",
]
