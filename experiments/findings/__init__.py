"""Findings of the shipped studies: for each study, a page and a figure written from its runs alone.

A finding is a module with `STUDY`, `numbers` and `figure`, and a template with the words. Every number on a page comes
from `numbers`; a sentence that other runs could make false is shown under a condition only.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final, Protocol, cast

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from experiments.findings.tables import Tables
    from experiments.studies.study import Study

STUDIES: Final = (
    "threshold-by-closeness",
    "which-assumptions-matter",
    "centre-size",
    "group-size-and-grouping",
    "helper-load-and-burden",
    "ranking-of-policies",
    "newcomers-first-year",
)
"""Names of the studies with a finding, in the order of the index."""


class FindingModule(Protocol):
    """A module of this package: the finding of one study."""

    STUDY: str
    """Name of the shipped study."""

    def numbers(self, study: "Study", runs: "pd.DataFrame", tables: "Tables") -> dict[str, object]:
        """Return all numbers on the page, in types that JSON can hold."""
        ...

    def figure(self, study: "Study", runs: "pd.DataFrame", tables: "Tables") -> "Figure":
        """Draw the figure of the page."""
        ...


def finding(name: str) -> FindingModule:
    """Return the finding of a study.

    Raises
    ------
    KeyError
        When the study has no finding.
    """
    if name not in STUDIES:
        raise KeyError(name)
    return cast("FindingModule", import_module(f"experiments.findings.{name.replace('-', '_')}"))
