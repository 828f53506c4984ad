"""`dayroom discover`: under which conditions a policy fails, over the points of a study."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.options import Csv, Overwrite, Quiet, whole
from experiments.cli.points import STORE, Store, StudyName, Wished, option, results_of, told, written
from experiments.provenance import command

if TYPE_CHECKING:
    from experiments.robustness.failing import Failing

_DEFAULT = "loneliness_ucla20"
_boxes = whole(1, 20, "20")


def discover(
    study: StudyName,
    lever: Annotated[str, typer.Option("--lever", metavar="L", help="The lever that is judged.")],
    against: Annotated[
        str | None, typer.Option(metavar="L", help="What it is compared with [the lever without policies].")
    ] = None,
    outcome: Annotated[
        str | None, typer.Option(metavar="NAME", help=f"The outcome it is to improve [{_DEFAULT}].")
    ] = None,
    least: Annotated[
        str | None, typer.Option(metavar="X", help="The least improvement that counts: 0.5, of shares also 2 % [any].")
    ] = None,
    fails: Annotated[
        str | None,
        typer.Option(metavar="WHEN", help='Judge the outcome itself instead, such as "burden > 40": it fails there.'),
    ] = None,
    boxes: Annotated[int, typer.Option(parser=_boxes, metavar="N", help="Boxes at most.")] = 3,
    store: Store = STORE,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of the result [results/STUDY-LEVER-fails].")
    ] = None,
    csv: Csv = False,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
) -> None:
    """Say where a policy fails: ranges of parameters in which it does not improve an outcome (PRIM).

    The points are those of a study swept before; nothing is run. Points with failed or missing runs are left out, and
    said to be.
    """
    from experiments.robustness import discovered
    from experiments.robustness.figures import drawn_discovery
    from experiments.robustness.runs import check_lever
    from experiments.studies import load_study

    _check_extra()
    loaded = load_study(study)
    rule = _rule(outcome, least, fails)
    option("--lever", lambda: check_lever(loaded, lever))
    if against is not None:
        option("--against", lambda: check_lever(loaded, against))
    result = discovered(loaded, results_of(loaded, store), lever, against=against, rule=rule, boxes=boxes)
    options = {"--against": against, "--outcome": outcome, "--least": least, "--fails": fails, "--boxes": boxes}
    given = [word for name, value in options.items() if value is not None for word in (name, value)]
    again = command("dayroom", "discover", study, "--lever", lever, *given, "--store", store)
    folder = out or Path("results", f"{loaded.name}-{lever}-fails")
    title = f"Where {lever} fails over the points of {loaded.name}"
    tables = {"points": result.judged, "boxes": result.boxes(), "trajectory": result.found.trajectory}
    wished = Wished(folder, again, title, csv, overwrite, quiet)
    told(result.sentences(), "", written(loaded, wished, result, tables, drawn_discovery(result)), quiet)


def _rule(outcome: str | None, least: str | None, fails: str | None) -> "Failing":
    """Read when the lever fails."""
    from experiments.robustness.failing import amount, condition, known_outcome, too_little

    name = outcome or _DEFAULT
    option("--outcome", lambda: known_outcome(name))
    if fails is None:
        size = option("--least", lambda: amount(least, name)) if least is not None else 0.0
        rule: Failing = option("--least" if least else "--outcome", lambda: too_little(name, size))
        return rule
    if least is not None:
        raise typer.BadParameter("goes without --fails: one says when an improvement counts", param_hint="--least")
    rule = option("--fails", lambda: condition(fails))
    if outcome is not None and rule.outcome != outcome:
        said = f"found a condition on {rule.outcome}, and --outcome {outcome}; leave one of them out"
        raise typer.BadParameter(said, param_hint="--fails")
    return rule


def _check_extra() -> None:
    """Refuse to go on without what peels the boxes."""
    from importlib.util import find_spec

    if find_spec("ema_workbench") is None:
        said = (
            "boxes are found by ema-workbench, which is not installed; install it with: pip install 'dayroom[analysis]'"
        )
        raise typer.BadParameter(said, param_hint="STUDY")
