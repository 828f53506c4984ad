"""The dictionary of tables: every header and word that Dayroom reads, in English and Chinese.

`docs/own-centre.md` and the sheet of meanings in a template are written from it. Comparison ignores case, width,
spaces, `_` and what a header has in brackets.
"""

from typing import Final

from sim.scenario.tables.vocabulary import Column, Vocabulary

YES_NO: Final = {
    "yes": ("是", "true", "1", "1.0", "y", "√", "有"),
    "no": ("否", "false", "0", "0.0", "n", "×", "非", "无"),
}

_WHO: Final = ("填答人", "姓名", "学员", "编号", "评价人", "提名人", "谁", "who", "respondent", "ego", "name")
_WHOM: Final = ("对象", "被提名人", "被评价人", "提名对象", "对谁", "whom", "named", "alter")

_OTHERS: Final = ("序号", "备注", "电话", "联系电话", "民族", "no.", "#", "row", "note", "notes", "remarks", "phone")

USERS: Final = Vocabulary(
    ("users", "学员", "学员名单", "名单", "花名册", "people", "participants"),
    (
        Column("participant", ("姓名", "编号", "学员", "学员编号", "学号", "name", "id", "user"),
               "Name or number of the user; tables and figures show it", "学员的姓名或编号，会出现在表格和图中"),
        Column("sex", ("性别", "gender"), "Sex", "性别",
               {"male": ("男", "男性", "m", "man"), "female": ("女", "女性", "f", "woman")}),
        Column("diagnosis", ("诊断", "疾病", "疾病诊断", "病种"), "Main diagnosis", "主要诊断", {
            "schizophrenia": ("精神分裂症", "精分", "分裂症"),
            "bipolar disorder": ("双相情感障碍", "双相障碍", "双相", "躁郁症", "bipolar", "bipolar disorder with physical disorders"),
            "obsessive-compulsive disorder": ("强迫症", "强迫障碍", "ocd"),
            "epileptic mental disorder": ("癫痫性精神障碍", "癫痫所致精神障碍", "癫痫"),
            "depression": ("抑郁症", "抑郁障碍", "重度抑郁", "depressive disorder"),
            "intellectual disability": ("智力障碍", "智力残疾", "精神发育迟滞"),
            "other": ("其他", "其它", "others"),
        }),
        Column("age", ("年龄", "周岁"), "Age in completed years", "周岁年龄", units=("岁", "周岁", "years", "year"), limits=(18, 65)),
        Column("age_low", ("年龄下限", "最小年龄"), "Lower end of the range of the age, instead of the age", "只知道年龄段时，年龄段的下限",
               units=("岁", "years"), limits=(18, 65)),
        Column("age_high", ("年龄上限", "最大年龄"), "Upper end of the range of the age", "年龄段的上限", units=("岁", "years"), limits=(18, 65)),
        Column("marital_status", ("婚姻状况", "婚姻", "婚况", "marital"), "Marital status", "婚姻状况", {
            "unmarried": ("未婚", "never married"),
            "married": ("已婚", "在婚"),
            "divorced": ("离异", "离婚"),
            "widowed": ("丧偶",),
        }),
        Column("occupation", ("职业", "就业", "就业状况", "工作", "employment", "work"), "Work", "就业状况", {
            "unemployed": ("无业", "待业", "未就业", "失业"),
            "part-time/volunteer": ("兼职/志愿", "兼职", "志愿", "志愿者", "part-time", "volunteer"),
            "retired": ("退休",),
        }),
        Column("years_in_centre", ("入园年限", "在园年数", "入园年数", "在园时间", "years at the centre"),
               "Years since the user joined the centre", "加入中心的年数", units=("年", "years", "year"), limits=(0, 48)),
        Column("years_ill", ("病程", "患病年数", "患病年限", "病龄", "duration of illness"),
               "Years since the illness began", "患病的年数", units=("年", "years", "year"), limits=(0, 50)),
        Column("lives_with", ("居住情况", "居住状况", "同住", "living situation"), "With whom the user lives", "居住情况", {
            "parents": ("与父母同住", "父母", "和父母同住", "with parents"),
            "alone": ("独居", "独自居住", "一人居住"),
            "child": ("与子女同住", "子女", "和子女同住", "children", "with child"),
            "spouse": ("与配偶同住", "配偶", "和配偶同住", "with spouse", "partner"),
            "group home": ("集体宿舍/社区居住", "集体宿舍", "社区居住", "in a group home"),
        }),
        Column("only_child", ("独生子女", "是否独生子女", "only child?"), "Whether the user is an only child", "是否独生子女", YES_NO),
    ),
    _OTHERS,
)  # fmt: skip

TIES: Final = Vocabulary(
    ("ties", "关系", "关系网络", "提名", "network", "edges"),
    (
        Column("source", (*_WHO, "from"), "Who answered", "填答人"),
        Column("target", (*_WHOM, "to"), "Whom the answer is about; empty if the person named nobody",
               "填答人所说的对象；没有提到任何人时留空"),
        Column("closeness", ("亲密度", "亲密程度", "亲近程度", "关系", "level"),
               "How close the person feels: a word, or a number from 0 to the top of the scale", "亲密度：词语，或0到量表最高分的数字", {
                   "stranger": ("陌生", "陌生人", "不熟"),
                   "acquaintance": ("相识", "认识", "熟人"),
                   "friend": ("朋友", "好友"),
                   "confidant": ("知己", "密友", "confidante"),
                   "kin-like": ("情同亲人", "亲人", "像亲人", "kin", "family"),
               }),
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
