"""What the policies of a scenario cost a week, before any run."""

from typing import TYPE_CHECKING

from sim.scenario.schema.scenario import Scenario

if TYPE_CHECKING:  # few scenarios have policies
    from sim.scenario.schema.policy import PolicyUse


def expected(scenario: Scenario, least: bool = False) -> tuple[float, float]:
    """Return the hours and the yuan a week that the policies of a scenario take, as far as no run is needed to tell.

    Policies with `when` count as 0.

    Parameters
    ----------
    scenario : Scenario
    least : bool
        Whether to count only what they surely take: nothing for a policy in which perhaps nobody takes part. Otherwise
        a policy for everybody has its uptake as participants, and any other a single one.
    """
    hours = money = 0.0
    for use in scenario.policies.values():
        days = min(use.end, scenario.days) - use.start
        if use.when is not None or days <= 0 or (least and not use.whole_house):
            continue
        for name in use.centres or scenario.centres:
            centre = scenario.centres[name]
            number = 0 if least else _participants(use, centre.users)
            part = use.intensity * centre.copies * days / scenario.days
            hours += part * use.weekly_hours(number)
            money += part * use.weekly_money(number)
    return hours, money


def _participants(use: "PolicyUse", users: int) -> int:
    """Return how many take part: of everybody the uptake, of some at least one."""
    from sim.scenario.conditions.names import EVERYBODY  # policies have loaded it

    if EVERYBODY.get(use.eligible.text.strip(), False):
        return round(use.uptake * users)
    return 0 if use.whole_house else 1
