"""Observe the true state as a survey would: who names whom, answers to questionnaires, and missing respondents.

A survey writes nothing to the state, and its draws have their own purposes, so observing changes nothing in a run, and
errors in different waves are independent.
"""

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from sim.elementary import Floats, exps, logs
from sim.kernel import kernel
from sim.scenario.schema.scenario import Observe
from sim.state.columns import ACQUAINTANCE, LEVEL_FROM, LEVELS
from sim.state.state import Records, State
from sim.streams import QUESTIONNAIRE, RATING, RECALL, RESPONSE, normal, uniform

Whole = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A questionnaire: the state that it measures, and its scale."""

    column: str
    name: str
    unit: str
    low: float
    high: float
    meaning: str

    def told(self, state: Floats) -> Floats:
        """Convert a state in [0, 1] to the scale of the questionnaire."""
        return self.low + (self.high - self.low) * state


QUESTIONNAIRES: Final = (
    Questionnaire("loneliness", "loneliness_ucla20", "20-80", 20.0, 80.0, "Loneliness on the UCLA-20 scale"),
    Questionnaire("burden", "burden", "0-100", 0.0, 100.0, "Burden"),
    Questionnaire("identity", "group_identity", "1-7", 1.0, 7.0, "Group identity on a 1-7 scale"),
    Questionnaire("hope", "hope", "0-1", 0.0, 1.0, "Hope"),
    Questionnaire("self_stigma", "self_stigma", "0-1", 0.0, 1.0, "Self-stigma"),
)
"""The questionnaires of a survey; their order determines their slots in the draws."""
_NOBODY: Final[Whole] = np.zeros(1, np.int64)
"""The `other` key for draws about a single user."""


@dataclass(frozen=True, slots=True)
class Survey:
    """The results of one wave of a survey.

    Parameters
    ----------
    day : int
        The survey takes place at the start of this day.
    users, centre : int64 array, shape (n,)
        All enrolled users, by `uid`, and the numbers of their centres.
    answered : bool array, shape (n,)
        Who answered; all others name nobody and fill in no questionnaire.
    namer, named : int64 array, shape (m,)
        Who named whom, as indices into `users`.
    closeness : float array, shape (m,)
        Closeness stated by the namer, in (0, 1].
    level : int64 array, shape (m,)
        Level of this closeness: an index into `sim.state.columns.LEVELS`.
    answers : dict of str to float array, shape (n,)
        Answers by questionnaire, on its scale; NaN for users who did not answer.
    """

    day: int
    users: Whole
    centre: Whole
    answered: Flags
    namer: Whole
    named: Whole
    closeness: Floats
    level: Whole
    answers: dict[str, Floats]


def observed(state: State, observe: Observe, day: int, seed: int, absent: int | None = None) -> Survey:
    """Hold one wave of a survey of the current state, and return its results.

    Who answers: each user fails to answer with chance non_response, and then names nobody and fills in nothing.

    Whom they name: i states the closeness C to j, logit C = logit c + e z, c the closeness i feels, z a normal, e^2 =
    var(logit c) (1 / rating_reliability - 1), the variance over all ties of the state at or above acquaintance and
    below 1; at 0 and at 1, C = c. An error matters near a cut-off, and nobody names a stranger. Everybody with C at or
    above `level` can be named. i forgets each of them with chance min(1, forgetting (1 - C) / m), m the mean of 1 - C
    over everybody in the state who can be named (by non-respondents too; the chance is `forgetting` when m is 0), so
    the less close more often. Of the others, i names the `limit` with the highest C (among equals the lower uid); 0
    means no limit. The level of a nomination is the level of C.

    What questionnaires say: X = x + e z, kept on the scale; x the state on it (UCLA-20 20 + 60 L, burden 100 B, group
    identity 1 + 6 I, hope H, self-stigma s), z a normal, e^2 = var(x) (1 / reliability - 1), the variance between all
    enrolled users, so that var(x) / (var(x) + e^2) is the reliability.

    Variances have the divisor n - 1, and are 0 for fewer than two values. This is retest noise: the difference when the
    same person answers again soon. It does not include a person who always rates high, or a scale that misses what it
    should measure.

    Parameters
    ----------
    state : State
        The survey does not change it.
    observe : Observe
        The section `observe` of a scenario.
    day : int
        Day at whose start the survey takes place; also a key of the draws.
    seed : int
        Seed of the run.
    absent : int, optional
        Exactly this many users do not answer, whatever `non_response` is: those with the lowest draws.

    Returns
    -------
    Survey
    """
    key = np.uint64(seed)
    rows = _enrolled(state)
    users = state.users[rows]
    uids = users["uid"].astype(np.int64)
    answered = _answered(uids, observe, day, key, absent)
    noise = _deviation(_logits(state)) * math.sqrt(1.0 / observe.rating_reliability - 1.0)
    namer, named, closeness = _named(state, rows, observe, day, key, noise)
    known = answered[namer]
    namer, named, closeness = namer[known], named[known], closeness[known]
    level = np.searchsorted(np.array(LEVEL_FROM), closeness, side="right").astype(np.int64)
    answers = {
        one.name: np.where(answered, _filled_in(users, uids, one, slot, observe, day, key), np.nan)
        for slot, one in enumerate(QUESTIONNAIRES)
    }
    centre = users["centre"].astype(np.int64)
    return Survey(int(day), uids, centre, answered, namer, named, closeness, level, answers)


def _enrolled(state: State) -> Whole:
    """Return the rows of enrolled users, by centre and seat."""
    return np.asarray(state.seats[state.seats >= 0], np.int64)


def _answered(uids: Whole, observe: Observe, day: int, seed: Any, absent: int | None) -> Flags:
    """Return whether each user answers."""
    draws = np.empty((len(uids), 1))
    _uniforms(seed, RESPONSE, 0, day, uids, _NOBODY, draws)
    if absent is None:
        return np.asarray(draws[:, 0] >= observe.non_response)
    answered = np.ones(len(uids), np.bool_)
    answered[np.argsort(draws[:, 0], kind="stable")[:absent]] = False
    return answered


def _blocks(state: State) -> list[tuple[Whole, Floats]]:
    """Return the users' rows and the closeness between them for each centre; closeness to oneself is 0."""
    answers = []
    for centre in state.centres:
        first, n = int(centre.first_tie), int(centre.capacity)
        rows = state.seats[centre.first_seat : centre.first_seat + n]
        seats = np.flatnonzero(rows >= 0)
        closeness = state.ties["closeness"][first : first + n * n].reshape(n, n)[np.ix_(seats, seats)].copy()
        np.fill_diagonal(closeness, 0.0)
        answers.append((np.asarray(rows[seats], np.int64), closeness))
    return answers


