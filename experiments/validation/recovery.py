"""Make data by the model with known selection and influence, to test whether the estimates find them."""

from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from experiments.designs.changes import changed
from experiments.designs.replicates import replicates
from experiments.runs import executors
from experiments.validation.likeness import shares
from experiments.validation.selection import Group, estimated
from experiments.validation.waves import of_survey
from sim.engine import Engine
from sim.outcomes.observation import observed
from sim.scenario.schema.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

STRENGTHS: Final = {
    "neither": (0.0, 0.0),
    "selection": (3.0, 0.0),
    "influence": (0.0, 0.1),
    "both": (3.0, 0.1),
    "strong selection, weak influence": (3.0, 0.005),
    "weak selection, strong influence": (0.3, 0.05),
}
"""Strength of selection and of influence in each kind of data.

Selection: decrease of a user's appeal, on the logit scale, for each standard deviation by which initial group
identities differ. Influence: share of the distance to friends' identity that disappears each day. The weak strengths in
the last two kinds are a tenth of the strong strengths there.
"""
WAVES: Final = (42, 70)
"""Days of the two waves, in weeks 6 and 10 of a group that starts as strangers."""
USERS: Final = 60
ASKED: Final = "group_identity"
_NEVER: Final = 36500.0
"""Days of pull so long that there is no influence."""


def made(seed: int, scenario: Scenario, selection: float, influence: float) -> Group:
    """Make a run with known selection and influence, and return the answers of its two waves.

    Parameters
    ----------
    scenario : Scenario
        A scenario with a single centre that nobody joins or leaves, and with a survey (`observe`).
    selection, influence : float
        Strengths, as in `STRENGTHS`.
    """
    pulled = {"rules.identity.pull_days": 1.0 / influence if influence > 0.0 else _NEVER}
    engine = Engine(changed(scenario, {**pulled, "centres.*.users": USERS}), seed)
    _prefer_the_like(engine, selection)
    ties, states = [], []
    for day in WAVES:
        engine.advance(day - engine.day)
        survey = observed(engine.state, scenario.observe, day, seed)
        ties.append(of_survey(survey, day // 7).friend)
        states.append(survey.answers[ASKED])
    return Group(ties[0], ties[1], states[0], states[1])


def _prefer_the_like(engine: Engine, selection: float) -> None:
    """Reduce the appeal of users to each other in proportion to the difference of their initial identities."""
    state, n = engine.state, int(engine.state.centres[0].capacity)
    x = state.users["initial_identity"][state.seats[:n]]
    away = np.abs(x[:, None] - x[None, :]) / x.std(ddof=1)
    state.ties["appeal"][: n * n] -= selection * away.ravel()


def exact(scenario: Scenario) -> Scenario:
    """Return the scenario with an error-free survey: everybody answers, without forgetting, slips or noise."""
    truth = {"rating_reliability": 1.0, "identity_reliability": 1.0, "non_response": 0.0, "forgetting": 0.0, "limit": 0}
    return scenario.with_changes(observe=scenario.observe.model_copy(update=truth))


def recovered(scenario: Scenario, count: int, seed: int, workers: executors.Executor | None = None) -> "pd.DataFrame":
    """Return estimates of selection and influence from each kind of data.

    Parameters
    ----------
    scenario : Scenario
        A scenario with a single centre that nobody joins or leaves, such as the shipped `freshmen`.
    count : int
        Number of groups of each kind.
    seed : int
        Seed, common to all kinds.
    workers : Executor, optional
        The executor that makes the runs; the result does not depend on it.

    Returns
    -------
    DataFrame
        One row for each kind of data (`STRENGTHS`) and way to estimate: `data`, `corrected` (whether `Estimate`
        corrects for the questionnaire's retest noise), and the fields of `Estimate` and of `Shares`, which is never
        corrected.
    """
    import pandas as pd

    workers = executors.executor() if workers is None else workers
    seeds = [replicate.seed for replicate in replicates(seed, count)]
    rows: list[dict[str, object]] = []
    for kind, (selection, influence) in STRENGTHS.items():
        task = partial(made, scenario=scenario, selection=selection, influence=influence)
        groups = list(executors.none_lost(workers.each(task, seeds)))
        parted = shares(groups)._asdict()
        for reliability in sorted({1.0, scenario.observe.identity_reliability}, reverse=True):
            estimate = estimated(groups, reliability)
            rows.append({"data": kind, "corrected": reliability < 1.0, **estimate._asdict(), **parted})
    return pd.DataFrame(rows)
