"""Write numbers and lists for people: outcomes in their unit, differences with their sign, names joined by "and"."""

import re
from collections.abc import Iterable, Sequence
from typing import Final, Literal

from sim.language import Language, language, later, say, term

_DECIMALS: Final = {"20-80": 1, "0-100": 1, "1-7": 2, "share": 1, "users": 2}
_COUNTED: Final = {
    "centre": (later("1 centre"), later("{number:,} centres")),
    "complete draw": (later("1 complete draw"), later("{number:,} complete draws")),
    "day": (later("1 day"), later("{number:,} days")),
    "friendship": (later("1 friendship"), later("{number:,} friendships")),
    "generation": (later("1 generation"), later("{number:,} generations")),
    "lever": (later("1 lever"), later("{number:,} levers")),
    "pair": (later("1 pair"), later("{number:,} pairs")),
    "parameter": (later("1 parameter"), later("{number:,} parameters")),
    "part": (later("1 part"), later("{number:,} parts")),
    "point": (later("1 point"), later("{number:,} points")),
    "process": (later("1 process"), later("{number:,} processes")),
    "replicate": (later("1 replicate"), later("{number:,} replicates")),
    "row": (later("1 row"), later("{number:,} rows")),
    "run": (later("1 run"), later("{number:,} runs")),
    "seed": (later("1 seed"), later("{number:,} seeds")),
    "user": (later("1 user"), later("{number:,} users")),
}
"""Words for one and for several, by noun."""


def typeset(number: str) -> str:
    """Write a number with the minus sign of the reader's language."""
    return number.replace("-", "\u2212") if language() is Language.zh else number


def fixed(value: float, decimals: int = 1) -> str:
    """Write a number with fixed decimals, and without a minus sign if it rounds to 0."""
    return typeset(f"{value:z.{decimals}f}")


def signed(
    value: float,
    decimals: int = 1,
    bare: Literal["never", "zero", "rounded"] = "rounded",
    form: Literal["f", ",f", "g"] = "f",
) -> str:
    """Write a difference with its sign; "-" for NaN.

    Parameters
    ----------
    bare : "never", "zero" or "rounded"
        When to leave out the sign: never, when the value is exactly 0, or when it rounds to 0.
    form : "f", ",f" or "g"
        Fixed decimals, the same with commas between thousands, or `decimals` significant figures.
    """
    if value != value:
        return "-"
    comma, kind = form[:-1], form[-1]
    text = f"{value:+{comma}.{decimals}{kind}}"
    is_bare = {"never": False, "zero": value == 0.0, "rounded": float(text.replace(",", "")) == 0.0}[bare]
    return text[1:] if is_bare else typeset(text)


def hundredths(value: float) -> str:
    """Write a difference in points, or a correlation, with two decimals and always with its sign."""
    return signed(value, 2, "never")


def apart_from_0(values: Sequence[float], decimals: int) -> list[str]:
    """Write differences that stand together with their sign, with decimals enough (`enough`) to show what they are.

    What `enough` decimals do not show is "under" (or "over") the smallest that they can show. An exact 0 has no sign;
    "-" for NaN.
    """
    decimals = enough(values, decimals)
    return [_apart_from_0(value, decimals) for value in values]


def enough(values: Sequence[float], decimals: int) -> int:
    """Return the fewest decimals, at most three more, at which no value but 0 looks like 0, and ends do not look alike.

    Parameters
    ----------
    values : sequence of float
        A value, or one with the ends of its interval; NaN is ignored. The smallest and the largest look alike only if
        they are equal.
    decimals : int
        The fewest to return.
    """
    known = [value for value in values if value == value]
    for more in range(decimals, decimals + 4):
        is_apart = not known or min(known) == max(known) or round(min(known), more) < round(max(known), more)
        if is_apart and all(round(value, more) for value in known if value != 0.0):
            return more
    return decimals + 3


def _apart_from_0(value: float, decimals: int) -> str:
    if value != value or value == 0.0 or round(value, decimals):
        return signed(value, decimals, "zero")
    least = 10.0**-decimals
    if value > 0.0:
        return say("under {number}", number=signed(least, decimals))
    return say("over {number}", number=signed(-least, decimals))


def bare(value: float, unit: str) -> str:
    """Write a value of an outcome without its unit; "-" for NaN."""
    return "-" if value != value else typeset(f"{in_unit(value, unit):.{_DECIMALS.get(unit, 2)}f}")


def level(value: float, unit: str) -> str:
    """Write a value of an outcome: a share in percent with its sign, any other on its own scale without a unit."""
    number = bare(value, unit)
    return say("{number} %", number=number) if unit == "share" and value == value else number


def change(value: float, unit: str) -> str:
    """Write a change of an outcome with its sign, a share in percentage points; an exact 0 has no sign.

    A change that rounds to 0 keeps its sign, to show on which side of 0 an interval ends.
    """
    return signed(in_unit(value, unit), _DECIMALS.get(unit, 2), "zero")


def two_figures(value: float) -> str:
    """Write a number above 0 with two significant figures, for what is known roughly."""
    return f"{float(f'{value:.2g}'):,g}"


def with_unit(number: str, unit: str) -> str:
    """Write a number with its unit, which may be empty."""
    return say("{number} {unit}", number=number, unit=term(unit)) if unit else number


def in_unit(value: float, unit: str) -> float:
    """Return a share in percent, any other value unchanged."""
    return 100 * value if unit == "share" else value


def many(number: int, noun: str) -> str:
    """Write a count with its noun, such as "3 runs"; other nouns than those in `_COUNTED` stay English."""
    single, several = _COUNTED.get(noun, (f"1 {noun}", f"{{number:,}} {noun}s"))
    return str(single) if number == 1 else str(several).format(number=number)


def duration(seconds: float) -> str:
    """Write a time in days, hours, minutes or seconds, whichever suits its length."""
    if seconds >= 1.5 * 86400:
        return say("{number:.0f} days", number=seconds / 86400)
    if seconds >= 1.5 * 3600:
        return say("{number:.0f} h", number=seconds / 3600)
    if seconds >= 1.5 * 60:
        return say("{number:.0f} min", number=seconds / 60)
    return say("{number:.0f} s", number=seconds)


def listed(words: Sequence[str]) -> str:
    """Join words as in a sentence: with commas, and with "and" before the last word."""
    if len(words) < 2:
        return "".join(words)
    return say("{words} and {last}", words=commas(words[:-1]), last=words[-1])


def commas(words: Iterable[object]) -> str:
    """Join words with commas, in Chinese with the mark that separates words."""
    return ("\u3001" if language() is Language.zh else ", ").join(map(str, words))


def clauses(parts: Iterable[object]) -> str:
    """Join clauses of a sentence, or what stands beside each other in a line, those that are empty left out."""
    return ("\uff1b" if language() is Language.zh else "; ").join(text for part in parts if (text := str(part)))


def beside(*sentences: object) -> str:
    """Join whole sentences, those that are empty left out; Chinese has no space between them."""
    return ("" if language() is Language.zh else " ").join(text for part in sentences if (text := str(part)))


def in_sentence(label: str) -> str:
    """Return the label of an outcome for use within a sentence: without its scale, in lower case."""
    text = re.split(r" \(|\uff08", term(label))[0]
    return text[:1].lower() + text[1:]


def percent(share: float, decimals: int = 0) -> str:
    """Write a share as a percentage, such as "95 %"."""
    return say("{number} %", number=f"{100.0 * share:.{decimals}f}")
