"""`dayroom live`: one HTML file in which a reader moves values of a scenario and sees what changes, offline."""

from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.options import Days, Overwrite, Seed, count, free_file
from sim.language import Language, language, speaking
from sim.scenario.text.nodes import harmless


def live(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="A YAML file, or a name such as baseline.")],
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="File of the page [NAME-live-LANG.html].")] = None,
    lang: Annotated[Language | None, typer.Option(help="Language of the page [that of messages].")] = None,
    replicates: Annotated[
        int | None, typer.Option(parser=count, metavar="N", help="Pairs of runs, at most [the scenario's].")
    ] = None,
    seed: Seed = None,
    days: Days = None,
    overwrite: Overwrite = False,
) -> None:
    """Write a page that runs the scenario in a browser, with sliders for what a reader may doubt.

    The page holds the compiled model and needs neither network nor installation. What it shows under the sliders is
    what `dayroom run` gives of the downloaded scenario, to the last bit.
    """
    from experiments.cli.run import resolved_of
    from experiments.live.page import live as write

    with speaking(lang or language()):
        resolved = resolved_of(scenario, days, seed, replicates)
        file = out or Path(f"{resolved.name}-live-{language()}.html")
        free_file(file, overwrite)
        typer.echo(harmless(str(write(resolved, file))))
