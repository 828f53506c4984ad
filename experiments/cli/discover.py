"""`dayroom discover`: find the conditions under which a policy fails, over the points of a study."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.options import (
    Csv,
    Overwrite,
    Quiet,
    StudyName,
    StudyStore,
    checked,
    given,
    require_package,
    result_folder,
    whole,
)
from experiments.store import STORE
from experiments.store.provenance import command
from sim.language import say

if TYPE_CHECKING:
    from experiments.robustness.failure_rule import Failing
    from experiments.statistics.complete_points import Points
    from experiments.store.writing import Origin
    from experiments.studies import Study

_DEFAULT = "loneliness_ucla20"
_boxes = whole(1, 20, "20")


def discover(
    study: StudyName,
    lever: Annotated[str, typer.Option("--lever", metavar="L", help="The lever to judge.")],
    against: Annotated[
        str | None, typer.Option(metavar="L", help="The lever to compare it with [the one without policies].")
    ] = None,
    outcome: Annotated[
        str | None, typer.Option(metavar="NAME", help=f"The outcome it is to improve [{_DEFAULT}].")
    ] = None,
    least: Annotated[
        str | None,
        typer.Option(metavar="X", help="The least improvement that counts, such as 0.5; for shares also 2 % [any]."),
    ] = None,
    fails: Annotated[
        str | None,
        typer.Option(metavar="WHEN", help='Judge the outcome itself instead, such as "burden > 40": it fails there.'),
    ] = None,
    boxes: Annotated[int, typer.Option(parser=_boxes, metavar="N", help="Most boxes.")] = 3,
    store: StudyStore = STORE,
    out: Annotated[Path | None, result_folder("STUDY-LEVER-fails")] = None,
    csv: Csv = False,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
) -> None:
    """Say where a policy fails: ranges of parameters in which it does not improve an outcome (PRIM).

    The points are those of a study swept before; nothing is run. The command leaves out points with failed or missing
    runs and reports that.
    """
    require_package("ema_workbench", "analysis")
    from experiments.cli.result import Destination, carry_out
    from experiments.robustness import discovered
    from experiments.robustness.runs import check_lever
    from experiments.studies import load_study

    loaded = load_study(study)
    rule = _rule(outcome, least, fails)
    checked("--lever", lambda: check_lever(loaded, lever))
    if against is not None:
        checked("--against", lambda: check_lever(loaded, against))
    result = discovered(loaded, store, lever, against=against, rule=rule, boxes=boxes)
    options = {"--lever": lever, "--against": against, "--outcome": outcome, "--least": least, "--fails": fails}
    again = command("dayroom", "discover", study, *given({**options, "--boxes": boxes, "--store": store}))
    folder = out or Path("results", f"{loaded.name}-{lever}-fails")
    destination = Destination(folder, again, csv, overwrite, quiet, writing="")
    title = say("Where {lever} fails over the points of {study}", lever=lever, study=loaded.name)
    carry_out(destination, lambda *_: result, lambda _: origin(loaded, result.points, title))


def origin(study: "Study", points: "Points", title: str) -> "Origin":
    """Return the origin of a result over the points of a study, with the given title."""
    from experiments.store.extensions import described, extensions_of, text_of
    from experiments.store.provenance import digest
    from experiments.store.writing import Origin

    used = extensions_of(*study.levers.values())
    text = study.file.read_text(encoding="utf-8")
    return Origin(
        title=title,
        seed=study.seed,
        seeds=[study.seed_of(k) for k in range(points.replicates)],
        days=study.days,
        digest=digest(text + text_of(used)),
        documents={"study.yaml": text},
        more={"study": study.name, "failed_runs": points.failed} | ({"extensions": described(used)} if used else {}),
    )


def _rule(outcome: str | None, least: str | None, fails: str | None) -> "Failing":
    """Read the rule by which the lever fails from its three options."""
    from experiments.robustness.failure_rule import amount, condition, known_outcome, too_little

    name = outcome or _DEFAULT
    checked("--outcome", lambda: known_outcome(name))
    if fails is None:
        size = checked("--least", lambda: amount(least, name)) if least is not None else 0.0
        return checked("--least" if least else "--outcome", lambda: too_little(name, size))
    if least is not None:
        problem = say("goes without --fails: one says when an improvement counts")
        raise typer.BadParameter(problem, param_hint="--least")
    rule = checked("--fails", lambda: condition(fails))
    if outcome is not None and rule.outcome != outcome:
        problem = say(
            "found a condition on {other}, and --outcome {outcome}; leave one of them out",
            other=rule.outcome,
            outcome=outcome,
        )
        raise typer.BadParameter(problem, param_hint="--fails")
    return rule
