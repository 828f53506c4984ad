"""`dayroom portfolio`: search for the best combinations of policies within a budget of staff hours."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.options import (
    Checkpoint,
    Csv,
    Days,
    Jobs,
    Overwrite,
    Quiet,
    Resume,
    SearchSeed,
    checked,
    given,
    once,
    require_package,
    whole,
)
from experiments.provenance import command
from sim.scenario.text.nodes import quoted

if TYPE_CHECKING:
    from experiments.cli.progress import Progress
    from experiments.cli.result import Origin
    from experiments.portfolio.front import Lever
    from experiments.portfolio.result import Portfolios
    from sim.scenario.schema.scenario import Scenario

_pairs = whole(2, 100_000, "100000")
_population = whole(4, 10_000, "10000")
_generations = whole(1, 100_000, "100000")
_steps = whole(1, 100, "100")


def _hours(text: str) -> float:
    """Read a budget such as "40" or "40 h/week", in staff hours a week."""
    from sim.scenario.text.units import UnitError, convert

    try:
        hours = convert(text.strip(), "h/week")
    except UnitError as error:
        raise typer.BadParameter(str(error)) from None
    if not (math.isfinite(hours) and hours >= 0.0):
        raise typer.BadParameter(f"found {quoted(text)}, allowed is 0 or more hours a week")
    return hours


def portfolio(
    base: Annotated[str, typer.Argument(metavar="BASE", help="The scenario to add policies to.")],
    budget: Annotated[
        float, typer.Option(parser=_hours, metavar="HOURS", help="Staff hours a week, all centres together.")
    ],
    lever: Annotated[
        list[str] | None,
        typer.Option(metavar="POLICY[:STEPS]", help="A policy to choose from; repeat the option for several."),
    ] = None,
    levers: Annotated[
        str | None,
        typer.Option(metavar="SCENARIO", help="Choose from the policies of this scenario, with their options."),
    ] = None,
    steps: Annotated[
        int, typer.Option(parser=_steps, metavar="N", help="Steps from no to full intensity; 1 means without or with.")
    ] = 4,
    replicates: Annotated[
        int, typer.Option(parser=_pairs, metavar="N", help="Pairs of runs of each portfolio during the search.")
    ] = 20,
    fresh: Annotated[
        int,
        typer.Option(parser=_pairs, metavar="N", help="Fresh pairs of runs of each portfolio found; only these count."),
    ] = 100,
    population: Annotated[int, typer.Option(parser=_population, metavar="N", help="Portfolios in a generation.")] = 24,
    generations: Annotated[int, typer.Option(parser=_generations, metavar="N", help="Most generations.")] = 20,
    seed: SearchSeed = None,
    days: Days = None,
    checkpoint: Checkpoint = None,
    resume: Resume = False,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of the result [results/BASE-portfolio].")
    ] = None,
    jobs: Jobs = None,
    csv: Csv = False,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
) -> None:
    """Search for the policies that lower loneliness most within a budget of staff hours and do not raise burden.

    Levers are the policies named, those of another scenario, those of BASE, or else all there are. What is found is run
    again under seeds the search has not seen, and only that is reported.
    """
    require_package("pymoo", "analysis")
    from experiments.cli.result import carry_out, searched
    from experiments.cli.warnings import announce
    from experiments.portfolio.result import Effort, portfolios
    from experiments.runs import executors
    from sim.scenario.reading.load import load_scenario

    scenario = load_scenario(base)
    scenario = scenario if days is None else scenario.with_changes(days=days)
    chosen = _levers(scenario, lever or [], levers, steps)
    chance = seed if seed is not None else (scenario.seed or 0)
    effort = Effort(replicates, fresh, population, generations)
    # The search itself estimates its time; the machine must hold one run.
    announce([base], [scenario], 1, 1, quiet)
    options: dict[str, object] = {"--lever": lever, "--budget": f"{budget:g}", "--levers": levers, "--steps": steps}
    options |= {"--days": days, "--replicates": replicates, "--fresh": fresh, "--population": population}
    options |= {"--generations": generations, "--seed": chance, "--checkpoint": checkpoint}
    folder = out or Path("results", f"{scenario.name}-portfolio")
    words = ["dayroom", "portfolio", base, *given(options)]
    order = searched(words, folder, out, checkpoint, resume, csv=csv, overwrite=overwrite, quiet=quiet)

    def make(_: Path, progress: "Progress") -> "Portfolios":
        return portfolios(
            scenario, chosen, budget, effort, seed=chance, workers=executors.executor(jobs),
            checkpoint=order.checkpoint, report=progress.say, step=progress.reach,
        )  # fmt: skip

    carry_out(order, make, _origin)


def _origin(result: "Portfolios") -> "Origin":
    from experiments.cli.result import Origin
    from experiments.designs.replicates import replicate_seed

    best, base = result.best(), result.base

    def hint(folder: Path) -> str:
        if best is None:
            return ""
        first, second = (folder / "scenarios" / name / "scenario.yaml" for name in (base.name, best.name))
        return f"The best one in detail: {command('dayroom', 'compare', first, second)}"

    return Origin(
        title=f"Portfolios of policies for {base.name}",
        seed=result.seed,
        seeds=[replicate_seed(result.seed, k) for k in range(result.effort.replicates + result.effort.fresh)],
        days=base.days,
        scenarios=[base] if best is None else [base, best],
        repeated=lambda row: (result.failed_scenario(row), 1),
        hint=hint,
    )


def _levers(base: "Scenario", named: list[str], reference: str | None, steps: int) -> "tuple[Lever, ...]":
    """Return the levers named and those of the reference scenario; without both, those of the base, or all."""
    from experiments.portfolio.result import levers_of, read_lever
    from experiments.portfolio.runs import every_lever
    from sim.scenario.reading.load import load_scenario

    levers: list[Lever] = []
    if reference is not None:
        levers += levers_of(load_scenario(reference), steps)
    levers += checked("--lever", lambda: [read_lever(text, steps) for text in named])
    if not levers:
        return levers_of(base, steps) if base.policies else every_lever(steps)
    once("--lever", [one.policy for one in levers], "policy ")
    return tuple(levers)


__all__ = ["portfolio"]