def _logits(state: State) -> Floats:
    """Return the log odds of closeness, for all ties at or above acquaintance and below 1."""
    every = np.concatenate([closeness.ravel() for _, closeness in _blocks(state)])
    every = every[(every >= ACQUAINTANCE) & (every < 1.0)]
    return logs(every / (1.0 - every))


def _slipped(true: Floats, by: Floats) -> Floats:
    """Shift closeness by this much on the logit scale; values of 0, of 1 and with no shift stay exact."""
    moves = (true > 0.0) & (true < 1.0) & (by != 0.0)
    inside = np.where(moves, true, 0.5)
    return np.where(moves, 1.0 / (1.0 + (1.0 - inside) / inside * exps(-by)), true)


def _deviation(values: Floats) -> float:
    """Standard deviation with divisor n - 1; 0 for fewer than two values."""
    return float(np.std(values, ddof=1)) if len(values) > 1 else 0.0


def _named(
    state: State, rows: Whole, observe: Observe, day: int, seed: Any, noise: float
) -> tuple[Whole, Whole, Floats]:
    """Return who would name whom if asked, as indices into `rows`, and the closeness stated."""
    place = np.full(len(state.users), -1, np.int64)
    place[rows] = np.arange(len(rows))
    least = LEVEL_FROM[LEVELS.index(observe.level) - 1]
    parts = []
    for here, true in _blocks(state):
        uids = state.users["uid"][here].astype(np.int64)
        slips, recall = np.empty(true.shape), np.empty(true.shape)
        _normals(seed, RATING, 0, day, uids, uids, slips)
        _uniforms(seed, RECALL, 0, day, uids, uids, recall)
        answers = _slipped(true, noise * slips)
        parts.append((place[here], uids, np.where(answers >= least, answers, 0.0), recall))
    every = np.concatenate([answers[answers > 0.0] for _, _, answers, _ in parts])
    missing = float((1.0 - every).mean()) if len(every) else 0.0
    namers, nameds, closenesses = [], [], []
    for places, uids, answers, recall in parts:
        i, j = np.nonzero((answers > 0.0) & (recall >= _forgotten(answers, observe.forgetting, missing)))
        i, j = _closest(i, j, answers, uids, observe.limit)
        namers.append(places[i])
        nameds.append(places[j])
        closenesses.append(answers[i, j])
    return np.concatenate(namers), np.concatenate(nameds), np.concatenate(closenesses)


def _forgotten(answers: Floats, share: float, missing: float) -> Floats:
    """Chance of being forgotten, from the closeness stated; the same for all if everybody has closeness 1."""
    relative = (1.0 - answers) / missing if missing > 0.0 else np.ones_like(answers)
    return np.minimum(1.0, share * relative)


def _closest(i: Any, j: Any, answers: Floats, uids: Whole, limit: int) -> tuple[Any, Any]:
    """Keep each user's `limit` closest nominations (all if 0; lower uid first among equals), sorted by row."""
    if limit == 0:
        return i, j
    order = np.lexsort((uids[j], -answers[i, j], i))
    i, j = i[order], j[order]
    rank = np.arange(len(i)) - np.searchsorted(i, i, side="left")
    kept = rank < limit
    i, j = i[kept], j[kept]
    order = np.lexsort((j, i))
    return i[order], j[order]


def _filled_in(
    users: Records, uids: Whole, one: Questionnaire, slot: int, observe: Observe, day: int, seed: Any
) -> Floats:
    """Return the answers of all users to a questionnaire."""
    draws = np.empty((len(uids), 1))
    _normals(seed, QUESTIONNAIRE, slot, day, uids, _NOBODY, draws)
    true = one.told(users[one.column])
    reliability = float(getattr(observe, f"{one.column}_reliability"))
    noise = _deviation(true) * math.sqrt(1.0 / reliability - 1.0)
    return np.clip(true + noise * draws[:, 0], one.low, one.high)


@kernel
def _normals(seed: Any, purpose: Any, slot: int, day: int, uids: Any, others: Any, out: Any) -> None:
    """Fill out[user, other] with keyed standard normal draws."""
    for i in range(len(uids)):
        for j in range(len(others)):
            out[i, j] = normal(seed, purpose, slot, day, uids[i], others[j])


@kernel
def _uniforms(seed: Any, purpose: Any, slot: int, day: int, uids: Any, others: Any, out: Any) -> None:
    """Fill out[user, other] with keyed uniform draws."""
    for i in range(len(uids)):
        for j in range(len(others)):
            out[i, j] = uniform(seed, purpose, slot, day, uids[i], others[j])


__all__ = ["QUESTIONNAIRES", "Questionnaire", "Survey", "observed"]
