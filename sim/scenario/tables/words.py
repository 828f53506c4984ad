"""The columns of tables, with every header and word that Dayroom reads, in English and Chinese.

`docs/own-centre.md` and the sheet of meanings in a template are written from it. Comparison ignores case, width,
spaces, `_` and what a header has in brackets.
"""

from typing import Final

from sim.scenario.tables.vocabulary import Column, Vocabulary
from sim.scenario.text.dictionary import COUNTED, HEADERS, WORDS

YES_NO: Final = {
    "yes": ("是", "true", "1", "1.0", "y", "√", "有"),
    "no": ("否", "false", "0", "0.0", "n", "×", "非", "无"),
}

_WHO: Final = ("填答人", "姓名", "学员", "编号", "评价人", "提名人", "填写人", "填表人", "受访者", "谁", "who", "respondent", "ego", "name")
_WHOM: Final = ("对象", "被提名人", "被评价人", "提名对象", "同伴", "对谁", "whom", "named", "alter")

_OTHERS: Final = ("序号", "备注", "电话", "联系电话", "民族", "no.", "#", "row", "note", "notes", "remarks", "phone")
_OF_PEOPLE: Final = (
    *("残疾等级", "残疾类别", "残疾证号", "残疾证", "身份证", "身份证号", "证件号码", "住址", "地址", "家庭住址", "户籍", "籍贯", "街道", "居委会"),
    *("监护人", "监护人电话", "联系人", "紧急联系人", "家属电话", "文化程度", "学历", "用药", "服药情况", "特长", "兴趣爱好", "照片"),
    *("disability", "disability grade", "id number", "address", "guardian", "contact", "education", "medication"),
)
"""What lists of users have besides, without a use in the model."""

AGES: Final = (18, 80)
"""Ages that a list may have, in years. The study has those to 65; no equation uses the age itself."""

USERS: Final = Vocabulary(
    ("users", "学员", "学员名单", "名单", "花名册", "people", "participants"),
    (
        Column("participant", HEADERS["participant"], "Name or number of the user; tables and figures show it", "学员的姓名或编号，会出现在表格和图中"),
        Column("sex", HEADERS["sex"], "Sex", "性别", WORDS["sex"]),
        Column("diagnosis", HEADERS["diagnosis"], "Main diagnosis", "主要诊断", WORDS["diagnosis"]),
        Column("age", HEADERS["age"], "Age in completed years", "周岁年龄", units=("岁", "周岁", "years", "year"), limits=AGES, since=True),
        Column("age_low", HEADERS["age_low"], "Lower end of the range of the age, instead of the age", "只知道年龄段时，年龄段的下限",
               units=("岁", "years"), limits=AGES),
        Column("age_high", HEADERS["age_high"], "Upper end of the range of the age", "年龄段的上限", units=("岁", "years"), limits=AGES),
        Column("marital_status", HEADERS["marital_status"], "Marital status", "婚姻状况", WORDS["marital_status"]),
        Column("occupation", HEADERS["occupation"], "Work", "就业状况", WORDS["occupation"],
               counted=COUNTED["occupation"]),
        Column("years_in_centre", HEADERS["years_in_centre"],
               "Years since the user joined the centre", "加入中心的年数", units=("年", "years", "year"), limits=(0, 48), since=True),
        Column("years_ill", HEADERS["years_ill"], "Years since the illness began", "患病的年数", units=("年", "years", "year"), limits=(0, 70),
               since=True),
        Column("lives_with", HEADERS["lives_with"], "With whom the user lives", "居住情况", WORDS["lives_with"]),
        Column("only_child", HEADERS["only_child"], "Whether the user is an only child", "是否独生子女", YES_NO),
    ),
    (*_OTHERS, *_OF_PEOPLE),
)  # fmt: skip

TIES: Final = Vocabulary(
    ("ties", "关系", "关系网络", "提名", "network", "edges"),
    (
        Column("source", (*_WHO, "from"), "Who answered", "填答人"),
        Column("target", (*_WHOM, "to"), "Whom the answer is about; empty if the person named nobody",
               "填答人所说的对象；没有提到任何人时留空"),
        Column("closeness", ("亲密度", "亲密程度", "亲近程度", "关系", "level"),
               "How close the person feels: a word, or a number from 0 to the top of the scale", "亲密度：词语，或0到量表最高分的数字",
               WORDS["closeness"]),
        Column("missing", ("未作答", "缺答", "没有回答", "no answer"), "Yes if the person did not answer", "没有作答时填“是”", YES_NO),
    ),
)  # fmt: skip

WAVES: Final = Vocabulary(
    ("waves", "调查", "各次调查", "survey", "ratings"),
    (
        Column("week", ("周", "周次", "第几周", "星期"), "Week of the answer, from 0", "第几周，从0开始", units=("周", "weeks", "week"), limits=(0, 520)),
        Column("date", ("日期", "调查日期", "填答日期", "day"), "Date of the answer, instead of the week", "填答日期，可代替周次"),
        Column("from", (*_WHO, "source"), "Who answered", "填答人"),
        Column("to", (*_WHOM, "target"), "Whom the answer is about", "填答人所说的对象"),
        Column("rating", ("评分", "得分", "关系评分", "score"), "1 is nearest, larger is less near, 0 is unknown",
               "1最亲近，数字越大越疏远，0为未知", units=("分",), limits=(0, 99)),
    ),
)  # fmt: skip

__all__ = ["TIES", "USERS", "WAVES", "YES_NO"]
