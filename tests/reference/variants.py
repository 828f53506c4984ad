"""Small scenarios for the comparison of the two models: the defaults, and rare events made frequent."""

from typing import Any, Final

from sim.scenario.schema.scenario import GROUPINGS, Mechanisms, Scenario

_HOUSE: Final = {"users": 20}
_RULES: Final[dict[str, dict[str, float]]] = {
    "turnover": {"leaving_rate": 3, "vacancy_days": 5},
    "episodes": {
        "relapse_schizophrenia": 4, "relapse_bipolar": 4, "relapse_ocd": 3, "relapse_epileptic": 2, "episode_days": 15,
        "reminder_protection": 0.9, "need_emotional": 3, "burden_slope": 4, "newcomer_days": 60, "trouble_rate": 12,
        "trouble_days": 15,
    },
    "attendance": {"noticed": 3, "noticed_after": 2},
    "encounters": {
        "need_weight": 3, "same_sex_weight": 1, "decline_base": -1, "join_share": 1, "cancelled": 1, "introduced": 0.9,
        "initiative_worth": 1, "initiative_identity": 1, "initiative_hope": 1, "tiring": 0.1, "most_shared": 2,
        "shared_liking": 0.3, "warmth_weight": 1.5, "impression_talks": 5,
    },
    "conversation": {
        "occasion": 1, "cost_distress": 0.05, "cost_illness": 0.1, "noise": 0.3, "questioning": 0.8, "leak_rate": 1,
        "threshold_days": 20, "leak_closeness": 0.5, "leak_stigma": 0.1, "quarrel": 0.15, "liking_good": 0.3,
        "liking_bad": 0.6, "calming": 1, "bond_listener": 0.2, "known_distress": 0.4, "known_illness": 0.9,
        "stigma_hurt": 0.05, "stigma_relief": 0.05, "hope_story": 0.2, "worth_weight": 0.5, "hope_weight": 0.5,
    },
    "support": {
        "empathy_days": 30, "memory_days": 20, "remind_rate": 0.8, "teach_rate": 1, "welcome_rate": 1, "notice": 0.8,
        "unwell_load_ratio": 5, "empathy_gain": 0.1, "accept_norm": 4, "accept_reputation": 3, "accept_returned": 3,
        "profit_stigma": 0.9, "relief_burden": 0.2, "helped_worth": 0.03, "unreturned_worth": 0.03, "hope_help": 0.03,
        "act_hours": 0.6, "liking_help": 0.1, "staff_talk": 0.5, "staff_effect": 0.8, "ask_worth": 3, "ask_hope": 3,
    },
    "proximity": {
        "romance_share": 0.6, "romance_distance": 1, "withdraw_rate": 2, "return_rate": 0.3, "cooling_rate": 0.1,
        "rebuff": 0.1, "band": 0.02, "approach_weight": 5, "demand_weight": 5, "mediation": 5, "one_way_cooling": 20,
    },
    "contact": {"daily_rate": 0.9, "closeness_from": 0.35, "relief": 0.8, "hour_load": 3},
    "wellbeing": {
        "lonely_days": 5, "burden_days": 5, "burden_gain": 0.2, "mood_noise": 1, "worth_days": 10,
        "acceptance_days": 30, "company_days": 3, "hope_days": 10, "lonely_need": 0.4, "unwell_strain": 3,
    },
    "identity": {
        "contagion": 0.05, "advocacy_rate": 2, "advocacy_from": 0.2, "advocacy_public": 0.05, "advocacy_relief": 0.2,
        "voice_gain": 0.05, "welcome_gain": 0.1, "absence_loss": 0.01, "stigma_days": 20, "fade_days": 30,
        "pull_days": 20, "slight_rate": 40, "doing_gain": 0.01, "help_gain": 0.02, "alone_loss": 0.1,
        "apart_fade": 0.8,
    },
    "forgetting": {
        "trust_fade": 20, "fade_weak": 30, "fade_strong": 3, "apart_ratio": 0.5, "known_days": 30, "norm_days": 5,
        "norm_habit": 1,
    },
}  # fmt: skip
_LONG_CALLS: Final[dict[str, dict[str, float]]] = {
    "contact": {"minutes": 400, "longest": 1440, "closeness_from": 0.35, "daily_rate": 0.6, "hour_load": 0.05},
    "forgetting": {"day_hours": 10},
}
_STAFFED: Final[dict[str, dict[str, float]]] = {
    "encounters": {"introduced": 1}, "support": {"staff_talk": 0.6}, "attendance": {"noticed": 3},
    "conversation": {"occasion": 0.8, "quarrel": 0.3}, "turnover": {"leaving_rate": 2, "vacancy_days": 3},
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
"""All defaults, except size and length."""

VARIANTS: Final[dict[str, Scenario]] = {
    "busy": _scenario(rules=_RULES, society={"public_stigma": 0.8, "public_stigma_reference": 0.5}),
    "long calls": _scenario(rules=_LONG_CALLS),
    "well staffed strangers": _scenario(
        {**_HOUSE, "staff": 10, "norm_help": 0.9, "norm_welcome": 0.9}, rules=_STAFFED, network={"kind": "none"}
    ),
    "strangers": _scenario(network={"kind": "none"}),
    "strangers at weekends": _scenario(_WEEKEND, first_day="friday", network={"kind": "none"}),
    "settled": _scenario(settling=400, days=60),
    **{f"{grouping} groups": _grouped(grouping) for grouping in GROUPINGS if grouping != "free"},
    **{f"without {name}": _scenario(mechanisms={name: False}) for name in Mechanisms.model_fields},
}
"""What the defaults hardly show: frequent rare events, other groupings and calendars, mechanisms switched off."""
