"""Lengths of time as offices write them in a column of years: 2个月, 半年, 3年2个月, 2 months; or a date since when."""

import datetime as dt
import re
from typing import Final

from sim.scenario.tables.dates import as_date
from sim.scenario.text.slips import amount_meant
from sim.scenario.text.units import convert

_PART: Final = re.compile(r"\s*(\d+(?:\.\d+)? (?:year|month|week|day)s?)(?:\s*(?:and|,)\s*)?")
_MONTH: Final = re.compile(r"((?:19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*月?", re.ASCII)
_MIDDLE: Final = 15
"""Day that stands for a month of which the day is not given."""


def as_years(cell: str) -> float | None:
    """Return a length of time in years, or None if the cell has none with a unit.

    Examples
    --------
    >>> as_years("半年"), as_years("1年半"), round(as_years("2 months"), 3)
    (0.5, 1.5, 0.167)
    """
    plain = amount_meant(cell.replace("年半", "年6个月"))
    parts = [found[1] for found in _PART.finditer(plain)]
    if not parts or _PART.sub("", plain).strip():
        return None
    return sum(convert(part, "year") for part in parts)


def as_day(cell: str) -> dt.date | None:
    """Return the date in a cell. A month without a day counts as its middle; return None for a bare number.

    Examples
    --------
    >>> as_day("2023-06-01"), as_day("1983年2月"), as_day("46391")
    (datetime.date(2023, 6, 1), datetime.date(1983, 2, 15), None)
    """
    if cell.isdecimal():
        return None
    month = _MONTH.fullmatch(cell)
    return as_date(cell) or (as_date(f"{month[1]}-{month[2]}-{_MIDDLE}") if month else None)


def years_until(day: dt.date, last: dt.date) -> float:
    """Return the years from a day to another; negative if that is before. Whole on the same day of a later year."""
    whole = last.year - day.year - ((last.month, last.day) < (day.month, day.day))
    reached = day.replace(year=day.year + whole, day=min(day.day, 28) if day.month == 2 else day.day)
    return whole + max(0, (last - reached).days) / 366
