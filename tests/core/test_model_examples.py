"""The examples in the docstrings of the Mesa model, its agents and `with_network` run as written."""

import doctest

import pytest

import sim.agents
import sim.model
import sim.scenario.schema.scenario


@pytest.mark.parametrize(
    "module", [sim.agents, sim.model, sim.scenario.schema.scenario], ids=lambda each: each.__name__
)
def test_examples_run(module):
    failed, tried = doctest.testmod(module)
    assert tried > 0
    assert failed == 0
