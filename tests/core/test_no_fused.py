"""Compiled kernels hold no fused multiply-add, and call no mathematical function of a library, on any processor."""

import json
import math
import os
import re
import subprocess
import sys

import pytest

from sim.elementary import cos_turns, exp, log
from sim.kernel import COMPILED, uncached_kernel
from sim.rules.forgetting import grown
from sim.state.scales import shifted

llvm = pytest.importorskip("llvmlite.binding")
numba = pytest.importorskip("numba")

pytestmark = pytest.mark.skipif(not COMPILED, reason="there is no compiled code")

FLAGS = re.compile(r"\bf(?:add|sub|mul|div) (?:[a-z]+ )*(?:fast|contract|reassoc|arcp)\b|llvm\.fma\b|llvm\.fmuladd\b")
FUSED = re.compile(r"^\s+(?:vfn?m(?:add|sub)\w+|fn?m(?:add|sub|la|ls)\w*)\s", re.MULTILINE)
CALLED = re.compile(r"\bcall [^@\n]*@(?:llvm\.)?(expm1|exp|log1p|log2|log|cos|sin|tanh|tan|pow)[\w.]*\(")
PROCESSORS = [("x86_64-unknown-linux-gnu", "znver4"), ("aarch64-unknown-linux-gnu", "neoverse-v1")]
ARGUMENTS = (0.3, 0.6)


def rule(x: float, y: float) -> float:
    """Use everything that kernels calculate with: exp, log, cos, scales, sums of products."""
    return exp(x) * y + log(y) * x - cos_turns(x) * y + shifted(x, y) * x


def library(x: float, y: float) -> float:
    """Do the like with a library."""
    return math.exp(x) * y + math.log(y) * x


def text_of(function, compiler) -> str:
    """Return the text in which LLVM gets a function from numba, and optimises it for this processor."""
    compiled = compiler(function)
    compiled(*ARGUMENTS)
    return "".join(compiled.inspect_llvm().values())


def emitted(text: str, triple: str, processor: str) -> str:
    """Return assembly for another processor from LLVM's text."""
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    machine = llvm.Target.from_triple(triple).create_target_machine(cpu=processor, features="", opt=3)
    text = re.sub(r"^target datalayout = .*$", f'target datalayout = "{machine.target_data}"', text, flags=re.MULTILINE)
    text = re.sub(r"^target triple = .*$", f'target triple = "{triple}"', text, flags=re.MULTILINE)
    module = llvm.parse_assembly(text)
    builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=3))
    builder.getModulePassManager().run(module, builder)
    return str(machine.emit_assembly(module))


@pytest.fixture(scope="module")
def text() -> str:
    return text_of(rule, uncached_kernel)


def test_nothing_allows_llvm_to_fuse_or_to_reorder(text):
    assert "fmul double" in text
    assert FLAGS.findall(text) == []


def test_no_library_is_called(text):
    assert CALLED.findall(text) == []
    assert sorted(set(CALLED.findall(text_of(library, numba.njit)))) == ["exp", "log"]


@pytest.mark.parametrize(("triple", "processor"), PROCESSORS)
def test_other_processors_get_no_fused_operation(triple, processor, text):
    assert FUSED.findall(emitted(text, triple, processor)) == []


@pytest.mark.parametrize(("triple", "processor"), PROCESSORS)
def test_fused_operations_would_be_seen(triple, processor):
    text = text_of(library, numba.njit(fastmath={"contract"}))
    assert FLAGS.findall(text)
    assert FUSED.findall(emitted(text, triple, processor))


@pytest.mark.parametrize("kernel", [exp, log, cos_turns, shifted, grown], ids=lambda kernel: kernel.py_func.__name__)
def test_kernels_are_compiled_without_leave_to_fuse(kernel):
    assert not kernel.targetoptions.get("fastmath")


WHOLE_DAY = """
import json
from sim.engine import Engine
from sim.scenario.reading.load import load_scenario
from sim.day import run_days
from tests.core.test_no_fused import CALLED, FLAGS, FUSED
Engine(load_scenario("baseline").with_changes(days=1, settling=0), 1).advance(1)
(compiled,) = run_days.overloads.values()
text, assembly = compiled.library.get_llvm_str(), compiled.library.get_asm_str()
print(json.dumps([text.count("fmul"), len(FLAGS.findall(text) + CALLED.findall(text) + FUSED.findall(assembly))]))
"""


@pytest.mark.slow
def test_a_whole_day_holds_no_fused_operation_and_calls_no_library(tmp_path):
    environment = os.environ | {"DAYROOM_CACHE": str(tmp_path / "cache")}  # numba does not show code from its cache
    done = subprocess.run(
        [sys.executable, "-c", WHOLE_DAY], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    products, mistakes = json.loads(done.stdout)
    assert products > 1000
    assert mistakes == 0
