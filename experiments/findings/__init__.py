"""Findings of the shipped studies: for each study, a page and a figure written from its runs alone.

A finding is a module with `STUDY`, `numbers` and `figure`, and a template with the words. Every number on a page comes
from `numbers`; a sentence that other runs could make false is shown under a condition only.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from matplotlib.figure import Figure

    from experiments.studies.study import Study

FOUND: Final = (
    "threshold-by-closeness",
    "which-assumptions-matter",
    "centre-size",
    "group-size-and-grouping",
    "helper-load-and-burden",
    "ranking-of-policies",
    "newcomers-first-year",
)
"""Names of the studies with a finding, in the order of the index."""


class Finding(Protocol):
    """A module of this package: the finding of one study."""

    STUDY: str
    """Name of the shipped study."""

    def numbers(self, study: "Study", runs: "pd.DataFrame", groups: "Callable[[], pd.DataFrame]") -> dict[str, Any]:
        """Return all numbers on the page, in types that JSON can hold."""
        ...

    def figure(self, study: "Study", runs: "pd.DataFrame", groups: "Callable[[], pd.DataFrame]") -> "Figure":
        """Draw the figure of the page."""
        ...


def finding(name: str) -> Finding:
    """Return the finding of a study.

    Raises
    ------
    KeyError
        When the study has no finding.
    """
    if name not in FOUND:
        raise KeyError(name)
    return cast("Finding", import_module(f"experiments.findings.{name.replace('-', '_')}"))
