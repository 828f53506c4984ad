"""Slips of a researcher's hand in Python: each is told in words, as a DayroomError."""

import copy
from collections.abc import Callable

import pandas as pd
import pytest

import dayroom

TINY = dayroom.load_scenario("baseline").with_changes(days=2, settling=0)


@pytest.fixture(scope="module")
def done() -> dayroom.Run:
    return dayroom.run(TINY, seed=1)


@pytest.mark.parametrize(
    ("slip", "words"),
    [
        (lambda _: dayroom.run(TINY, seed=1, graph_days=2), r"graph_days: found 2, allowed are several days: \[2\]"),
        (lambda _: dayroom.run(TINY, seed=1, graph_days=["0"]), "graph_days: found '0', allowed are whole days"),
        (lambda _: dayroom.run(TINY, seed=1, at_least=None), "at_least: found None, allowed is one of stranger"),
        (lambda _: dayroom.run_replicates(TINY, 2.0, seed=1), "count: found 2.0, allowed is a whole number"),
        (lambda _: dayroom.explain(TINY, "days"), r"found a Scenario, .*read_scenario"),
        (lambda done: dayroom.daily_frame(dayroom.run_replicates(TINY, 1, seed=1)), r"run_replicates\(...\).daily"),
        (lambda done: dayroom.users_frame(pd.DataFrame()), "found a DataFrame, allowed is a run of dayroom.run"),
        (lambda done: dayroom.summarise(dayroom.daily_frame(done)), "the frame has no column replicate"),
        (lambda done: dayroom.summarise(done), "the frame has no column replicate, day"),
        (lambda done: dayroom.plots.outcome_curves(dayroom.daily_frame(done), ["burdn"]), "has no column burdn"),
    ],
)
def test_a_slip_is_told_in_words(done: dayroom.Run, slip: Callable[[dayroom.Run], object], words: str) -> None:
    with pytest.raises(dayroom.DayroomError, match=words):
        slip(done)


def test_values_are_explained_by_the_name_of_a_scenario() -> None:
    assert dayroom.explain("baseline", "users.empathy.mean")[0].value == TINY.users.empathy.mean


def test_agents_of_users_cannot_be_made_doubled_or_taken_out() -> None:
    model = dayroom.DayCentre(TINY, rng=1)
    user = model.agents[0]
    number = user.unique_id
    with pytest.raises(dayroom.DayroomError, match="the model makes an agent for everybody enrolled"):
        dayroom.DayCareUser(model)
    with pytest.raises(dayroom.DayroomError, match=r"has the agent .* already"):
        model.register_agent(user)
    with pytest.raises(dayroom.DayroomError, match="is enrolled and leaves by the model's turnover only"):
        model.deregister_agent(user)
    assert (user.unique_id, len(model.agents)) == (number, 25)
    copy.deepcopy(model).run_model()
