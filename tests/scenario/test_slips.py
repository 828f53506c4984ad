"""The usual slips of the hand: each is refused at its place, with the form that was meant."""

from datetime import date
from pathlib import Path

import pytest

from sim.scenario.reading.load import read_as
from sim.scenario.text.errors import ScenarioError
from sim.scenario.text.slips import amount_meant, items_meant, line_meant, meant, month_meant, ordinary
from sim.scenario.text.suggestions import nearest

BASE = "extends: baseline\n"
SHARE = "rules: {attendance: {base_share: %s}}\n"
PARK = "centres: {park: {%s}}\n"
OPEN = "centres:\n  park:\n    open: %s\n"
USE = "policies: {p: {policy: buddy_scheme, %s}}\n"
WHO = "policies: {p: {policy: buddy_scheme, eligible: '%s'}}\n"
WEEK = "[monday, tuesday, wednesday, thursday, friday]"

SLIPS = {
    # Signs of another keyboard
    "users： 34\n": "'users: 34'",
    "centres:\n  park:\n    users： 34\n    staff: 3\n": "'users: 34'",
    "centres:\n  park:\n    users： 34\n": "'users: 34'",
    "centres: {park： {users: 34}}\n": "'centres: {park: {users: 34}}'",
    "centres: {park: {users：34， staff: 3}}\n": "'users: 34, staff'",
    "centres: ｛park: {users: 34}｝\n": "'centres: {park: {users: 34}}'",
    "ｄａｙｓ: 100\n": "'days'",
    "dаys: 100\n": "'days'",  # a Cyrillic letter
    "days:365\n": "'days: 365'",
    "days; 365\n": "'days: 365'",
    "days = 365\n": "'days: 365'",
    "days 365\n": "'days: 365'",
    "days: 365；\n": "'365'",
    "centres: {park: {users: 34; staff: 3}}\n": "'centres: {park: {users: 34, staff: 3}}'",
    "budget: {hours: 10 h/week; money: 4000 CNY/month}\n": "'budget: {hours: 10 h/week, money: 4000 CNY/month}'",
    "groups: {young: age < 30; old: age > 60}\n": "'groups: {young: age < 30, old: age > 60}'",
    "budget: {hours: 10 小时/周；money: 4000 元/月}\n": "'budget: {hours: 10 小时/周, money: 4000 元/月}'",
    "budget: {money: 4000 元}\n": "'4000 CNY/month'",
    "budget: {money: 4.8万元/年}\n": "'48000 CNY/year'",
    "预算: {money: 4000 元/月}\n": "'budget'",
    "分组: {young: age < 30}\n": "'groups'",
    "policies: {buddy-scheme: {start: 4 weeks}}\n": "'policy: buddy_scheme'",
    "policies: {分享小组: {start: 4 weeks}}\n": "'policy: disclosure_circle'",
    PARK % "closures: 中国法定节假日": "'[{holidays: china}]'",
    PARK % "closures: [2027-5-1]": "'{first: 2027-05-01, last: 2027-05-01}'",
    PARK % "closures: [2027年2月5日至2027年2月12日]": "'{first: 2027-02-05, last: 2027-02-12}'",
    "budget: {hours: 10 小时}\n": "'10 hours/week'",
    "groups: {a: maritalstatus == married}\n": "'marital_status'",
    "days: 365 ＃ a year\n": "'365'",
    "centres:\n  park:\n    timetable:\n      －activity: crafts\n": "'- activity'",
    # Shares
    SHARE % "60％": "'60 %'",
    SHARE % "６０％": "'60 %'",
    SHARE % "60": "'60 %'",
    SHARE % '"60"': "'60 %'",
    SHARE % "60 percent": "'60 %'",
    SHARE % "60 per cent": "'60 %'",
    SHARE % "百分之六十": "'60 %'",
    SHARE % "0，6": "'0.6'",
    SHARE % "0。6": "'0.6'",
    SHARE % "3/5": "'0.6'",
    SHARE % "“60 %”": "'60 %'",
    SHARE % "60 %.": "'60 %'",
    # Times and amounts
    USE % "start: 三周": "'3 weeks'",
    USE % "start: 3 wks": "'3 weeks'",
    USE % "start: three weeks": "'3 weeks'",
    USE % "start: 2 Weeks": "'2 weeks'",
    USE % "start: 半年": "'0.5 years'",
    USE % "start: 十天": "'10 days'",
    USE % "staff_hours: 每周2小时": "'2 hours/week'",
    USE % "staff_hours: 2 h／week": "'2 h/week'",
    USE % "staff_hours: 2 hours per week": "'2 hours/week'",
    PARK % "users: 三十四": "'34'",
    PARK % "copies: ２": "'2'",
    # Lists
    OPEN % "[monday，tuesday]": "'[monday, tuesday]'",
    OPEN % "monday; tuesday": "'[monday, tuesday]'",
    OPEN % "[monday; tuesday]": "'[monday, tuesday]'",
    OPEN % "monday": "'[monday]'",
    OPEN % "周一、周二": "'[monday, tuesday]'",
    OPEN % "monday and tuesday": "'[monday, tuesday]'",
    OPEN % "mon-fri": f"'{WEEK}'",
    OPEN % "周一至周五": f"'{WEEK}'",
    OPEN % "[weekdays]": f"'{WEEK}'",
    # Words for values
    OPEN % "[周一]": "'monday'",
    OPEN % "[星期一]": "'monday'",
    OPEN % "[Mon]": "'monday'",
    OPEN % "[mondays]": "'monday'",
    "mechanisms: {hope: 是}\n": "'true'",
    "mechanisms: {hope: 否}\n": "'false'",
    "mechanisms: {hope: yes}\n": "'true'",
    "mechanisms: {hope: off}\n": "'false'",
    "network: {directed: no}\n": "'false'",
    "network: {directed: 是}\n": "'true'",
    PARK % "timetable: [{activity: 书法}]": "'calligraphy'",
    PARK % "timetable: [{activity: craft}]": "'crafts'",
    PARK % "timetable: [{activity: crafts, grouping: 轮换}]": "'rotating'",
    # Words for keys, plural and singular
    "天数: 100\n": "'days'",
    "中心: {park: {users: 30}}\n": "'centres'",
    "centre: {park: {users: 30}}\n": "'centres'",
    "centers: {park: {users: 30}}\n": "'centres'",
    "Centres: {park: {users: 30}}\n": "'centres'",
    "policy: {}\n": "'policies'",
    "duration: 100\n": "'days'",
    "first-date: 2027-01-04\n": "'first_date'",
    PARK % "user: 30": "'users'",
    PARK % "学员: 30": "'users'",
    PARK % "clients: 30": "'users'",
    PARK % "工作人员: 3": "'staff'",
    PARK % "program_share: 0.2": "'programme_share'",
    PARK % "time_table: []": "'timetable'",
    "policies: {p: {policy: buddy scheme}}\n": "'buddy_scheme'",
    "policies: {p: {policy: buddy}}\n": "'buddy_scheme'",
    "policies: {p: {policy: 结对}}\n": "'buddy_scheme'",
    "policies: {p: {policy: respites}}\n": "'respite'",
    "policies: {p: {policy: respite, centres: [Park]}}\n": "'park'",
    "policies: {p: {policy: respite, centres: [parks]}}\n": "'park'",
    "replace: [centre]\n": "'centres'",
    # Conditions
    WHO % "burden ＞ 50": "'burden > 50'",
    WHO % "（burden > 50）": "'(burden > 50)'",
    WHO % "age < ３０": "'age < 30'",
    WHO % "孤独感 > 50": "'loneliness_ucla20'",
    WHO % "newcomers": "'newcomer'",
    WHO % "新学员": "'newcomer'",
    WHO % "sex == 女": "'woman'",
    WHO % "sex == female": "'woman'",
    WHO % "burden > 50 并且 newcomer": "'and'",
    WHO % "burden > 50，newcomer": "'and'",
    WHO % "burden > 50；": "'burden > 50'",
    WHO % "“newcomer”": "'newcomer'",
    # Names
    "replace: [centres]\ncentres: {Xu Hui: {users: 34}}\n": "'xu-hui'",
    "replace: [centres]\ncentres: {徐汇（１）: {users: 34}}\n": "'徐汇-1'",
}


