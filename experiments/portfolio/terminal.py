"""Print a search over portfolios: the portfolios kept, their effects and costs, and how sure these are."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from experiments.portfolio.budget import in_words
from experiments.portfolio.front import Front, with_interval
from experiments.portfolio.levers import Lever, described, portfolio_in
from experiments.statistics.terminal import filled, rendered
from experiments.statistics.windows import end_words
from experiments.store.protocol import WIDTH
from sim.language import say

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console
    from rich.table import Table

_MOST: Final = 12
"""Most portfolios to print; the tables list all."""


def lines_of(front: Front, base: str, fresh: int, days: int, width: int = WIDTH, styled: bool = False) -> list[str]:
    """Return the lines that `dayroom portfolio` prints.

    Parameters
    ----------
    base : str
        Name of the scenario to which portfolios were added.
    fresh : int
        Number of fresh pairs of runs of each portfolio on the front.
    days : int
        Length of a run in days.
    width, styled
        As in `experiments.statistics.terminal.rendered`.
    """
    return rendered(lambda console: _print(console, front, base, fresh, days), width, styled)


def _print(console: "Console", front: Front, base: str, fresh: int, days: int) -> None:
    console.print(
        say(
            "Portfolios added to {base}, at most {budget}; {evaluated:,} run, the best of them again under {fresh} "
            "fresh seeds",
            base=base,
            budget=in_words(front.budget, of_staff=True),
            evaluated=front.evaluated,
            fresh=fresh,
        )
    )
    for line in front.words():
        console.print("\n".join(filled(line, console.width, "  ", "    ")))
    kept = front.kept()
    if len(kept):
        console.print()
        console.print(_table(front.levers, kept.head(_MOST)))
    notes = [
        say(
            "Change from the base, mean of the {end}, with 95 % intervals over fresh pairs of runs, each by "
            "itself. Hours and money: of all policies, those of the base included, mean over the run.",
            end=end_words(days),
        ),
        say(
            "Kept: within the budget, burden does not rise (clear among all portfolios that were run again, or no pair "
            "of runs differs), and the mean of no other such portfolio is better on loneliness, burden and hours."
        ),
    ]
    if len(kept) > _MOST:
        notes.insert(0, say("The first {most} of {number}; solutions.parquet has all.", most=_MOST, number=len(kept)))
    if (beyond := int((~front.solutions["within_budget"].astype(bool)).sum())) and len(front.solutions):
        notes.append(
            say(
                "{beyond} of {number} found are beyond the budget in fresh runs; the tables say how far.",
                beyond=beyond,
                number=len(front.solutions),
            )
        )
    if front.failed:
        notes.append(say("Of {number} portfolios no pair of runs succeeded.", number=front.failed))
    if front.impossible:
        notes.append(
            say("{number} portfolios cannot be part of a scenario, and were not run.", number=front.impossible)
        )
    console.print()
    for line in notes:
        console.print("\n".join(filled(line, console.width, following="  ")))


def _table(levers: Sequence[Lever], kept: "pd.DataFrame") -> "Table":
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 1), header_style="dim")
    table.add_column("")
    for name in (say("loneliness"), say("burden"), say("h/week"), say("CNY/week")):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column(say("policies"), ratio=1)
    for _, row in kept.iterrows():
        held = described(levers, portfolio_in(levers, row))
        table.add_row(
            row["name"], with_interval(row, "loneliness"), with_interval(row, "burden"), f"{row['hours']:.1f}",
            f"{row['money']:,.0f}", held,
        )  # fmt: skip
    return table
