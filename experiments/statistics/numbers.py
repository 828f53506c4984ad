"""Write numbers and lists for people: outcomes in their unit, differences with their sign, names joined by "and"."""

from collections.abc import Sequence
from typing import Final, Literal

_DECIMALS: Final = {"20-80": 1, "0-100": 1, "1-7": 2, "share": 1, "users": 2}


def fixed(value: float, decimals: int = 1) -> str:
    """Write a number with fixed decimals, and without a minus sign if it rounds to 0."""
    return f"{value:z.{decimals}f}"


def signed(value: float, decimals: int = 1, bare: Literal["never", "zero", "rounded"] = "rounded") -> str:
    """Write a difference with its sign; "-" for NaN.

    Parameters
    ----------
    bare : "never", "zero" or "rounded"
        When to leave out the sign: never, when the value is exactly 0, or when it rounds to 0.
    """
    if value != value:
        return "-"
    text = f"{value:+.{decimals}f}"
    is_bare = {"never": False, "zero": value == 0.0, "rounded": float(text) == 0.0}[bare]
    return text[1:] if is_bare else text


def bare(value: float, unit: str) -> str:
    """Write a value of an outcome without its unit; "-" for NaN."""
    return "-" if value != value else f"{in_unit(value, unit):.{_DECIMALS.get(unit, 2)}f}"


def level(value: float, unit: str) -> str:
    """Write a value of an outcome: a share in percent with its sign, any other on its own scale without a unit."""
    return bare(value, unit) + (" %" if unit == "share" and value == value else "")


def change(value: float, unit: str) -> str:
    """Write a change of an outcome with its sign, a share in percentage points; an exact 0 has no sign.

    A change that rounds to 0 keeps its sign, to show on which side of 0 an interval ends.
    """
    return signed(in_unit(value, unit), _DECIMALS.get(unit, 2), "zero")


def in_unit(value: float, unit: str) -> float:
    """Return a share in percent, any other value unchanged."""
    return 100 * value if unit == "share" else value


def many(number: int, singular: str, plural: str = "") -> str:
    """Write a count with its noun, such as "3 runs"."""
    return f"{number:,} {singular if number == 1 else plural or f'{singular}s'}"


def duration(seconds: float) -> str:
    """Write a time in days, hours, minutes or seconds, whichever suits its length."""
    for size, unit in ((86400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 1.5 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def listed(words: Sequence[str], last: str = "and") -> str:
    """Join words as in a sentence: with commas, and `last` before the last word."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
