"""Small scenarios to compare: twelve users for six weeks."""

from sim.scenario.schema.scenario import Scenario


def small(name: str, users: int = 12, days: int = 42, **policies) -> Scenario:
    given = {"name": name, "days": days, "settling": 60, "centres": {"house": {"users": users}}, "policies": policies}
    return Scenario.model_validate(given)


WORKERS = {"policy": "peer_support_workers", "eligible": "all", "uptake": 1}
CIRCLE = {"policy": "disclosure_circle", "uptake": 1}
