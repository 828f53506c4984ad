"""The same scenario and seed give the same bits under other settings of the processor and of the libraries."""

import platform

import pytest

from sim.kernel import COMPILED
from tools import same_bits

DAYS = 6
COMPILING = pytest.mark.slow
"""Mark of settings for which all kernels are compiled anew."""

pytestmark = pytest.mark.skipif(not COMPILED, reason="compares with compiled kernels")
on_x86 = pytest.mark.skipif(platform.machine() != "x86_64", reason="the settings are those of x86-64")


@pytest.fixture(scope="module")
def here():
    return same_bits.digests(DAYS)


@on_x86
@pytest.mark.parametrize("setting", ["all three", pytest.param(same_bits.GENERIC, marks=COMPILING), same_bits.PLAIN])
def test_users_ties_and_outcomes_have_the_same_bits(setting, here):
    there = same_bits.under(setting, DAYS)
    assert there["runs"] == here
    assert setting == "all three" or same_bits.took_effect(setting, there["witnesses"], same_bits.witnesses())


@pytest.mark.slow
@pytest.mark.parametrize(
    "setting", [name for name in same_bits.SETTINGS if name not in (same_bits.AS_IT_IS, same_bits.PLAIN)]
)
def test_months_have_the_same_bits(setting):
    assert same_bits.under(setting, 120)["runs"] == same_bits.digests(120)


@pytest.mark.slow
def test_weeks_that_are_not_compiled_have_the_same_bits():
    assert same_bits.under(same_bits.PLAIN, 21)["runs"] == same_bits.digests(21)


def test_a_setting_took_effect_when_all_that_it_should_move_has_moved():
    here = dict.fromkeys(("library", "numpy", "linear algebra", "kernels"), "a")
    assert not same_bits.took_effect("all three", here | {"library": "b"}, here)
    assert same_bits.took_effect("all three", here | {"library": "b", "numpy": "b", "linear algebra": "b"}, here)


@pytest.mark.parametrize("others", [0, 1])
def test_the_command_ends_with_1_if_bits_differ(others, monkeypatch, capsys):
    def answer(setting, days):
        unlike = dict.fromkeys(same_bits.SCENARIOS[:others], "b") if setting == same_bits.PLAIN else {}
        witnesses = dict.fromkeys(("library", "numpy", "linear algebra", "kernels"), setting)
        return {"runs": dict.fromkeys(same_bits.SCENARIOS, "a") | unlike, "witnesses": witnesses}

    monkeypatch.setattr(same_bits, "under", answer)
    monkeypatch.setattr("sys.argv", ["same_bits", "--only", same_bits.PLAIN])
    assert same_bits.main() == others
    assert capsys.readouterr().out == "not compiled: " + ("unlike: portfolio\n" if others else "the same bits\n")
