"""Waves of a survey, of people or in the model: who answered, and whom each names as friendly or a friend."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.measures.friendship import FRIEND
from sim.outcomes.observation import Survey

Flags = NDArray[np.bool_]

FEWEST: Final = 5
"""Fewest people who must answer a wave: fewer make no network."""


@dataclass(frozen=True, slots=True)
class Wave:
    """A wave of a survey.

    Parameters
    ----------
    people : tuple
        Everybody who could be named.
    answered : bool array, shape (n,)
        Who answered; the ties of others are unknown.
    friendly, friend : bool array, shape (n, n)
        Whether the row's person names the column's as at least a friendly relation, or as at least a friend; False in
        the rows of people who did not answer.
    """

    week: int
    people: tuple[Hashable, ...]
    answered: Flags
    friendly: Flags
    friend: Flags


def rated(week: int, people: Sequence[Hashable], ratings: NDArray[np.int64], friendly: int, friend: int) -> Wave:
    """Make a wave from ratings. People who rate nobody count as not having answered.

    Parameters
    ----------
    ratings : int array, shape (n, n)
        Rating of the column's person by the row's: 1 is nearest, larger is less near, 0 is unknown.
    friendly, friend : int
        The largest ratings that still count as a friendly relation, and as a friend.
    """
    answered = (ratings > 0).any(axis=1)
    named = ratings > 0
    return Wave(week, tuple(people), answered, named & (ratings <= friendly), named & (ratings <= friend))


def of_survey(survey: Survey, week: int) -> Wave:
    """Turn a survey of the model into a wave.

    The survey must ask for all ties from acquaintance up, so that all users named count as friendly.
    """
    n = len(survey.users)
    friendly, friend = np.zeros((n, n), np.bool_), np.zeros((n, n), np.bool_)
    friendly[survey.namer, survey.named] = True
    near = survey.level >= FRIEND
    friend[survey.namer[near], survey.named[near]] = True
    return Wave(week, tuple(survey.users.tolist()), survey.answered, friendly, friend)


def usable(waves: Sequence[Wave]) -> tuple[list[Wave], list[int]]:
    """Return the waves that at least half of the people and at least `FEWEST` answered, and the weeks of the others."""
    enough = [wave.answered.sum() >= max(FEWEST, len(wave.people) / 2) for wave in waves]
    kept = [wave for wave, is_kept in zip(waves, enough, strict=True) if is_kept]
    return kept, [wave.week for wave, is_kept in zip(waves, enough, strict=True) if not is_kept]


def successive(waves: Sequence[Wave]) -> list[tuple[Wave, Wave]]:
    """Return pairs of successive waves, both reduced to the people who answered both, in the same order."""
    return [_both(first, second) for first, second in pairwise(waves)]


def _both(first: Wave, second: Wave) -> tuple[Wave, Wave]:
    later = {person: at for at, person in enumerate(second.people)}
    pairs = [(at, later[person]) for at, person in enumerate(first.people) if first.answered[at] and person in later]
    pairs = [(a, b) for a, b in pairs if second.answered[b]]
    return _part(first, [a for a, _ in pairs]), _part(second, [b for _, b in pairs])


def answering(wave: Wave) -> Wave:
    """Return the wave reduced to the people who answered it."""
    return _part(wave, np.flatnonzero(wave.answered).tolist())


def _part(wave: Wave, places: list[int]) -> Wave:
    here = np.ix_(places, places)
    people = tuple(wave.people[place] for place in places)
    return Wave(wave.week, people, wave.answered[places], wave.friendly[here], wave.friend[here])
