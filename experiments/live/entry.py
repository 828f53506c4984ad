"""The one function of the WebAssembly module: it reads the state from a table of addresses and does an operation on it.

The table has a row of three 64-bit numbers for each array: its address and its two lengths (1 for the second length of
a flat array). The rows are those of `State`, in order, those of `Programme`, and then that of a matrix of closeness,
which only `set_ties` reads.
"""

from typing import Any, Final

import numpy as np

from sim.day import begin, run_days, settled
from sim.kernel import uncached_kernel
from sim.policies.review.programme import NO_PROGRAMME, Programme
from sim.state.people import set_points
from sim.state.starting import introduce_all, set_ties
from sim.state.state import State

OPERATIONS: Final = ("run_days", "begin", "settled", "set_points", "introduce_all", "set_ties")
"""The operations, by number: days `first` to `last`; from row `first` on; of all; of all; of centre `first`, twice."""
NAMES: Final = (*State._fields, *Programme._fields, "closeness")
"""Names of the rows of the table."""
_ROW: Final = 3


def entry_text(state: State) -> tuple[str, str]:
    """Compile the entry for arrays of these types; return its LLVM text, and its name in it.

    Parameters
    ----------
    state : State
        Any state; only the types of its arrays matter.
    """
    import numba
    from numba import types

    read = _reader(numba.typeof(state), 0)
    reviewed = _reader(numba.typeof(NO_PROGRAMME), len(State._fields))
    matrix = _reader(numba.typeof(np.zeros((1, 1))), len(NAMES) - 1)

    def entry(table: int, operation: int, first: int, last: int, weekday: int, told_share: float, seed: Any) -> int:
        s = read(table)
        if operation == 0:
            return run_days(s, reviewed(table), first, last, weekday, seed)
        if operation == 1:
            begin(s, first)
        elif operation == 2:
            settled(s)
        elif operation == 3:
            set_points(s.users, s.p[0].attendance_base_share, s.p[0].wellbeing_worth_stigma)
        elif operation == 4:
            introduce_all(s, first, seed)
        elif operation == 5:
            set_ties(s, first, matrix(table), told_share, seed)
        return 0

    compiled = uncached_kernel(entry)
    compiled.compile((*(types.int64,) * 5, types.float64, types.uint64))
    [made] = compiled.overloads.values()
    return made.library.get_llvm_str(), made.fndesc.llvm_func_name


def _reader(kind: Any, first: int) -> Any:
    """Return a compiled function that reads arrays of a type, or a tuple of such, from row `first` of a table on."""
    from numba import types
    from numba.extending import intrinsic

    def read(_context: Any, table: Any) -> Any:
        def made(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            if isinstance(kind, types.Array):
                return _array(context, builder, kind, arguments[0], first)
            arrays = [_array(context, builder, one, arguments[0], first + k) for k, one in enumerate(kind.types)]
            return context.make_tuple(builder, kind, arrays)

        return kind(types.int64), made

    return intrinsic(read)


def _array(context: Any, builder: Any, kind: Any, table: Any, row: int) -> Any:
    """Return the array of a type whose address and lengths stand in a row of the table."""
    from llvmlite import ir
    from numba import types
    from numba.np.arrayobj import make_array, populate_array

    whole = ir.IntType(64)
    rows = builder.inttoptr(table, whole.as_pointer())
    address, *lengths = [
        builder.load(builder.gep(rows, [ir.Constant(whole, _ROW * row + k)])) for k in range(1 + kind.ndim)
    ]
    is_record = isinstance(kind.dtype, types.Record)
    size = ir.Constant(
        whole, kind.dtype.size if is_record else context.get_abi_sizeof(context.get_data_type(kind.dtype))
    )
    made = make_array(kind)(context, builder)
    populate_array(
        made,
        data=builder.inttoptr(address, made.data.type),
        shape=lengths,
        strides=[size] if kind.ndim == 1 else [builder.mul(lengths[1], size), size],
        itemsize=size,
        meminfo=None,
    )
    return made._getvalue()
