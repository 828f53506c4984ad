"""What people write for the columns and words of users and ties, in English and Chinese: the one dictionary.

Tables are read by it (`sim.scenario.tables.words`), and the suggestions for mistakes in scenarios know it
(`sim.scenario.text.slips`). The usual Chinese word stands first.
"""

from typing import Final

HEADERS: Final[dict[str, tuple[str, ...]]] = {
    "participant": ("姓名", "编号", "学员", "学员编号", "学号", "name", "id", "user"),
    "sex": ("性别", "gender"),
    "diagnosis": ("诊断", "疾病", "疾病诊断", "病种"),
    "age": ("年龄", "周岁", "出生日期", "出生年月", "生日", "date of birth", "birth date", "born"),
    "age_low": ("年龄下限", "最小年龄"),
    "age_high": ("年龄上限", "最大年龄"),
    "marital_status": ("婚姻状况", "婚姻", "婚况", "marital"),
    "occupation": ("职业", "就业", "就业状况", "工作", "employment", "work", "job"),
    "years_in_centre": (
        *("入园年限", "在园年数", "入园年数", "在园时间", "years at the centre"),
        *("入园日期", "入所日期", "入园时间", "入所时间", "加入日期", "joined", "date of entry", "entry date"),
    ),
    "years_ill": ("病程", "患病年数", "患病年限", "病龄", "duration of illness", "发病日期", "起病时间", "ill since"),
    "lives_with": ("居住情况", "居住状况", "居住", "同住", "living situation"),
    "only_child": ("独生子女", "是否独生子女", "only child?"),
}
"""Headers by column of users."""

WORDS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "sex": {"male": ("男", "男性", "m", "man"), "female": ("女", "女性", "f", "woman")},
    "diagnosis": {
        "schizophrenia": ("精神分裂症", "精神分裂", "精分", "分裂症"),
        "bipolar disorder": (
            "双相情感障碍",
            "双相障碍",
            "双相",
            "躁郁症",
            "bipolar",
            "bipolar disorder with physical disorders",
        ),
        "obsessive-compulsive disorder": ("强迫症", "强迫障碍", "ocd"),
        "epileptic mental disorder": ("癫痫所致精神障碍", "癫痫性精神障碍", "癫痫", "epilepsy"),
        "depression": ("抑郁症", "抑郁障碍", "抑郁", "重度抑郁", "depressive disorder"),
        "intellectual disability": ("智力障碍", "智力残疾", "精神发育迟滞"),
        "other": ("其他", "其它", "others"),
    },
    "marital_status": {
        "unmarried": ("未婚", "never married"),
        "married": ("已婚", "在婚"),
        "divorced": ("离异", "离婚"),
        "widowed": ("丧偶",),
    },
    "occupation": {
        "unemployed": ("无业", "待业", "未就业", "失业"),
        "part-time/volunteer": ("兼职/志愿", "兼职", "志愿", "志愿者", "part-time", "volunteer"),
        "retired": ("退休",),
    },
    "lives_with": {
        "parents": ("与父母同住", "父母", "和父母同住", "with parents", "parent"),
        "alone": ("独居", "独自居住", "一人居住"),
        "child": ("与子女同住", "子女", "和子女同住", "孩子", "children", "with child"),
        "spouse": ("与配偶同住", "配偶", "和配偶同住", "with spouse", "partner"),
        "group home": ("集体宿舍/社区居住", "集体宿舍", "社区居住", "in a group home"),
    },
    "closeness": {
        "stranger": ("陌生", "陌生人", "不熟"),
        "acquaintance": ("相识", "认识", "熟人"),
        "friend": ("朋友", "好友"),
        "confidant": ("知己", "密友", "confidante"),
        "kin-like": ("情同亲人", "亲人", "像亲人", "kin", "family"),
    },
}
"""Words by column, each with others of the same meaning."""

COUNTED: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "occupation": {
        "unemployed": ("下岗", "家务", "家庭主妇", "无固定职业", "homemaker", "laid off"),
        "part-time/volunteer": (
            *("灵活就业", "临时工", "零工", "打零工", "辅助性就业", "庇护性就业", "支持性就业", "实习"),
            *("casual work", "sheltered work", "supported employment", "internship"),
        ),
        "retired": ("离休", "病退", "内退", "提前退休", "early retirement", "pensioner"),
    },
}
"""Words of another meaning that count as a word of the model, by column: assumed, and said where a table has them."""

__all__ = ["HEADERS", "WORDS"]
