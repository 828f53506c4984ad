"""Keep the runs of a callable model: one file of lines for each version of its source, each run a line of JSON."""

import hashlib
import inspect
import json
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from experiments.store.folder import ResultError, reason
from sim.digest import syntax_digest
from sim.scenario.text.errors import InputError

Address = tuple[str, int]
"""Digest of a point under a lever, and the seed."""


def address_of(settings: Mapping[str, object]) -> str:
    """Return the digest of the settings of a run; their order does not matter."""
    text = json.dumps(dict(settings), sort_keys=True, default=_plain)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _plain(value: Any) -> object:
    """Return a number of numpy as one of Python, anything else as text."""
    return value.item() if hasattr(value, "item") else repr(value)


def source_digest(model: Callable[..., Any], version: str = "") -> str:
    """Return the digest of a callable's source: of its whole file, or in a notebook, of what it names there.

    Comments, docstrings and formatting of a file do not matter. Arguments bound by `functools.partial`, values in a
    closure and the attributes of a callable object count too. Modules that the file imports do not.

    Parameters
    ----------
    model : callable
    version : str
        Further text that identifies the model, such as the version of a package it uses.

    Raises
    ------
    InputError
        When the source cannot be read.
    """
    parts = [version]
    while isinstance(model, partial):
        parts.append(repr((model.args, sorted(model.keywords.items()))))
        model = model.func
    owner = getattr(model, "__self__", None if inspect.isroutine(model) or inspect.isclass(model) else model)
    if owner is not None and not inspect.ismodule(owner):
        parts.append(repr(sorted(getattr(owner, "__dict__", {}).items())))
    code = model if inspect.isroutine(model) or inspect.isclass(model) else type(model)
    parts += [code.__module__, code.__qualname__, *_texts(code)]
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


def _texts(code: Any) -> Iterator[str]:
    """Yield the words that stand for the source of a function or class."""
    if isinstance(code, FunctionType):
        yield repr([cell.cell_contents for cell in code.__closure__ or ()])
    module = inspect.getmodule(code)
    file = Path(getattr(module, "__file__", None) or "")
    if file.suffix == ".py" and file.is_file():
        yield syntax_digest(file.parent, [file])
        return
    yield from _named(code, set())


def _named(code: Any, seen: set[int]) -> Iterator[str]:
    """Yield the source of a function or class, and of all that it names in the same notebook."""
    if id(code) in seen:
        return
    seen.add(id(code))
    try:
        yield textwrap.dedent(inspect.getsource(code))
    except (OSError, TypeError):
        name = getattr(code, "__qualname__", type(code).__name__)
        raise InputError(
            f"{name}: its source cannot be read, so its runs cannot be kept; put it in a file, or leave out store"
        ) from None
    inside = vars(code).values() if inspect.isclass(code) else [code]
    functions = [one for one in inside if isinstance(one, FunctionType)]
    for function in functions:
        for name in sorted(_names(function.__code__)):
            value = function.__globals__.get(name)
            if isinstance(value, int | float | str | tuple):
                yield f"{name} = {value!r}"
            elif getattr(value, "__module__", None) == code.__module__ and isinstance(value, FunctionType | type):
                yield from _named(value, seen)


def _names(code: CodeType) -> set[str]:
    """Return the names that a function uses, those of functions inside it included."""
    inner = [_names(constant) for constant in code.co_consts if isinstance(constant, CodeType)]
    return set(code.co_names).union(*inner)


@dataclass
class KeptRuns:
    """The runs of a callable model in a folder; each run is kept as soon as it is done.

    Parameters
    ----------
    folder : Path
    model : callable
    version : str
        As in `source_digest`.
    """

    folder: Path
    model: Callable[..., Any]
    version: str = ""

    @cached_property
    def file(self) -> Path:
        """The file of this version of the model."""
        name = re.sub(r"\W+", "-", getattr(self.model, "__name__", type(self.model).__name__)).strip("-")
        return self.folder / f"{name or 'model'}-{source_digest(self.model, self.version)[:16]}.jsonl"

    def read(self) -> dict[Address, dict[str, Any]]:
        """Return the record of each run; a line cut off by a crash does not count, and of two the later one does."""
        records: dict[Address, dict[str, Any]] = {}
        try:
            text = self.file.read_text(encoding="utf-8") if self.file.exists() else ""
        except OSError as error:
            raise ResultError(f"{self.file}: it cannot be read ({reason(error)})") from error
        for line in text.splitlines():
            try:
                record = json.loads(line)
                records[record["address"], record["seed"]] = record
            except (ValueError, KeyError, TypeError):
                continue
        return records

    def add(self, address: Address, record: Mapping[str, Any]) -> None:
        """Append a run.

        Raises
        ------
        ResultError
            When the file cannot be written.
        """
        line = json.dumps({"address": address[0], "seed": address[1], **record}) + "\n"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self.file.open("a+b") as file:
                if file.tell() and file.seek(-1, 2) >= 0 and file.read(1) != b"\n":
                    line = "\n" + line  # a crash cut the last line off
                file.write(line.encode())
        except OSError as error:
            raise ResultError(f"{self.file}: it cannot be written ({reason(error)})") from error
