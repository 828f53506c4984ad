"""Count the states that are built, each of which then settles."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

from sim import engine
from sim.scenario.schema.scenario import Scenario


@contextmanager
def counted() -> Iterator[Counter[int]]:
    """Yield how often a scenario with days of settling, but for a single one, was built in this process, by seed."""
    built: Counter[int] = Counter()
    build: Callable[..., object] = engine.build

    def counting(scenario: Scenario, seed: int, *arguments: object) -> object:
        if scenario.settling > 1:  # `warm_up` settles for a day
            built[seed] += 1
        return build(scenario, seed, *arguments)

    with patch.object(engine, "build", counting):
        yield built
