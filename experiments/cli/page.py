"""`dayroom app`: the interactive page, on this machine."""

from pathlib import Path
from typing import Annotated

import typer

from sim.language import Language, language


def app(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8765,
    host: Annotated[
        str, typer.Option(help="Address to listen at; only this machine reaches the default.")
    ] = "127.0.0.1",
    folder: Annotated[
        Path | None,
        typer.Option(
            file_okay=False, exists=True, help="Folder whose scenarios can be chosen [a new one, deleted at the end]."
        ),
    ] = None,
    lang: Annotated[Language | None, typer.Option(help="Language in which the page begins [that of messages].")] = None,
) -> None:
    """Serve a page to change a scenario, watch a centre day by day, and compare."""
    from experiments.app.server import serve

    serve(host, port, folder.resolve() if folder is not None else None, lang or language())
