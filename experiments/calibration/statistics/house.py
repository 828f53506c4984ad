"""Statistics of the house: staff, occasions to meet, and coming often."""

from experiments.calibration.runs import Estimate, Runs, single
from experiments.calibration.statistics.effects import effect, level


def house_matters(runs: Runs) -> Estimate:
    """Loneliness without staff less that with one per eight users, paired, in SD."""
    return single(effect(runs, "no_staff", "loneliness_ucla20", "full_staff"))


def opportunity_only(runs: Runs) -> Estimate:
    """Loneliness with one more hour of free time at the end of every open day less that of the baseline, in SD."""
    return single(effect(runs, "more_free_time", "loneliness_ucla20"))


def attendance_effect(runs: Runs) -> Estimate:
    """Loneliness at a base share of attendance of .8 less that at .4, paired, in SD."""
    return single(effect(runs, "coming_often", "loneliness_ucla20", "coming_seldom"))


def seldom_comers_have_friends(runs: Runs) -> Estimate:
    """Mean number of friend ties of users at a base share of attendance of .4, over the last 28 days."""
    return single(level(runs, "coming_seldom", "ties_at_or_above_friend_out"))
