"""Small scenarios to compare: twelve users for six weeks."""

import pytest

from experiments.comparing import Comparison, compare
from sim.scenario.schema import Scenario


def small(name: str, users: int = 12, days: int = 42, **policies) -> Scenario:
    given = {"name": name, "days": days, "settling": 60, "centres": {"house": {"users": users}}, "policies": policies}
    return Scenario.model_validate(given)


WORKERS = {"policy": "peer_support_workers", "eligible": "all", "uptake": 1}
CIRCLE = {"policy": "disclosure_circle", "uptake": 1}


@pytest.fixture(scope="session")
def made() -> Comparison:
    """Workers, and usual care by another name, against usual care."""
    others = [small("workers", workers=WORKERS), small("as-ever", nothing={"policy": "usual_care"})]
    return compare(small("base"), others, replicates=12, seed=5, jobs=1)
