"""Who the users are: Table 2 in a large sample, the fourteen participants, and unusable files."""

import csv
from functools import cache

import numpy as np
import pytest
from scipy import stats

from sim.outcomes.catalogue import DAILY_COLUMNS
from sim.scenario.reading.load import load_scenario
from sim.scenario.reading.roster import RosterError, read_roster
from sim.scenario.schema.scenario import Scenario
from sim.scenario.schema.users import Users
from sim.scenario.text.files import shipped_folder
from sim.state.build import build, records, with_newcomers
from sim.state.columns import PRESENT, USER, WAITING
from sim.state.people import TRAITS, fill_uniform, nearest_correlation, quantile, sample
from sim.streams import TRAIT

MANY = 24_000
SIGMAS = 4.5


@cache
def crowd(newcomers: bool = False):
    """Sample a crowd with the default distributions."""
    rows = records(MANY, USER)
    rows["uid"], rows["status"] = np.arange(MANY), WAITING if newcomers else PRESENT
    sample(rows, Users(), 11)
    return rows


TABLE = {"age": (40.6, 6.45), "years_ill": (20.0, 7.8), "years_in_centre": (7.64, 4.01)}
"""Mean and standard deviation as the study states them (section 3.1) or as Table 2 gives them (years ill)."""


@pytest.mark.parametrize(("column", "mean", "sd"), [(name, *of) for name, of in TABLE.items()])
def test_means_are_those_of_the_table(column, mean, sd):
    assert abs(crowd()[column].mean() - mean) < SIGMAS * sd / np.sqrt(MANY)


@pytest.mark.parametrize(("column", "sd"), [(name, sd) for name, (_, sd) in TABLE.items()])
def test_deviations_are_those_of_the_table(column, sd):
    assert crowd()[column].std() == pytest.approx(sd, rel=0.02)


@pytest.mark.parametrize(
    ("one", "other", "r"),
    [("age", "years_ill", 0.71), ("age", "years_in_centre", 0.31), ("years_ill", "years_in_centre", 0.45)],
)
def test_correlations_are_those_of_the_table(one, other, r):
    assert np.corrcoef(crowd()[one], crowd()[other])[0, 1] == pytest.approx(r, abs=0.02)


@pytest.mark.parametrize(
    "stated",
    [{"age_mean": 44.0}, {"age_sd": 4.5}, {"ill_mean": 18.0}, {"ill_sd": 5.5}, {"tenure_mean": 3.0, "tenure_sd": 2.0}],
    ids=str,
)
def test_other_moments_are_met_as_stated_too(stated):
    rows = records(MANY, USER)
    rows["uid"], rows["status"] = np.arange(MANY), PRESENT
    users = Users.model_validate(stated)
    sample(rows, users, 5)
    for column, name in (("age", "age"), ("years_ill", "ill"), ("years_in_centre", "tenure")):
        mean, sd = getattr(users, f"{name}_mean"), getattr(users, f"{name}_sd")
        assert abs(rows[column].mean() - mean) < SIGMAS * sd / np.sqrt(MANY)
        assert rows[column].std() == pytest.approx(sd, rel=0.03)
    assert np.mean(rows["occupation"] == 2) == pytest.approx(users.retired, abs=SIGMAS * np.sqrt(0.07 / MANY))


@pytest.mark.parametrize(
    "stated",
    [
        {"age_mean": 20.0, "age_sd": 1.0, "ill_mean": 40.0},
        {"age_ill_r": 0.2, "ill_sd": 11.0},
        {"age_ill_r": -0.95, "age_tenure_r": -0.95, "ill_tenure_r": -0.95},
        {"age_sd": 0.1, "ill_sd": 0.1, "tenure_sd": 0.1},
    ],
    ids=str,
)
def test_what_cannot_be_met_still_gives_possible_users(stated):
    rows = records(2000, USER)
    rows["uid"], rows["status"] = np.arange(2000), PRESENT
    sample(rows, Users.model_validate(stated), 5)
    assert (rows["years_in_centre"] <= rows["years_ill"] + 1e-9).all()
    assert (rows["age"] - rows["years_in_centre"]).min() >= 18.0 - 1e-9


@pytest.mark.parametrize(
    ("column", "code", "count"),
    [
        ("sex", 1, 4), ("diagnosis", 0, 10), ("diagnosis", 1, 2), ("diagnosis", 2, 1), ("diagnosis", 3, 1),
        ("occupation", 1, 4), ("occupation", 2, 1), ("lives_with", 1, 1), ("lives_with", 2, 1),
        ("marital_status", 1, 2),
    ],
)  # fmt: skip
def test_shares_are_those_of_the_fourteen(column, code, count):
    share = count / 14
    found = np.mean(crowd()[column] == code)
    assert abs(found - share) < SIGMAS * np.sqrt(share * (1 - share) / MANY)


