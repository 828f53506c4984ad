"""`dayroom portfolio`: which policies to combine with the hours of staff there are."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli.options import Csv, Days, Jobs, Overwrite, Quiet, whole
from experiments.cli.result import Checkpoint, Resume, Seed, Written, carry_out, require_package, wished, written

if TYPE_CHECKING:
    from experiments.portfolio.result import Lever, Portfolios

_pairs = whole(2, 100_000, "100000")
_population = whole(4, 10_000, "10000")
_generations = whole(1, 100_000, "100000")
_steps = whole(1, 100, "100")


def _hours(text: str) -> float:
    """Read hours of staff a week."""
    from sim.scenario.text.units import UnitError, convert

    try:
        hours = convert(text.strip(), "h/week")
    except UnitError as error:
        raise typer.BadParameter(str(error)) from None
    if not (math.isfinite(hours) and hours >= 0.0):
        raise typer.BadParameter(f"found {text!r}, allowed is 0 or more hours a week")
    return hours


def portfolio(
    base: Annotated[str, typer.Argument(metavar="BASE", help="The scenario policies are added to.")],
    budget: Annotated[
        float, typer.Option(parser=_hours, metavar="HOURS", help="Hours of staff a week, all centres together.")
    ],
    lever: Annotated[
        list[str] | None,
        typer.Option(metavar="POLICY[:STEPS]", help="A policy that may be used; several: once for each."),
    ] = None,
    levers: Annotated[
        str | None, typer.Option(metavar="SCENARIO", help="Those under `policies:` there, with their options.")
    ] = None,
    steps: Annotated[
        int, typer.Option(parser=_steps, metavar="N", help="Steps from nothing to full intensity; 1: without or with.")
    ] = 4,
    replicates: Annotated[
        int, typer.Option(parser=_pairs, metavar="N", help="Pairs of runs of each portfolio in the search.")
    ] = 20,
    fresh: Annotated[
        int, typer.Option(parser=_pairs, metavar="N", help="Fresh pairs of each portfolio found, which alone count.")
    ] = 100,
    population: Annotated[int, typer.Option(parser=_population, metavar="N", help="Portfolios a generation.")] = 24,
    generations: Annotated[int, typer.Option(parser=_generations, metavar="N", help="Generations at most.")] = 20,
    seed: Seed = None,
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
    from experiments.portfolio.result import Effort
    from sim.scenario.reading.load import load_scenario

    scenario = load_scenario(base)
    scenario = scenario if days is None else scenario.with_changes(days=days)
    chosen = _levers(scenario, lever or [], levers, steps)
    seed = seed if seed is not None else (scenario.seed or 0)
    effort = Effort(replicates, fresh, population, generations)
    options: dict[str, Any] = {"--budget": f"{budget:g}", "--levers": levers, "--steps": steps, "--days": days}
    options |= {"--replicates": replicates, "--fresh": fresh, "--population": population, "--generations": generations}
    options |= {"--seed": seed, "--checkpoint": checkpoint}
    words = written(["dayroom", "portfolio", base, *(w for one in lever or [] for w in ("--lever", one))], options)
    folder = out or Path("results", f"{scenario.name}-portfolio")
    wish = wished(words, folder, out, checkpoint, resume, csv=csv, overwrite=overwrite, quiet=quiet)

    def made(tell: Any, step: Any) -> "Portfolios":
        from experiments.portfolio.result import portfolios
        from experiments.runs import executors

        workers = executors.executor(jobs)
        return portfolios(
            scenario,
            chosen,
            budget,
            effort,
            seed=seed,
            workers=workers,
            checkpoint=wish.checkpoint,
            tell=tell,
            step=step,
        )

    result = carry_out(made, _write, wish)
    if not quiet:
        from experiments.portfolio.terminal import print_portfolios

        print_portfolios(result, folder)


def _levers(base: Any, named: list[str], reference: str | None, steps: int) -> "tuple[Lever, ...]":
    """Give the levers asked for: by name, from a scenario, from the base, or all there are."""
    from experiments.portfolio.result import PortfolioError, levers_of, read_lever
    from experiments.portfolio.runs import levers as every
    from sim.scenario.reading.load import load_scenario

    found: list[Lever] = []
    if reference is not None:
        found += levers_of(load_scenario(reference), steps)
    try:
        found += [read_lever(text, steps) for text in named]
    except PortfolioError as error:
        raise typer.BadParameter(str(error), param_hint="--lever") from None
    if not found:
        return levers_of(base, steps) if base.policies else every(steps)
    names = [one.policy for one in found]
    if twice := [name for name in names if names.count(name) > 1]:
        raise typer.BadParameter(f"found {twice[0]} twice, allowed is each policy once", param_hint="--lever")
    return tuple(found)


def _write(result: "Portfolios", folder: Path, wish: Written, times: dict[str, str], progress: Any) -> None:
    """Write tables, scenarios, figures and where all of it comes from."""
    from functools import partial

    from experiments import store
    from experiments.cli.figures import draw_each
    from experiments.designs.replicates import replicate_seed
    from experiments.plots.portfolio.families import PORTFOLIO_FIGURES
    from experiments.portfolio.result import about
    from experiments.provenance import provenance

    front = result.front
    tables = {"solutions": front.solutions, "optimism": front.optimism, "search_history": front.history}
    store.write_tables(folder, tables, wish.csv)
    store.write_json(folder / "summary.json", about(result))
    best = result.best()
    digests = []
    for scenario in [result.base, *([best] if best is not None else [])]:
        place = folder / "scenarios" / scenario.name
        place.mkdir(parents=True)
        digests.append(store.write_scenario(place, scenario))
    store.write_failures(folder, _failures(result, folder, wish))
    figures = ((name, family, partial(result.plot, name)) for name, family in PORTFOLIO_FIGURES.items())
    draw_each(folder, figures, progress)
    store.write_readme(folder, f"Portfolios of policies for {result.base.name}", wish.again)
    seeds = [replicate_seed(result.seed, k) for k in range(result.effort.replicates + result.effort.fresh)]
    more = {**times, "scenario_digests": digests}
    store.write_provenance(folder, provenance(digests[0], result.seed, seeds, result.base.days, wish.again, **more))


def _failures(result: "Portfolios", folder: Path, wish: Written) -> list[dict[str, Any]]:
    """Write the scenarios of runs that failed; give a row each, with the command that repeats it."""
    from experiments import store
    from experiments.provenance import command

    rows, names = [], {}
    for row in result.front.failures:
        held = tuple(row[lever.policy] for lever in result.front.levers)
        name = result.base.name if row["run"] == "base" else names.setdefault(held, f"failed-{len(names) + 1}")
        place = Path("scenarios", name)
        if not (folder / place).exists():
            (folder / place).mkdir(parents=True)
            store.write_scenario(folder / place, result.failed_scenario(row, name))
        runs = ("--seed", row["seed"], "--replicates", 1)
        again = command("dayroom", "run", wish.folder / place / "scenario.yaml", *runs)
        told = {name: value for name, value in row.items() if name != "trace"}
        rows.append({**told, "again": again, "trace": row["trace"]})
    return rows


__all__ = ["portfolio"]
