"""Every shipped scenario loads under its name, runs, and is what it claims."""

from functools import cache

import numpy as np
import pytest
from reading import ROOT

from sim.engine import Engine
from sim.outcomes.catalogue import PRIMARY
from sim.policies import POLICIES
from sim.run import run
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.scenario import Centre, Scenario
from sim.scenario.text.files import shipped_files, shipped_folder

NAMES = list(shipped_files())
OF_POLICIES = {key.replace("_", "-"): key for key in POLICIES}
MANY = 10
"""Centres from which a run in these tests is kept short."""


@cache
def shipped_scenario(name: str) -> Scenario:
    """Load a shipped scenario, once."""
    return load_scenario(name)


def number_of_centres(scenario: Scenario) -> int:
    """Count the centres of a scenario, copies included."""
    return sum(centre.copies for centre in scenario.centres.values())


@cache
def in_centres(name: str, days: int, outcome: str) -> dict[str, np.ndarray]:
    """Run a scenario of many centres without settling; return an outcome by centre, shape (days,) each."""
    done = run(shipped_scenario(name).with_changes(settling=0), 1, days=days)
    return {centre: done.daily[outcome][:, c] for c, centre in enumerate(done.centres)}


def of_kind(values: dict[str, np.ndarray], kind: str) -> np.ndarray:
    """Return the rows of the copies of one centre, shape (copies, days)."""
    return np.array([row for centre, row in values.items() if centre.rpartition("-")[0] == kind])


def test_scenarios_are_shipped():
    assert {"baseline", "strangers", "freshmen", "fourteen-participants", *OF_POLICIES} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_scenario_loads_under_its_name_and_says_what_it_is(name):
    scenario = shipped_scenario(name)
    assert scenario.name == name
    assert scenario.title
    assert scenario.question.endswith("?")


@pytest.mark.parametrize("name", NAMES)
def test_the_file_says_what_it_stands_for_and_states_only_differences(name):
    schema, *lines = (shipped_folder() / f"{name}.yaml").read_text(encoding="utf-8").splitlines()
    assert schema == "# yaml-language-server: $schema=schema.json"
    comment = [
        line for line in lines[: next(k for k, line in enumerate(lines) if not line.startswith("#"))] if line[1:]
    ]
    assert comment
    assert name == "baseline" or "extends: baseline" in lines


@pytest.mark.parametrize("name", NAMES)
def test_the_scenario_lives(name):
    scenario = shipped_scenario(name)
    many = number_of_centres(scenario) >= MANY
    done = run(scenario.with_changes(settling=0) if many else scenario, 1, days=5 if many else 28)
    assert all(np.isfinite(done.daily[outcome]).all() for outcome in PRIMARY)
    assert done.daily["users"].min() > 0
    assert done.daily["attended"].sum() > 0


