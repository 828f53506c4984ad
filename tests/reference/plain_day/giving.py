"""What an act of help does and costs, and burden after a day."""

from typing import Any

from .chance import best
from .episodes import NEEDS
from .saying import take_heart
from .scales import reached
from .world import House, Person


def largest_need(one: Person) -> int:
    return best((need, kind) for kind, need in enumerate(one.needs))


def load_of_help(house: House, kind: int, helped: Person) -> float:
    rules = house.rules.support
    return getattr(rules, f"load_{NEEDS[kind]}") * (rules.unwell_load_ratio if helped.unwell else 1)


def share_met(house: House, helper: Any, helped: Person) -> float:
    rules = house.rules.support
    skilled = rules.effect_floor + (1 - rules.effect_floor) * helper.listening_skill
    return rules.effect * skilled * (1 - rules.profit_stigma * helped.self_stigma)


def helped_well(house: House, helped: Person, met: float) -> None:
    rules = house.rules.support
    if house.on.binding_help:
        helped.burden *= 1 - rules.relief_burden * met
    take_heart(house, helped, rules.hope_help)


def burdened(house: House, burden: float, stays: float, rest: float, dose: float) -> float:
    rested = burden - (burden - stays) * min(1, rest / house.rules.wellbeing.burden_days)
    return rested + (1 - rested) * reached(dose)
