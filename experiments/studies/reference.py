"""A study as an argument: an object, the name of a shipped study, or the path of a file."""

from experiments.studies.reading import load_study
from experiments.studies.study import Study
from sim.scenario.reading import Reference, given_as

type StudyLike = Study | Reference


def study_of(given: object) -> Study:
    """Return a study that is given as an object, a shipped name or a path.

    Raises
    ------
    InputError
        When it is something else.
    ScenarioError
        When the file has mistakes, or there is no such file or name.
    """
    return given_as(Study, given, load_study)
