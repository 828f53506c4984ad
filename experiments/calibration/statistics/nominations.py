"""What a survey finds: who names whom, of those who could both have answered, and a snapshot of what all would say."""

from dataclasses import replace

import numpy as np

from experiments.calibration.statistics.snapshots import Array, Snapshot, snapshot
from sim.engine import Engine
from sim.outcomes.observation import QUESTIONNAIRES, Survey, observed


def surveyed(engine: Engine) -> Survey:
    """Ask for friends today, by the section `observe` of the scenario."""
    observe = engine.scenario.observe.model_copy(update={"level": "friend"})
    return observed(engine.state, observe, engine.day, engine.seed)


def nominated(survey: Survey) -> tuple[Array, Array]:
    """Return who names whom, and who could have named whom and been named: both of one centre, and both answered.

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


def seen(engine: Engine) -> Snapshot:
    """Take a snapshot of what everybody would say today: how close one is to whom, and what questionnaires ask.

    By the section `observe` of the scenario, but for silence: whoever does not answer is missing from a survey and not
    wrong in it. Whom one would not name is as far as a stranger.
    """
    true = snapshot(engine)
    observe = engine.scenario.observe.model_copy(update={"level": "acquaintance", "non_response": 0.0})
    survey = observed(engine.state, observe, engine.day, engine.seed)
    at = {int(uid): place for place, uid in enumerate(true.users["uid"])}
    places = np.array([at[int(uid)] for uid in survey.users], np.int64)
    closeness = np.zeros_like(true.closeness)
    closeness[places[survey.namer], places[survey.named]] = survey.closeness
    users = true.users.copy()
    for one in QUESTIONNAIRES:
        users[one.column][places] = (survey.answers[one.name] - one.low) / (one.high - one.low)
    return replace(true, users=users, closeness=closeness)


__all__ = ["nominated", "seen", "surveyed"]
