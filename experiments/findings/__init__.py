"""What the shipped studies found: a page and a figure for each, written from their runs and from nothing else.

A finding is a module with `STUDY`, `numbers` and `figure`, beside a template with the words. Every number on a page is
one of `numbers`; a sentence that could turn out otherwise stands under a condition.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from matplotlib.figure import Figure

    from experiments.studies.study import Study

FOUND: Final = ("centre-size", "threshold-by-closeness", "ranking-of-policies")
"""Studies whose findings are written down, in the order of the index."""


class Finding(Protocol):
    """A module of this package that says what one study found."""

    STUDY: str
    """Name of the shipped study."""

    def numbers(self, study: "Study", runs: "pd.DataFrame", groups: "Callable[[], pd.DataFrame]") -> dict[str, Any]:
        """Give everything the page says, as JSON has it."""
        ...

    def figure(self, study: "Study", runs: "pd.DataFrame", groups: "Callable[[], pd.DataFrame]") -> "Figure":
        """Draw what the page shows."""
        ...


def finding(name: str) -> Finding:
    """Give the finding of a study.

    Raises
    ------
    KeyError
        When there is none.
    """
    if name not in FOUND:
        raise KeyError(name)
    return cast("Finding", import_module(f"experiments.findings.{name.replace('-', '_')}"))
