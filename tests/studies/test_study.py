"""The runs of a study are known beforehand: its points, its seeds, their addresses."""

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from experiments.designs.factor import Factor
from experiments.designs.points import DesignError
from experiments.designs.sampled import independent, latin_hypercube, sobol
from experiments.studies import load_study, shipped
from experiments.studies.study import Tree
from experiments.sweep.plan import planned
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.scenario import SCENARIO_PARAMETERS
from sim.scenario.text.files import shipped_files
from tests.studies.test_study_refused import HEAD, OF_FILE
from tests.sweep.conftest import RUNS, STUDY, write_study


def test_points_are_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("centres.*.users,users.empathy.mean\n7,0.5\n8,0.6\n\n", encoding="utf-8")
    assert load_study(write_study(tmp_path, OF_FILE)).points == [(0.5, 7), (0.6, 8)]


def of_design(folder: Path, design: str, factors: str = "{users.empathy.mean: plausible, centres.*.users: plausible}"):
    return load_study(write_study(folder, f"{HEAD}design: {design}\nfactors: {factors}\nseed: 5\n"))


@pytest.mark.parametrize(
    ("design", "points"),
    [
        ("{kind: grid, levels: 3}", 9),
        ("{kind: random, points: 50}", 50),
        ("{kind: latin_hypercube, points: 50}", 50),
        ("{kind: sobol, points: 64}", 64),
        ("{kind: saltelli, base_points: 16}", 16 * 4),
        ("{kind: saltelli, base_points: 16, second_order: true}", 16 * 6),
        ("{kind: morris, trajectories: 10}", 30),
    ],
)
def test_every_design_fills_the_plausible_ranges(tmp_path: Path, design: str, points: int) -> None:
    study = of_design(tmp_path, design)
    assert len(study.points) == points
    by_path = {parameter.path: parameter.quantity.plausible for parameter in SCENARIO_PARAMETERS}
    for place, factor in enumerate(study.factors):
        low, high = by_path[factor.path]
        values = [point[place] for point in study.points]
        assert low <= min(values) < low + 0.2 * (high - low)
        assert high - 0.2 * (high - low) < max(values) <= high
        assert all(isinstance(value, int) == factor.whole for value in values)
    assert of_design(tmp_path, design).points == study.points


def test_a_latin_hypercube_meets_every_slice(tmp_path: Path) -> None:
    values = sorted(point[0] for point in of_design(tmp_path, "{kind: latin_hypercube, points: 40}").points)
    slices = np.floor((np.array(values) - 0.3) / 0.4 * 40).astype(int)
    assert slices.tolist() == list(range(40))


@pytest.mark.parametrize("design", [independent, sobol])
def test_more_points_keep_the_first_ones(design) -> None:
    axes = [Factor("a"), Factor("b", 1.0, 9.0, whole=True)]
    assert design(axes, 64, 3)[:16] == design(axes, 16, 3)


def test_whole_numbers_have_even_shares() -> None:
    values = [point[0] for point in independent([Factor("n", 1.0, 4.0, whole=True)], 8000, 1)]
    assert np.bincount(values)[1:] == pytest.approx([2000] * 4, abs=4.5 * 39)


def test_listed_values_are_drawn_too() -> None:
    assert {point[0] for point in latin_hypercube([Factor("w", values=("a", "b"))], 10, 1)} == {"a", "b"}
    with pytest.raises(DesignError, match="power of 2, such as 8 or 16"):
        sobol([Factor("a")], 12, 1)


def test_units_and_switches_and_words(tmp_path: Path) -> None:
    factors = "{users.women: [20 %, 0.4], days: [2 weeks, 1 month], mechanisms.group_advocacy: [true, false]}"
    study = of_design(tmp_path, "grid", factors)
    assert study.points[0] == (0.2, 14, True)
    assert study.points[-1] == (0.4, 30, False)
    assert study.scenario("usual-care", 0).users.women == 0.2
    assert study.scenario("usual-care", 0).mechanisms.group_advocacy is True
    assert study.scenario("usual-care", 7).days == 30


def test_common_random_numbers_and_every_run_once(study: Path) -> None:
    loaded = load_study(study)
    runs = planned(loaded)
    assert len(runs) == RUNS
    assert len({run.address for run in runs}) == RUNS
    seeds = {}
    for run in runs:
        seeds.setdefault(run.replicate, set()).add(run.seed)
    assert [len(of_one) for of_one in seeds.values()] == [1] * 5
    assert all((one.point, one.lever) <= (other.point, "z") for one, other in pairwise(runs))


@pytest.mark.parametrize("name", shipped_files())
def test_the_address_is_that_of_the_resolved_scenario(name: str) -> None:
    """A value set in the text of a scenario gives the same address as a scenario with that value."""
    scenario = load_scenario(name)
    tree = Tree(scenario)
    setting = ((("users", "empathy", "mean"), 0.44), (("society", "public_stigma"), 0.5))
    built = tree.built(setting)
    assert built.users.empathy.mean == 0.44
    assert Tree(built).digest(()) == tree.digest(setting) != tree.digest(())
    assert Tree(scenario.with_changes(title="x", seed=5, replicates=3)).digest(()) == tree.digest(())
    assert Tree(scenario.with_changes(days=7)).digest(()) != tree.digest(())


def test_the_contents_of_a_file_are_part_of_the_address(tmp_path: Path) -> None:
    base = "extends: fourteen-participants\n"
    first = Tree(load_study(write_study(tmp_path, HEAD + "design: replicates\n", base)).levers["usual-care"])
    path = next(centre.users_file for centre in first.scenario.centres.values())
    assert path is not None
    copy = tmp_path / path.name
    copy.write_bytes(path.read_bytes())
    name = next(iter(first.scenario.centres))
    text = f"{base}centres: {{{name}: {{users_file: {copy.name}}}}}\n"
    same = Tree(load_study(write_study(tmp_path, HEAD + "design: replicates\n", text)).levers["usual-care"])
    assert same.digest(()) == first.digest(())
    copy.write_text(re.sub(r"3[0-9]", "31", copy.read_text(encoding="utf-8"), count=1), encoding="utf-8")
    other = Tree(load_study(write_study(tmp_path, HEAD + "design: replicates\n", text)).levers["usual-care"])
    assert other.digest(()) != first.digest(())


def test_every_shipped_study_loads_and_every_point_of_it_is_possible() -> None:
    assert {"threshold-by-closeness", "centre-size"} <= set(shipped.names())
    for name in shipped.names():
        study = load_study(name)
        assert study.question
        assert study.outcomes
        for lever in study.levers:
            for point in range(len(study.points)):
                assert study.scenario(lever, point).days == study.days


def test_levers_are_laid_over_the_policies_of_the_base(tmp_path: Path) -> None:
    base = "extends: baseline\npolicies: {calls: {policy: outreach}}\n"
    study = load_study(write_study(tmp_path, STUDY, base))
    assert list(study.levers["usual-care"].policies) == ["calls"]
    assert list(study.levers["pairs"].policies) == ["calls", "pairs"]
    assert study.usual_care == "usual-care"
