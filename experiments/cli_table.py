"""The summary of a result as a table for the terminal, and the same without colours for a file or a pipe."""

import sys
from typing import TYPE_CHECKING, Final

from experiments.analysis.summary import Change, Summary

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_DECIMALS: Final = {"20-80": 1, "0-100": 1, "1-7": 2, "share": 1, "users": 2}
_COLOURS: Final = {"better": "green", "worse": "red"}
_PLAIN_WIDTH: Final = 100


def print_summary(summary: Summary, title: str) -> None:
    """Print the changes a reader wants first, and what start, end and interval mean.

    Parameters
    ----------
    summary : Summary
    title : str
        What was simulated; may be of several lines.
    """
    from rich.console import Console

    on_terminal = sys.stdout.isatty()
    console = Console(highlight=False, markup=False, width=None if on_terminal else _PLAIN_WIDTH)
    if on_terminal:
        _print(console, summary, title)
        return
    with console.capture() as captured:
        _print(console, summary, title)
    print("\n".join(line.rstrip() for line in captured.get().splitlines()))


def _print(console: "Console", summary: Summary, title: str) -> None:
    console.print(title)
    console.print()
    console.print(_table(summary))
    console.print()
    for line in notes(summary):
        console.print(line, soft_wrap=not console.is_terminal)


def _table(summary: Summary) -> "Table":
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("", no_wrap=True)
    for name in ("start", "end", "change"):
        table.add_column(name, justify="right", no_wrap=True)
    if summary.replicates > 1:
        table.add_column("95% interval", justify="right", no_wrap=True)
    table.add_column("in words", no_wrap=True)
    for change in summary.chosen():
        table.add_row(*_cells(change, summary.replicates), style=None)
    return table


def _cells(change: Change, replicates: int) -> list["str | object"]:
    from rich.text import Text

    between = [f"{signed(change.low, change.unit)} to {signed(change.high, change.unit)}"] if replicates > 1 else []
    return [
        change.label,
        level(change.start, change.unit),
        level(change.end, change.unit),
        signed(change.change, change.unit),
        *between,
        Text(change.verdict, style=_COLOURS.get(change.verdict, "")),
    ]


def level(value: float, unit: str) -> str:
    """Write a value of an outcome: a share in percent, anything else on its own scale."""
    if value != value:
        return "-"
    return f"{100 * value:.1f} %" if unit == "share" else f"{value:.{_DECIMALS.get(unit, 2)}f}"


def signed(value: float, unit: str) -> str:
    """Write a change of an outcome with its sign: of a share in percentage points."""
    if value != value:
        return "-"
    text = f"{100 * value if unit == 'share' else value:+.{_DECIMALS.get(unit, 2)}f}"
    return text if value else text[1:]  # what is rounded to nought keeps its sign: an interval may end just beside it


def notes(summary: Summary) -> list[str]:
    """Say what the numbers are: scales, days, interval."""
    scales = ", ".join(
        f"{change.label.split(' (')[0].lower()} {change.unit.replace('-', ' to ')}"
        for change in summary.chosen()
        if change.unit in ("20-80", "0-100", "1-7")
    )
    if summary.replicates > 1:
        over = f"over {summary.replicates} replicates"
        sure = f"Interval: of the mean change, {over}. It covers chance between runs and nothing else."
    else:
        sure = "No interval: one replicate. What one run shows may be chance; --replicates 20 shows how much."
    return [
        f"Scales: {scales}. Changes of % are in percentage points.",
        f"Start: mean of the {_days('first', summary.start_days)}. End: mean of the {_days('last', summary.end_days)}.",
        sure,
    ]


def _days(which: str, number: int) -> str:
    return f"{which} day" if number == 1 else f"{which} {number} days"
