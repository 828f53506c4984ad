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


def apart_from_0(values: Sequence[float], decimals: int) -> list[str]:
    """Write differences that stand together with their sign, and with decimals enough to show that none is 0.

    They get at most three decimals more; a smaller one is "under" (or "over") the smallest that they can show. An exact
    0 has no sign; "-" for NaN.
    """
    known = [abs(value) for value in values if value == value and value != 0.0]
    enough = [more for more in range(decimals, decimals + 4) if all(round(value, more) for value in known)]
    decimals = enough[0] if enough else decimals + 3
    return [_apart_from_0(value, decimals) for value in values]


def _apart_from_0(value: float, decimals: int) -> str:
    if value != value or value == 0.0 or round(value, decimals):
        return signed(value, decimals, "zero")
    return f"{'under' if value > 0.0 else 'over'} {10.0**-decimals * (1 if value > 0.0 else -1):+.{decimals}f}"


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


def two_figures(value: float) -> str:
    """Write a number above 0 with two significant figures, for what is known roughly."""
    return f"{float(f'{value:.2g}'):,g}"


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


def percent(share: float, decimals: int = 0) -> str:
    """Write a share as a percentage, such as "95 %"."""
    return f"{share:.{decimals}%}".replace("%", " %")
