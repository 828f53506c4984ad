"""`dayroom portfolio`: search for the best combinations of policies within a budget."""

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
    Report,
    Resume,
    SearchSeed,
    checked,
    given,
    once,
    require_package,
    result_folder,
    whole,
)
from experiments.store.provenance import command
from sim.language import say

if TYPE_CHECKING:
    from experiments.cli.progress import Progress
    from experiments.portfolio.levers import Lever
    from experiments.portfolio.result import Portfolios
    from experiments.store.writing import Origin
    from sim.scenario.schema.budget import Budget
    from sim.scenario.schema.scenario import Scenario

_pairs = whole(2, 100_000, "100000")
_population = whole(4, 10_000, "10000")
_generations = whole(1, 100_000, "100000")
_steps = whole(1, 100, "100")


Limits = Annotated[
    str | None,
    typer.Option(
        metavar="TEXT",
        help='What all policies may take, all centres together, such as "12" (hours of staff a week) or '
        '"12 h/week, 4000 CNY/month" [the budget of BASE].',
    ),
]
Named = Annotated[
    list[str] | None,
    typer.Option(
        metavar="POLICY[:STEPS][, OPTIONS]",
        help='A policy that may be used, such as "respite:4, start: [0, 8 week]"; several: once for each.',
    ),
]


def portfolio(
    base: Annotated[str, typer.Argument(metavar="BASE", help="The scenario policies are added to.")],
    budget: Limits = None,
    lever: Named = None,
    levers: Annotated[
        str | None,
        typer.Option(metavar="FILE|SCENARIO", help="Those of a file of levers; or those under `policies:` there."),
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
    out: Annotated[Path | None, result_folder("BASE-portfolio")] = None,
    jobs: Jobs = None,
    csv: Csv = False,
    overwrite: Overwrite = False,
    report: Report = False,
    quiet: Quiet = False,
) -> None:
    """Search for the policies that lower loneliness most within a budget and do not raise burden.

    Levers are the policies named, those of another scenario, those of BASE, or else all there are. What is found is run
    again under seeds the search has not seen, and only that is reported.
    """
    require_package("pymoo", "analysis")
    from experiments.cli.result import carry_out, searched
    from experiments.cli.warnings import announce
    from experiments.portfolio.budget import written
    from experiments.portfolio.result import Effort, portfolios
    from experiments.runs import executors
    from sim.scenario.reading.load import load_scenario

    scenario = load_scenario(base)
    scenario = scenario if days is None else scenario.with_changes(days=days)
    limits = _limits(scenario, budget)
    chosen = _levers(scenario, lever or [], levers, steps)
    chance = seed if seed is not None else (scenario.seed or 0)
    effort = Effort(replicates, fresh, population, generations)
    # The search itself estimates its time; the machine must hold one run.
    announce([base], [scenario], 1, 1, quiet)
    options: dict[str, object] = {
        "--lever": lever,
        "--budget": None if budget is None else written(limits),
        "--levers": levers,
        "--steps": steps,
    }
    options |= {"--days": days, "--replicates": replicates, "--fresh": fresh, "--population": population}
    options |= {"--generations": generations, "--seed": chance, "--checkpoint": checkpoint}
    folder = out or Path("results", f"{scenario.name}-portfolio")
    words = ["dayroom", "portfolio", base, *given(options)]
    destination = searched(
        words, folder, out, checkpoint, resume, csv=csv, overwrite=overwrite, quiet=quiet, report=report
    )

    def make(_: Path, progress: "Progress") -> "Portfolios":
        return portfolios(
            scenario, chosen, limits, effort, seed=chance, workers=executors.executor(jobs),
            checkpoint=destination.checkpoint, report=progress.say, step=progress.reach,
        )  # fmt: skip

    carry_out(destination, make, _origin)


def _origin(result: "Portfolios") -> "Origin":
    from experiments.designs.replicates import replicate_seed
    from experiments.store.writing import Origin

    best, base = result.best(), result.base

    def hint(folder: Path) -> str:
        if best is None:
            return ""
        first, second = (folder / "scenarios" / name / "scenario.yaml" for name in (base.name, best.name))
        return say("The best one in detail: {command}", command=command("dayroom", "compare", first, second))

    return Origin(
        title=say("Portfolios of policies for {base}", base=base.name),
        seed=result.seed,
        seeds=[replicate_seed(result.seed, k) for k in range(result.effort.replicates + result.effort.fresh)],
        days=base.days,
        scenarios=[base] if best is None else [base, best],
        repeated=lambda row: (result.failed_scenario(row), 1),
        hint=hint,
    )


def _limits(base: "Scenario", text: str | None) -> "Budget":
    """Return the budget given, or that of the base."""
    from experiments.portfolio.budget import read_budget

    limits = base.budget if text is None else checked("--budget", lambda: read_budget(text))
    if limits is None:
        problem = say("{base} has no budget, so the search needs one, such as 12 or 4000 CNY/month", base=base.name)
        raise typer.BadParameter(problem, param_hint="--budget")
    return limits


def _levers(base: "Scenario", named: list[str], reference: str | None, steps: int) -> "tuple[Lever, ...]":
    """Return the levers named and those of the reference scenario; without both, those of the base, or all."""
    from experiments.portfolio.reading import levers_in, levers_of, read_lever
    from experiments.portfolio.runs import every_lever

    levers: list[Lever] = []
    if reference is not None:
        levers += levers_in(reference, steps)
    levers += checked("--lever", lambda: [read_lever(text, steps) for text in named])
    if not levers:
        return levers_of(base, steps) if base.policies else every_lever(steps)
    once("--lever", [one.policy for one in levers], "policy ")
    return tuple(levers)


__all__ = ["portfolio"]
