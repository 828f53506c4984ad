"""Effects taken apart: the parts add up, and each way of acting shows where it should."""

import pytest
from houses import CIRCLE, WORKERS, small

from experiments.comparing import compare
from experiments.decomposing import PARTS, decomposed, effects
from experiments.executors import InProcess
from sim.outcomes.catalogue import PRIMARY

RESPITE = {"policy": "respite", "eligible": "all", "uptake": 1}


def parts_of(*seeds: int, **policies):
    return [effects(small("base"), small("other", **policies), seed) for seed in seeds]


@pytest.mark.parametrize("policy", [WORKERS, CIRCLE, RESPITE], ids=lambda p: p["policy"])
def test_the_parts_add_up_to_the_whole(policy):
    for found in parts_of(1, 2, it=policy):
        for name in PRIMARY:
            total = sum(found[part][name] for part in PARTS)
            assert total == pytest.approx(found["whole"][name], abs=1e-9)


def test_nothing_has_no_parts():
    (found,) = parts_of(3, nothing={"policy": "usual_care"})
    assert all(value == 0.0 for part in found.values() for value in part.values())


def test_respite_works_directly_and_not_through_ties():
    found = parts_of(1, 2, 3, 4, it=RESPITE)
    direct = sum(one["direct help"]["burden"] for one in found)
    assert direct < 0.0
    assert abs(direct) > 3 * abs(sum(one["new ties"]["burden"] for one in found))


def test_a_circle_works_through_what_is_said_and_never_directly():
    for found in parts_of(1, 2, 3, it=CIRCLE):
        assert all(found["direct help"][name] == 0.0 for name in PRIMARY)


def test_the_whole_is_the_effect_of_ordinary_runs():
    """Lived in parts, with workers at the end of the day's contacts, the effect is nearly that of ordinary runs."""
    plain = compare(small("base"), [small("other", it=CIRCLE)], replicates=3, seed=7, jobs=1)
    scenarios = {"base": small("base"), "other": small("other", it=CIRCLE)}
    parts = decomposed(scenarios, 7, 3, InProcess(), lambda _: None, lambda _: None)
    whole = {part.outcome: part.difference for part in parts if part.part == "whole"}
    for name in PRIMARY:
        assert whole[name] == pytest.approx(plain.contrast("other", name).difference, rel=1e-9)


def test_centres_that_differ_cannot_be_set_beside_each_other():
    scenarios = {"a": small("a"), "b": small("b", users=13)}
    with pytest.raises(ValueError, match="other centres"):
        decomposed(scenarios, 1, 2, InProcess(), lambda _: None, lambda _: None)