def test_a_comma_between_thousands_is_told_as_what_it_is():
    with pytest.raises(ScenarioError, match=r"unknown key '000 RMB/month' in budget; in a number, .*1000, not 1,000"):
        read_as(BASE + "budget: {money: 4,000 RMB/month}\n", Path("a.yaml"))


@pytest.mark.parametrize(("text", "suggestion"), SLIPS.items())
def test_a_slip_is_refused_with_the_form_that_was_meant(text, suggestion):
    with pytest.raises(ScenarioError) as caught:
        read_as(BASE + text, Path("a.yaml"))
    problem = caught.value.problems[0]
    assert f"did you mean {suggestion}?" in str(problem)
    assert problem.line >= 2
    assert problem.column >= 1


@pytest.mark.parametrize(
    "text", ["centres:\n\tpark:\n\t\tusers: 34\n", "centres:\n  park:\n    users:\t34\n  staff： 3\n"]
)
def test_a_tab_is_named(text):
    with pytest.raises(ScenarioError, match="a tab stands where YAML takes spaces"):
        read_as(BASE + text, Path("a.yaml"))


@pytest.mark.parametrize(
    "text",
    ["title: 我们的中心：第一年\n", "question: 谁受益，谁受损？\n", 'title: "a：b"\n', "users: {women: ６0 %}\n"],
)
def test_signs_of_chinese_prose_are_no_slips(text):
    assert read_as(BASE + text, Path("a.yaml")).scenario


