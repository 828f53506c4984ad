"""Centres with listed users and surveyed ties: who they are on day 0, and that nothing was lived before."""

import numpy as np
import pytest

from experiments.store.frames import users_frame
from sim.engine import Engine
from sim.language import Language, speaking
from sim.model import DayCentre
from sim.outcomes.catalogue import DAILY_COLUMNS
from sim.rules.episodes import relapse_hazard
from sim.run import run
from sim.scenario.reading.load import load_scenario
from sim.scenario.reading.roster import DIAGNOSIS, Person, read_roster
from sim.scenario.schema.scenario import Network, Scenario
from sim.scenario.schema.users import Users
from sim.state.build import build
from sim.state.columns import ACQUAINTANCE, FRIEND, HOUSEHOLDS, MARITAL, OCCUPATIONS
from sim.state.listed.donors import COMPARED, matched
from sim.state.listed.statement import MAPPED, starts
from sim.state.people import TRAITS, conditional_years

LIST = """\
participant,sex,diagnosis,age,marital_status,occupation,years_in_centre,years_ill,lives_with
Ann,F,depression,31,married,unemployed,0.08,3,spouse
Bo,M,schizophrenia,44,unmarried,unemployed,12,20,parents
Cai,M,other,,widowed,retired,9,,alone
Dai,?,schizophrenia,52,divorced,-,7,22,group home
Eva,F,bipolar disorder,38,unmarried,part-time/volunteer,3,unknown,parents
Fan,M,schizophrenia,41,unmarried,unemployed,,15,parents
Gu,M,,,,,,,
Hua,F,schizophrenia,36,unmarried,unemployed,5,14,parents
Ida,F,intellectual disability,29,unmarried,unemployed,0.08,NA,parents
Jin,M,schizophrenia,47,unmarried,unemployed,14,25,parents
Kai,M,obsessive-compulsive disorder,33,unmarried,unemployed,2,9,parents
,M,schizophrenia,40,unmarried,unemployed,6,18,parents
"""
SURVEY = "source,target,closeness\nBo,Jin,0.7\nJin,Bo,0.6\nBo,Ann,0.5\nHua,Eva,0.8\nCai,,\n"
SETTLING = 400


def scenario(folder, survey: str = "", settling: int = SETTLING, **changes) -> Scenario:
    """Return a centre of fourteen with the twelve of the list, and with a survey if there is one."""
    (folder / "list.csv").write_text(LIST, encoding="utf-8")
    given = {"name": "x", "days": 28, "settling": settling}
    given["centres"] = {"c": {"users": 14, "users_file": folder / "list.csv"}}
    if survey:
        (folder / "ties.csv").write_text(survey, encoding="utf-8")
        given["network"] = {"kind": "file", "file": folder / "ties.csv"}
    return Scenario.model_validate(given | changes)


def unlisted(given: Scenario) -> Scenario:
    """Return the scenario with sampled users and a generated network."""
    centre = given.centres["c"].model_copy(update={"users_file": None})
    return given.with_changes(centres={"c": centre}, network=Network())


def by_name(engine: Engine):
    """Return the rows of the enrolled users by name."""
    rows = engine.state.users[engine.enrolled]
    return {engine.names.get(int(row.uid), int(row.uid)): row for row in rows}


def closeness(engine: Engine, one: str, other: str) -> float:
    """Return how close one user feels to another."""
    users, centre = by_name(engine), engine.state.centres[0]
    at = centre.first_tie + users[one].seat * centre.capacity + users[other].seat
    return float(engine.state.ties["closeness"][at])


def test_listed_users_are_on_day_0_who_the_list_says(tmp_path):
    engine = Engine(scenario(tmp_path), 3)
    users = by_name(engine)
    people = read_roster(tmp_path / "list.csv")
    assert {person.name for person in people} <= set(users)
    assert people[-1].name == "row 13"
    for person in people:
        row = users[person.name]
        if "age" not in person.gaps():
            assert person.age_low <= row.age < person.age_high + 1
        for name in {"years_in_centre", "years_ill", "marital_status", "lives_with", "diagnosis"} - set(person.gaps()):
            assert row[name] == getattr(person, name)
        assert row.arrived == -365.25 * row.years_in_centre
        assert row.years_in_centre <= row.years_ill <= row.age - 10
        assert row.open_days == 0
    assert MARITAL[users["Ann"].marital_status] == "married"
    assert HOUSEHOLDS[users["Dai"].lives_with] == "group home"


