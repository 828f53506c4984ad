"""`dayroom findings`: what the shipped studies found, written from their runs."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.options import Model, Overwrite
from experiments.store import STORE
from sim.language import say


def findings(
    studies: Annotated[list[str] | None, typer.Argument(metavar="[STUDY...]", help="Shipped studies [all].")] = None,
    store: Annotated[Path, typer.Option(metavar="DIR", help="Folder of the store.")] = STORE,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder of the pages.")] = Path("results/findings"),
    overwrite: Overwrite = False,
    model: Model = None,
) -> None:
    """Write what shipped studies found: a page in words, its figure, and every number of it as JSON.

    The runs are those of `dayroom sweep STUDY`; nothing is run here.
    """
    from experiments.findings import STUDIES
    from experiments.findings.pages import finding_of, write, write_index
    from experiments.findings.pages import findings as computed
    from experiments.store.folder import ResultError
    from experiments.studies import load_study

    loaded = [load_study(name) for name in studies or STUDIES]
    for study in loaded:
        finding_of(study)
        page = out / f"{study.name}.md"
        if page.exists() and not overwrite:
            raise typer.BadParameter(
                say("{page} is there already; --overwrite replaces it", page=page), param_hint="--out"
            )
    lacking = []
    for study in loaded:
        try:
            made = computed(study, store, model)
        except ResultError as error:
            lacking.append(str(error))
            continue
        for path in write(made, out):
            print(path)
        sys.stdout.flush()
    if len(lacking) < len(loaded):
        print(write_index(out))
    if lacking:
        raise ResultError("\n".join(lacking))
