"""The compiled day as a WebAssembly module, made by numba and llvmlite alone, and kept beside the compiled kernels.

numba writes the text of the kernels for LLVM, without optimising it for this machine; llvmlite, which has LLVM within,
turns it into an object for the processor `wasm32`. Such an object is a module already: its addresses and numbers of
functions hold for itself, and it lacks only the section that names what others may call.
"""

import hashlib
import os
import re
import warnings
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from sim.kernel import cache_folder
from sim.language import say
from sim.scenario.text.errors import DayroomError

_HERE: Final = Path(__file__).parent
_TRIPLE: Final = "wasm32-unknown-unknown"
_PLAIN: Final = {
    "NUMBA_OPT": "0",
    "NUMBA_LOOP_VECTORIZE": "0",
    "NUMBA_SLP_VECTORIZE": "0",
    "NUMBA_CPU_NAME": "generic",
    "NUMBA_CPU_FEATURES": "",
    "DAYROOM_COMPILE": "1",
}
"""Settings under which numba's text is that of no particular machine."""
_CUSTOM, _EXPORT, _AFTER_EXPORT = 0, 7, 8
"""Kinds of sections of a module."""
_FUNCTION, _NAMED_DATA, _SECTION = 0, 1, 3
"""Kinds of symbols."""
_SYMBOLS: Final = 8
_OF_MODEL: Final = "_ZN3sim"
"""How names of the functions of `sim` begin that numba has not inlined (`sim.kernel.phase`)."""
_UNDEFINED, _NAMED = 16, 64
"""Flags of symbols."""


class ModuleError(DayroomError, RuntimeError):
    """The module for the browser could not be made."""


def module() -> bytes:
    """Return the module, from the cache of compiled kernels if it is there.

    Raises
    ------
    ModuleError
        When this version of numba or LLVM cannot make it.
    """
    folder = cache_folder()
    if folder is None:
        return _compiled()
    sources = b"".join((_HERE / name).read_bytes() for name in ("entry.py", "module.py"))
    kept = folder / f"day-{hashlib.blake2b(sources, digest_size=8).hexdigest()}.wasm"
    with suppress(OSError):
        content = kept.read_bytes()
        if hashlib.blake2b(content[:-32], digest_size=32).digest() == content[-32:]:
            return content[:-32]
    made = _compiled()
    with suppress(OSError):  # without a place for it, the next page compiles it again
        part = kept.with_suffix(f".{os.getpid()}")
        part.write_bytes(made + hashlib.blake2b(made, digest_size=32).digest())
        part.replace(kept)
    return made


def _compiled() -> bytes:
    """Compile the module in a process of its own: numba reads its settings once, when it is imported."""
    with (
        TemporaryDirectory(prefix="dayroom-live-") as folder,
        _environment(_PLAIN | {"DAYROOM_CACHE": folder}),
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as one,
    ):
        text, name = one.submit(_text, folder).result()
    return exporting(_object(text, name), "entry")


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _text(folder: str) -> tuple[str, str]:
    """Return the LLVM text of the entry and its name, in a process that keeps its kernels in `folder` alone."""
    from numba import NumbaWarning

    from experiments.live.entry import entry_text
    from sim.outcomes.catalogue import DAILY_COLUMNS
    from sim.scenario.schema.scenario import Network, Scenario
    from sim.state.build import build

    warnings.simplefilter("ignore", NumbaWarning)  # numba keeps no kernels that it does not optimise, and says so
    kept = cache_folder()
    if kept is None or not kept.is_relative_to(
        Path(folder).resolve()
    ):  # they must not mix with kernels for this machine
        raise ModuleError(say("{folder}: no folder for temporary files is safe from other users", folder=folder))
    return entry_text(build(Scenario(name="any", days=1, network=Network(kind="none")), 0, DAILY_COLUMNS))


