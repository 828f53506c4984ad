"""Factors by grade of evidence: which parameters a wildcard covers, and the message when it covers none."""

from pathlib import Path

import pytest

from experiments.compare.draws import UNKNOWN, unknown_parameters
from experiments.runs.executors import InProcess
from experiments.studies import load_study
from experiments.studies.evidence import numbers
from experiments.sweep.make import sweep
from experiments.sweep.results import failures, results
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.scenario import RULE_PARAMETERS, SCENARIO_PARAMETERS
from sim.scenario.schema.users import USER_PARAMETERS
from sim.scenario.text.errors import ScenarioError
from tests.conftest import Dayroom
from tests.studies.test_study_refused import HEAD, told
from tests.sweep.conftest import BASE, write_study

MORRIS = HEAD + "design: {kind: morris, trajectories: 4}\nreplicates: 2\nfactors:\n"
TWO_CENTRES = BASE.replace("  east: {users: 5}\n", "  east: {users: 5}\n  west: {users: 6}\n")
LEVERS = "levers: {usual-care: {}, pairs: {policies: {p: {policy: buddy_scheme}, c: {policy: disclosure_circle}}}}\n"


def paths(folder: Path, factors: str, base: str = BASE, levers: str = "") -> list[str]:
    """Return the paths of the factors of a study."""
    study = load_study(write_study(folder, f"{MORRIS}{factors}{levers}", base))
    return [factor.path for factor in study.factors]


def graded(parameters, grades: tuple[str, ...], prefix: str = "") -> list[str]:
    """Return the paths of parameters of some grades, read from their declarations."""
    chosen = [p for p in parameters if p.quantity.grade in grades and p.quantity.plausible[0] < p.quantity.plausible[1]]
    return [prefix + p.path for p in chosen]


def test_a_wildcard_stands_for_every_number_of_its_grade_in_declared_order(tmp_path: Path) -> None:
    assumed = graded(RULE_PARAMETERS, ("assumed",), "rules.")
    assert len(assumed) > 100
    assert paths(tmp_path, "  rules.**: assumed\n") == assumed


def test_a_list_of_grades_takes_them_together(tmp_path: Path) -> None:
    wanted = graded(USER_PARAMETERS, ("assumed", "calibrated"), "users.")
    assert paths(tmp_path, "  users.**: [calibrated, assumed]\n") == wanted


def test_a_section_within_a_section(tmp_path: Path) -> None:
    wanted = [path for path in graded(RULE_PARAMETERS, ("assumed",), "rules.") if path.startswith("rules.turnover.")]
    assert paths(tmp_path, "  rules.turnover.**: assumed\n") == wanted


def test_everything_is_every_assumed_number_but_the_length_of_the_run_and_what_surveys_ask(tmp_path: Path) -> None:
    declared = set(graded(SCENARIO_PARAMETERS, ("assumed",)))
    found = paths(tmp_path, '  "**": assumed\n')
    assert len(set(found)) == len(found)
    surveys = {path for path in declared if path.startswith("observe.")}
    assert surveys
    assert declared - set(found) == {"days", "settling", *surveys}
    assert all(path in declared or path.startswith("network.arguments.") for path in found)


def test_ranges_are_the_plausible_ones_and_whole_numbers_stay_whole(tmp_path: Path) -> None:
    study = load_study(write_study(tmp_path, MORRIS + "  centres.*.**: assumed\n"))
    by_path = {parameter.path: parameter for parameter in SCENARIO_PARAMETERS}
    for place, factor in enumerate(study.factors):
        known = by_path[factor.path]
        assert (factor.low, factor.high) == known.quantity.plausible
        assert factor.meaning == known.quantity.meaning
        assert {isinstance(point[place], int) for point in study.points} == {known.whole}
        assert all(factor.low <= point[place] <= factor.high for point in study.points)


def test_one_value_for_all_centres_or_one_centre_alone(tmp_path: Path) -> None:
    everywhere = load_study(write_study(tmp_path, MORRIS + "  centres.*.**: assumed\n", TWO_CENTRES))
    users = next(factor for factor in everywhere.factors if factor.path == "centres.*.users")
    assert users.places["usual-care"] == (("centres", "east", "users"), ("centres", "west", "users"))
    assert "centres.*.timetable.*.minutes" in [factor.path for factor in everywhere.factors]
    west = load_study(write_study(tmp_path, MORRIS + "  centres.west.**: assumed\n", TWO_CENTRES))
    assert {factor.path.split(".")[1] for factor in west.factors} == {"west"}
    assert [factor.path.split(".")[2:] for factor in west.factors] == [
        factor.path.split(".")[2:] for factor in everywhere.factors
    ]


