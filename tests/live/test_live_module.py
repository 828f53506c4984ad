"""The WebAssembly of the live page gives the bits of the native engine."""

from pathlib import Path

import numpy as np
import pytest

from experiments.live.module import ModuleError, exporting
from experiments.live.starts import OF_START, first_day
from sim.engine import Engine
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.files import shipped_files
from tests.live.host import Host, assert_same

EVERY = sorted(shipped_files())
LARGE = {"city", "district", "roll-out", "large-urban-centre"}


@pytest.fixture(scope="module")
def host(wasm: bytes) -> Host:
    return Host(wasm)


def both(host: Host, scenario: Scenario, patch: pytest.MonkeyPatch) -> tuple[Engine, Engine]:
    """Return a run by the native engine and the same by the module."""
    native = Engine(scenario, 7)
    native.advance(scenario.days)
    with patch.context() as patched:
        host.drive(patched)
        there = Engine(scenario, 7)
        there.advance(scenario.days)
    return native, there


def test_the_module_needs_nothing_but_memory(host):
    assert {one.name for one in host.module.imports} <= {"__linear_memory", "__stack_pointer"}
    assert [one.name for one in host.module.exports] == ["entry"]


@pytest.mark.parametrize("name", [name for name in EVERY if name not in LARGE])
def test_a_short_run_has_the_bits_of_the_native_engine(host, name, monkeypatch):
    scenario = load_scenario(name)
    native, there = both(host, scenario.with_changes(days=40, settling=min(scenario.settling, 40)), monkeypatch)
    assert host.calls > 0
    assert_same(native.state, there.state)


@pytest.mark.slow
@pytest.mark.parametrize("name", EVERY)
def test_a_whole_run_has_the_bits_of_the_native_engine(host, name, monkeypatch):
    scenario = load_scenario(name)
    native, there = both(host, scenario, monkeypatch)
    assert_same(native.state, there.state)


def test_every_shipped_scenario_is_tried():
    assert len(EVERY) > 25
    assert set(EVERY) > LARGE


def test_the_page_can_make_the_first_day(host):
    """From the users on, compiled code makes it: the page embeds neither states nor ties."""
    scenario = load_scenario("baseline").with_changes(days=5)
    native = Engine(scenario.with_changes(settling=0), 3).state
    made = first_day(scenario.with_changes(settling=0), 3, 1.4).state
    assert not any(made.users[name].any() for name in OF_START)
    closeness = made.ties["closeness"].reshape(25, 25).copy()
    made.ties[:] = np.zeros(1, made.ties.dtype)
    host.call("set_points", made)
    host.call("introduce_all", made, 0, seed=3)
    assert closeness.any()
    assert not made.ties["closeness"].any()
    assert (made.ties["liking"] == native.ties["liking"]).all()
    for name in OF_START:
        assert (made.users[name] == native.users[name]).all(), name


def test_an_object_without_the_function_is_refused():
    with pytest.raises(ModuleError, match="no function entry"):
        exporting(b"\0asm\1\0\0\0", "entry")


def test_nothing_binary_is_kept_in_the_sources():
    folder = Path(__file__).parents[2] / "experiments" / "live"
    names = {path.suffix for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert names == {".py", ".js", ".css", ".j2"}
