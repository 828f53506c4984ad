"""The budget of a search: its limits on hours and money, how they are written, and what is beyond them."""

import re

import numpy as np

from experiments.portfolio.levers import PortfolioError
from experiments.statistics.budget import ROUNDING
from experiments.statistics.intervals import Array
from experiments.statistics.numbers import listed
from sim.language import say
from sim.scenario.schema.budget import Budget
from sim.scenario.text.nodes import quoted
from sim.scenario.text.units import DAYS_PER_MONTH, UnitError, convert


def read_budget(text: str) -> Budget:
    """Read a budget such as "12", "12 h/week", "4000 CNY/month", or both: "12 h/week, 4000 CNY/month".

    Raises
    ------
    PortfolioError
        When an amount is neither hours of staff nor money over a time, is below 0, or stands there twice.
    """
    limits: dict[str, float] = {}
    for part in re.split(r"[,;，；]", text):
        name, value = _amount(part.strip())
        if name in limits:
            raise PortfolioError(say("found {text}: {name} stand there twice", text=quoted(text), name=name))
        limits[name] = value
    return Budget(**limits)


def _amount(text: str) -> tuple[str, float]:
    for name, unit in (("hours", "h/week"), ("money", "CNY/week")):
        try:
            value = convert(text, unit)
        except UnitError:
            continue
        if 0.0 <= value < 1e6 * (1.0 if name == "hours" else 1e6):
            return name, value
        break
    raise PortfolioError(
        say(
            "found {text}, allowed is 0 or more hours a week, such as 12 or 12 h/week, and money, such as "
            "4000 CNY/month",
            text=quoted(text),
        )
    )


def written(budget: Budget) -> str:
    """Write a budget so that `read_budget` reads the same."""
    parts = (
        []
        if budget.hours is None
        else [f"{budget.hours!r} h/week" if budget.money is not None else f"{budget.hours:g}"]
    )
    parts += [] if budget.money is None else [f"{budget.money!r} CNY/week"]
    return ", ".join(parts)


def in_words(budget: Budget, of_staff: bool = False) -> str:
    """Return the limits in words, such as "12 hours a week and 4,000 CNY a month"; `of_staff`: "12 hours of staff"."""
    parts = []
    if budget.hours is not None:
        hours = {"hours": budget.hours}
        parts.append(
            say("{hours:g} hours of staff a week", **hours) if of_staff else say("{hours:g} hours a week", **hours)
        )
    if budget.money is not None:
        parts.append(say("{money} CNY a month", money=a_month(budget.money)))
    return listed(parts)


def a_month(money: float) -> str:
    """Write money a week as money a month."""
    return f"{money * DAYS_PER_MONTH / 7.0:,.0f}"


def excess(budget: Budget, hours: Array, money: Array) -> Array:
    """Return by how much hours and money exceed their limits, shape (portfolios, limits); not above 0: within."""
    pairs = ((budget.hours, hours), (budget.money, money))
    return np.column_stack([taken - limit * (1.0 + ROUNDING) for limit, taken in pairs if limit is not None])


def is_within(budget: Budget, hours: Array, money: Array) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Return which portfolios are within every limit, shape (portfolios,)."""
    within: np.ndarray[tuple[int], np.dtype[np.bool_]] = (excess(budget, hours, money) <= 0.0).all(axis=1)
    return within
