"""Print the summary of runs as a table: with colours on a terminal, without in a file or a pipe."""

import re
import textwrap
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Final

from experiments.statistics import numbers
from experiments.statistics.line_breaks import broken
from experiments.statistics.numbers import bare, commas, level
from experiments.statistics.summary import Change, MeasureMean, Summary
from experiments.statistics.verdict import FEWEST
from experiments.statistics.windows import window_words
from experiments.store.protocol import WIDTH
from sim.language import Language, language, later, say, term
from sim.scenario.text.nodes import harmless

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

_SCALES: Final = {
    "20-80": later("20 to 80"),
    "0-100": later("0 to 100"),
    "1-7": later("1 to 7"),
    "0-1": later("0 to 1"),
    "share": later("in %"),
    "users": later("mean number"),
}
VERDICT_COLOURS: Final = {"better": "green", "worse": "red"}
"""Colours of verdicts in a terminal; other verdicts have none."""
_COLOUR: Final = re.compile("(\x1b\\[[0-9;]*m)")
_ROOMY: Final = 96
"""Width of a terminal, in letters, from which the table is printed with all its words."""


def rendered(write: Callable[["Console"], None], width: int, styled: bool) -> list[str]:
    """Return, as lines, what a function writes to a console; colours are the only orders to a terminal in them.

    Parameters
    ----------
    write : callable
    width : int
        Letters in a line at most.
    styled : bool
        Whether to colour the lines for a terminal.
    """
    from rich.console import Console

    console = Console(highlight=False, markup=False, width=width, force_terminal=styled)
    with console.capture() as captured:
        write(console)
    words = _COLOUR.split(captured.get())
    shown = [word if number % 2 else harmless(word) for number, word in enumerate(words)]
    return [line.rstrip() for line in "".join(shown).splitlines()]


def wrapped(lines: Iterable[str], width: int = WIDTH) -> list[str]:
    """Return lines of words, with long lines wrapped at `width`, but at `WIDTH` at most."""
    return [part for line in lines for part in filled(line, min(width, WIDTH), following="  ", hyphens=False)]


def filled(line: str, width: int, first: str = "", following: str = "", hyphens: bool = True) -> list[str]:
    """Return a line of words as lines of at most `width` letters, an East Asian letter being as wide as two.

    Parameters
    ----------
    line : str
    width : int
    first, following : str
        What stands before the first line, and before the others.
    hyphens : bool
        Whether a line may end within a word: after a hyphen, or anywhere if the word is longer than a line.
    """
    if language() is Language.en:
        return textwrap.wrap(
            line,
            width,
            initial_indent=first,
            subsequent_indent=following,
            break_long_words=hyphens,
            break_on_hyphens=hyphens,
        )
    from rich.cells import cell_len

    rooms = [width - cell_len(before) for before in (following, first)]
    lines = broken(line, rooms[0], cell_len, rooms[1], parts=False)
    return [f"{following if number else first}{each}" for number, each in enumerate(lines)]


def aligned(cells: Sequence[str], widths: Sequence[int], gap: str = "") -> str:
    """Return a row of a table, without spaces at its end; an East Asian letter is as wide as two others.

    Parameters
    ----------
    cells : sequence of str
    widths : sequence of int
        Width of each column; below 0 where cells stand at the right of it.
    gap : str
        What stands between two cells.
    """
    from rich.cells import cell_len

    spaces = [" " * (abs(width) - cell_len(cell)) for cell, width in zip(cells, widths, strict=True)]
    parts = [
        space + cell if width < 0 else cell + space for cell, space, width in zip(cells, spaces, widths, strict=True)
    ]
    return gap.join(parts).rstrip()


def summary_lines(summary: Summary, title: str, *, width: int = WIDTH, styled: bool = False) -> list[str]:
    """Return the most important changes with their intervals, and notes on what start, end and interval mean.

    Parameters
    ----------
    summary : Summary
    title : str
        Title of what was simulated, of one or more lines.
    width, styled
        As in `rendered`.
    """
    return rendered(lambda console: _print(console, summary, title), width, styled)


def _print(console: "Console", summary: Summary, title: str) -> None:
    console.print(harmless(title))
    console.print()
    console.print(_table(summary, narrow=console.width < _ROOMY))
    console.print()
    for line in notes(summary):
        console.print(line, soft_wrap=not console.is_terminal)


