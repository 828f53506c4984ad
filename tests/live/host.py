"""The module of the live page under wasmtime: the native engine with every compiled call made by it."""

import struct
from typing import Any

import numpy as np
import pytest
import wasmtime

import sim.engine
from experiments.live.entry import NAMES, OPERATIONS
from experiments.live.starts import VIEWS
from sim.policies.review.programme import NO_PROGRAMME, Programme
from sim.state.state import State

STACK = 1 << 20
BACK, TABLE = STACK, STACK + 16
ARRAYS = TABLE + 32 * len(NAMES)  # three places a name, and what keeps the arrays apart
PAGE = 1 << 16


class Host:
    """Does operations of the module on the arrays of a state, in memory of its own."""

    def __init__(self, module: bytes) -> None:
        engine = wasmtime.Engine()
        self.module = wasmtime.Module(engine, module)
        self.store = wasmtime.Store(engine)
        whole = wasmtime.Limits(STACK // PAGE + 1, None)
        self.memory = wasmtime.Memory(self.store, wasmtime.MemoryType(whole))
        stack = wasmtime.Global(self.store, wasmtime.GlobalType(wasmtime.ValType.i32(), True), wasmtime.Val.i32(STACK))
        given = {"__linear_memory": self.memory, "__stack_pointer": stack}
        instance = wasmtime.Instance(self.store, self.module, [given[one.name] for one in self.module.imports])
        self.entry: Any = instance.exports(self.store)["entry"]
        self.calls = 0

    def call(
        self, operation: str, state: State, *numbers: int, reviews: Programme = NO_PROGRAMME, seed: int = 0
    ) -> int:
        """Copy state and programme in, do an operation, and copy them back; return what the operation returns."""
        first, last, weekday = (*numbers, 0, 0, 0)[:3]
        place, rows, places = ARRAYS, b"", {}
        for name, array in (state._asdict() | reviews._asdict()).items():
            where = places[VIEWS[name]][0] if name in VIEWS else place
            rows += struct.pack("<3q", where, *(*array.shape, 1)[:2])
            if name not in VIEWS:
                places[name] = place, array
                place += array.nbytes + -array.nbytes % 16
        if (lacking := place - self.memory.data_len(self.store)) > 0:
            self.memory.grow(self.store, -(-lacking // PAGE))
        self.memory.write(self.store, rows, TABLE)
        for place, array in places.values():
            self.memory.write(self.store, np.ascontiguousarray(array).tobytes(), place)
        signed = seed - 2**64 if seed >= 2**63 else seed
        number = OPERATIONS.index(operation)
        assert self.entry(self.store, BACK, BACK + 8, TABLE, number, first, last, weekday, 0.0, signed) == 0
        self.calls += 1
        for place, array in places.values():
            content = bytes(self.memory.read(self.store, place, place + array.nbytes))
            array.view(np.ndarray)[...] = np.frombuffer(content, array.dtype).reshape(array.shape)
        return int(struct.unpack("<q", self.memory.read(self.store, BACK, BACK + 8))[0])

    def drive(self, patch: pytest.MonkeyPatch) -> None:
        """Have the engine make its compiled calls here."""

        def days(state: State, reviews: Programme, first: int, last: int, weekday: int, seed: Any) -> int:
            return self.call("run_days", state, first, last, weekday, reviews=reviews, seed=int(seed))

        patch.setattr(sim.engine, "run_days", days)
        patch.setattr(sim.engine, "begin", lambda state, first: self.call("begin", state, first))
        patch.setattr(sim.engine, "settled", lambda state: self.call("settled", state))


def assert_same(one: State, other: State) -> None:
    """Check that two states agree in every bit of every field."""
    assert len(NAMES) == len(State._fields) + len(Programme._fields) + 1
    for name in State._fields:
        a, b = getattr(one, name), getattr(other, name)
        for field in a.dtype.names or ("",):
            left, right = (a[field], b[field]) if field else (a, b)
            assert np.ascontiguousarray(left).tobytes() == np.ascontiguousarray(right).tobytes(), f"{name}.{field}"
