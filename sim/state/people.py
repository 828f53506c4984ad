"""The users: background (Table 2 of the study) and traits, sampled with keyed draws or read from a CSV.

All properties of a user follow from (seed, uid), so a user is the same person in all scenarios with the same
distributions, whoever else is there. A newcomer is the same person on the day of enrolment: younger, and ill for a
shorter time, by the years of the sampled tenure.
"""

import math
from functools import lru_cache
from typing import Any, Final

import numpy as np

from sim.elementary import Floats, product
from sim.kernel import kernel
from sim.scenario.schema.users import Spread, Users
from sim.state.columns import USER, WAITING
from sim.state.laws import POINTS, beta_quantiles, gamma_quantiles, normal_score, normal_share
from sim.state.state import Records
from sim.streams import BACKGROUND, TRAIT, unit, words

TRAITS: Final = tuple(c.name for c in USER if c.kind == "trait" and c.name not in ("interest", "speciality"))
"""Columns drawn from the `Spread` with the same name."""

AGE_RANGE: Final = (18.0, 65.0)  # inclusion criterion, section 2.2
ILL_RANGE: Final = (1.0, 45.0)
TENURE_RANGE: Final = (0.5, 14.5)  # whole years 1-14 in Table 2
YOUNGEST_ONSET: Final = 10.0
"""Youngest age at which the illness begins; in Table 2 the earliest onset is about 13."""
_ATTEMPTS: Final = 64
Years = tuple[float | None, float | None, float | None]
Law = tuple[float, ...]
"""Means and deviations of age, years ill and tenure, and three correlations (age-ill, age-tenure, ill-tenure)."""
_RANGES: Final = (AGE_RANGE, ILL_RANGE, TENURE_RANGE)
_PAIRS: Final[Any] = np.triu_indices(3, 1)
_POINTS: Final = 4096
_CORRECTIONS: Final = 12
_MISSED: Final = 0.002
"""Largest accepted error: of a mean or deviation, as a share of the deviation; of a correlation, absolute."""


