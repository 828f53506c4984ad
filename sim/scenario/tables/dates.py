"""Dates as tables hold them: 2027-01-04, 2027/1/4, 2027年1月4日, 4.1.2027, and the serial numbers of Excel."""

import datetime as dt
import re
from typing import Final

_YEAR_FIRST: Final = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T].*)?", re.ASCII)
_DAY_FIRST: Final = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})", re.ASCII)
_SERIAL: Final = re.compile(r"\d{5}", re.ASCII)
_DAY_0: Final = dt.date(1899, 12, 30)
"""Day 0 of Excel's serial numbers since March 1900; before, Excel counts a day that never was."""


def as_date(cell: str) -> dt.date | None:
    """Return the date in a cell, or None if it holds none; 1/4/2027 is refused, since nobody knows which is the day.

    Examples
    --------
    >>> as_date("2027年1月4日"), as_date("46391")
    (datetime.date(2027, 1, 4), datetime.date(2027, 1, 4))
    """
    if _SERIAL.fullmatch(cell):
        return _DAY_0 + dt.timedelta(days=int(cell))
    year_first, day_first = _YEAR_FIRST.fullmatch(cell), _DAY_FIRST.fullmatch(cell)
    try:
        if year_first:
            return dt.date(*map(int, year_first.groups()))
        return dt.date(*map(int, reversed(day_first.groups()))) if day_first else None
    except ValueError:
        return None
