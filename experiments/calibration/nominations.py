"""Friends as a survey finds them: who names whom, of those who could both have answered."""

import numpy as np

from experiments.calibration.snapshots import Array
from sim.engine import Engine
from sim.outcomes.observation import Survey, observed


def surveyed(engine: Engine) -> Survey:
    """Ask for friends today, by the section `observe` of the scenario."""
    observe = engine.scenario.observe.model_copy(update={"level": "friend"})
    return observed(engine.state, observe, engine.day, engine.seed)


def nominated(survey: Survey) -> tuple[Array, Array]:
    """Give who names whom, and who could have named whom and been named: both of one centre, and both answered.

    Returns
    -------
    named, asked : bool array, shape (n, n)
    """
    count = len(survey.users)
    named = np.zeros((count, count), bool)
    named[survey.namer, survey.named] = True
    same = survey.centre[:, None] == survey.centre[None, :]
    asked = same & survey.answered[:, None] & survey.answered[None, :] & ~np.eye(count, dtype=bool)
    return named & asked, asked


__all__ = ["nominated", "surveyed"]