def test_newcomers_of_last_month_have_no_old_friends(tmp_path):
    friends = [by_name(Engine(scenario(tmp_path), seed))[name].friends for seed in range(6) for name in ("Ann", "Ida")]
    old = [by_name(Engine(scenario(tmp_path), seed))[name].friends for seed in range(6) for name in ("Bo", "Jin")]
    assert friends == [0] * 12
    assert np.mean(old) > 1


def test_who_a_listed_user_is_does_not_depend_on_the_others(tmp_path):
    given = scenario(tmp_path)
    before = by_name(Engine(given, 3))
    text = LIST.replace("Cai,M,other,,widowed,retired,9,,alone\n", "") + "Zoe,F,schizophrenia,50,,,1,8,\n"
    (tmp_path / "list.csv").write_text(text, encoding="utf-8")
    after = by_name(Engine(given, 3))
    own = (*TRAITS, "age", "years_ill", "arrived", "occupation", "uid")
    for name in ("Ann", "Gu", "Fan", "Kai"):
        assert [before[name][column] for column in own] == [after[name][column] for column in own]


def test_states_and_ties_are_those_of_the_settled_centre(tmp_path):
    given = scenario(tmp_path)
    names = ("mood", "burden", "identity", "self_stigma", "hope", "threshold", "habit", "self_worth")
    pairs = []
    for seed in range(12):
        mine, theirs = (Engine(one, seed) for one in (given, unlisted(given)))
        rows = [engine.state.users[engine.enrolled] for engine in (mine, theirs)]
        pairs.append([rows[0][name].mean() - rows[1][name].mean() for name in names])
    apart = np.array(pairs)
    assert (np.abs(apart.mean(axis=0)) < 4.5 * apart.std(axis=0, ddof=1) / len(apart) ** 0.5 + 1e-12).all()


def test_surveyed_ties_are_as_surveyed_and_the_rest_is_filled(tmp_path):
    engine = Engine(scenario(tmp_path, SURVEY), 3)
    assert closeness(engine, "Bo", "Jin") == 0.7
    assert closeness(engine, "Bo", "Ann") == 0.5
    assert closeness(engine, "Hua", "Eva") == 0.8
    assert all(closeness(engine, "Cai", name) < FRIEND for name in ("Bo", "Jin", "Ann", "Hua"))  # Cai named nobody
    assert closeness(engine, "Hua", "Bo") < FRIEND
    block = engine.state.ties["closeness"].reshape(14, 14)
    asked = [by_name(engine)[name].seat for name in ("Bo", "Jin", "Ann", "Hua", "Eva", "Cai")]
    others = np.setdiff1d(np.arange(14), asked)
    assert (block[np.ix_(others, others)] >= ACQUAINTANCE).any()
    counted = (block >= FRIEND).sum(axis=1)
    assert {row.seat: row.friends for row in by_name(engine).values()} == dict(enumerate(counted))


def test_a_survey_without_a_list_names_sampled_users(tmp_path):
    given = scenario(tmp_path, SURVEY)
    alone = given.with_changes(centres={"c": given.centres["c"].model_copy(update={"users_file": None})})
    engine = Engine(alone, 3)
    assert {"Bo", "Jin", "Ann", "Hua", "Eva", "Cai"} <= set(by_name(engine))
    assert closeness(engine, "Bo", "Jin") == 0.7
    strangers = Engine(alone.with_changes(settling=0), 3)
    assert closeness(strangers, "Bo", "Jin") == 0.7
    assert strangers.state.ties["closeness"].astype(bool).sum() == 4


def test_without_settling_nothing_is_filled(tmp_path):
    given = scenario(tmp_path, SURVEY, settling=0)
    ties = Engine(given, 3).state.ties["closeness"]
    assert np.array_equal(
        ties, Engine(given.with_changes(network={"missing": "reciprocate"}), 3).state.ties["closeness"]
    )
    assert (ties > 0).sum() == 4


@pytest.mark.parametrize("missing", ["reciprocate", "empty"])
def test_missing_answers_may_stay_without_a_tie(tmp_path, missing):
    given = scenario(tmp_path, SURVEY).with_changes(network={"missing": missing})
    engine = Engine(given, 3)
    listed = [row.seat for name, row in by_name(engine).items() if isinstance(name, str)]
    block = engine.state.ties["closeness"].reshape(14, 14)[np.ix_(listed, listed)]
    assert (block > 0).sum() == 4


