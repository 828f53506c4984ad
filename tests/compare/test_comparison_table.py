"""The table of `dayroom compare` on the terminal: each outcome keeps to one line of 100 letters."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from experiments.compare.terminal import _table
from experiments.measures.runs import FIRST_SHOWN
from experiments.statistics.terminal import rendered
from experiments.statistics.verdict import BY_ITSELF, FEW, RARE, SAME, UNCLEAR
from sim.outcomes.catalogue import OUTCOMES


class Wide:
    """A comparison with numbers as long as they become."""

    def __init__(self, verdict: str) -> None:
        self.verdict = verdict

    def first_contrasts(self, _: str) -> list[SimpleNamespace]:
        """Return the contrasts that the table shows."""
        return [self.contrast(name) for name in FIRST_SHOWN]

    def contrast(self, name: str) -> SimpleNamespace:
        """Return the contrast in an outcome."""
        outcome = OUTCOMES[name]
        scale = 0.01 if outcome.unit == "share" else 1.0
        ends = {"difference": -10.23, "low": -12.34, "high": -10.11, "base_mean": 55.5, "other_mean": 44.4}
        return SimpleNamespace(
            label=outcome.label, unit=outcome.unit, verdict=self.verdict, differ=20, share_better=1.0, effect_sd=-1.11,
            **{key: scale * value for key, value in ends.items()},
        )  # fmt: skip


@pytest.mark.parametrize("verdict", [*BY_ITSELF, UNCLEAR["difference"], SAME["difference"], RARE, FEW])
def test_no_verdict_wraps(verdict: str) -> None:
    table = _table(cast(Any, Wide(verdict)), "here")
    lines = rendered(lambda console: console.print(table), 100, False)
    assert len(lines) == 1 + len(FIRST_SHOWN)
    assert max(map(len, lines)) <= 100
    shown = "unclear" if verdict == UNCLEAR["difference"] else verdict
    assert all(line.rstrip().endswith(f" {shown}") for line in lines[1:])
