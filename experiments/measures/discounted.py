"""Costs and loneliness over a whole run, both discounted at one rate, so that a price sets like against like.

A day's weight is (1 + rate)^(-day / 365.25). Sums over days and centres, divided by the discounted user-years, are the
level that a user and year has on average; the rate matters only in runs of more than a year.

The rate of 3 % a year is that of WHO-CHOICE (Tan-Torres Edejer et al. 2003, Making choices in health: WHO guide to
cost-effectiveness analysis), for costs and effects alike; CHEERS 2022 (Husereau et al., Value in Health 25, 3-9) asks
that it be stated. That it suits a day-care centre is assumed.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.run import Run
from sim.scenario.text.errors import DayroomError
from sim.scenario.text.units import UnitError, convert

DISCOUNT: Final = 0.03
"""Yearly rate at which costs and effects count for less."""
_YEAR: Final = 365.25
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Discounted:
    """Totals of a run over days and centres, each day weighted by its discount.

    Parameters
    ----------
    user_years : float
    cost : float
        Money plus staff hours, priced at each centre's cost of an hour.
    severe_years : float
        User-years of severe loneliness.
    lonely_points : float
        Points of loneliness (20-80) times user-years.
    """

    user_years: float
    cost: float
    severe_years: float
    lonely_points: float


class DiscountError(DayroomError, ValueError):
    """The rate is not from 0 to 1 a year."""


def rate_of(text: str) -> float:
    """Return a yearly rate from a text such as "3 %" or "0.03".

    Raises
    ------
    DiscountError
        When the text is no number, or the rate is not from 0 to 1.
    """
    try:
        rate = convert(text, "1")
    except UnitError as error:
        raise DiscountError(str(error)) from error
    weights(1, rate)
    return rate


def weights(days: int, rate: float) -> Floats:
    """Return the weight of each day, shape (days,).

    Raises
    ------
    DiscountError
        When the rate is not from 0 to 1.
    """
    if not 0.0 <= rate <= 1.0:
        raise DiscountError(f"discount rate: found {rate:g}, allowed is 0 to 1 a year")
    return np.asarray((1.0 + rate) ** (-np.arange(days) / _YEAR))


def discounted(run: Run, costs: Floats, rate: float = DISCOUNT) -> Discounted:
    """Return the discounted totals of a run.

    Parameters
    ----------
    run : Run
    costs : (days, centres) float array
    rate : float
        A year.
    """
    daily = run.daily
    weight = weights(len(daily), rate)[:, None]
    users = weight * daily["users"] / _YEAR

    def years(name: str) -> float:
        return float((users * np.nan_to_num(daily[name])).sum())  # a centre without users has no share

    return Discounted(
        user_years=float(users.sum()),
        cost=float((weight * costs).sum()),
        severe_years=years("severely_lonely_share"),
        lonely_points=years("loneliness_ucla20"),
    )


def by_user_year(totals: Discounted, hours: float, user_years: float) -> dict[str, float]:
    """Return the amounts of a user-year, by name.

    Parameters
    ----------
    totals : Discounted
    hours, user_years : float
        Staff hours and user-years of the run, not discounted.

    Returns
    -------
    dict of str to float
        Cost (discounted) and staff hours (not discounted) of a user-year; `severe_time`, the share of user-years in
        severe loneliness, and `lonely_level`, the mean loneliness (20-80), over the whole run, both discounted. NaN
        without users.
    """
    nothing = float("nan")
    years = totals.user_years or nothing
    return {
        "cost_per_user_year": totals.cost / years,
        "staff_hours_per_user_year": hours / (user_years or nothing),
        "severe_time": totals.severe_years / years,
        "lonely_level": totals.lonely_points / years,
    }
