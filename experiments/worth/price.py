"""What a point of loneliness is worth, as text."""

import re
from typing import Final

from sim.language import say
from sim.scenario.text.errors import DayroomError
from sim.scenario.text.units import in_yuan

_TEXT: Final = re.compile(r"\s*(?P<amount>\d+(?:\.\d+)?)\s*(?:CNY\s*(?:/|a|per)\s*point)?\s*")
_COMMA: Final = re.compile(r"(?<=\d),(?=\d)")
_MOST: Final = 60
"""A longer text is no amount."""


class WorthError(DayroomError, ValueError):
    """The text is no amount of money for a point."""


def money_per_point(text: str) -> float:
    """Return the yuan for a point, from a text such as "1000 CNY/point" or "1,000".

    Raises
    ------
    WorthError
        When the text is something else.
    """
    match = _TEXT.fullmatch(in_yuan(_COMMA.sub("", text))) if len(text) <= _MOST else None
    if match is None:
        raise WorthError(
            say('found {text!r}, allowed is an amount of 0 or more such as "1000 CNY/point"', text=text[:_MOST])
        )
    return float(match["amount"])