def test_centres_without_a_list_are_not_changed_by_a_list_elsewhere(tmp_path):
    given = scenario(tmp_path)
    beside = given.with_changes(centres={"other": {"users": 8}})
    alone = Scenario.model_validate({"name": "x", "days": 28, "settling": SETTLING, "centres": {"other": {"users": 8}}})
    engine, plain = Engine(beside, 3), Engine(alone, 3)
    rows = engine.state.users[engine.enrolled]
    mine, theirs = rows[rows["centre"] == 1], plain.state.users[plain.enrolled]
    assert mine["uid"].tolist() == theirs["uid"].tolist()
    assert mine["friends"].tolist() == theirs["friends"].tolist()


def test_a_full_list_takes_the_seats_that_are_empty_too(tmp_path):
    rules = {"turnover": {"leaving_rate": 4.0, "vacancy_days": 200.0}}
    given = scenario(tmp_path, rules=rules, centres={"c": {"users": 12, "users_file": tmp_path / "list.csv"}})
    assert Engine(unlisted(given), 3).state.centres[0].vacant > 0
    engine = Engine(given, 3)
    assert engine.state.centres[0].vacant == 0
    assert set(by_name(engine)) == {person.name for person in read_roster(tmp_path / "list.csv")}


def settled_rows(number: int, seed: int):
    """Return sampled users and their closeness in a settled centre."""
    given = Scenario.model_validate({"name": "x", "days": 7, "centres": {"c": {"users": number}}})
    state = build(given, seed, DAILY_COLUMNS)
    return state.users[:number], state.ties["closeness"].reshape(number, number).copy()


def test_the_same_people_are_matched_with_themselves():
    rows, _ = settled_rows(12, 3)
    order = np.random.default_rng(3).permutation(12)
    unknown = np.full((12, 12), np.nan)
    doubles, none = np.zeros(12, bool), np.zeros((12, 12))
    assert matched(rows[order], rows, doubles, unknown, none, Users()).tolist() == order.tolist()
    few = matched(rows[order[:7]], rows, doubles, unknown[:7, :7], none, Users())
    assert few.tolist() == order[:7].tolist()
    doubles[order[7:]] = True  # those come first, whoever they are like
    assert set(order[7:]) < set(matched(rows[order[:7]], rows, doubles, unknown[:7, :7], none, Users()).tolist())


def test_a_survey_tells_people_apart_who_are_otherwise_alike():
    rows, ties = settled_rows(12, 3)
    alike = rows.copy()
    for name in (*COMPARED, "sex", "arrived"):
        alike[name] = rows[name][0]
    order = np.random.default_rng(3).permutation(12)
    places = matched(alike, alike, np.ones(12, bool), ties[np.ix_(order, order)], ties, Users())
    found = np.abs(ties[np.ix_(places, places)] - ties[np.ix_(order, order)]).sum()
    by_chance = np.abs(ties - ties[np.ix_(order, order)]).sum()
    assert found < 0.5 * by_chance


YEARS = [(None, None, None), (45.0, None, None), (None, 20.0, None), (None, None, 3.0), (50.0, None, 12.0)]


@pytest.mark.parametrize("known", YEARS)
def test_years_that_are_not_known_make_a_possible_life(known):
    lives = np.array([conditional_years(3, uid, Users(), known, (18.0, 66.0)) for uid in range(300)])
    age, ill, tenure = lives.T
    assert (tenure <= ill).all()
    assert (age - ill >= 10).all()
    assert (age - tenure >= 18).all()
    for column, value in zip(lives.T, known, strict=True):
        assert value is None or (column == value).all()
        assert value is not None or column.std() > 0.5


def test_years_that_are_not_known_follow_those_that_are():
    young, old = (
        np.mean([conditional_years(3, uid, Users(), (age, None, None), (18.0, 66.0))[1] for uid in range(300)])
        for age in (32.0, 50.0)
    )
    sampled = np.mean([conditional_years(3, uid, Users(), (None, None, None), (18.0, 66.0)) for uid in range(300)], 0)
    assert young < sampled[1] < old
    assert old - young > 5
    # A life of which nothing is known is that of a sampled user, so its means are those of the population.
    assert np.abs(sampled - [Users().age_mean, Users().ill_mean, Users().tenure_mean]).max() < 1.5


def test_an_age_stays_in_its_range():
    ages = [conditional_years(3, uid, Users(), (None, None, 20.0), (55.0, 58.0))[0] for uid in range(50)]
    assert min(ages) >= 55
    assert max(ages) <= 58