def test_the_numbers_follow_from_the_participants():
    with (shipped_folder() / "participants.csv").open(encoding="utf-8") as file:
        people = list(csv.DictReader(file))
    assert len(people) == 14
    age = np.array([(float(p["age_low"]) + float(p["age_high"])) / 2 for p in people])  # the table has ranges only
    ill, tenure = (np.array([float(p[name]) for p in people]) for name in ("years_ill", "years_in_centre"))
    assert age.mean() == pytest.approx(TABLE["age"][0], rel=0.005)
    for found, name in ((ill, "years_ill"), (tenure, "years_in_centre")):
        assert (found.mean(), found.std(ddof=1)) == pytest.approx(TABLE[name], rel=0.005)
    assert np.corrcoef([age, ill, tenure])[np.triu_indices(3, 1)] == pytest.approx([0.71, 0.31, 0.45], abs=0.01)


def test_everybody_was_old_enough_to_be_included():
    rows = crowd()
    assert rows["age"].min() >= 18.0
    assert rows["age"].max() <= 65.0


def test_nobody_was_ill_before_ten_or_enrolled_before_being_ill_or_of_age():
    rows = crowd()
    assert (rows["years_in_centre"] <= rows["years_ill"]).all()
    assert (rows["age"] - rows["years_ill"]).min() >= 10.0 - 1e-9
    assert (rows["age"] - rows["years_in_centre"]).min() >= 18.0 - 1e-9


def test_the_retired_are_the_oldest():
    rows = crowd()
    assert rows["age"][rows["occupation"] == 2].min() >= rows["age"][rows["occupation"] != 2].max()


def test_newcomers_are_younger_and_have_no_years_in_the_centre():
    old, new = crowd(), crowd(newcomers=True)
    assert (new["years_in_centre"] == 0).all()
    assert new["age"] == pytest.approx(old["age"] - old["years_in_centre"])
    assert new["years_ill"] == pytest.approx(old["years_ill"] - old["years_in_centre"])
    assert new["age"].min() >= 18.0 - 1e-9


def test_a_newcomer_is_the_same_person_otherwise():
    names = (*TRAITS, "sex", "diagnosis", "lives_with", "only_child", "marital_status", "speciality")
    assert all(np.array_equal(crowd()[name], crowd(newcomers=True)[name]) for name in names)


@pytest.mark.parametrize("name", [name for name in TRAITS if name != "interest"])
def test_traits_have_the_mean_and_deviation_they_are_declared_with(name):
    spread = getattr(Users(), name)
    found = crowd()[name]
    assert abs(found.mean() - spread.mean) < SIGMAS * spread.sd / np.sqrt(MANY) + 0.002 * spread.mean
    assert found.std() == pytest.approx(spread.sd, rel=0.03)


def test_traits_are_independent_of_each_other():
    matrix = np.corrcoef([crowd()[name] for name in TRAITS])
    np.fill_diagonal(matrix, 0.0)
    assert np.abs(matrix).max() < SIGMAS / np.sqrt(MANY)


def test_the_speciality_is_the_largest_interest():
    rows = crowd()
    largest = rows["interest"].max(axis=1)
    assert np.array_equal(rows["interest"][np.arange(MANY), rows["speciality"]], largest)


@pytest.mark.parametrize(("law", "mean", "sd"), [("beta", 0.3, 0.15), ("gamma", 3.4, 1.5)])
def test_quantiles_are_those_of_the_law(law, mean, sd):
    shares = np.linspace(0.01, 0.99, 50)
    if law == "beta":
        size = mean * (1 - mean) / sd**2 - 1
        expected = stats.beta.ppf(shares, mean * size, (1 - mean) * size)
    else:
        expected = stats.gamma.ppf(shares, (mean / sd) ** 2, scale=sd**2 / mean)
    assert quantile(shares, law, mean, sd) == pytest.approx(expected, abs=1e-3)


def test_traits_that_are_looked_up_together_have_the_bits_of_each_by_itself():
    rows, users = crowd(), Users()
    draws = np.empty((MANY, len(TRAITS)))
    fill_uniform(np.uint64(11), TRAIT, 0, np.arange(MANY), draws)
    for k, name in enumerate(TRAITS):
        spread = getattr(users, name)
        assert np.array_equal(rows[name], quantile(draws[:, k], spread.law, spread.mean, spread.sd)), name


