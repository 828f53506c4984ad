"""Check that runs have the same bits under other settings of the processor and of the libraries.

`python -m tools.same_bits` runs some shipped scenarios in processes of their own: with a C library, numpy and OpenBLAS
that do without newer instructions, with kernels compiled for any processor of this architecture, and not compiled. It
prints whether users, ties and daily outcomes are equal to the last bit, and ends with status 1 if they are not. For
each setting it also says whether the setting took effect: whether what it should move has moved.
`--days N` runs that many days after as many of settling (by default 28); `--only NAME` chooses a setting.
"""

import argparse
import hashlib
import json
import math
import os
import subprocess
import sys
from typing import Any, Final

import numpy as np

from sim.engine import Engine
from sim.scenario.reading.load import load_scenario

SCENARIOS: Final = ("portfolio", "buddy-scheme", "triggered-respite", "fourteen-participants", "high-turnover")
"""With policies of all kinds, with pairs, with conditions, with listed users, and with many newcomers."""
AS_IT_IS: Final = "as it is"
PLAIN: Final = "not compiled"
GENERIC: Final = "kernels for any processor"
_OLD_LIBRARY: Final = {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX512F"}
_OLD_NUMPY: Final = {"NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR"}
_OLD_BLAS: Final = {"OPENBLAS_CORETYPE": "Nehalem"}
SETTINGS: Final[dict[str, dict[str, str]]] = {
    AS_IT_IS: {},
    "C library without AVX2 and fused operations": _OLD_LIBRARY,
    "numpy without AVX2 and later": _OLD_NUMPY,
    "OpenBLAS for an older processor": _OLD_BLAS,
    "all three": _OLD_LIBRARY | _OLD_NUMPY | _OLD_BLAS,
    GENERIC: {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""},
    PLAIN: {"DAYROOM_COMPILE": "0"},
}
WITNESSES: Final = {
    "C library without AVX2 and fused operations": ("library",),
    "numpy without AVX2 and later": ("numpy",),
    "OpenBLAS for an older processor": ("linear algebra",),
    "all three": ("library", "numpy", "linear algebra"),
    GENERIC: ("kernels",),
    PLAIN: ("kernels",),
}
"""What must be otherwise in a process with a setting, or the setting took no effect."""


def digests(days: int) -> dict[str, str]:
    """Return a digest of users, ties and daily outcomes for each scenario, after this many days of settling and more.

    Every bit counts, those of whole numbers and of the newcomers in the queue too.
    """
    runs = {}
    for name in SCENARIOS:
        engine = Engine(load_scenario(name).with_changes(days=days, settling=days), 7)
        engine.advance(days)
        state = engine.state
        runs[name] = _digest(state.users, state.ties, state.ledger)
    return runs


def _digest(*arrays: np.ndarray[Any, Any]) -> str:
    return hashlib.blake2b(b"".join(np.ascontiguousarray(array).tobytes() for array in arrays)).hexdigest()


def witnesses() -> dict[str, str]:
    """Return what the settings should move: results of the C library and of linear algebra, features of numpy, target.

    Digests, where what matters is only whether they differ.
    """
    some = np.random.default_rng(1).uniform(0.01, 9.0, 20_000)
    square = some[:10_000].reshape(100, 100)
    features = np._core._multiarray_umath.__cpu_features__  # type: ignore[attr-defined]  # numpy has no public list
    return {
        "library": _digest(np.array([(math.exp(x), math.log(x), math.cos(x)) for x in some.tolist()])),
        "numpy": " ".join(sorted(name for name, present in features.items() if present)),
        "linear algebra": _digest(square @ square),
        "kernels": _target(),
    }


def _target() -> str:
    """Return for what numba compiles the kernels, and whether it does."""
    from sim.kernel import COMPILED

    if not COMPILED:
        return PLAIN
    from numba.core.registry import cpu_target

    return " ".join(map(str, cpu_target.target_context.codegen().magic_tuple()))


def under(setting: str, days: int) -> dict[str, dict[str, str]]:
    """Return `digests` and `witnesses` from a process of its own with a setting."""
    command = [sys.executable, "-m", "tools.same_bits", "--days", str(days), "--here"]
    done = subprocess.run(  # noqa: S603 - our own module
        command, env=os.environ | SETTINGS[setting], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{setting}: {done.stderr}")
    found: dict[str, dict[str, str]] = json.loads(done.stdout)
    return found


def took_effect(setting: str, there: dict[str, str], here: dict[str, str]) -> bool:
    """Return whether everything that a setting should move is otherwise than here."""
    return all(there[name] != here[name] for name in WITNESSES.get(setting, ()))


def main() -> int:
    """Run all settings, or print the digests of this process (`--here`)."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--days", type=int, default=28)
    reader.add_argument("--only", choices=[name for name in SETTINGS if name != AS_IT_IS])
    reader.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    chosen = reader.parse_args()
    if chosen.here:
        print(json.dumps({"runs": digests(chosen.days), "witnesses": witnesses()}))
        return 0
    here = under(AS_IT_IS, chosen.days)
    unlike = 0
    for setting in [chosen.only] if chosen.only else [name for name in SETTINGS if name != AS_IT_IS]:
        there = under(setting, chosen.days)
        others = [name for name, digest in there["runs"].items() if digest != here["runs"][name]]
        effect = "" if took_effect(setting, there["witnesses"], here["witnesses"]) else " (took no effect here)"
        print(f"{setting}{effect}: {'unlike: ' + ', '.join(others) if others else 'the same bits'}", flush=True)
        unlike += len(others)
    return 1 if unlike else 0


if __name__ == "__main__":
    sys.exit(main())