def test_of_a_policy_only_what_it_does_to_people_is_taken(tmp_path: Path) -> None:
    every = paths(tmp_path, "  policies.**: assumed\n", levers=LEVERS)
    assert every == [
        "policies.*.buddy_scheme.closeness",
        *(f"policies.*.disclosure_circle.{name}" for name in ("openness", "facilitation", "discretion")),
    ]
    assert paths(tmp_path, "  policies.*.disclosure_circle.**: assumed\n", levers=LEVERS) == every[1:]
    assert paths(tmp_path, "  policies.p.**: assumed\n", levers=LEVERS) == ["policies.p.closeness"]
    study = load_study(write_study(tmp_path, MORRIS + '  "**": assumed\n' + LEVERS))
    closeness = next(factor for factor in study.factors if factor.path == every[0])
    assert closeness.places == {"usual-care": (), "pairs": (("policies", "p", "closeness"),)}


def test_a_factor_named_by_itself_wins_in_its_own_place(tmp_path: Path) -> None:
    text = "  rules.turnover.**: assumed\n  rules.turnover.vacancy_days: {from: 7, to: 30}\n"
    study = load_study(write_study(tmp_path, MORRIS + text))
    found = {factor.path: factor for factor in study.factors}
    assert (found["rules.turnover.vacancy_days"].high, len(found)) == (30.0, len(study.factors))
    assert [factor.wildcard for factor in study.factors] == ["rules.turnover.**"] * (len(found) - 1) + [""]


def test_a_parameter_that_two_wildcards_meet_is_one_factor(tmp_path: Path) -> None:
    once = paths(tmp_path, "  rules.**: assumed\n")
    assert paths(tmp_path, "  rules.**: assumed\n  rules.turnover.**: assumed\n") == once


def test_except_takes_out_paths_and_sections(tmp_path: Path) -> None:
    before = paths(tmp_path, "  users.**: assumed\n")
    text = "  users.**: {grade: assumed, except: [users.empathy.**, users.interest.sd]}\n"
    gone = ["users.empathy.mean", "users.empathy.sd", "users.interest.sd"]
    assert paths(tmp_path, text) == [path for path in before if path not in gone]


def test_levels_are_for_grids_as_of_other_factors(tmp_path: Path) -> None:
    text = HEAD + "design: grid\nfactors:\n  users.empathy.**: {grade: assumed, levels: 3}\n"
    assert len(load_study(write_study(tmp_path, text)).points) == 9


def test_compare_and_a_study_take_the_same_for_unknown() -> None:
    base = load_scenario("baseline")
    chosen = {parameter.path for parameter in unknown_parameters([base])}
    mine = {one.parameter.path for one in numbers(base, UNKNOWN) if one.names[0] in ("rules", "users")}
    assert chosen == mine
    assert mine == {
        *graded(RULE_PARAMETERS, UNKNOWN, "rules."),
        *graded(USER_PARAMETERS, UNKNOWN, "users."),
    }


