"""Numbers, dates, units and verdicts as the reader's language writes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from experiments.report.content import Number
from experiments.statistics.numbers import enough
from experiments.statistics.verdict import ALONE_ONLY, FEW, RARE, SAME, UNCLEAR, UNKNOWN
from sim.language import Language, Later, language, later, say, term
from sim.outcomes.catalogue import OUTCOMES
from sim.scenario.text.units import DAYS_PER_MONTH

WEEKS_A_MONTH: Final = DAYS_PER_MONTH / 7.0
DECIMALS: Final = {
    "20-80": 1,
    "0-100": 1,
    "1-7": 2,
    "0-1": 3,
    "share": 1,
    "users": 2,
    "users/day": 2,
    "/day": 1,
    "h/day": 1,
}
"""Decimals of a difference in the unit of an outcome; a share is in percent."""
MISSING: Final = "–"
_UNITS: Final = {
    "20-80": later("scale points"),
    "0-100": later("scale points"),
    "1-7": later("scale points"),
    "0-1": later("of a scale from 0 to 1"),
    "share": later("percentage points"),
    "users": later("users"),
    "users/day": later("users a day"),
    "/day": later("times a day"),
    "h/day": later("hours a day"),
}
_VERDICTS: Final[Mapping[str, Later]] = {
    "better": later("better"),
    "worse": later("worse"),
    "higher": later("higher"),
    "lower": later("lower"),
    f"better{ALONE_ONLY}": later("better by itself"),
    f"worse{ALONE_ONLY}": later("worse by itself"),
    f"higher{ALONE_ONLY}": later("higher by itself"),
    f"lower{ALONE_ONLY}": later("lower by itself"),
    UNCLEAR["difference"]: later("no clear difference"),
    SAME["difference"]: later("no difference seen"),
    RARE: later("too rare to say"),
    FEW: later("too few to say"),
    UNKNOWN: later("not known"),
}
"""The words of a verdict; text, tables and figures use the same verdict (`experiments.statistics.verdict`)."""

_CHANGES: Final[Mapping[str, Later]] = {
    **{word: text for word, text in _VERDICTS.items() if word not in (UNCLEAR["difference"], SAME["difference"])},
    UNCLEAR["change"]: later("no clear change"),
    SAME["change"]: later("no change seen"),
}
_LEVELS: Final = {"share": later("percent"), "0-1": later("from 0 to 1"), "users": later("users")}


def locale() -> str:
    """Return the name of the reader's locale for babel."""
    return "zh_CN" if language() is Language.zh else "en_GB"


def decimal(value: float, decimals: int, *, signed: bool = False) -> str:
    """Write a number, with a true minus; a dash if it is unknown."""
    if value != value:
        return MISSING
    from babel.numbers import format_decimal

    rounded = round(value, decimals)
    text = format_decimal(abs(rounded), "#,##0" + ("." + "0" * decimals if decimals else ""), locale=locale())
    sign = "−" if rounded < 0.0 else "+" if signed and rounded > 0.0 else ""
    return f"{sign}{text}"


def day(when: date) -> str:
    """Write a date: "1 March 2027", 2027年3月1日."""
    from babel.dates import format_date

    return format_date(when, "y年M月d日" if language() is Language.zh else "d MMMM y", locale=locale())


def verdict(word: str) -> str:
    """Return a verdict in the reader's language."""
    return str(_VERDICTS.get(word, word))


def change_verdict(word: str) -> str:
    """Return a verdict on a change from start to end in the reader's language."""
    return str(_CHANGES.get(word, word))


def level_unit(unit: str) -> str:
    """Return the words for a level in the unit of an outcome."""
    return str(_LEVELS.get(unit, _UNITS.get(unit, term(unit))))


def unit_of(unit: str) -> str:
    """Return the words for a difference in the unit of an outcome."""
    return str(_UNITS.get(unit, unit))


def listed(words: Sequence[str]) -> str:
    """Join names as a sentence of the language does."""
    joined = words[0] if words else ""
    for number, word in enumerate(words[1:], 2):
        last = number == len(words)
        joined = (
            say("{some} and {last}", some=joined, last=word) if last else say("{some}, {more}", some=joined, more=word)
        )
    return joined


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table of the result, whose numbers know their key.

    Parameters
    ----------
    key : str
        Table and row, such as "contrasts/respite/burden".
    values : mapping of str to anything
    """

    key: str
    values: Mapping[Any, Any]

    def __getitem__(self, column: str) -> Any:
        return self.values[column]

    def value(self, column: str) -> float:
        """Return the number in a column; NaN if it is unknown."""
        value = self.values[column]
        return float("nan") if value is None else float(value)

    def number(self, column: str, decimals: int = 1, factor: float = 1.0, *, signed: bool = False) -> Number:
        """Return the number in a column, times a factor."""
        value = factor * self.value(column)
        return Number(f"{self.key}/{column}", value, decimal(value, decimals, signed=signed))

    def estimate(
        self, column: str, decimals: int = 1, factor: float = 1.0, *, signed: bool = True, ends: str = ""
    ) -> str:
        """Return a number with its interval, from the columns `low` and `high` or those that begin with `ends`."""
        low, high = (f"{ends}_low", f"{ends}_high") if ends else ("low", "high")
        three = [factor * self.value(name) for name in (column, low, high)]
        # Between ends on both sides of 0 a value may well look like 0; only the ends must not.
        telling = three[1:] if three[1] < 0.0 < three[2] else three
        decimals = enough(telling, decimals) if three[1] == three[1] else decimals
        value, *between = (self.number(name, decimals, factor, signed=signed) for name in (column, low, high))
        if not all(one.value == one.value for one in between):
            return str(value)
        return say("{value} ({low} to {high})", value=value, low=between[0], high=between[1])

    def span(self, decimals: int = 1, factor: float = 1.0) -> str:
        """Return the size of a difference with its interval, for a sentence that says which way it goes."""
        value, low, high = self.sizes(decimals, factor)
        if low.value != low.value:
            return str(value)
        return say("{value} ({low} to {high})", value=value, low=low, high=high)

    def sizes(self, decimals: int = 1, factor: float = 1.0) -> tuple[Number, Number, Number]:
        """Return the size of a difference, and the ends of its interval, the smaller first."""
        way = factor if self.value("difference") >= 0.0 else -factor
        names = ("low", "high") if way == factor else ("high", "low")
        three = [way * self.value(name) for name in ("difference", *names)]
        decimals = enough(three, decimals)
        value, low, high = (self.number(name, decimals, way) for name in ("difference", *names))
        return value, low, high


def in_percent(unit: str) -> float:
    """Return the factor from an outcome's unit to the unit that readers see: shares are in percent."""
    return 100.0 if unit == "share" else 1.0


def computed(key: str, value: float, decimals: int, factor: float = 1.0, *, signed: bool = False) -> Number:
    """Return a number that is computed from the result, such as a mean over runs; the key says how."""
    return Number(key, factor * value, decimal(factor * value, decimals, signed=signed))


def counted(key: str, value: float) -> Number:
    """Return a whole number."""
    return computed(key, float(value), 0)


def scale(outcome: str) -> tuple[Number, Number]:
    """Return both ends of the scale of an outcome whose unit is a scale, such as "20-80"."""
    least, most = (counted(f"scale/{outcome}", float(end)) for end in OUTCOMES[outcome].unit.split("-"))
    return least, most
