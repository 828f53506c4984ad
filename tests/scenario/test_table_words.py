"""The dictionary of tables: no word has two meanings, all of it is read, and the model knows every word of it."""

from datetime import date

import pytest

from sim.scenario.reading import roster
from sim.scenario.reading.roster import RosterError, people_in, read_roster, roster_table
from sim.scenario.tables.table import plain_word
from sim.scenario.tables.words import TIES, USERS, WAVES
from sim.scenario.text.errors import ScenarioError
from sim.state.columns import LEVELS

CODES = {
    "sex": roster.SEX,
    "diagnosis": roster.DIAGNOSIS,
    "marital_status": roster.MARITAL,
    "occupation": roster.OCCUPATION,
    "lives_with": roster.LIVES_WITH,
}
COLUMNS = [(words, column) for words in (USERS, TIES, WAVES) for column in words.columns]


@pytest.mark.parametrize("words", [USERS, TIES, WAVES])
def test_no_header_has_two_meanings(words):
    headers = [plain_word(header) for column in words.columns for header in (column.name, *column.headers)]
    assert [header for header in headers if headers.count(header) > 1] == []
    assert not words.headers & {plain_word(other) for other in words.others}


@pytest.mark.parametrize(("words", "column"), COLUMNS)
def test_no_word_has_two_meanings_and_each_is_read(words, column):
    every = [(word, other) for word, others in column.values.items() for other in (word, *others)]
    assert len({plain_word(other) for _, other in every}) == len(every)
    assert [other for word, other in every if column.word(other) != word] == []
    assert column.meaning
    assert column.meaning_zh
    assert all(words.column(f"{header}（岁）") is column for header in column.headers)


def test_the_model_knows_every_word_and_the_dictionary_every_column():
    assert {name: set(USERS[name].values) for name in CODES} == {name: set(codes) for name, codes in CODES.items()}
    assert {column.name for column in USERS.columns} == set(roster.COLUMNS)
    assert tuple(TIES["closeness"].values) == LEVELS


def users(tmp_path, text):
    (tmp_path / "u.csv").write_bytes(text.encode("gb18030"))
    return tmp_path / "u.csv"


def test_a_chinese_list_is_the_english_one(tmp_path):
    chinese = users(tmp_path, (
        "序号,姓名,性别,诊断,年龄（岁）,婚姻状况,职业,入园年限,病程,居住情况,独生子女\n"
        "1,张三,男,精神分裂症,43岁,未婚,无业,3.5年,20 年,与父母同住,是\n2,李四,女,抑郁症,３５,丧偶,退休,不详,,独居,否\n"
    ))  # fmt: skip
    people = read_roster(chinese)
    table = roster_table(chinese)
    assert table.notes == ("read as GBK (such as '序号')", "not read: 序号")
    (tmp_path / "e.csv").write_text(
        "participant,sex,diagnosis,age,marital_status,occupation,years_in_centre,years_ill,lives_with,only_child\n"
        "张三,m,schizophrenia,43,unmarried,unemployed,3.5,20,parents,yes\n"
        "李四,F,Depression,35,widowed,retired,NA,,alone,no\n",
        encoding="utf-8",
    )
    assert people == read_roster(tmp_path / "e.csv")


