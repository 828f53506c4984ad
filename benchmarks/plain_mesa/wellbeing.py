"""Phase 9: loneliness, burden, mood, self-worth, acceptance."""

from heapq import nlargest
from typing import TYPE_CHECKING

from benchmarks.plain_mesa.scales import logistic, logit, reached, squash
from benchmarks.plain_mesa.ties import ACQUAINTANCE, CONFIDANT, FRIEND

if TYPE_CHECKING:
    from benchmarks.plain_mesa.agents import User

LOWEST_MOOD = 0.001
"""Mood is kept this far from 0 and 1 before the chance of the day moves it on the logit."""


def look_at_ties(user: "User") -> None:
    """Read the user's own ties: friends, confidants, the closest three, longing, peers told, the soft number.

    The closest three are of those who are at least acquaintances; one who is missing counts 0.
    """
    friends = confidants = told = 0
    longing = soft = 0.0
    near: list[float] = []
    for other, tie in user.ties.items():
        closeness = tie.closeness
        told += tie.told
        if closeness < ACQUAINTANCE:
            continue
        near.append(closeness)
        if closeness >= FRIEND:
            friends += 1
            soft += 1.0
            confidants += closeness >= CONFIDANT
            longing += max(0.0, closeness - other.ties[user].closeness)
        else:
            soft += (closeness - ACQUAINTANCE) / (FRIEND - ACQUAINTANCE)
    user.friends, user.confidants, user.told_peers = friends, confidants, told
    user.longing, user.soft_ties = longing, soft
    user.closest = sum(nlargest(3, near)) / 3.0


def loneliness_target(user: "User") -> float:
    """Give where loneliness moves to: the discrepancy between wanted and actual ties."""
    p = user.model.rules.wellbeing
    target = p.lonely_base + user.lonely_disposition - 0.5
    target += p.lonely_emotional * max(0.0, 1.0 - user.closest / user.desired_closeness)
    target += p.lonely_social * max(0.0, 1.0 - user.soft_ties / user.desired_ties)
    target += p.lonely_longing * user.longing + p.lonely_stigma * user.self_stigma
    target += p.lonely_family * (1.0 - user.family_support)
    return squash(target - p.lonely_company * user.company)


def feel_first_loneliness(user: "User") -> None:
    """Start loneliness where the starting ties put it."""
    look_at_ties(user)
    user.loneliness = loneliness_target(user)


def mood_target(user: "User") -> float:
    """Give the set point of mood: a product, so that no sum of troubles leaves the scale."""
    p = user.model.rules.wellbeing
    needs = sum(user.needs.values()) / len(user.needs)
    target = user.mood_disposition * (1.0 - p.mood_need * needs) * (1.0 - p.mood_burden * user.burden)
    target *= (1.0 - p.mood_stigma * user.self_stigma) * (1.0 - p.mood_lonely * user.loneliness)
    return target * (1.0 - p.mood_unwell * user.unwell)


def burden_after(user: "User") -> float:
    """Give tomorrow's burden: it falls first, and the dose of today acts on what is then missing."""
    p = user.model.rules.wellbeing
    dose = p.burden_gain * max(0.0, user.load - user.support_capacity) + p.burden_demand * user.demand
    rest = 1.0 if user.attends else p.rest_ratio
    burden = user.burden - (user.burden - user.outside_burden) * min(1.0, rest / p.burden_days)
    return burden + (1.0 - burden) * reached(dose)


def wellbeing(user: "User") -> None:
    """Move a user's wellbeing by one day."""
    model = user.model
    p = model.rules.wellbeing
    look_at_ties(user)
    user.company += (user.talk_hours + user.phone_hours - user.company) / p.company_days
    user.loneliness += (loneliness_target(user) - user.loneliness) / p.lonely_days
    user.burden = burden_after(user)
    mood = user.mood + (mood_target(user) - user.mood) / p.mood_days
    user.mood = logistic(logit(min(max(mood, LOWEST_MOOD), 1.0 - LOWEST_MOOD)) + model.random.gauss(0.0, p.mood_noise))
    worth = user.worth_disposition * (1.0 - p.worth_stigma * user.self_stigma)
    user.self_worth += (worth - user.self_worth) / p.worth_days
    user.acceptance += (user.acceptance_disposition - user.acceptance) / p.acceptance_days