def test_no_deviation_makes_all_alike():
    assert quantile(np.array([0.01, 0.5, 0.99]), "beta", 0.4, 0.0).tolist() == [0.4] * 3


def test_impossible_correlations_are_shrunk_until_they_are_possible():
    impossible = np.array([[1, 0.9, 0.9], [0.9, 1, -0.9], [0.9, -0.9, 1]])
    found = nearest_correlation(impossible)
    assert np.linalg.eigvalsh(found).min() > 0
    assert np.diag(found) == pytest.approx([1, 1, 1])


def test_possible_correlations_are_left_alone():
    r = np.array([[1, 0.71, 0.31], [0.71, 1, 0.45], [0.31, 0.45, 1]])
    assert np.array_equal(nearest_correlation(r), r)


SEX = {"M": 0, "F": 1}
WORK = {"unemployed": 0, "part-time/volunteer": 1, "retired": 2}
HOME = {"parents": 0, "alone": 1, "child": 2}


def test_the_fourteen_keep_their_background_exactly():
    state = build(load_scenario("fourteen-participants").with_changes(settling=0), 5, DAILY_COLUMNS)
    rows = state.users[state.users["status"] == PRESENT]
    with (shipped_folder() / "participants.csv").open(encoding="utf-8") as file:
        people = list(csv.DictReader(file))
    for row, person in zip(rows, people, strict=True):
        assert row.sex == SEX[person["sex"]]
        assert float(person["age_low"]) <= row.age < float(person["age_high"]) + 1
        assert row.years_in_centre == float(person["years_in_centre"])
        assert row.years_ill == float(person["years_ill"])
        assert row.occupation == WORK[person["occupation"]]
        assert row.marital_status == (person["marital_status"] == "divorced")
        assert row.lives_with == HOME[person["lives_with"]]
        assert row.arrived == -365.25 * float(person["years_in_centre"])
    kinds = ["schizophrenia", "bipolar", "obsessive", "epileptic"]
    found = [next(k for k, kind in enumerate(kinds) if person["diagnosis"].startswith(kind)) for person in people]
    assert rows["diagnosis"].tolist() == found


HEADER = "participant,sex,diagnosis,age_low,age_high,marital_status,occupation,years_in_centre,years_ill"
PERSON = "A,M,schizophrenia,30,35,unmarried,unemployed,3,8"


def refused(tmp_path, *lines: str) -> list[tuple[int, str, str]]:
    """Return what is wrong with a file."""
    path = tmp_path / "users.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(RosterError) as caught:
        read_roster(path)
    assert str(path) in str(caught.value)
    return caught.value.problems


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("sex", "x", "found 'x', allowed is one of male, female"),
        ("diagnosis", "sad", "found 'sad', allowed is one of schizophrenia"),
        ("age_low", "old", "found 'old', allowed is a number from"),
        ("age_high", "200", "found '200', allowed is a number from"),
        ("marital_status", "single", "found 'single', allowed is one of unmarried, married, divorced, widowed"),
        ("occupation", "singer", "found 'singer', allowed is one of unemployed"),
        ("years_in_centre", "-1", "found '-1', allowed is a number from 0"),
        ("years_ill", "inf", "found 'inf', allowed is a number from 0"),
        ("marital_status", "maried", "found 'maried'; did you mean 'married'?"),
    ],
)
def test_a_wrong_cell_is_named_by_line_and_column_with_what_is_allowed(tmp_path, column, value, said):
    cells = dict(zip(HEADER.split(","), PERSON.split(","), strict=True)) | {column: value}
    problems = refused(tmp_path, HEADER, PERSON.replace("A", "B", 1), ",".join(cells.values()))
    line, name, what = problems[0]
    assert (line, name) == (3, column)
    assert what.startswith(said)


def test_every_wrong_cell_is_named_at_once(tmp_path):
    problems = refused(
        tmp_path, HEADER, "A,x,sad,30,35,unmarried,unemployed,3,8", "B,M,schizophrenia,30,35,unmarried,y,3,8"
    )
    assert [(line, column) for line, column, _ in problems] == [(2, "sex"), (2, "diagnosis"), (3, "occupation")]


@pytest.mark.parametrize(
    ("lines", "line", "column", "said"),
    [
        ((HEADER.replace("participant,", ""), PERSON[2:]), 1, "participant", "missing"),
        ((HEADER + ",mood", PERSON + ",1"), 1, "mood", "unknown column, allowed is one of participant"),
        ((HEADER, PERSON, PERSON), 3, "participant", "found 'A' a second time"),
        ((HEADER, PERSON + ",7"), 2, "line", "another number of fields"),
        ((HEADER,), 1, "participant", "names nobody"),
        ((HEADER, PERSON.replace("30,35", "35,30")), 2, "age_high", "found 30, below age_low 35"),
    ],
)
def test_a_wrong_file_says_where(tmp_path, lines, line, column, said):
    problems = refused(tmp_path, *lines)
    assert (problems[0][0], problems[0][1]) == (line, column)
    assert said in problems[0][2]


