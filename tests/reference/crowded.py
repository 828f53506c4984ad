"""Scenarios in which everything happens in a day: rare events made frequent, all policies, random settings."""

from random import Random
from typing import Any, Final

from variants import VARIANTS

from experiments.designs.changes import changed
from sim.scenario.schema.changes import Replace
from sim.scenario.schema.policy import policies
from sim.scenario.schema.rules import RULE_PARAMETERS
from sim.scenario.schema.scenario import ACTIVITIES, GROUPINGS, WEEKDAYS, Mechanisms, Scenario

_EVERYBODY: Final = "loneliness_ucla20 > 21"
_USES: Final[dict[str, dict[str, Any]]] = {
    "peer_support_workers": {"eligible": _EVERYBODY, "number": 2, "caseload": 3},
    "supervision": {"eligible": _EVERYBODY},
    "public_awareness": {"eligible": _EVERYBODY, "speaking_up": 0.1},
    "outreach": {"caller": "peers", "after": 1},
    "disclosure_circle": {"uptake": 1, "group_size": 3, "weekday": "monday"},
    "buddy_scheme": {"eligible": "loneliness_ucla20 > 50", "senior_from": 0},
    "staffing": {"closed_places": 1, "added_staff": 0.5},
    "vocational_training": {"uptake": 1, "work_rate": 3, "senior_from": 1},
    "out_of_hours": {"minutes": 300},
}
"""Options that let a use of a policy act on many users."""
_FREE_OF_CHARGE: Final = {"staff_hours": 0, "staff_hours_each": 0}
_WHOLE: Final = ("attendance.noticed_after", "encounters.most_shared")
"""Parameters that are whole numbers."""

_TIMETABLE: Final = [
    {"activity": "crafts", "grouping": "free", "group_size": 4},
    {"activity": "counselling", "grouping": "assigned", "group_size": 5, "minutes": 30},
    {"activity": "singing", "grouping": "rotating", "group_size": 3},
    {"activity": "vocational training", "grouping": "interest", "group_size": 2},
]


def used(policy: str, **changes: Any) -> dict[str, Any]:
    """Return a use of a policy that acts on many users and takes no staff hours."""
    return {"policy": policy, "uptake": 1, **_FREE_OF_CHARGE, **_USES.get(policy, {}), **changes}


def crowded() -> Scenario:
    """Return a house of ten with frequent events and all policies."""
    busy = VARIANTS["busy"]
    house = {"users": 10, "staff": 0.25, "timetable": _TIMETABLE, "assigned_days": 10, "voice": 0.5, "norm_help": 0.9}
    kinds = {"schizophrenia": 0.3, "bipolar": 0.3, "ocd": 0.2, "tenure_mean": 2, "tenure_sd": 1.5}
    rules = {"support.ask_base": 1.0, "support.accept_base": -2.0}
    uses = {name.replace("_", "-"): used(name) for name in policies() if name != "activity_timetable"}
    house_of_ten = busy.with_changes(
        name="crowded", users=Replace(kinds), centres=Replace({"house": house}), policies=uses
    )
    return changed(house_of_ten, {f"rules.{path}": value for path, value in rules.items()})


def at_random(number: int) -> Scenario:
    """Draw a scenario: plausible rules or rules at the bounds, houses, policies, mechanisms, calendar."""
    chance = Random(number)  # noqa: S311
    opening = [day for day in WEEKDAYS if chance.random() < 0.7] or ["monday"]
    return Scenario.model_validate(
        {
            "name": f"random-{number}",
            "days": 60,
            "settling": chance.choice([0, 7, 60]),
            "first_day": chance.choice(WEEKDAYS),
            "centres": {name: _house(chance, opening) for name in ("house", "park")[: chance.randint(1, 2)]},
            "rules": _rules(chance),
            "policies": _policies(chance, opening),
            "mechanisms": {name: chance.random() < 0.9 for name in Mechanisms.model_fields},
            "network": chance.choice([{"kind": "none"}, {"hours_per_year": 16}, {"hours_per_year": 200}]),
            "users": {"tenure_mean": chance.choice([7.64, 2])},
        }
    )


def _rules(chance: Random) -> dict[str, dict[str, float]]:
    rules: dict[str, dict[str, float]] = {}
    for parameter in RULE_PARAMETERS:
        section, name = parameter.path.split(".")
        low, high = parameter.quantity.bounds
        usual = chance.uniform(*parameter.quantity.plausible)
        value = chance.choices([usual, low, max(low, min(high, 3 * usual))], [0.9, 0.05, 0.05])[0]
        rules.setdefault(section, {})[name] = int(value) if parameter.path in _WHOLE else value
    return rules


def _house(chance: Random, opening: list[str]) -> dict[str, Any]:
    sessions = [
        {
            "activity": chance.choice(ACTIVITIES),
            "days": chance.sample(opening, chance.randint(1, len(opening))),
            "minutes": chance.choice([5, 30, 80, 200]),
            "group_size": chance.randint(2, 8),
            "grouping": chance.choice(GROUPINGS),
        }
        for _ in range(chance.randint(1, 4))
    ]
    shares = {name: chance.random() for name in ("voice", "norm", "norm_help", "norm_welcome")}
    return {
        "users": chance.randint(5, 10),
        "staff": chance.choice([0, 1, 3]),
        "assigned_days": chance.randint(1, 30),
        "open": opening,
        "closures": [{"first": 10, "last": 13}],
        "timetable": sessions,
        **shares,
    }


def _policies(chance: Random, opening: list[str]) -> dict[str, Any]:
    uses = {}
    for name in chance.sample(sorted(policies()), chance.randint(0, 5)):
        when = {"start": chance.choice([0, 5]), "end": chance.choice([30, 1000]), "fade": chance.choice([0, 7.5])}
        use = used(name, ramp=chance.choice([0, 10]), **when)
        if name == "disclosure_circle":
            use |= {"weekday": opening[0], "every": chance.randint(1, 3)}
        if name == "activity_timetable":
            use |= {"grouping": chance.choice(GROUPINGS), "length": chance.choice([0.5, 2])}
        uses[name.replace("_", "-")] = use
    return uses
