"""Surveys in the model: who names whom among the people who answered, and a snapshot of everybody's answers."""

from dataclasses import replace

import numpy as np

from experiments.calibration.statistics.snapshots import Array, Snapshot, snapshot
from sim.engine import Engine
from sim.outcomes.observation import QUESTIONNAIRES, Survey, observed


def surveyed(engine: Engine) -> Survey:
    """Hold a survey of friends today, with the settings in the scenario's section `observe`."""
    observe = engine.scenario.observe.model_copy(update={"level": "friend"})
    return observed(engine.state, observe, engine.day, engine.seed)


def nominated(survey: Survey) -> tuple[Array, Array]:
    """Return who names whom, and who could have named whom: both in the same centre, and both answered.

    Returns
    -------
    named, possible : bool array, shape (n, n)
    """
    count = len(survey.users)
    named = np.zeros((count, count), bool)
    named[survey.namer, survey.named] = True
    same = survey.centre[:, None] == survey.centre[None, :]
    possible = same & survey.answered[:, None] & survey.answered[None, :] & ~np.eye(count, dtype=bool)
    return named & possible, possible


def seen(engine: Engine) -> Snapshot:
    """Return a snapshot with everybody's answers today in place of the truth: closeness to others, questionnaires.

    Settings come from the scenario's section `observe`, except that everybody answers: non-response makes a survey
    incomplete, not wrong. People whom a user does not name count as strangers.
    """
    true = snapshot(engine)
    observe = engine.scenario.observe.model_copy(update={"level": "acquaintance", "non_response": 0.0})
    survey = observed(engine.state, observe, engine.day, engine.seed)
    at = {int(uid): place for place, uid in enumerate(true.users["uid"])}
    places = np.array([at[int(uid)] for uid in survey.users], np.int64)
    closeness = np.zeros_like(true.closeness)
    closeness[places[survey.namer], places[survey.named]] = survey.closeness
    users = true.users.copy()
    for questionnaire in QUESTIONNAIRES:
        users[questionnaire.column][places] = (survey.answers[questionnaire.name] - questionnaire.low) / (
            questionnaire.high - questionnaire.low
        )
    return replace(true, users=users, closeness=closeness)
