"""`dayroom trace`: the first decisions that differ between two scenarios under one seed."""

from typing import Annotated

import typer

from experiments.cli.options import Days, count, seed_number


def trace(
    first: Annotated[str, typer.Argument(metavar="A", help="A scenario.")],
    second: Annotated[str, typer.Argument(metavar="B", help="Another scenario, with the same centres.")],
    seed: Annotated[int, typer.Option(parser=seed_number, metavar="S", help="Seed of both runs.")] = 0,
    days: Days = None,
    most: Annotated[int, typer.Option("--most", parser=count, metavar="N", help="Most differences to show.")] = 20,
) -> None:
    """Show the first decisions that differ between two runs under the same seed, and which policy is behind each."""
    from experiments.cli.warnings import announce
    from experiments.compare.runs import loaded
    from experiments.compare.trace import sentences
    from experiments.compare.trace import trace as traced

    one, two = loaded(first, [second], days)
    announce([first, second], [one, two], 1, 1)
    print("\n".join(sentences(one, two, seed, traced(one, two, seed, most))))