def test_gaps_are_counted_and_said(tmp_path):
    [start] = starts(scenario(tmp_path, SURVEY))
    assert (start.users, start.listed, start.answered, start.silent, start.filled) == (14, 12, 6, 0, 8)
    assert start.sampled["age"] == 2
    assert start.sampled["only_child"] == 12
    assert start.sampled["names (called by their row)"] == 1
    assert "6 of 14 users surveyed, 0 gave no answer, 8 filled in" in str(start)
    assert "settled centre" in str(start)
    assert "set points" in str(starts(scenario(tmp_path, settling=0))[0])
    assert starts(unlisted(scenario(tmp_path))) == []


def test_a_diagnosis_that_the_study_has_not_is_said_to_be_assumed(tmp_path):
    [start] = starts(scenario(tmp_path, SURVEY))
    assert start.mapped == {"depression": 1, "intellectual disability": 1, "other": 1}
    assert "depression of 1 as bipolar disorder" in str(start)
    assert "counts as another (assumed)" in str(start)
    with speaking(Language.zh):
        assert "1名学员的抑郁症按双相情感障碍" in str(start)
        assert "年龄" in str(start)


def test_who_is_older_than_the_study_is_taken_and_said_to_be_assumed(tmp_path):
    given = scenario(tmp_path)
    (tmp_path / "list.csv").write_text(
        "participant,age,age_low,years_ill\nAnn,72,,55\nBo,40,,\nCai,,70,\n", encoding="utf-8"
    )
    [start] = starts(given)
    assert start.older == 2
    assert "2 older than 65, the oldest in the study, counted as the others (assumed)" in str(start)
    users = by_name(Engine(given, 3))
    assert 72 <= users["Ann"].age < 73
    assert users["Ann"].years_ill == 55
    assert 70 <= users["Cai"].age <= 80
    assert users["Ann"].occupation == users["Cai"].occupation == OCCUPATIONS.index("retired")


def test_the_statement_counts_a_diagnosis_as_the_model_does():
    p = build(Scenario.model_validate({"name": "x", "days": 7}), 1, DAILY_COLUMNS).p[0]
    user = build(Scenario.model_validate({"name": "x", "days": 7}), 1, DAILY_COLUMNS).users[0]
    hazards = {}
    for name, code in DIAGNOSIS.items():
        user["diagnosis"] = code
        hazards[name] = relapse_hazard(user, p)
    assert {name: hazards[name] for name in MAPPED} == {name: hazards[other] for name, other in MAPPED.items()}


def test_a_list_of_names_is_enough(tmp_path):
    (tmp_path / "names.csv").write_text("participant\nAnn\nBo\n", encoding="utf-8")
    assert read_roster(tmp_path / "names.csv") == [Person("Ann", line=2), Person("Bo", line=3)]


def test_the_order_of_the_file_is_of_no_account(tmp_path):
    given = scenario(tmp_path, SURVEY, settling=60)
    text = LIST.replace("\n,M,", "\nLu,M,")  # a row without a name is called by its line
    head, *rows = text.splitlines()
    lived = []
    for order in (rows, rows[::-1]):
        (tmp_path / "list.csv").write_text("\n".join([head, *order]) + "\n", encoding="utf-8")
        engine = Engine(given, 3)
        engine.advance(7)
        lived.append(by_name(engine))
    assert lived[0].keys() == lived[1].keys()
    for name, row in lived[0].items():
        assert row.tobytes() == lived[1][name].tobytes()


def test_a_year_changes_listed_users_as_it_changes_sampled_ones():
    given = load_scenario("fourteen-participants")
    listed = given.centres["park"]
    sampled = given.with_changes(centres={"park": listed.model_copy(update={"users_file": None})})
    changes = [[], []]
    for seed in range(12):
        for kind, one in enumerate((given, sampled)):
            lonely = run(one, seed).daily["loneliness_ucla20"][:, 0]
            changes[kind].append(lonely[-28:].mean() - lonely[:7].mean())
    # Before, listed users settled by themselves, with nobody leaving, and this difference was 2.8 points.
    assert abs(np.mean(changes[0]) - np.mean(changes[1])) < 1.5


def test_names_come_back_in_tables_graphs_and_agents(tmp_path):
    given = scenario(tmp_path, settling=0)
    lived = run(given, 3, graph_days=(0,))
    named = users_frame(lived)["name"].tolist()
    assert named[:3] == ["Ann", "Bo", "Cai"]
    assert {"row 13", "user 0", "user 1"} <= set(named)
    assert set(named) == {user["name"] for _, user in lived.graphs[0].nodes(data=True)}
    assert [agent.name for agent in DayCentre(given, rng=3).agents][:2] == ["Ann", "Bo"]
