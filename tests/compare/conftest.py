"""One comparison for many tests."""

import pytest
from houses import WORKERS, small

from experiments.compare.runs import Comparison, compare


@pytest.fixture(scope="session")
def made() -> Comparison:
    """Workers, and usual care by another name, against usual care."""
    others = [small("workers", workers=WORKERS), small("as-ever", nothing={"policy": "usual_care"})]
    return compare(small("base"), others, replicates=12, seed=5, jobs=1)