def _object(text: str, name: str) -> bytes:
    """Return the object that LLVM makes of a text for WebAssembly; only the function `name` stays visible."""
    import llvmlite.binding as llvm

    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    target = llvm.Target.from_triple(_TRIPLE)
    machine = target.create_target_machine(cpu="generic", opt=2, reloc="static", codemodel="default")
    for key, value in (("datalayout", machine.target_data), ("triple", _TRIPLE)):
        text = re.sub(rf"^target {key} = .*$", f'target {key} = "{value}"', text, flags=re.MULTILINE)
    parsed: Any = llvm.parse_assembly(text)
    for one in parsed.functions:
        if not one.is_declaration:
            one.linkage = "external" if one.name == name else "internal"
            if one.name.startswith(_OF_MODEL):  # LLVM would inline what has one caller: browsers optimise smaller code
                one.add_function_attribute("noinline")
            if one.name == name:
                one.name = "entry"
    for one in parsed.global_variables:
        if not one.is_declaration:
            one.linkage = "internal"
    tuning = llvm.create_pipeline_tuning_options(speed_level=2)
    tuning.loop_vectorization = tuning.slp_vectorization = False
    builder = llvm.create_pass_builder(machine, tuning)
    builder.getModulePassManager().run(parsed, builder)
    parsed.verify()
    made: bytes = machine.emit_object(parsed)
    return made


def exporting(content: bytes, name: str) -> bytes:
    """Return an object of LLVM as a module that exports one of its functions.

    Parameters
    ----------
    content : bytes
        The object: a module with sections for a linker, which the result leaves out.
    name : str
        Name of the function.

    Raises
    ------
    ModuleError
        When the object has no function of this name.
    """
    sections = list(_sections(content))
    number = next((n for kind, body in sections if kind == _CUSTOM for n in _function(body, name)), None)
    if number is None:
        raise ModuleError(say("the compiled object has no function {name}", name=name))
    body = b"\x01" + _counted(name.encode()) + b"\x00" + _coded(number)
    made, is_there = [content[:8]], False
    for kind, inside in sections:
        if kind == _CUSTOM:
            continue
        if kind >= _AFTER_EXPORT and not is_there:
            made.append(bytes([_EXPORT]) + _counted(body))
            is_there = True
        made.append(bytes([kind]) + _counted(inside))
    return b"".join(made)


def _sections(content: bytes) -> Iterator[tuple[int, bytes]]:
    place = 8
    while place < len(content):
        size, begin = _number(content, place + 1)
        yield content[place], content[begin : begin + size]
        place = begin + size


def _function(body: bytes, wanted: str) -> Iterator[int]:
    """Yield the number of the function with a name, from the section of a linker's symbols."""
    title, place = _name(body, 0)
    if title != "linking":
        return
    _, place = _number(body, place)
    while place < len(body):
        kind = body[place]
        size, begin = _number(body, place + 1)
        place = begin + size
        if kind == _SYMBOLS:
            yield from (number for name, number in _functions(body, begin) if name == wanted)


def _functions(body: bytes, place: int) -> Iterator[tuple[str, int]]:
    """Yield name and number of each function in a table of symbols."""
    count, place = _number(body, place)
    for _ in range(count):
        kind = body[place]
        flags, place = _number(body, place + 1)
        if kind == _NAMED_DATA:
            _, place = _name(body, place)
            for _ in range(0 if flags & _UNDEFINED else 3):
                _, place = _number(body, place)
            continue
        number, place = _number(body, place)
        if kind != _SECTION and (not flags & _UNDEFINED or flags & _NAMED):
            name, place = _name(body, place)
            if kind == _FUNCTION:
                yield name, number


def _number(content: bytes, place: int) -> tuple[int, int]:
    """Read a number, seven bits a byte, the lowest first; return it and the place behind it."""
    value = shift = 0
    while True:
        byte = content[place]
        value |= (byte & 127) << shift
        shift, place = shift + 7, place + 1
        if byte < 128:
            return value, place


def _coded(value: int) -> bytes:
    made = bytearray()
    while True:
        made.append(value & 127 | (128 if value > 127 else 0))
        value >>= 7
        if not value:
            return bytes(made)


def _name(content: bytes, place: int) -> tuple[str, int]:
    size, place = _number(content, place)
    return content[place : place + size].decode(), place + size


def _counted(content: bytes) -> bytes:
    return _coded(len(content)) + content
