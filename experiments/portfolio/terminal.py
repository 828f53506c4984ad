"""Print a search over portfolios: the portfolios kept, their effects and costs, and how sure these are."""

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from experiments.portfolio.budget import in_words
from experiments.portfolio.front import Front, with_interval
from experiments.portfolio.levers import Lever, described, portfolio_in
from experiments.statistics.terminal import rendered
from experiments.store.protocol import WIDTH

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console
    from rich.table import Table

_MOST: Final = 12
"""Most portfolios to print; the tables list all."""


def lines_of(front: Front, base: str, fresh: int, width: int = WIDTH, styled: bool = False) -> list[str]:
    """Return the lines that `dayroom portfolio` prints.

    Parameters
    ----------
    base : str
        Name of the scenario to which portfolios were added.
    fresh : int
        Number of fresh pairs of runs of each portfolio on the front.
    width, styled
        As in `experiments.statistics.terminal.rendered`.
    """
    return rendered(lambda console: _print(console, front, base, fresh), width, styled)


def _print(console: "Console", front: Front, base: str, fresh: int) -> None:
    console.print(
        f"Portfolios added to {base}, at most {in_words(front.budget, 'hours of staff a week')}; {front.evaluated:,} "
        f"run, the best of them again under {fresh} fresh seeds"
    )
    for line in front.words():
        console.print(textwrap.fill(line, console.width, initial_indent="  ", subsequent_indent="    "))
    kept = front.kept()
    if len(kept):
        console.print()
        console.print(_table(front.levers, kept.head(_MOST)))
    notes = [
        "Change from the base, mean of the last four weeks, with 95 % intervals over fresh pairs of runs, "
        "each by itself. Hours and money: of all policies, those of the base included, mean over the run.",
        "Kept: within the budget, burden does not rise (clear among all portfolios that were run again), and no other "
        "such portfolio is better on loneliness, burden and hours.",
    ]
    if len(kept) > _MOST:
        notes.insert(0, f"The first {_MOST} of {len(kept)}; solutions.parquet has all.")
    if (beyond := int((~front.solutions["within_budget"].astype(bool)).sum())) and len(front.solutions):
        notes.append(
            f"{beyond} of {len(front.solutions)} found are beyond the budget in fresh runs; the tables say how far."
        )
    if front.failed:
        notes.append(f"Of {front.failed} portfolios no pair of runs succeeded.")
    if front.impossible:
        notes.append(f"{front.impossible} portfolios cannot be part of a scenario, and were not run.")
    console.print()
    for line in notes:
        console.print(textwrap.fill(line, console.width, subsequent_indent="  "))


def _table(levers: Sequence[Lever], kept: "pd.DataFrame") -> "Table":
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 1), header_style="dim")
    table.add_column("")
    for name in ("loneliness", "burden", "h/week", "CNY/week"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("policies", ratio=1)
    for _, row in kept.iterrows():
        held = described(levers, portfolio_in(levers, row))
        table.add_row(
            row["name"], with_interval(row, "loneliness"), with_interval(row, "burden"), f"{row['hours']:.1f}",
            f"{row['money']:,.0f}", held,
        )  # fmt: skip
    return table
