"""Options that several commands have: how they are read, and what is said of them."""

from collections.abc import Callable
from typing import Annotated

import typer


def whole(low: int, high: int, says: str) -> Callable[[str], int]:
    """Give a reader of whole numbers that says what is allowed."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = low - 1
        if not low <= number <= high:
            raise typer.BadParameter(f"found {text!r}, allowed is a whole number from {low} to {says}")
        return number

    return read


def length(text: str) -> int:
    """Read a length such as "6 months", in whole days."""
    from sim.scenario.text.units import UnitError, convert

    try:
        days = round(convert(text.strip(), "day"))
    except UnitError as error:
        raise typer.BadParameter(str(error)) from None
    if not 1 <= days <= 36525:
        raise typer.BadParameter(f"found {text!r}, allowed is 1 day to 36525 days (100 years)")
    return days


seed_number = whole(0, 2**64 - 1, "2**64 - 1")
count = whole(1, 100_000, "100000")
processes = whole(1, 256, "256")

Seed = Annotated[
    int | None, typer.Option(parser=seed_number, metavar="S", help="Seed of chance [the scenario's, or drawn].")
]
Days = Annotated[
    int | None, typer.Option(parser=length, metavar="D", help='Length: 90, "6 months" ... [the scenario\'s].')
]
Jobs = Annotated[
    int | None, typer.Option(parser=processes, metavar="J", help="Processes that work at once [as many as pay].")
]
Csv = Annotated[bool, typer.Option("--csv", help="Write the tables as CSV too.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace an earlier result in DIR.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print the folder of the result and nothing else.")]