def test_a_number_beside_a_name_is_left_out_with_a_note(tmp_path):
    table = roster_table(users(tmp_path, "编号,姓名\n7,张三\n8,李四\n"))
    assert [person.name for person in people_in(table, tmp_path)] == ["张三", "李四"]
    assert table.notes[-1] == "not read: 编号"
    assert [person.name for person in read_roster(users(tmp_path, "编号\n7\n8\n"))] == ["7", "8"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "姓名,诊断\n张三,精神分列症\n",
            "diagnosis: found '精神分列症'; did you mean '精神分裂症'? allowed: one of 精神分裂症",
        ),
        ("姓名,诊断\n张三,schizofrenia\n", "found 'schizofrenia'; did you mean 'schizophrenia'?"),
        (
            "姓名,年龄\n张三,50+\n",
            "found '50+', allowed is a number from 18 to 80; a range goes into two columns, age_low",
        ),
        ("姓名,年龄\n张三,81\n", "found '81', allowed is a number from 18 to 80"),
        ("姓名,职业\n张三,全职\n", "found '全职', allowed is one of 无业, 待业, 未就业, 失业, 兼职/志愿"),
        ("姓名,职业\n张三,学生\n", "退休; a cell left empty is sampled"),
        ("姓名,入园日期\n张三,2023-06-01\n", "a date needs the key first_date in the scenario"),
        (
            "姓名,入园年限\n张三,2年多\n",
            "found '2年多', allowed is a number from 0 to 48; a cell left empty is sampled",
        ),
        ("姓名,入园年线\n张三,3\n", "unknown column; did you mean '入园年限'?"),
        ("姓名,年龄\n张三,九岁\n", "age: found '九', allowed is a number from 18 to 80; a range goes into two"),
    ],
)
def test_a_misspelt_word_is_suggested_in_its_own_script(tmp_path, text, message):
    with pytest.raises(RosterError) as caught:
        read_roster(users(tmp_path, text))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("cell", "years"),
    [
        ("2个月", 2 / 12), ("三个月", 3 / 12), ("半年", 0.5), ("2 months", 2 / 12), ("5 years", 5),
        ("3年2个月", 3 + 2 / 12),
        ("1年半", 1.5), ("6周", 42 / 365.25), ("3.5", 3.5), ("3 年", 3), ("1 year and 6 months", 1.5),
    ],
)  # fmt: skip
def test_a_length_of_time_in_years_may_have_its_unit(tmp_path, cell, years):
    [person] = read_roster(users(tmp_path, f"姓名,入园年限\n张三,{cell}\n"))
    assert person.years_in_centre == pytest.approx(years)


def test_dates_of_birth_joining_and_illness_count_up_to_the_first_date(tmp_path):
    text = "姓名,出生日期,入园日期,发病日期\n张三,1983-02-01,2023年6月,2010/1/5\n李四,1987-01-04,2026-12-05,\n"
    one, other = read_roster(users(tmp_path, text), date(2027, 1, 4))
    assert (one.age_low, one.age_high, other.age_low) == (43, 43, 40)  # 40 on that very day
    assert one.years_in_centre == pytest.approx(3.55, abs=0.01)
    assert one.years_ill == pytest.approx(17, abs=0.01)
    assert other.years_in_centre == pytest.approx(30 / 365.25, abs=0.001)
    with pytest.raises(RosterError, match=r"found '2027-03-01', .* of years up to first_date, 2027-01-04"):
        read_roster(users(tmp_path, "姓名,入园日期\n张三,2027-03-01\n"), date(2027, 1, 4))


def test_columns_without_a_use_are_left_out_and_said(tmp_path):
    table = roster_table(users(tmp_path, "姓名,残疾等级,年龄,出生日期\n张三,二级,43,1983-02-01\n"))
    assert table.notes[-1] == "not read: 残疾等级, 出生日期"
    assert people_in(table, tmp_path)[0].age_low == 43


def test_work_that_counts_as_another_is_said(tmp_path):
    table = roster_table(users(tmp_path, "姓名,职业\n张三,灵活就业\n李四,家务\n王五,兼职\n"))
    assert table.notes[-2:] == ("灵活就业 counts as 兼职/志愿 (assumed)", "家务 counts as 无业 (assumed)")
    assert [person.occupation for person in people_in(table, tmp_path)] == [1, 0, 1]


def test_cells_under_no_header_are_refused(tmp_path):
    with pytest.raises(ScenarioError, match=r"u\.csv:2:2: found '男' under no header"):
        roster_table(users(tmp_path, "姓名,,年龄\n张三,男,40\n"))
