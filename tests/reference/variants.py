"""Small scenarios in which the two models are compared: as usual, and with what is rare made frequent."""

from typing import Any, Final

from sim.scenario.schema import GROUPINGS, Mechanisms, Scenario

_HOUSE: Final = {"users": 20}
_RULES: Final[dict[str, dict[str, float]]] = {
    "turnover": {"leaving_rate": 3, "vacancy_days": 5},
    "episodes": {
        "relapse_schizophrenia": 4, "relapse_bipolar": 4, "relapse_ocd": 3, "relapse_epileptic": 2, "episode_days": 15,
        "reminder_protection": 0.9, "need_emotional": 3, "burden_slope": 4, "newcomer_days": 60,
    },
    "encounters": {"need_weight": 3, "same_sex_weight": 1, "decline_base": -1, "join_share": 1},
    "conversation": {
        "occasion": 1, "cost_distress": 0.05, "cost_illness": 0.1, "noise": 0.3, "questioning": 0.8, "leak_rate": 1,
        "threshold_days": 20,
    },
    "support": {
        "empathy_days": 30, "memory_days": 20, "remind_rate": 0.8, "teach_rate": 1, "welcome_rate": 1, "notice": 0.8,
        "unwell_load_ratio": 5, "empathy_gain": 0.1,
    },
    "proximity": {
        "romance_share": 0.6, "romance_distance": 1, "withdraw_rate": 2, "return_rate": 0.3, "cooling_rate": 0.1,
        "rebuff": 0.1, "band": 0.02, "approach_weight": 5, "demand_weight": 5,
    },
    "contact": {"daily_rate": 0.9, "closeness_from": 0.35, "relief": 0.8, "hour_load": 3},
    "wellbeing": {
        "lonely_days": 5, "burden_days": 5, "burden_gain": 0.2, "mood_noise": 1, "worth_days": 10,
        "acceptance_days": 30, "company_days": 3,
    },
    "identity": {
        "contagion": 0.05, "advocacy_rate": 2, "advocacy_from": 0.2, "advocacy_public": 0.05, "advocacy_relief": 0.2,
        "voice_gain": 0.05, "welcome_gain": 0.1, "absence_loss": 0.01, "stigma_days": 20, "fade_days": 30,
        "pull_days": 20,
    },
    "forgetting": {"trust_fade": 20, "fade_weak": 30, "fade_strong": 3, "norm_days": 5},
}  # fmt: skip
_WEEKEND: Final = {
    "users": 20, "voice": 1, "staff": 0, "norm": 0.8, "open": ["monday", "saturday", "sunday"],
    "closures": [{"first": 30, "last": 50}],
    "timetable": [
        {"activity": "crafts", "days": ["monday", "sunday"]},
        {"activity": "singing", "days": ["saturday", "sunday"]},
    ],
}  # fmt: skip


def _scenario(house: dict[str, Any] = _HOUSE, **parts: Any) -> Scenario:
    return Scenario.model_validate({"name": "small", "days": 120, "centres": {"house": house}, **parts})


def _grouped(grouping: str) -> Scenario:
    sessions = [
        {"activity": "crafts", "grouping": grouping, "group_size": 4},
        {"activity": "free time", "grouping": grouping, "group_size": 7},
    ]
    return _scenario({**_HOUSE, "assigned_days": 30, "timetable": sessions})


SMALL: Final = _scenario()
"""Everything as by default, but for size and length."""

VARIANTS: Final[dict[str, Scenario]] = {
    "busy": _scenario(rules=_RULES, society={"public_stigma": 0.8, "public_stigma_reference": 0.5}),
    "strangers": _scenario(network={"kind": "none"}),
    "strangers at weekends": _scenario(_WEEKEND, first_day="friday", network={"kind": "none"}),
    "settled": _scenario(settling=400, days=60),
    **{f"{grouping} groups": _grouped(grouping) for grouping in GROUPINGS if grouping != "free"},
    **{f"without {name}": _scenario(mechanisms={name: False}) for name in Mechanisms.model_fields},
}
"""What the defaults hardly show: rare events made frequent, other groupings and calendars, mechanisms switched off."""