@pytest.mark.parametrize("name", NAMES)
def test_the_scenario_is_listed(name):
    assert f"[`{name}`]({name}.yaml)" in (ROOT / "scenarios" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", OF_POLICIES)
def test_each_policy_has_a_scenario_that_differs_from_the_baseline_by_it_alone(name):
    scenario, baseline = shipped_scenario(name), shipped_scenario("baseline")
    (use,) = scenario.policies.values()
    own = {"name", "title", "question", "policies"}
    assert scenario.model_dump(exclude=own) == baseline.model_dump(exclude=own)
    options = {"grouping": "rotating"} if name == "activity-timetable" else {}
    assert use == POLICIES[OF_POLICIES[name]](policy=OF_POLICIES[name], **options)


def test_usual_care_changes_nothing_at_all():
    plain = Scenario(name="x", days=30)
    cared = plain.with_changes(policies={"as-ever": POLICIES["usual_care"](policy="usual_care")})
    assert run(plain, 4).daily.tobytes() == run(cared, 4).daily.tobytes()


def test_a_centre_of_defaults_is_the_centre_of_the_baseline():
    """So centres of other scenarios can claim to be like the baseline's."""
    assert shipped_scenario("baseline").centres["park"] == Centre()


def test_the_places_are_what_their_names_say():
    sizes = {
        name: shipped_scenario(name).centres["park"]
        for name in ("small-rural-centre", "baseline", "large-urban-centre")
    }
    assert [centre.users for centre in sizes.values()] == sorted({centre.users for centre in sizes.values()})
    assert len(sizes["small-rural-centre"].open) < 5 < len(sizes["large-urban-centre"].open)
    leavers = [
        run(shipped_scenario(name), 1, days=730).daily["leavers"].sum() for name in ("baseline", "high-turnover")
    ]
    assert leavers[1] > 1.5 * leavers[0]


def test_the_freshmen_are_strangers_who_come_daily_stay_well_and_stay():
    done = run(shipped_scenario("freshmen"), 1)
    daily = done.daily[:, 0]
    assert len(daily) == 27 * 7
    assert set(daily["users"]) == {32}
    assert daily["leavers"].sum() == daily["unwell_share"].max() == daily["public_stigma"].max() == 0.0
    assert daily["self_stigma"].max() < 0.1
    assert daily["attended"][daily["attended"] > 0].mean() > 0.8 * 32
    assert daily["acquaintances"][0] < 1.0
    assert [survey.day // 7 for survey in done.surveys] == [3, 6, 9, 15, 21, 27]


def test_the_freshmen_differ_from_the_baseline_by_what_is_said_of_them_alone():
    """Mechanisms and parameters are the baseline's, so the comparison tests the model."""
    freshmen, baseline = (shipped_scenario(name).model_dump() for name in ("freshmen", "baseline"))
    differing = set()

    def compare(one, other, path):
        for key in one:
            if isinstance(one[key], dict) and one[key].keys() == other[key].keys():
                compare(one[key], other[key], f"{path}{key}.")
            elif one[key] != other[key]:
                differing.add(f"{path}{key}")

    compare(freshmen, baseline, "")
    relapses = {f"rules.episodes.relapse_{name}" for name in ("schizophrenia", "bipolar", "ocd", "epileptic")}
    stigma = {"society.public_stigma", "society.public_stigma_reference", "users.stigma_disposition.mean",
              "users.stigma_disposition.sd"}  # fmt: skip
    own = {"name", "title", "question", "days", "settling", "centres.park.users", "network.kind"}
    coming = {"rules.attendance.base_share", "rules.turnover.leaving_rate"}
    asked = {"observe.waves", "observe.level", "observe.forgetting"}
    assert differing == own | relapses | stigma | coming | asked


def test_the_portfolio_runs_short_of_staff_and_the_last_priority_goes_without():
    engine = Engine(shipped_scenario("portfolio"), 1)
    engine.advance(140)
    reviews = engine.review.records()
    last = reviews[reviews["day"] == reviews["day"].max()]
    wanted, served = {}, {}
    for use in engine.review.running:
        row = last[last["use"] == engine.review.names.index(use.name)]
        wanted[use.use.priority] = wanted.get(use.use.priority, 0.0) + row["hours_wanted"].sum()
        served[use.use.priority] = served.get(use.use.priority, 0.0) + row["hours_served"].sum()
    *others, least = sorted(wanted)
    assert len(others) >= 2
    assert [served[priority] for priority in others] == pytest.approx([wanted[priority] for priority in others])
    assert 0.0 < served[least] < 0.5 * wanted[least]
    assert engine.daily["staff_hours_unserved"][-1, 0] > 0.0


def test_the_roll_out_reaches_the_centres_at_different_dates():
    hours = in_centres("roll-out", 180, "staff_hours")
    first, second, waiting = (of_kind(hours, kind) for kind in ("first", "second", "waiting"))
    assert len(first) == len(second) == len(waiting) == 4
    (early,), (late,) = ({int(row.argmax()) for row in rows > 0} for rows in (first, second))
    assert 28 <= early < 56, "before circles begin as well"
    assert late - early == 16 * 7
    assert waiting.sum() == 0.0


def test_respite_is_set_off_where_burden_has_been_high_and_only_there():
    scenario = shipped_scenario("triggered-respite")
    begun, ended = [], 0
    for seed in range(1, 9):
        engine = Engine(scenario, seed)
        engine.advance(scenario.days)
        acted = engine.daily["staff_hours"][:, 0] > 0
        level = engine.review.records()["level"] > 0
        begun += [int(acted.argmax())] if acted.any() else []
        ended += bool((level[:-1] & ~level[1:]).any())
    assert 2 <= len(begun) < 8
    assert min(begun) >= 21
    assert ended >= 1


def test_the_district_has_controls_and_three_kinds_of_policies():
    hours, money = (in_centres("district", 28, outcome) for outcome in ("staff_hours", "money"))
    assert number_of_centres(shipped_scenario("district")) == len(hours) == 20
    assert of_kind(hours, "control").sum() == of_kind(money, "control").sum() == 0.0
    assert (of_kind(hours, "worker") > 0).all()
    assert (of_kind(hours, "circle") > 0).all()
    assert (of_kind(money, "staffed") > 0).all()
    assert of_kind(hours, "staffed").sum() == 0.0


def test_the_city_has_250_centres_of_more_than_one_kind_and_policy():
    city = shipped_scenario("city")
    assert number_of_centres(city) == 250
    assert len(city.centres) > 2
    assert len({use.policy for use in city.policies.values()}) > 1
    hours = in_centres("city", 10, "staff_hours")
    assert len(hours) == 250
    assert (of_kind(hours, "trained")[:, -1] > 0).all()
    assert of_kind(hours, "usual").sum() == of_kind(hours, "large").sum() == 0.0
