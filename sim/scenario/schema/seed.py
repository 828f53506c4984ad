"""The rule for seeds, the same wherever a seed is given."""

from numbers import Integral
from typing import Annotated

from pydantic import BeforeValidator, Field, Strict

from sim.scenario.text.errors import InputError


def _of_numpy(seed: object) -> object:
    return int(seed) if isinstance(seed, Integral) and not isinstance(seed, bool) else seed


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
    if isinstance(seed, Integral) and not isinstance(seed, bool) and 0 <= int(seed) < 2**64:
        return int(seed)
    found = str(seed) if isinstance(seed, Integral) else repr(seed)
    raise InputError(f"{name}: found {found}, allowed is a whole number from 0 to 2**64 - 1")