def _table(summary: Summary, narrow: bool) -> "Table":
    """Return the table of outcomes; if `narrow`, with less space and without the direction that is better."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 1 if narrow else 2, 0, 0), header_style="bold")
    table.add_column("", no_wrap=True)
    for name in (say("start"), say("end"), say("change")):
        table.add_column(name, justify="right", no_wrap=True)
    if summary.replicates > 1:
        table.add_column(say("in words"))
    for change in (*summary.chosen(), *summary.own()):
        for row in _rows(change, summary.replicates, narrow):
            table.add_row(*row)
    return table


def _rows(change: Change, replicates: int, narrow: bool) -> "list[list[str | Text]]":
    """Return two lines: an outcome with its numbers, and its scale with the intervals."""
    from rich.text import Text

    row = [level(change.start, change.unit), level(change.end, change.unit), numbers.change(change.change, change.unit)]
    first: list[str | Text] = [term(change.label), *row]
    second: list[str | Text] = [Text(f"  {_scale(change) if narrow else scale(change)}", style="dim")]
    if replicates > 1:
        first.append(Text(term(change.verdict), style=VERDICT_COLOURS.get(change.verdict, "")))
        between = [
            _of_level(change.start, change.start_low, change.start_high, change.unit),
            _of_level(change.end, change.end_low, change.end_high, change.unit),
            _between(numbers.change(change.low, change.unit), numbers.change(change.high, change.unit)),
        ]
        second += [Text(text, style="dim") for text in between]
    return [first, second]


def _of_level(mean: float, low: float, high: float, unit: str) -> str:
    """Return the interval of a mean; only its upper bound if the outcome is at the end of its scale in all runs."""
    if mean == low:
        return say("at most {high}", high=bare(high, unit))
    return _between(bare(low, unit), bare(high, unit))


def _between(low: str, high: str) -> str:
    return "-" if low == high == "-" else say("{low} to {high}", low=low, high=high)


def scale(change: Change) -> str:
    """Return the scale of an outcome, and the direction that is better."""
    words = _scale(change)
    if change.better == "neither":
        return words
    if change.better == "lower":
        return say("{scale}, lower is better", scale=words)
    return say("{scale}, higher is better", scale=words)


def _scale(change: Change) -> str:
    return str(_SCALES[change.unit]) if change.unit in _SCALES else term(change.unit)


def network_line(measures: Sequence[MeasureMean]) -> str:
    """Return a sentence on the network at the end; empty when no network was measured.

    Parameters
    ----------
    measures : sequence of MeasureMean
        As `experiments.statistics.summary.of_runs` returns them.
    """
    mean = {measure["name"]: measure["mean"] for measure in measures}
    if mean["transitivity"] != mean["transitivity"]:
        return ""
    uneven, isolates = bare(mean["in_degree_cv"], "1"), level(mean["isolates_share"], "share")
    closed, left = bare(mean["transitivity"], "1"), level(mean["tie_survival"], "share")
    if left == "-":
        return say(
            "Network at the end: transitivity {closed}, in-degree CV {uneven}, isolates {isolates}.",
            closed=closed,
            uneven=uneven,
            isolates=isolates,
        )
    return say(
        "Network at the end: transitivity {closed}, in-degree CV {uneven}, isolates {isolates}; of friendships at the "
        "start, {left} are left among those still enrolled.",
        closed=closed,
        uneven=uneven,
        isolates=isolates,
        left=left,
    )


def idle_line(policies: Sequence[str]) -> str:
    """Return a sentence on the policies that never acted in any run; empty when there are none."""
    if not policies:
        return ""
    return say(
        "{policies} never acted in any replicate: at no review was it in force with anybody taking part.",
        policies=commas([term(policy) for policy in policies]),
    )


def notes(summary: Summary) -> list[str]:
    """Return notes on the numbers: what the interval covers, and which days are start and end."""
    windows = [
        numbers.beside(*window_words(summary.start_days, summary.end_days)),
        say("Changes of % are in percentage points."),
    ]
    if summary.replicates == 1:
        sure = [
            say("One replicate: no 95 % interval can be given, so nothing is called better or worse."),
            say("What one run shows may be chance; --replicates 20 shows how much."),
        ]
    else:
        few = summary.replicates < FEWEST
        sure = [
            say(
                "Under each number: the 95 % interval of its mean over {replicates} replicates.",
                replicates=summary.replicates,
            ),
            say("It covers chance between runs and nothing else."),
            say("Fewer than {fewest} replicates are too few to call anything better or worse.", fewest=FEWEST)
            if few
            else say("Better or worse: clear among all changes shown. By itself: only its own interval leaves out 0."),
        ]
    return [*sure, *windows]
