"""The usual slips of the hand, and what was meant: signs of an Asian keyboard, Chinese words, other spellings.

A text with a slip is refused, not read: the message then suggests the corrected form. `meant` finds it.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Final

from sim.scenario.text.dictionary import HEADERS, WORDS

_ALIKE: Final = (
    ("、；。：∶ː～﹪٪＿", ",;.:::~%%_"),
    ("“”„«»「」『』《》", '"' * 11),
    ("‘’", "''"),
    ("【】〔〕", "[][]"),
    ("—–−‑－·", "-" * 6),
    # Letters of Cyrillic and Greek keyboards that look like Latin ones
    ("аеорсухіѕον", "aeopcyxisov"),
)
_SIGNS: Final = str.maketrans(
    {sign: plain for signs, plains in _ALIKE for sign, plain in zip(signs, plains, strict=True)}
    | dict.fromkeys("\u200b\ufeff\u00ad", "")
)
"""Signs, and letters that look like others, which the normal form of Unicode leaves as they are."""

_MEANINGS: Final[dict[str, str]] = {
    # Values
    "是 对 有 真 开 启用 yes y on wahr oui": "true",
    "否 不 无 没有 假 关 停用 no n off falsch non": "false",
    **{
        f"周{sign} 星期{sign} 礼拜{sign} 週{sign} {short}": weekday
        for sign, short, weekday in (
            ("一", "mon", "monday"),
            ("二", "tue tues", "tuesday"),
            ("三", "wed weds", "wednesday"),
            ("四", "thu thur thurs", "thursday"),
            ("五", "fri", "friday"),
            ("六", "sat", "saturday"),
            ("日", "sun 周天 星期天 礼拜天", "sunday"),
        )
    },
    "自由 自由选择 自由组合": "free",
    "按兴趣 兴趣": "interest",
    "指定 固定": "assigned",
    "轮换 轮流": "rotating",
    "手工 手工艺 craft handicraft": "crafts",
    "唱歌 合唱 歌唱 sing choir": "singing",
    "书法": "calligraphy",
    "工疗 作业治疗 职业治疗": "occupation therapy",
    "咨询 心理咨询 辅导 counseling": "counselling",
    "职业训练 职业培训": "vocational training",
    "自由活动 休息": "free time",
    "并且 且 和 以及": "and",
    "或 或者": "or",
    "不是 非": "not",
    "所有人 全部 所有 everybody everyone": "all",
    "无人 nobody": "none",
    "中国": "china",
    # Keys
    "名称 名字": "name",
    "标题": "title",
    "研究问题 问题": "question",
    "天数 时长 duration length": "days",
    "适应期 预热 warmup warm_up burn_in": "settling",
    "开始日期 起始日期": "first_date",
    "重复 重复次数 重复模拟 runs repeats": "replicates",
    "种子 随机种子": "seed",
    "学员 学员人数 人数 用户 clients members patients service_users": "users",
    "中心 机构 日间照料中心 centers center centre sites": "centres",
    "网络 关系网络 networks": "network",
    "社会": "society",
    "机制": "mechanisms",
    "规则 parameters": "rules",
    "预算": "budget",
    "分组 组别 群体 各组": "groups",
    "自有活动 自定义活动": "activities",
    "名单 学员名单 名单文件 users_list roster": "users_file",
    "措施 策略 政策 interventions measures": "policies",
    "观察 调查": "observe",
    "副本 份数": "copies",
    "工作人员 员工 人员 personnel employees": "staff",
    "每名工作人员负责人数": "users_per_staff",
    "开放日 开放 opening_days open_days": "open",
    "闭馆 关闭 假期 休息日 holiday vacations closed closing_days": "closures",
    "法定假日 公众假期 节假日 节日": "holidays",
    "时间表 活动安排 课程表 schedule": "timetable",
    "活动名称 活动": "activity",
    "分钟 长度": "minutes",
    "每组人数 小组人数 size": "group_size",
    "分组 分组方式": "grouping",
    "第一天 起": "first",
    "最后一天 止": "last",
    "原因 reason": "why",
    "措施名称 kind type": "policy",
    "开始 begin from": "start",
    "结束 until_day finish": "end",
    "对象 符合条件 资格 eligibility": "eligible",
    "参与率 participation": "uptake",
    "强度 力度": "intensity",
    "工时 hours": "staff_hours",
    "经费 费用 cost costs price": "money",
    "优先级": "priority",
    "条件 当 if trigger": "when",
    "直到": "until",
    "继承 基于 base inherits": "extends",
    "替换": "replace",
    "孤独 孤独感 loneliness": "loneliness_ucla20",
    "负担 负担感": "burden",
    "群体认同 归属感 belonging identity": "group_identity",
    "情绪 心情": "mood",
    "希望 希望感": "hope",
    "自我价值感": "self_worth",
    "自我病耻感": "self_stigma",
    "新学员 newcomers": "newcomer",
    "助人者 helpers": "helper",
    "受助者": "helped",
    "互助者": "mutual",
    "较少参与者": "uninvolved",
    "朋友": "friends",
    "知己": "confidants",
    "出勤 出勤率": "attendance",
    # Policies and shipped scenarios
    "常规服务": "usual_care",
    "沟通技巧培训": "communication_training",
    "保密协议与培训 保密培训": "confidentiality_training",
    "分享小组": "disclosure_circle",
    "新学员结对 结对": "buddy_scheme",
    "助人限度 助人限度与边界培训": "help_cap",
    "助人者督导 督导": "supervision",
    "喘息 喘息时间": "respite",
    "晚间微信群": "out_of_hours",
    "缺席学员主动联系 主动联系": "outreach",
    "同伴支持工作者": "peer_support_workers",
    "公众宣传": "public_awareness",
    "家属心理教育": "family_psychoeducation",
    "共同设计 学员议事会": "codesign",
    "人员配置": "staffing",
    "职业训练": "vocational_training",
    "活动安排": "activity_timetable",
    "安静室 喘息时间与安静室": "respite",
    "晚间群 晚间微信群与免打扰时段": "out_of_hours",
    "现状 现状方案 基线": "baseline",
}
"""Words that people write, separated by spaces, and the word of a scenario."""
_OF_SEX: Final = {"man": WORDS["sex"]["male"], "woman": WORDS["sex"]["female"]}
"""Words of a condition, which tables call otherwise."""
_WORDS: Final = [
    *((written, word) for several, word in _MEANINGS.items() for written in several.split()),
    *((written, word) for words in (HEADERS, _OF_SEX, *WORDS.values()) for word in words for written in words[word]),
    ("male", "man"),
    ("female", "woman"),
]

_UNITS: Final = (
    (r"每(?=\w)", "/"),
    (r"个?(工作日|天|日)|dys?\b", "days"),
    (r"个?(小时|钟头)|hrs?\b", "hours"),
    (r"分钟|minutos?\b|分(?!之)", "min"),
    (r"个?(星期|礼拜|周|週)|wks?\b", "weeks"),
    (r"个?月|mos?\b|mths?\b", "months"),
    (r"年|yrs?\b", "years"),
    (r"人民币|元|圆|块|rmb\b|yuan\b", "CNY"),
    (r"名|位|个?人|persons?\b|clients?\b|members?\b", "users"),
    (r"per\s*cent|percent|pct\b", "%"),
    (r"\bper\s+|\ba\s+(?=(day|week|month|year)\b)", "/"),
)
"""Patterns of units as people write them, and the unit."""
WEEK: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SEVERAL: Final = (
    (r"week\s*days?|work(ing)?\s*days?|工作日|平日", slice(0, 5)), (r"week\s*ends?|周末|双休日", slice(5, 7)),
    (r"all|daily|every\s*day|每天|每日|全周", slice(0, 7)),
)  # fmt: skip
_MYRIADS: Final = {"千": 1e3, "万": 1e4}
_ONES: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = re.compile(
    r"(?:(\d{4})\s*[-/.年]?\s*)?"  # a year before
    r"(?:(\d{1,2}|[一二三四五六七八九十]{1,2})\s*月份?|([a-z]{3,9})\.?|(?<=[-/.年])(\d{1,2}))"
    r"(?:\s*(\d{4}))?"  # a year after
)
_DATE: Final = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
_FRACTION: Final = re.compile(r"\s*(\d+)\s*/\s*(\d+)\s*")
_DIGITS: Final = re.compile("[一二两三四五六七八九十百零〇]+")
_NEXT_IN_BRACES: Final = re.compile(r"\s*;\s*(?=[\w-]+\s*:)")
_KEY: Final = re.compile(r"(?P<lead>\s*(?:- )?)(?P<key>[\w-]+)\s*(?P<sign>[:=;]|\s(?=\d))\s*(?P<rest>.*)")


def ordinary(written: str) -> str:
    """Return a text with ordinary signs: none of full width, and no letters that look like others."""
    return unicodedata.normalize("NFKC", written.translate(_SIGNS)).translate(_SIGNS)


def meant(written: str, known: Iterable[str]) -> str:
    """Return the known word that a word with a usual slip stands for, or an empty text.

    Finds words with signs of an Asian keyboard, in Chinese, in the plural or singular, in capitals, with other signs
    between their parts, and some words of daily use.
    """
    words = list(known)
    plain = ordinary(written).strip().strip("\"'").strip()
    for form in (plain, plain.lower(), *(one for one in _forms(plain.lower()))):
        if form in words and form != written:
            return form
    for form in (plain.lower(), re.sub(r"[\s-]+", "_", plain.lower())):
        for slip, word in _WORDS:
            if slip == form:
                found = next((one for one in words if one.replace("-", "_") == word.replace("-", "_")), "")
                if found:
                    return found
    inside = [one for one in words if len(plain) > 2 and plain.lower() in re.split(r"[\s_-]", one)]
    return inside[0] if len(inside) == 1 and inside[0] != written else ""


def _forms(plain: str) -> Iterable[str]:
    """Yield other spellings of a word: joined in other ways, in the plural and in the singular."""
    joined = {re.sub(r"[\s_-]+", sign, plain) for sign in ("_", "-", " ", "")}
    for one in sorted(joined | {plain}):
        yield one
        yield f"{one}s"
        yield f"{one}es"
        yield one.removesuffix("s")
        yield one.removesuffix("es")
        yield f"{one.removesuffix('y')}ies"
        yield f"{one.removesuffix('ies')}y"
        yield one.replace("center", "centre").replace("program", "programme")


def amount_meant(written: str) -> str:
    """Return a number and a unit in ordinary words: "３ 周" is "3 weeks", "60 percent" is "60 %", "1,5" is "1.5"."""
    plain = ordinary(written).partition("#")[0].strip().lower().strip("~≈\"'").rstrip(".;,").strip()
    plain = re.sub(r"^[¥$]\s*([\d.,]+)", r"\1 cny", plain)
    if fraction := _FRACTION.fullmatch(plain):
        over = int(fraction[2])
        return f"{int(fraction[1]) / over:.4g}" if over else plain
    plain = re.sub(r"百分之\s*([\d.]+|[一二两三四五六七八九十百零〇]+)", r"\1 %", plain)
    plain = re.sub(r"\b(half|半)\b|^半(?=[年月天周])", "0.5 ", plain)
    plain = re.sub(r"^每(天|日|周|星期|月|年)(.+)", r"\2/\1", plain)
    plain = _DIGITS.sub(lambda found: str(_number(found[0])), plain)
    plain = re.sub(r"第\s*(\d+)\s*个?(天|周|星期|月)|(day|week|month)\s+(\d+)", _nth, plain)
    plain = re.sub(r"(\d+(?:\.\d+)?)\s*([千万])", lambda found: f"{float(found[1]) * _MYRIADS[found[2]]:.12g}", plain)
    for pattern, unit in _UNITS:
        plain = re.sub(rf"\s*(?:{pattern})", f" {unit}", plain)
    plain = re.sub(r"^([a-z]+)\b", _spelled, plain)
    plain = re.sub(r"(?<=\d)[, _'](?=\d{3}(\D|$))", "", plain)
    plain = re.sub(r"^([-+]?\d+),(\d+)", r"\1.\2", plain)
    plain = re.sub(r"\s*/\s*(day|week|month|year)s?\b", r"/\1", plain)
    plain = re.sub(r"(?<=\d)\s*(?=[a-z%])", " ", plain)
    return re.sub(r"\s+", " ", plain.replace("cny", "CNY")).strip()


def _spelled(found: re.Match[str]) -> str:
    """Return a number below thirteen that is a word as digits; other words as they are."""
    return str(_ONES.index(found[1]) + 1) if found[1] in _ONES else found[1]


def _nth(found: re.Match[str]) -> str:
    """Return how long after the start the n-th day, week or month begins: the third week after two weeks."""
    digits, unit, english, number = found.groups()
    return f"{max(int(digits or number) - 1, 0)} {unit or f'{english}s'}"


def _number(digits: str) -> int:
    """Return the number below a thousand that Chinese digits write: 二十五 is 25."""
    whole, last = 0, 0
    for digit in digits.replace("两", "二").replace("零", "").replace("〇", ""):
        value = int(unicodedata.numeric(digit))
        whole, last = (whole + (last or 1) * value, 0) if value >= 10 else (whole, value)
    return whole + last


def items_meant(written: str) -> list[str]:
    """Return the items of a list that a single text writes with commas, semicolons or "and" between them.

    Days of the week may be a range ("mon-fri", "周一至周五") or a word ("weekdays", "每天").
    """
    plain = ordinary(written).strip().strip("[](){}").strip()
    for pattern, days in _SEVERAL:
        if re.fullmatch(pattern, plain.lower()):
            return list(WEEK[days])
    ends = [meant(end, WEEK) or end for end in re.split(r"\s*(?:-|~|\bto\b|\btill\b|至|到)\s*", plain.lower())]
    if len(ends) == 2 and all(end in WEEK for end in ends) and WEEK.index(ends[0]) < WEEK.index(ends[1]):
        return list(WEEK[WEEK.index(ends[0]) : WEEK.index(ends[1]) + 1])
    items = re.split(r"\s*[,;|/+&]\s*|\s+(?:and|und|et)\s+|\s*[和与及]\s*", plain)
    return [item.strip().strip("\"'") for item in items if item.strip()]


def closure_meant(written: str) -> str:
    """Return the closure that a text of one or two dates, or of public holidays, stands for; else an empty text."""
    plain = ordinary(written).strip().lower()
    days = ["-".join(f"{int(part):02}" for part in found) for found in _DATE.findall(plain)]
    if 1 <= len(days) <= 2:
        return f"{{first: {days[0]}, last: {days[-1]}}}"
    return "{holidays: china}" if not days and re.search("中国|china|法定|节假日|假日|holiday", plain) else ""


def month_meant(written: str, first: date | None) -> str:
    """Return the first day, on or after a date, of the month that a text names; an empty text if it names none."""
    match = _MONTH.fullmatch(ordinary(written).strip().lower())
    if match is None:
        return ""
    before, number, word, bare, after = match.groups()
    if word:
        month = next((place for place, short in enumerate(_MONTHS, 1) if word.startswith(short)), 0)
    else:
        digits = number or bare
        month = int(digits) if digits.isdecimal() else _number(digits)
    if not 1 <= month <= 12:
        return ""
    begin = first or date(2027, 1, 1)
    year = int(before or after or begin.year)
    if not (before or after) and (year, month) < (begin.year, begin.month):
        year += 1
    return str(date(max(year, 1), month, 1))


def line_meant(line: str) -> str:
    """Return a line of YAML with ordinary signs, one space after the colon and no tabs; the line itself if it is right.

    In braces, a semicolon before the next key becomes a comma. Quoted text and comments stay as they are.
    """
    parts = re.split(r"(\"[^\"]*\"|'[^']*'|\s#.*$)", line.replace("\t", "  "))
    signs = [part if place % 2 else _signs(part) for place, part in enumerate(parts)]
    if "{" in "".join(signs[::2]):
        signs[::2] = [_NEXT_IN_BRACES.sub(", ", part) for part in signs[::2]]
    done = "".join(signs)
    match = _KEY.fullmatch(done)
    if match is None or re.match(r"[\w-]+://", done.strip()):
        return done
    rest = match["rest"]
    return f"{match['lead']}{match['key']}:{' ' * bool(rest)}{rest}".rstrip()


def _signs(part: str) -> str:
    """Return a part of a line with ordinary signs; Chinese sentences keep theirs."""
    pieces = ["".join(group) for _, group in groupby(part, lambda letter: "\u4e00" <= letter <= "\u9fff")]
    return "".join(
        re.sub("([:,])(?=[^\\s])", r"\1 ", ordinary(piece)) if ordinary(piece) != piece else piece for piece in pieces
    )
