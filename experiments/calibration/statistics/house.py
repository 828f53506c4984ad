"""Statistics of the house: effects of staff, of occasions to meet, and of frequent attendance."""

from experiments.calibration.statistics.effects import effect, level
from experiments.calibration.statistics.runs import Estimate, Runs, single


def house_matters(runs: Runs) -> Estimate:
    """Loneliness without staff minus loneliness with a member of staff for every eight users, paired, in SD."""
    return single(effect(runs, "no_staff", "loneliness_ucla20", "full_staff"))


def opportunity_only(runs: Runs) -> Estimate:
    """Loneliness with an extra hour of free time at the end of every open day, less that in the baseline, in SD."""
    return single(effect(runs, "more_free_time", "loneliness_ucla20"))


def attendance_effect(runs: Runs) -> Estimate:
    """Loneliness at a base share of attendance of .8 minus loneliness at .4, paired, in SD."""
    return single(effect(runs, "coming_often", "loneliness_ucla20", "coming_seldom"))


def seldom_comers_have_friends(runs: Runs) -> Estimate:
    """Mean number of a user's friend ties at a base share of attendance of .4, over the last 28 days."""
    return single(level(runs, "coming_seldom", "ties_at_or_above_friend_out"))
