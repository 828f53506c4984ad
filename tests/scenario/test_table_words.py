"""The dictionary of tables: no word has two meanings, all of it is read, and the model knows every word of it."""

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
        ("姓名,入园年线\n张三,3\n", "unknown column; did you mean '入园年限'?"),
        ("姓名,年龄\n张三,九岁\n", "age: found '九', allowed is a number from 18 to 65"),
    ],
)
def test_a_misspelt_word_is_suggested_in_its_own_script(tmp_path, text, message):
    with pytest.raises(RosterError) as caught:
        read_roster(users(tmp_path, text))
    assert message in str(caught.value)


def test_cells_under_no_header_are_refused(tmp_path):
    with pytest.raises(ScenarioError, match=r"u\.csv:2:2: found '男' under no header"):
        roster_table(users(tmp_path, "姓名,,年龄\n张三,男,40\n"))
