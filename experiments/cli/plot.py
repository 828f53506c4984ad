"""`dayroom plot`: list or draw the figures of a result, in a language, size and format, or a film of its network."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from experiments.cli.options import Overwrite, free_file
from sim.language import Language, language, speaking

if TYPE_CHECKING:
    from experiments.store.protocol import Drawing

_SPACES: Final = 2
"""Spaces between the name of a figure and its title."""


def plot(
    results: Annotated[Path, typer.Argument(metavar="RESULTS", help="Folder of a result.")],
    figure: Annotated[str, typer.Option(metavar="NAME", help="Figure to draw; --list names them.")] = "",
    listed: Annotated[bool, typer.Option("--list", help="List the figures that this result can draw.")] = False,
    film: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write a film of the network over the run (.gif, or .mp4 with dayroom[film])."
        ),
    ] = None,
    scenario: Annotated[str, typer.Option(metavar="NAME", help="Scenario of the film [the base].")] = "",
    centre: Annotated[str, typer.Option(metavar="NAME", help="Centre of the film [the first].")] = "",
    lang: Annotated[Language | None, typer.Option(help="Language of the figure [that of messages].")] = None,
    kind: Annotated[
        Literal["png", "svg", "pdf"], typer.Option("--format", help="Format, unless --out names one.")
    ] = "png",
    size: Annotated[
        Literal["screen", "slide", "journal", "column"],
        typer.Option(help="As drawn, into a slide, or over two columns or one of a journal (runs and comparisons)."),
    ] = "screen",
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Where to write [NAME.FORMAT].")] = None,
    overwrite: Overwrite = False,
) -> None:
    """Draw a figure of a result anew, or list what it can draw.

    Figures come from the tables in the folder; only a film makes the first run again, under its own seed.
    """
    with speaking(lang or language()):
        if film is not None:
            from experiments.report.plot.film import film_of

            free_file(film, overwrite)
            print(film_of(results, film, scenario, centre))
            return
        from experiments.cli.report import tell_of_other
        from experiments.report.plot import folder

        tell_of_other(results)
        if listed or not figure:
            print("\n".join(_lines(folder.drawings_in(results))))
            return
        from experiments.plots.sizes import room, save_as

        if size == "column":
            folder.require_one_column(results)
        path = out or Path(f"{figure}.{kind}")
        free_file(path, overwrite)
        with room(size):
            drawn = folder.plot(results, figure)
        print(save_as(drawn, path, size))


def _lines(there: "dict[str, Drawing]") -> list[str]:
    """Return a line for each figure: its name and title."""
    wide = max(map(len, there), default=0) + _SPACES
    return [f"{name:<{wide}}{drawing.title}" for name, drawing in there.items()]
