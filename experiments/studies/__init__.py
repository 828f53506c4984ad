"""Studies: each has a question, and the points, levers and replicates that answer it.

A study is a YAML file (`schema` lists its keys) or a call in Python: `load_study` reads and checks the file,
`define_study` checks the call. `experiments.sweep` makes the runs of a study and reads their results.
"""

from experiments.designs.factor import Factor
from experiments.studies.definition import define_study
from experiments.studies.reading import load_study
from experiments.studies.study import Study

__all__ = ["Factor", "Study", "define_study", "load_study"]
