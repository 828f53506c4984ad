"""What a scenario fixes about quantities in conditions: shares of 0 or 1, seats, days of reviews, years of a life."""

import math
from collections.abc import Iterator, Mapping
from typing import Final

from sim.scenario.conditions.numbers import Step
from sim.scenario.reading.warnings.conditions import Range, quantity
from sim.scenario.schema.policy import PolicyUse
from sim.scenario.schema.scenario import Centre, Scenario
from sim.scenario.schema.session import WEEKDAYS
from sim.scenario.schema.users import Users

_OLDEST: Final = 66.0
"""Years of age that nobody has reached on entry: sampled users, and those of files, are 65 at most."""
_LONGEST: Final = 48.0
"""Most years in the centre on day 0 or on arrival (`user.years_in_centre`)."""
_WEEK: Final = 7
"""Days from one review of policies to the next."""
_SELDOM: Final = 1e-6
"""Chance of ever seeing so many empty seats in a run, below which it is not reckoned with."""


def review_days(use: PolicyUse, days: int) -> list[int]:
    """Return the days of a run at whose review a policy may be in force: its start, and every week until its end."""
    weekly = range(use.start - use.start % _WEEK + _WEEK, min(use.end, days), _WEEK)
    return [use.start, *weekly] if use.start < days else []


def facts_of(scenario: Scenario, centres: tuple[str, ...], days: list[int] | None = None) -> Mapping[Step, Range]:
    """Return what is certain of the quantities in conditions, for the users of some centres.

    Parameters
    ----------
    scenario : Scenario
    centres : tuple of str
        Names of centres; all when empty.
    days : list of int, optional
        Days on which the condition counts; by default any of the run.
    """
    lived = scenario.settling + scenario.days
    chosen = [scenario.centres[name] for name in centres or scenario.centres]
    seats = float(max(centre.users for centre in chosen))
    known = {
        quantity("day"): Range(0.0, scenario.days - 1.0)
        if days is None
        else Range(among=frozenset(float(day) for day in days)),
        quantity("users"): Range(0.0, seats),
        quantity("vacant"): Range(0.0, seats),
        quantity("friends"): Range(0.0, seats - 1.0),
        quantity("confidants"): Range(0.0, seats - 1.0),
        quantity("age"): Range(18.0, _OLDEST + lived / 365.25),
        quantity("years_ill"): Range(0.0, _OLDEST + lived / 365.25),
        quantity("years_in_centre"): Range(0.0, _LONGEST + lived / 365.25),
        quantity("days_since_arrival"): Range(0.0, 365.25 * _LONGEST + lived),
    }
    if any(centre.users_file for centre in chosen):  # the file, not the scenario, gives the background of these users
        return known
    return known | {
        quantity(name): Range(among=frozenset(float(code) for code, share in enumerate(shares) if share > 1e-9))
        for name, shares in _shares(scenario.users).items()
    }


def _shares(users: Users) -> dict[str, tuple[float, ...]]:
    """Return the share of users with each code of each background, in the order of the codes of conditions."""
    return {
        "sex": (1 - users.women, users.women),
        "diagnosis": (
            users.schizophrenia,
            users.bipolar,
            users.ocd,
            1 - users.schizophrenia - users.bipolar - users.ocd,
        ),
        "occupation": (1.0, users.part_time, users.retired),  # age decides too, so somebody may always be unemployed
        "lives_with": (1 - users.alone - users.with_child, users.alone, users.with_child),
        "marital_status": (1 - users.divorced, users.divorced),
        "divorced": (1 - users.divorced, users.divorced),
        "married": (1.0,),
        "widowed": (1.0,),
        "only_child": (1 - users.only_child, users.only_child),
    }


def likely_seats(scenario: Scenario, centres: tuple[str, ...]) -> Mapping[Step, Range]:
    """Return the numbers of users and of empty seats that hardly any run of the scenario leaves.

    An empty mapping when a policy closes seats or makes users ready to leave for work: then nothing is claimed.
    """
    for use in scenario.policies.values():
        closes = "centre.closed_places" in use.acts_on and getattr(use, "closed_places", 1) > 0
        if closes or "user.work_ready" in use.acts_on:
            return {}
    chosen = [scenario.centres[name] for name in centres or scenario.centres]
    most = [_most_vacant(scenario, centre) for centre in chosen]
    fewest = min(centre.users - vacant for centre, vacant in zip(chosen, most, strict=True))
    return {
        quantity("users"): Range(float(fewest), float(max(centre.users for centre in chosen))),
        quantity("vacant"): Range(0.0, float(max(most))),
    }


def _most_vacant(scenario: Scenario, centre: Centre) -> int:
    """Return the most seats of a centre that are empty at any time, but for a chance below `_SELDOM`.

    Seats empty and fill independently of each other if everybody leaves at the highest hazard of
    `sim.rules.turnover.leaving_hazard`; the bound is that of Chernoff, summed over days and copies.
    """
    seats, share = centre.users, max(_vacancy(scenario, centre))
    for number in range(seats):
        above = (number + 1) / seats
        if above <= share:
            continue
        apart = above * math.log(above / share) if share else math.inf
        apart += (1 - above) * math.log((1 - above) / (1 - share)) if above < 1 else 0.0
        if scenario.days * centre.copies * math.exp(-seats * apart) < _SELDOM:
            return number
    return seats


def _vacancy(scenario: Scenario, centre: Centre) -> Iterator[float]:
    """Yield, day by day, the chance that a seat is empty if everybody leaves at the highest hazard."""
    rules = scenario.rules.turnover
    hazard = rules.leaving_rate / 365.25 * math.exp(rules.identity_slope / 2)
    leaves = -math.expm1(-hazard * max(1.0, rules.newcomer_ratio) * max(1.0, rules.unwell_ratio))
    filled = -math.expm1(-1.0 / rules.vacancy_days)
    first = WEEKDAYS.index(scenario.first_day)
    closed = {day for one in centre.closures for day in one.days[: scenario.days]}
    empty = 0.0
    for day in range(-min(scenario.settling, 366), scenario.days):
        is_open = WEEKDAYS[(first + day) % 7] in centre.open and day not in closed
        empty = empty * (1 - filled * is_open) + (1 - empty) * leaves
        yield empty