@pytest.mark.parametrize(
    ("word", "known"),
    [("married", "unmarried"), ("maried", "unmarried"), ("employed", "unemployed"), ("active", "inactive"),
     ("involved", "uninvolved"), ("unwell", "well"), ("response", "non_response"), ("smoker", "non-smoker")],
)  # fmt: skip
def test_an_opposite_is_never_suggested(word, known):
    assert nearest(word, [known]) == ""
    assert nearest(known, [word]) == ""


@pytest.mark.parametrize(
    ("word", "known"), [("intial_identity", "initial_identity"), ("unemployd", "unemployed"), ("nterest", "interest")]
)
def test_a_misspelt_word_with_such_a_beginning_is_still_found(word, known):
    assert nearest(word, [known, "other"]) == known


def test_a_part_of_several_names_suggests_none_of_them_as_a_slip():
    assert meant("training", ["communication_training", "confidentiality_training"]) == ""


@pytest.mark.parametrize(
    ("written", "expected"),
    [("1,000", "1000"), ("1 000", "1000"), ("1,5", "1.5"), ("约3周", "约3 weeks"), ("90分钟", "90 min"),
     ("4000元/月", "4000 CNY/month"), ("￥4000/week", "4000 CNY/week"),
     ("二十五天", "25 days"), ("一百零五天", "105 days"),
     ("两年", "2 years"), ("1/0", "1/0")],
)  # fmt: skip
def test_an_amount_in_ordinary_words(written, expected):
    assert amount_meant(written) == expected


def test_parts_of_the_table():
    assert ordinary("ＡＢ：１２％、（x）") == "AB:12%,(x)"
    assert items_meant("周一和周三") == ["周一", "周三"]
    assert items_meant("每天")[-1] == "sunday"
    assert month_meant("jan", date(2027, 3, 1)) == "2028-01-01"
    assert month_meant("13月", None) == ""
    assert line_meant('title: "a：b" # c：d') == 'title: "a：b" # c：d'
    assert line_meant("url: http://x.y") == "url: http://x.y"