@pytest.mark.parametrize("gap", ["", " - ", "?", "NA", "n/a", "nan", "Unknown"])
def test_an_empty_cell_is_a_gap_and_no_mistake(tmp_path, gap):
    path = tmp_path / "users.csv"
    for column in HEADER.split(","):
        cells = dict(zip(HEADER.split(","), PERSON.split(","), strict=True)) | {column: gap}
        path.write_text(f"{HEADER}\n{','.join(cells.values())}\n", encoding="utf-8")
        [person] = read_roster(path)
        assert person.gaps() == ({"age_low": "age", "age_high": "age"}.get(column, column), "lives_with", "only_child")
        assert person.name == ("A" if column != "participant" else "row 2")


def test_an_age_may_be_given_as_a_number_or_as_a_range(tmp_path):
    path = tmp_path / "users.csv"
    path.write_text("participant,age,age_low,age_high\nA,40,,\nB,,30,35\nC,40,30,35\n", encoding="utf-8")
    assert [(one.age_low, one.age_high) for one in read_roster(path)] == [(40, 40), (30, 35), (40, 40)]


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(RosterError, match=r"nobody\.csv:0: file: no such file"):
        read_roster(tmp_path / "nobody.csv")


def test_what_a_file_allows_the_state_can_hold(tmp_path):
    ranges = {column.name: column.range for column in USER}
    extremes = ["O,M,schizophrenia,100,100,unmarried,retired,60,80", "Y,F,schizophrenia,16,16,unmarried,unemployed,0,0"]
    path = tmp_path / "users.csv"
    path.write_text("\n".join([HEADER, *extremes]) + "\n", encoding="utf-8")
    try:
        people = read_roster(path)
    except RosterError:
        people = []
    for person in people:
        assert person.gaps() == ("lives_with", "only_child")
        for name in ("years_ill", "years_in_centre"):
            assert ranges[name][0] <= getattr(person, name) <= ranges[name][1]
        assert ranges["age"][0] <= person.age_low <= person.age_high + 1 <= ranges["age"][1]


def test_users_of_a_file_come_first_and_sampled_ones_fill_the_seats(tmp_path):
    path = tmp_path / "users.csv"
    path.write_text(f"{HEADER}\n{PERSON}\n", encoding="utf-8")
    centre = {"users": 6, "users_file": path}
    state = build(Scenario(name="x", centres={"c": centre}, network={"kind": "none"}), 1, DAILY_COLUMNS)
    rows = state.users[state.users["status"] == PRESENT]
    assert rows["years_ill"][0] == 8.0
    assert len(rows) == 6
    assert len(set(state.users["uid"].tolist())) == len(state.users)


def test_newcomers_wait_in_a_queue_of_their_own_centre():
    state = build(
        Scenario(name="x", centres={"a": {"users": 6}, "b": {"users": 6}}, network={"kind": "none"}), 1, DAILY_COLUMNS
    )
    for c, centre in enumerate(state.centres):
        row, length = int(centre.next_row), 0
        while row >= 0:
            assert (state.users["centre"][row], state.users["status"][row]) == (c, WAITING)
            row, length = int(state.users["next_row"][row]), length + 1
        assert length == centre.queue > 0


def test_newcomers_of_many_centres_are_those_that_come_one_centre_at_a_time():
    scenario = Scenario(name="x", centres={"a": {"users": 6}, "b": {"users": 9}, "c": {"users": 7}})
    numbers = np.array([5, 0, 3])

    def more(*steps):
        state = build(scenario, 1, DAILY_COLUMNS)
        for step in steps:
            state = with_newcomers(state, scenario, step, 1)
        return state

    first = len(more().users)
    at_once, in_turn = more(numbers), more(numbers * [1, 0, 0], numbers * [0, 0, 1])
    assert len(at_once.users) == first + 8
    assert at_once.users.tobytes() == in_turn.users.tobytes()
    assert at_once.centres.tobytes() == in_turn.centres.tobytes()
    assert at_once.centres["queue"].tolist() == (more().centres["queue"] + numbers).tolist()
    for c, centre in enumerate(at_once.centres):
        row, length = int(centre.next_row), 0
        while row >= 0:
            assert at_once.users["centre"][row] == c
            row, length = int(at_once.users["next_row"][row]), length + 1
        assert length == centre.queue
