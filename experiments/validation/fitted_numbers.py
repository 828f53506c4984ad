"""Numbers of the freshmen's waves that are also calibration targets: agreement in them is no test of the model."""

from collections.abc import Iterable
from typing import Final

from experiments.calibration.targets import Target, read_targets

NUMBERS: Final = {
    "freshmen_growth": "growth",
    "freshmen_first_friend": "with_friend",
    "freshmen_closure": "transitivity",
}
"""Calibration statistics of freshmen, with their names in `experiments.validation.measured.LABELS`."""


def aimed_at(targets: Iterable[Target] | None = None) -> frozenset[tuple[str, str]]:
    """Return the numbers of the freshmen's waves that are calibration targets, each as number and week.

    Parameters
    ----------
    targets : iterable of Target, optional
        By default the project's targets.
    """
    known = read_targets() if targets is None else targets
    return frozenset(
        (NUMBERS[target.key], str(week)) for target in known if target.key in NUMBERS for week in target.weeks
    )
