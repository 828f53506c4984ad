"""The code of what a notebook, a prompt or a script offers: it lives in `__main__`, which is no file of its own.

The digest covers the source of its functions, of the functions of `__main__` that they call, and the plain values that
either reads.
"""

import ast
import hashlib
import inspect
import textwrap
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from types import CodeType, FunctionType
from typing import Any, Final

from pydantic import BaseModel

from sim.digest import words_of

MAIN: Final = ("__main__", "__mp_main__")
"""Names of the module of a script, in its process and in workers that it starts."""
_PLAIN: Final = (bool, int, float, str, tuple, type(None))


def in_main(offer: Any) -> bool:
    """Return whether an offer comes from a notebook, a prompt or the script that runs."""
    return home_of(offer) in MAIN


def home_of(offer: Any) -> str:
    """Return the module of a class, or of the function that an outcome measures with."""
    thing = offer if isinstance(offer, type) else getattr(offer, "measure", offer)
    return str(getattr(thing, "__module__", None) or type(thing).__module__)


def digest_of(offer: Any) -> str:
    """Return the digest of the code of an offer of `__main__`.

    Raises
    ------
    OSError
        When Python has not kept its source, as at the prompt.
    """
    words = sorted({*_facts(offer), *(word for one in _functions(offer) for word in _source(one))})
    return hashlib.blake2b("\0".join(words).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _facts(offer: Any) -> Iterator[str]:
    """Yield the values that an offer declares."""
    if is_dataclass(offer) and not isinstance(offer, type):
        yield from (f"{one.name} {value!r}" for one in fields(offer) if not callable(value := getattr(offer, one.name)))
        return
    if issubclass(offer, BaseModel):
        yield from (f"{name} {field!r}" for name, field in offer.model_fields.items())
    yield from (
        f"{name} {value!r}" for name, value in vars(offer).items() if isinstance(value, _PLAIN) and name[0] != "_"
    )


def _functions(offer: Any) -> list[FunctionType]:
    """Return the functions of an offer, and those of `__main__` that they call."""
    own = vars(offer).values() if isinstance(offer, type) else [getattr(offer, "measure", None)]
    waiting = [one for one in map(_plain_function, own) if one is not None]
    known: list[FunctionType] = []
    while waiting:
        one = waiting.pop()
        if one not in known:
            known.append(one)
            named = (_plain_function(one.__globals__.get(name)) for name in _names(one.__code__))
            waiting += [other for other in named if other is not None]
    return known


def _plain_function(value: Any) -> FunctionType | None:
    """Return the function of `__main__` behind a method, a static method or a compiled function."""
    bare = getattr(value, "py_func", getattr(value, "__func__", value))
    return bare if isinstance(bare, FunctionType) and bare.__module__ in MAIN else None


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield from _names(part)


def _source(function: FunctionType) -> Iterator[str]:
    """Yield the syntax of a function, and the plain values of `__main__` that it reads."""
    source = textwrap.dedent(inspect.getsource(function))
    try:
        yield "\n".join(words_of(ast.parse(source)))
    except SyntaxError:  # a lambda in the middle of a call
        yield source
    for name in sorted(set(_names(function.__code__))):
        value = function.__globals__.get(name, function)
        if isinstance(value, _PLAIN) and not name.startswith("__"):
            yield f"{name} {value!r}"
