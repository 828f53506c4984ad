"""Units in the text of a scenario: "3 weeks", "20 %/month", "2 h/week".

Each parameter has one canonical unit; `convert` turns a text with another unit of the same kind into it. (The package
pint would take more than half of the time in which `dayroom scenario check` must answer.)
"""

import math
import re
from decimal import Decimal

from sim.language import say
from sim.scenario.text.errors import DayroomError

DAYS_PER_MONTH = 365.25 / 12
"""Days in a mean Gregorian month."""

_TIME = {  # in days
    **dict.fromkeys(("min", "mins", "minute", "minutes"), 1 / 1440),
    **dict.fromkeys(("h", "hour", "hours"), 1 / 24),
    **dict.fromkeys(("d", "day", "days"), 1.0),
    **dict.fromkeys(("week", "weeks"), 7.0),
    **dict.fromkeys(("month", "months"), DAYS_PER_MONTH),
    **dict.fromkeys(("year", "years"), 365.25),
}
_TEXT = re.compile(
    r"^\s*(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(?P<unit>%?\s*(?:CNY|[a-z]*)\s*(?:/\s*[a-z]+)?)\s*$"
)
_MONEY = re.compile(r"[¥￥元]|人民币|(?<![a-z])(?:yuan|rmb|cny)(?![a-z])", re.IGNORECASE)
"""What people write for yuan, before or after the number."""
_CHINESE = {
    "分钟": "min",
    "小时": "h",
    "天": "day",
    "周": "week",
    "星期": "week",
    "月": "month",
    "年": "year",
    "人": "users",
}
_IN_CHINESE = re.compile(r"个?(分钟|小时|天|周|星期|年|人)|(?:个|(?<=/)\s*)(月)")
"""Units in Chinese. 个 stands before the month of a length of time: 3月 alone is March."""
_NUMBER = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_NOUNS = {"user": "users", "users": "users", "people": "users", "person": "users", "tie": "ties", "ties": "ties"}
_PLAIN = {"", "1"}
_MOST_NUMBER = 1e18
_MOST_TEXT = 60  # a longer text is not a number, and the pattern would take long to refuse it


class UnitError(DayroomError, ValueError):
    """The text is not a number, or the parameter does not accept its unit."""


def _parts(unit: str) -> tuple[str, str]:
    """Split "h/week" into ("h", "week"); a unit without a slash has an empty second part."""
    top, _, bottom = unit.replace(" ", "").partition("/")
    return top, bottom


def examples(unit: str) -> str:
    """Return examples of values in a unit, for error messages."""
    top, bottom = _parts(unit)
    if bottom in _TIME and top in _PLAIN:
        return say('a number a {bottom}, or a text such as "0.2 /month" or "20 %/month"', bottom=bottom)
    if top == "CNY":
        per = "month" if bottom in _TIME and bottom != "h" else bottom
        return say('a number in {unit}, or a text such as "400 CNY/{per}" (or 元, yuan, RMB, ￥)', unit=unit, per=per)
    if bottom in _TIME:
        return say('a number in {unit}, or a text such as "2 {top}/week"', unit=unit, top=top)
    if top in _TIME:
        several = top if top in ("h", "min", "d") else f"{top}s"
        return say('a number in {unit}, or a text such as "90 min", "3 weeks" or "1 year"', unit=several)
    if top in _PLAIN:
        return say('a plain number, or a percentage such as "20 %"')
    return say('a number of {top}, or a text such as "3 {top}"', top=top)


def with_time(text: str, unit: str) -> str:
    """Return an amount without a time with the time that a unit calls for: "4000 CNY" for CNY/week with a month.

    A text that has a time, or needs none, stays as it is.
    """
    top, bottom = _parts(unit)
    if "/" in text or bottom not in _TIME:
        return text
    return f"{text}/{bottom if top == 'h' or bottom == 'h' else 'month'}"


def in_yuan(text: str) -> str:
    """Return a text whose amount of money, such as "￥4000/month" or "4000 元/month", has the unit CNY."""
    bare = _MONEY.sub("", text)
    return text if bare == text else _NUMBER.sub(lambda number: f"{number[0]} CNY", bare, count=1)


def _in_english(text: str) -> str:
    """Return a text with the unit of money as CNY and Chinese units as English ones."""
    return _IN_CHINESE.sub(lambda found: f" {_CHINESE[found[1] or found[2]]}", in_yuan(text))


def convert(text: str, unit: str) -> float:
    """Convert a text such as "3 weeks" to a number in a parameter's unit.

    Parameters
    ----------
    text : str
        Such as "3 weeks", "20 %/month", "2 h/week", "35 %" or "7".
    unit : str
        Canonical unit: "1", "day", "h", "min", "year", "/day", "/year", "h/week", "users" and so on.

    Returns
    -------
    float
        The value in `unit`. A percentage over a time is the share lost (or reached) in that time, and compounds:
        "20 %/month" is a rate of -ln(1 - 0.2) per month. A number without a unit is already in `unit`. Yuan may be
        written as CNY, RMB, yuan, 元, 人民币 or ￥, and other units in Chinese: 分钟, 小时, 天, 周, 星期, 个月, 年, 人.

    Raises
    ------
    UnitError
        When the text is not a number, or its unit cannot be converted.
    """
    match = _TEXT.match(_in_english(text)) if len(text) <= _MOST_TEXT else None
    number = float(match["number"]) if match is not None else math.nan
    if match is None or not abs(number) < _MOST_NUMBER:
        raise UnitError(say("found {text!r}, allowed is {examples}", text=text[:_MOST_TEXT], examples=examples(unit)))
    written = match["unit"].replace(" ", "")
    if written in ("", unit.replace(" ", "")):
        return number
    top, bottom = _parts(written)
    want_top, want_bottom = _parts(unit)
    refusal = UnitError(say("found {text!r}, allowed is {examples}", text=text, examples=examples(unit)))
    if bool(bottom) != bool(want_bottom):
        raise refusal
    if bottom and (bottom not in _TIME or want_bottom not in _TIME):
        raise refusal
    per = _TIME[want_bottom] / _TIME[bottom] if bottom else 1.0
    if top == "%" and want_top in _PLAIN:
        if not bottom:
            return number / 100.0
        if not 0.0 <= number < 100.0:
            raise UnitError(say("found {text!r}, a share over time is allowed from 0 % to below 100 %", text=text))
        return -float((1 - Decimal(number) / 100).ln()) * per  # a library's last bit depends on the machine
    if top in _TIME and want_top in _TIME:
        return number * _TIME[top] / _TIME[want_top] * per
    if top in _PLAIN and want_top in _PLAIN:
        return number * per
    if _NOUNS.get(top, top) == _NOUNS.get(want_top, want_top):
        return number * per
    raise refusal