WRONG = {
    "unknown section": (
        "  ruls.**: assumed\n",
        "6:3: factors: there is no section 'ruls': 'ruls' does not exist; did you mean 'rules.**'? allowed: name, ",
    ),
    "unknown section below": (
        "  rules.turnovr.**: assumed\n",
        "6:3: factors: there is no section 'rules.turnovr': 'turnovr' does not exist in rules; did you mean "
        "'rules.turnover.**'?",
    ),
    "unknown centre": (
        "  centres.est.**: assumed\n",
        "6:3: factors: there is no section 'centres.est': 'est' does not exist in centres; did you mean "
        "'centres.east.**'? allowed: east",
    ),
    "below a number": (
        "  users.empathy.mean.**: assumed\n",
        "6:3: factors: 'users.empathy.mean.**' is below a number; name the number itself; did you mean "
        "'users.empathy.mean'?",
    ),
    "unknown grade": (
        "  rules.**: asumed\n",
        "6:13: factors.rules.**.grade.1: found 'asumed'; did you mean 'assumed'? allowed: one of measured, ",
    ),
    "unknown grade in a list": ("  rules.**: [assumed, guessed]\n", "6:23: factors.rules.**.grade.2: found 'guessed'"),
    "no grade": ("  rules.**: []\n", "6:13: factors.rules.**.grade: found an empty list, allowed is a list"),
    "grade missing": (
        "  rules.**: {except: [rules.turnover.**]}\n",
        "6:3: factors.rules.**.grade: this key is missing, allowed is a list; each item is one of measured, ",
    ),
    "unknown key": (
        "  rules.**: {grade: assumed, excpt: [rules.turnover.**]}\n",
        "6:30: unknown key 'excpt' in factors.rules.**; did you mean 'except'? allowed: levels, grade, except",
    ),
    "nothing of this grade": (
        "  society.**: calibrated\n",
        "6:15: factors.society.** takes no parameter: below it none is calibrated; there are 2 assumed",
    ),
    "no number at all": (
        "  mechanisms.**: assumed\n",
        "6:18: factors.mechanisms.** takes no parameter: below it none is assumed; there is none with a plausible",
    ),
    "except of nothing": (
        "  rules.**: {grade: assumed, except: [rules.turnover.work_shar]}\n",
        "6:39: factors.rules.**.except: 'rules.turnover.work_shar' names nothing that rules.** takes; did you mean "
        "'rules.turnover.work_share'?",
    ),
    "except of another section": (
        "  rules.**: {grade: assumed, except: [users.**]}\n",
        "6:39: factors.rules.**.except: 'users.**' names nothing that rules.** takes",
    ),
    "except that is no text": (
        "  rules.**: {grade: assumed, except: [3]}\n",
        "6:39: factors.rules.**.except.1: found 3, allowed is text",
    ),
    "except of all": (
        "  society.**: {grade: assumed, except: [society.**]}\n",
        "6:40: factors.society.**.except leaves no parameter",
    ),
    "levels without a grid": (
        "  society.**: {grade: assumed, levels: 3}\n",
        "6:15: factors.society.**: levels go with the design grid, not with morris",
    ),
    "levels that are none": (
        "  society.**: {grade: assumed, levels: 1}\n",
        "6:40: factors.society.**.levels: found 1, allowed is a whole number, 2 to 1000",
    ),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_in_its_place(tmp_path: Path, wrong: tuple[str, str]) -> None:
    lines = told(tmp_path, MORRIS + wrong[0])
    assert any(line.startswith(wrong[1]) for line in lines), lines


def test_one_of_two_centres_named_by_itself_is_told(tmp_path: Path) -> None:
    text = MORRIS + "  centres.*.**: assumed\n  centres.west.users: plausible\n"
    (tmp_path / "base.yaml").write_text(TWO_CENTRES, encoding="utf-8")
    path = tmp_path / "small.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"7:3: factors.centres.west.users sets what centres.\*.users sets already"):
        load_study(path)


def test_a_grid_of_everything_is_refused_at_once(tmp_path: Path) -> None:
    lines = told(tmp_path, HEAD + 'design: grid\nfactors: {"**": assumed}\n')
    assert "3:9: design: a grid of " in lines[0]
    assert "points, allowed are at most 1,000,000" in lines[0]


def test_points_that_contradict_themselves_become_failed_runs(tmp_path: Path) -> None:
    factors = "  users.age_mean: {from: 20, to: 30}\n  users.age_sd: {from: 8, to: 20}\n  rules.turnover.**: assumed\n"
    study = load_study(write_study(tmp_path, MORRIS + factors))
    swept = sweep(study, tmp_path / "store", InProcess())
    assert 0 < swept.failed < swept.planned
    failed = failures(study, tmp_path / "store")
    assert set(failed["where"]) == {"building"}
    assert failed["error"].str.contains("the values of this point do not go together: users: age_sd").all()
    assert results(study, tmp_path / "store")["status"].value_counts()["failed"] == len(failed)


def test_a_dry_run_says_what_the_wildcard_stands_for(
    tmp_path: Path, dayroom: Dayroom, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_study(tmp_path, MORRIS + "  society.**: assumed\n")
    assert dayroom("sweep", path, "--dry-run", "--store", tmp_path / "store", "--jobs", 1) == 0
    assert "factors.society.** stands for 2 parameters, each over its plausible range" in capsys.readouterr().out


def test_the_shipped_screening_asks_about_assumptions_alone() -> None:
    study = load_study("which-assumptions-matter")
    base = study.levers[study.usual_care]
    assumed = [one.parameter.path for one in numbers(base, ("assumed",))]
    chosen = [factor.path for factor in study.factors]
    assert chosen == [path for path in assumed if path in set(chosen)]
    assert len(chosen) > 200
    assert 10_000 <= len(study.points) * study.replicates <= 24_000
    assert study.replicates >= 4


def test_a_budget_of_hours_alone_is_no_guess_about_people() -> None:
    scenario = load_scenario("baseline").with_changes(budget={"hours": 4.0})
    assert not [one for one in numbers(scenario, ["assumed"]) if one.names[0] == "budget"]