@kernel
def fill_uniform(seed: Any, purpose: int, first_slot: int, uids: Any, out: Any) -> None:
    """Fill out[user, slot] with keyed uniform draws; each block of four slots takes one key."""
    for i in range(out.shape[0]):
        for block in range((out.shape[1] + 3) // 4):
            four = words(seed, purpose, first_slot + block, 0, uids[i], 0)
            for k in range(4):
                if 4 * block + k < out.shape[1]:
                    out[i, 4 * block + k] = unit(four[k])


@lru_cache(maxsize=512)
def _quantiles(law: str, mean: float, sd: float, low: float, high: float) -> Floats:
    """Return a table of quantiles (`laws.POINTS`) of a beta law scaled to [low, high] or of a gamma law."""
    if sd <= 0:
        return np.full(POINTS, mean)
    if law == "gamma":
        return gamma_quantiles(mean, sd)
    return low + (high - low) * beta_quantiles((mean - low) / (high - low), sd / (high - low))


def quantile(share: Floats, law: str, mean: float, sd: float, low: float = 0.0, high: float = 1.0) -> Floats:
    """Quantiles, at these shares, of a beta (on [low, high]) or gamma law with this mean and standard deviation.

    Values come from a fine table, which keeps mean and deviation to a thousandth and never reaches the exact ends.
    """
    return _between(share, _quantiles(law, mean, sd, low, high))


Quantiles = tuple[str, float, float, float, float]
"""Law, mean, deviation, lowest and highest value."""


@lru_cache(maxsize=64)
def _tables(laws: tuple[Quantiles, ...]) -> Floats:
    """Return the tables of several laws, shape (laws, `POINTS`)."""
    return np.stack([_quantiles(*law) for law in laws])


def _between(share: Any, table: Floats) -> Floats:
    """Return the values at these shares, between those of a table, or at its ends.

    With several tables, the columns of `share` belong to them in order: a column by itself gives the same bits.
    """
    place = np.clip(share * POINTS - 0.5, 0.0, POINTS - 1.0)
    before = np.minimum(np.floor(place), POINTS - 2.0)
    at = before.astype(np.int64)
    if table.ndim > 1:
        at += POINTS * np.arange(len(table))
    low: Floats = table.ravel()[at]
    return low + (place - before) * (table.ravel()[at + 1] - low)


def _share(value: float, table: Floats) -> float:
    """Return the share below a value, the inverse of `_between`; beyond the table, that of its end."""
    after = int(np.clip(np.searchsorted(table, value), 1, POINTS - 1))
    low, high = float(table[after - 1]), float(table[after])
    part = min(max((value - low) / (high - low), 0.0), 1.0) if high > low else 0.0
    return (after - 0.5 + part) / POINTS


def _ages(seed: int, uids: Any, users: Users) -> tuple[Floats, Floats, Floats]:
    """Age, years ill and years in the centre: a Gaussian copula of beta laws; impossible users are redrawn."""
    law = _law(_stated(users))
    age, ill, tenure = backgrounds = np.empty((3, len(uids)))
    todo = np.arange(len(uids))
    for attempt in range(_ATTEMPTS):
        u = np.empty((len(todo), 4))
        fill_uniform(np.uint64(seed), BACKGROUND, 8 + attempt, uids[todo], u)
        backgrounds[:, todo] = _backgrounds(normal_score(u[:, :3]), law)
        todo = todo[~_possible(*backgrounds[:, todo])]
        if not len(todo):
            break
    ill[todo] = np.minimum(ill[todo], np.maximum(age[todo] - YOUNGEST_ONSET, 1.0))
    tenure[todo] = np.minimum(np.minimum(tenure[todo], ill[todo]), age[todo] - AGE_RANGE[0])
    return age, ill, tenure


def conditional_years(seed: int, uid: int, users: Users, known: Years, ages: tuple[float, float]) -> Floats:
    """Return age, years ill and years in the centre of a user of whom some are known; the others follow from these.

    Known values become normal scores of the copula (outside its ranges, the scores of the ends), and the others are
    drawn given these scores, with the draws of `_ages`. Impossible lives and ages outside their range are drawn again;
    the last attempt is cut.

    Parameters
    ----------
    seed, uid : int
    users : Users
        Distributions from the scenario.
    known : tuple of float or None, shape (3,)
        Age, years ill and years in the centre, in years.
    ages : tuple of float
        Lowest age, and the age that the user has not reached, in years.

    Returns
    -------
    float array, shape (3,)
    """
    law = _law(_stated(users))
    lives = np.array([np.nan if value is None else value for value in known])
    here, open_ = np.flatnonzero(~np.isnan(lives)), np.flatnonzero(np.isnan(lives))
    tables = [_quantiles("beta", law[k], law[3 + k], *_RANGES[k]) for k in range(3)]
    # With the known scores first, the root also splits: they are root @ z for some z, and the others follow from it.
    order = np.append(here, open_)
    root = lower_root(_correlations(law[6:])[np.ix_(order, order)])
    z = _solved(root[: len(here)].tolist(), normal_score([_share(lives[k], tables[k]) for k in here]).tolist())
    u = np.empty((1, 4))
    for attempt in range(_ATTEMPTS):
        fill_uniform(np.uint64(seed), BACKGROUND, 8 + attempt, np.array([uid]), u)
        drawn = np.append(z, normal_score(u[0, open_]))
        share = normal_share(product(root[len(here) :], drawn[np.newaxis])[:, 0])
        lives[open_] = [_between(part, tables[k]) for k, part in zip(open_, share, strict=True)]
        if _possible(*lives) and ages[0] <= lives[0] < ages[1]:
            return lives
    return _cut(lives, known, ages)


def _cut(lives: Floats, known: Years, ages: tuple[float, float]) -> Floats:
    """Cut the values that are not known to a possible life."""
    age, ill, tenure = lives
    if known[0] is None:
        age = min(max(age, ages[0], (known[1] or 0.0) + YOUNGEST_ONSET, (known[2] or 0.0) + AGE_RANGE[0]), ages[1])
    if known[1] is None:
        ill = min(max(ill, known[2] or 0.0), age - YOUNGEST_ONSET)
    if known[2] is None:
        tenure = min(tenure, ill, age - AGE_RANGE[0])
    return np.array([age, ill, tenure])


def _stated(users: Users) -> Law:
    """Return the scenario's means, deviations and correlations of age, years ill and tenure."""
    means, deviations = (
        (users.age_mean, users.ill_mean, users.tenure_mean),
        (users.age_sd, users.ill_sd, users.tenure_sd),
    )
    return (*means, *deviations, users.age_ill_r, users.age_tenure_r, users.ill_tenure_r)


def _backgrounds(normal: Floats, law: Law) -> Floats:
    """Turn standard normal draws, shape (n, 3), into age, years ill and years in the centre, shape (3, n)."""
    share = normal_share(product(normal, lower_root(_correlations(law[6:]))))
    laws = tuple(("beta", law[k], law[3 + k], *_RANGES[k]) for k in range(3))
    return np.ascontiguousarray(_between(share, _tables(laws)).T)


@lru_cache(maxsize=64)
def _correlations(three: tuple[float, ...]) -> Floats:
    """Return the valid matrix nearest to three correlations (those of age, years ill and tenure, as in `Law`)."""
    r = np.eye(3)
    r[_PAIRS] = three
    return nearest_correlation(r + np.triu(r, 1).T)


def _possible(age: Floats, ill: Floats, tenure: Floats) -> Any:
    """Return whether users fell ill no earlier than the youngest onset, and enrolled as adults after that."""
    return (tenure <= ill) & (age - ill >= YOUNGEST_ONSET) & (age - tenure >= AGE_RANGE[0])


@lru_cache(maxsize=1)
def _even_normals() -> Floats:
    """Return standard normal values, shape (_POINTS, 3), at points spread evenly over the cube (Halton 1960)."""
    even = np.zeros((_POINTS, 3))
    for k, base in enumerate((2, 3, 5)):
        left, place = np.arange(1, _POINTS + 1), 1.0
        while left.any():
            place /= base
            even[:, k] += place * (left % base)
            left //= base
    return normal_score(even)


@lru_cache(maxsize=64)
def _law(stated: Law) -> Law:
    """Return the law to sample, so that the possible people have the stated means, deviations and correlations.

    Redrawing impossible people shifts the moments: the mean age rises, for example, without young people whose illness
    would have begun in childhood. Each round corrects all moments by their errors among the possible people at evenly
    spread points, until the errors are small. If no law has the stated moments, or almost no people would be possible,
    return the nearest law found.
    """
    wanted, law = np.array(stated), np.array(stated)
    scale = np.concatenate((wanted[3:6], wanted[3:6], np.ones(3)))
    best, least = stated, np.inf
    for _ in range(_CORRECTIONS):
        people = _backgrounds(_even_normals(), tuple(law.tolist()))
        people = people[:, _possible(*people)]
        if people.shape[1] < _POINTS / 4:
            break
        missed = wanted - _moments(people)
        worst = float(np.abs(missed / scale).max())
        if worst < least:
            best, least = tuple(law.tolist()), worst
        law = law + missed
        if least < _MISSED or not _is_law(law):
            break
    return best


def _moments(people: Floats) -> Floats:
    """Return means, deviations and correlations (in the order of `Law`) of age, years ill and tenure, shape (3, n)."""
    mean = people.mean(axis=1)
    away = people - mean[:, np.newaxis]
    spread = np.sqrt((away * away).mean(axis=1))
    first, second = _PAIRS
    return np.concatenate((mean, spread, (away[first] * away[second]).mean(axis=1) / (spread[first] * spread[second])))


def _is_law(law: Floats) -> bool:
    """Return whether beta laws can have these means and deviations, and all correlations are below 0.98."""
    low, high = np.array(_RANGES).T
    mean, sd = law[:3], law[3:6]
    room = 0.95 * (mean - low) * (high - mean)
    return bool((mean > low).all() and (mean < high).all() and (sd > 0).all() and (sd**2 < room).all()) and bool(
        (np.abs(law[6:]) < 0.98).all()
    )


@lru_cache(maxsize=64)
def _oldest(stated: Law, retired: float) -> float:
    """Return the age that the share `retired` of users exceeds."""
    people = _backgrounds(_even_normals(), _law(stated))
    ages = people[0, _possible(*people)]
    return float(np.quantile(ages if len(ages) else people[0], 1 - retired))


def nearest_correlation(r: Floats) -> Floats:
    """Return the matrix, shrunk toward independence until it is a valid correlation matrix (eigenvalues from 1e-9)."""
    while np.isnan(lower_root(r - 1e-9 * np.eye(len(r)))).any():
        r = 0.95 * r + 0.05 * np.eye(len(r))
    return r


def lower_root(r: Floats) -> Floats:
    """Return the lower triangular matrix L with L L' = r (Cholesky); NaN if r has an eigenvalue that is not above 0."""
    root = np.zeros(r.shape)
    for i, row in enumerate(r.tolist()):
        for j in range(i + 1):
            left = row[j]
            for k in range(j):
                left -= float(root[i, k]) * float(root[j, k])
            if i == j and left <= 0.0:
                return np.full(r.shape, np.nan)
            root[i, j] = math.sqrt(left) if i == j else left / float(root[j, j])
    return root


def _solved(root: list[list[float]], scores: list[float]) -> list[float]:
    """Return z with root z = scores, `root` being lower triangular."""
    z: list[float] = []
    for row, score in zip(root, scores, strict=True):
        left = score
        for part, one in zip(row, z, strict=False):
            left -= part * one
        z.append(left / row[len(z)])
    return z


def sample(rows: Records, users: Users, seed: int) -> None:
    """Fill background and traits of these rows, which already have a `uid` and a `status`.

    Of users who wait in a queue, and so enrol during the run, age and years ill apply to the day of enrolment.

    Parameters
    ----------
    rows : record array
        With the columns of the table `USER` (`sim.state.columns`).
    users : Users
        Distributions from the scenario.
    seed : int
    """
    uids = np.ascontiguousarray(rows["uid"])
    age, ill, tenure = _ages(seed, uids, users)
    u = np.empty((len(rows), 8))
    fill_uniform(np.uint64(seed), BACKGROUND, 0, uids, u)
    rows["sex"] = u[:, 0] < users.women
    rows["diagnosis"] = np.searchsorted(
        np.cumsum([users.schizophrenia, users.bipolar, users.ocd]), u[:, 1], side="right"
    )
    rows["occupation"] = occupations(age, u[:, 2], users)
    rows["lives_with"] = np.searchsorted(np.cumsum([users.alone, users.with_child]), u[:, 3], side="right")
    rows["lives_with"] = np.array([1, 2, 0])[rows["lives_with"]]
    rows["only_child"] = u[:, 4] < users.only_child
    rows["marital_status"] = u[:, 5] < users.divorced
    waits = rows["status"] == WAITING
    age = np.where(waits, age - tenure, age)
    ill = np.where(waits, np.maximum(ill - tenure, 0.0), ill)
    tenure = np.where(waits, 0.0, tenure)
    rows["age"], rows["years_ill"], rows["years_in_centre"] = age, ill, tenure
    sample_traits(rows, users, seed)


def occupations(age: Floats, share: Floats, users: Users) -> Any:
    """Return the occupation at each age and uniform draw: the oldest are retired, some others work part-time."""
    part_time = share < users.part_time / max(1 - users.retired, 1e-9)
    return np.where((age > _oldest(_stated(users), users.retired)) & (users.retired > 0), 2, part_time)


def sample_traits(rows: Records, users: Users, seed: int) -> None:
    """Fill the traits of these rows."""
    uids = np.ascontiguousarray(rows["uid"])
    interests = rows["interest"].shape[1]
    u = np.empty((len(rows), len(TRAITS) + interests))
    fill_uniform(np.uint64(seed), TRAIT, 0, uids, u)
    spreads: list[Spread] = [getattr(users, name) for name in TRAITS]
    laws = tuple((spread.law, spread.mean, spread.sd, 0.0, 1.0) for spread in spreads)
    values = _between(u[:, : len(TRAITS)], _tables(laws))
    for k, name in enumerate(TRAITS):
        rows[name] = values[:, k]
    rows["interest"] = quantile(u[:, len(TRAITS) :], "beta", users.interest.mean, users.interest.sd)
    rows["speciality"] = rows["interest"].argmax(axis=1)


@kernel
def set_points(rows: Any, base_share: float, worth_stigma: float) -> None:
    """Set every state to its set point, before anything happens at the centre.

    Self-worth W0 (1 - worth_stigma s0), W0 its disposition and s0 that to self-stigma; the habit of coming base_share.
    """
    for i in range(len(rows)):
        u = rows[i]
        u.mood = u.mood_disposition
        u.burden = u.outside_burden
        u.identity = u.initial_identity
        u.self_stigma = u.stigma_disposition
        u.self_worth = u.worth_disposition * (1.0 - worth_stigma * u.stigma_disposition)
        u.acceptance = u.acceptance_disposition
        u.hope = u.hope_disposition
        u.threshold = u.disclosure_threshold
        u.habit = base_share


def start_states(rows: Records, base_share: float, worth_stigma: float) -> None:
    """Set every starting state to its set point; nobody has a seat, a place in a queue or a past yet."""
    set_points(rows, base_share, worth_stigma)
    for name in ("left", "first_friend", "first_confidant"):
        rows[name] = -1
    for name in ("seat", "next_row"):
        rows[name] = -1
