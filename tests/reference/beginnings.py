"""Users and ties of day 0 in both models: means, deviations and correlations in a centre."""

from collections.abc import Callable, Iterable
from typing import Any, Final

import numpy as np

from benchmarks.plain_mesa import PlainCentre
from sim.engine import Engine
from sim.scenario.schema.scenario import ACTIVITIES, Scenario
from sim.scenario.schema.users import Spread, Users

Values = np.ndarray[Any, np.dtype[np.float64]]

_TRAITS: Final = tuple(name for name, value in Users() if isinstance(value, Spread) and name != "interest")
_STATES: Final = (
    "age",
    "years_ill",
    "years_in_centre",
    "arrived",
    "self_worth",
    "loneliness",
    "closest",
    "known_closest",
    "known_by",
    "friends",
    "longing",
    "hope",
)
_TIES: Final = ("closeness", "trust", "told", "known", "attracted", "appeal", "liking", "hours")
_SHARES: Final = ("woman", "schizophrenia", "bipolar", "works", *ACTIVITIES)
STARTS: Final = (
    *(f"{name} {what}" for name in (*_TRAITS, *_STATES, *_TIES) for what in ("mean", "sd")),
    *_SHARES,
    "age with years ill", "age with years in the centre", "years ill with years in the centre",
    *(f"{name} returned" for name in ("closeness", "appeal", "liking")),
    "spread of how one is liked", "spread of how one likes",
)  # fmt: skip


def _boiled_down(user: Callable[[str], Values], tie: Callable[[str], Values]) -> list[float]:
    """Return the statistics of a centre; `tie` gives matrices from row to column."""
    apart = ~np.eye(len(user("age")), dtype=bool)
    columns = [user(name) for name in (*_TRAITS, *_STATES)] + [tie(name)[apart] for name in _TIES]
    numbers = [number for column in columns for number in (column.mean(), column.std(ddof=1))]
    numbers += [user(name).mean() for name in _SHARES]
    years = np.corrcoef([user("age"), user("years_ill"), user("years_in_centre")])
    numbers += [years[0, 1], years[0, 2], years[1, 2]]
    matrices = [tie(name) for name in ("closeness", "appeal", "liking")]
    numbers += [np.corrcoef(matrix[apart], matrix.T[apart])[0, 1] for matrix in matrices]
    return numbers + [tie("liking").sum(axis=axis).std(ddof=1) / (len(apart) - 1) for axis in (0, 1)]


def plain_starts(scenario: Scenario, seeds: Iterable[int]) -> Values:
    """Return the statistics of day 0 of the plain model, for each seed."""
    return np.array([_plain_start(PlainCentre(scenario, rng=seed)) for seed in seeds])


def _plain_start(model: PlainCentre) -> list[float]:
    users = list(model.agents)

    def user(name: str) -> Values:
        if name in ACTIVITIES:
            return np.array([float(one.speciality == name) for one in users])
        if name in ("schizophrenia", "bipolar"):
            return np.array([float(one.diagnosis == name) for one in users])
        if name == "woman":
            return np.array([float(one.sex == name) for one in users])
        return np.array([float(getattr(one, name)) for one in users])

    def tie(name: str) -> Values:
        return np.array([[float(getattr(i.ties[j], name)) if i is not j else 0.0 for j in users] for i in users])

    return _boiled_down(user, tie)


def engine_starts(scenario: Scenario, seeds: Iterable[int]) -> Values:
    """Return the statistics of day 0 of the engine, for each seed."""
    return np.array([_engine_start(Engine(scenario, seed)) for seed in seeds])


def _engine_start(engine: Engine) -> list[float]:
    rows = engine.state.users[engine.enrolled]
    ties = engine.state.ties[: len(rows) ** 2].reshape(len(rows), len(rows))
    codes = {
        "woman": ("sex", 1),
        "schizophrenia": ("diagnosis", 0),
        "bipolar": ("diagnosis", 1),
        "works": ("occupation", 1),
    }
    codes |= {activity: ("speciality", code) for code, activity in enumerate(ACTIVITIES)}

    def user(name: str) -> Values:
        if name in codes:
            column, code = codes[name]
            return (rows[column] == code).astype(float)
        return rows[name].astype(float)

    return _boiled_down(user, lambda name: ties[name].astype(float))
