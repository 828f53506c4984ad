"""Data of which it is known how strong selection and influence were: made by the model, and put before the estimate."""

from functools import partial
from typing import TYPE_CHECKING, Any, Final

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
"""How strong selection and influence are in each kind of data.

Selection: how much less one is turned to, on the scale of a logit, per standard deviation by which the group identity
brought along differs. Influence: share of the distance to friends' identity that goes in a day. Where one is weak it
is a tenth of what it is where it is strong.
"""
WAVES: Final = (42, 70)
"""Days of the two waves: weeks 6 and 10 of a group that begins as strangers."""
USERS: Final = 60
ASKED: Final = "group_identity"
_NEVER: Final = 36500.0
"""Days so long that nothing is pulled."""


def made(seed: int, scenario: Scenario, selection: float, influence: float) -> Group:
    """Run once with selection and influence of known strength, and hold two waves.

    Parameters
    ----------
    seed : int
    scenario : Scenario
        Of one centre that nobody joins or leaves; its survey (`observe`) is the one that is held.
    selection, influence : float
        As in `STRENGTHS`.
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
    return Group(*ties, *states)


def _prefer_the_like(engine: Engine, selection: float) -> None:
    """Let everybody appeal less, the more the identity they brought along differs."""
    state, n = engine.state, int(engine.state.centres[0].capacity)
    x = state.users["initial_identity"][state.seats[:n]]
    away = np.abs(x[:, None] - x[None, :]) / x.std(ddof=1)
    state.ties["appeal"][: n * n] -= selection * away.ravel()


def exact(scenario: Scenario) -> Scenario:
    """Return the scenario with a survey that tells the truth: all answer, nobody is forgotten, nothing slips."""
    truth = {"rating_reliability": 1.0, "identity_reliability": 1.0, "non_response": 0.0, "forgetting": 0.0, "limit": 0}
    return scenario.with_changes(observe=scenario.observe.model_copy(update=truth))


def recovered(scenario: Scenario, count: int, seed: int, workers: executors.Executor | None = None) -> "pd.DataFrame":
    """Estimate selection and influence on each kind of data.

    Parameters
    ----------
    scenario : Scenario
        Of one centre that nobody joins or leaves, such as the shipped `freshmen`.
    count : int
        Groups of each kind.
    seed : int
        Common to all kinds.
    workers : Executor, optional
        Nothing in the result depends on it.

    Returns
    -------
    DataFrame
        A row a kind (`STRENGTHS`) and way to estimate: `data`, `corrected` (whether the retest noise of the
        questionnaire was taken off), and the fields of `Estimate` and of `Shares`, from which nothing is taken off.
    """
    import pandas as pd

    workers = executors.executor() if workers is None else workers
    seeds = [one.seed for one in replicates(seed, count)]
    rows: list[dict[str, Any]] = []
    for kind, (selection, influence) in STRENGTHS.items():
        task = partial(made, scenario=scenario, selection=selection, influence=influence)
        groups = list(executors.none_lost(workers.each(task, seeds)))
        parted = shares(groups)._asdict()
        for reliability in sorted({1.0, scenario.observe.identity_reliability}, reverse=True):
            found = estimated(groups, reliability)
            rows.append({"data": kind, "corrected": reliability < 1.0, **found._asdict(), **parted})
    return pd.DataFrame(rows)


__all__ = ["ASKED", "STRENGTHS", "USERS", "WAVES", "exact", "made", "recovered"]
