"""A study as an argument: an object, the name of a shipped study, or the path of a file."""

import os

from experiments.studies.reading import load_study
from experiments.studies.study import Study
from sim.scenario.text.errors import InputError

type StudyLike = Study | str | os.PathLike[str]


def study_of(given: object) -> Study:
    """Return a study that is given as an object, a shipped name or a path.

    Raises
    ------
    InputError
        When it is something else.
    ScenarioError
        When the file has mistakes, or there is no such file or name.
    """
    if isinstance(given, Study):
        return given
    if isinstance(given, str | os.PathLike):
        return load_study(given)
    kind = type(given).__name__
    raise InputError(f"study: found a {kind}, allowed are a Study, the name of a shipped study, and a path")
