"""The rule for seeds, the same wherever a seed is given."""

from numbers import Integral
from typing import Annotated

from pydantic import BeforeValidator, Field, Strict

from sim.scenario.text.errors import InputError


def _of_numpy(seed: object) -> object:
    return seed if isinstance(seed, bool) or not isinstance(seed, Integral) else int(seed)


WholeSeed = Annotated[int, Field(ge=0, lt=2**64), Strict(), BeforeValidator(_of_numpy)]
"""Type of the seed in a scenario or study: as in `whole_seed`."""


def whole_seed(seed: object, name: str = "seed") -> int:
    """Return a seed as an `int`: a whole number of Python or numpy from 0 to 2**64 - 1.

    Parameters
    ----------
    seed : object
    name : str
        Name of the argument, for the message.

    Raises
    ------
    InputError
        When it is a float (even 1.0), a bool, a text, negative or too large.
    """
    number = _of_numpy(seed)
    if isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 2**64:
        return number
    found = repr(number)
    raise InputError(f"{name}: found {found}, allowed is a whole number from 0 to 2**64 - 1")
