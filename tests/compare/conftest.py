"""A comparison that many tests share."""

import pytest
from houses import WORKERS, small

from experiments.compare.result import Comparison
from experiments.compare.runs import compare


@pytest.fixture(scope="session")
def made() -> Comparison:
    """Compare workers, and usual care by another name, with usual care."""
    others = [small("workers", workers=WORKERS), small("as-ever", nothing={"policy": "usual_care"})]
    return compare(small("base"), others, replicates=12, seed=5, jobs=1)
