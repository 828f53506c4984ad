"""An order of `dayroom run`, carried out: the runs, what is written of them, and what is told."""

import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from experiments.cli.figures import Captioned
    from experiments.cli.progress import Progress
    from experiments.runs.runner import Failed, Plan
    from experiments.statistics.summary import Summary
    from experiments.store import NewFolder
    from sim.scenario.schema.scenario import Scenario

EXAMPLE_FAILURES: Final = 3
"""Failed runs told on the terminal; the rest are in the table of failures."""


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for, defaults filled in.

    Parameters
    ----------
    reference : str
        The scenario, and the length if it was given, as on the command line.
    scenario : Scenario
        Resolved: of the length, and with the seed and number of replicates, that are run.
    out : Path
        Folder of the result.
    jobs : int, optional
    csv, overwrite, quiet : bool
    """

    reference: str
    scenario: "Scenario"
    out: Path
    jobs: int | None = None
    csv: bool = False
    overwrite: bool = False
    quiet: bool = False

    @property
    def again(self) -> str:
        """The command that makes the same result again, wherever it is put."""
        from experiments.provenance import command

        options = command("--replicates", self.scenario.replicates, "--seed", self.scenario.seed)
        return f"dayroom run {self.reference} {options}{' --csv' if self.csv else ''}"

    @property
    def title(self) -> str:
        """What is simulated, in two lines."""
        scenario = self.scenario
        centres = sum(centre.copies for centre in scenario.centres.values())
        users = sum(centre.users * centre.copies for centre in scenario.centres.values())
        counts = [(centres, "centre"), (users, "user"), (scenario.days, "day"), (scenario.replicates, "replicate")]
        size = ", ".join(f"{number:,} {noun}{'' if number == 1 else 's'}" for number, noun in counts)
        name = f"{scenario.title} ({scenario.name})" if scenario.title else scenario.name
        return f"{name}\n{size}, seed {scenario.seed}"


def carry_out(order: Order, progress: "Progress") -> None:
    """Run, write everything, and only then tell what came out."""
    from experiments import store
    from experiments.cli.figures import draw_each
    from experiments.provenance import now
    from experiments.statistics.means import of_groups, of_runs
    from experiments.statistics.summary import columns_read, days_read, summarise

    started = now()
    with store.new_folder(order.out, order.overwrite) as new, progress:
        for name in new.cleared:
            progress.say(f"a run that was killed had left {name} behind; cleared away")
        made = _run_all(order, new.path, progress)
        progress.say("summing up and drawing")
        summary = summarise(store.read_daily(new.path, columns_read(), days_read(order.scenario.days)))
        measures, groups = of_runs([found for _, found in made.measures]), of_groups([of for _, of in made.groups])
        store.write_measures(new.path, made.measures, order.csv)
        store.write_groups(new.path, made.groups, order.csv)
        store.write_summary(new.path, summary.rows(), {**summary.about(), "measures": measures, "groups": groups})
        digest = store.write_scenario(new.path, order.scenario)
        figures = draw_each(new.path, _figures(new.path, order.scenario, made.graphs), progress)
        store.write_readme(new.path, order.title, order.again)
        _write_provenance(new.path, order, made, digest, {"started": started, "finished": now()})
    _tell(order, new, summary, measures, figures)


@dataclass(slots=True)
class Made:
    """What is left of the runs when their tables are written."""

    plans: "tuple[Plan, ...]"
    jobs: int = 1
    graphs: dict[int, Any] = field(default_factory=dict)
    measures: list[tuple[dict[str, int], dict[str, float]]] = field(default_factory=list)
    groups: list[tuple[dict[str, int], dict[tuple[str, str], tuple[float, float]]]] = field(default_factory=list)
    failures: "list[tuple[Plan, Failed]]" = field(default_factory=list)


def _run_all(order: Order, folder: Path, progress: "Progress") -> Made:
    """Do the runs and write their tables; leave with exit code 1 when all of them fail."""
    from experiments import store
    from experiments.measures.runs import by_group
    from experiments.runs import executors, runner
    from sim.state.columns import PRESENT

    scenario = order.scenario
    made = Made(runner.plan_replicates(scenario, scenario.seed or 0, scenario.replicates, order.reference))
    executor = executors.executor(order.jobs)
    runs = runner.done(made.plans, executor, progress.say)
    with closing(runs), store.Tables(folder, order.csv) as tables:
        for plan, result in runs:
            progress.step()
            if isinstance(result, runner.Failed):
                made.failures.append((plan, result))
            else:
                tables.add(result, plan.keys)
                made.measures.append((plan.keys, result.measures))
                made.groups.append((plan.keys, by_group(result.users[result.users["status"] == PRESENT])))
                made.graphs = made.graphs or result.graphs
    made.jobs = executor.jobs
    _tell_failures(made, progress)
    if len(made.failures) == len(made.plans):
        raise typer.Exit(1)
    store.write_failures(folder, [failed.row(plan) for plan, failed in made.failures])
    if made.graphs:
        store.write_networks(folder, made.graphs)
    return made


def _tell_failures(made: Made, progress: "Progress") -> None:
    """Tell what failed, even to somebody who asked for quiet."""
    if not made.failures:
        return
    progress.stop()
    failed, planned = len(made.failures), len(made.plans)
    print("every run failed:" if failed == planned else f"{failed} of {planned} runs failed:", file=sys.stderr)
    for plan, failure in made.failures[:EXAMPLE_FAILURES]:
        print(f"  {failure.error}\n    at {failure.origin}\n    again: {plan.again}", file=sys.stderr)
    if failed > EXAMPLE_FAILURES:
        print(f"  and {failed - EXAMPLE_FAILURES} more", file=sys.stderr)


def _figures(
    folder: Path, scenario: "Scenario", graphs: dict[int, Any]
) -> "Iterator[tuple[str, Captioned, Callable[[], Figure]]]":
    """Give the figures of replicates, each with what draws it."""
    from functools import partial

    from experiments import plots, store

    read = {"daily": store.read_daily, "users": store.read_users}
    least = plots.least_help(scenario.rules.support.memory_days)

    def draw(family: plots.Family) -> "Figure":
        (source,) = family.reads
        drawn_from = graphs if source == "graphs" else read[source](folder, family.columns)
        return family.draw(drawn_from, **({"least": least} if family.has_roles else {}))

    for name, family in plots.FIGURES.items():
        yield name, family, partial(draw, family)


def _write_provenance(folder: Path, order: Order, made: Made, digest: str, times: dict[str, str]) -> None:
    from experiments import store
    from experiments.provenance import provenance

    scenario = order.scenario
    seeds = [plan.seed for plan in made.plans]
    about = {**times, "jobs": made.jobs, "failed_runs": len(made.failures)}
    store.write_provenance(folder, provenance(digest, scenario.seed or 0, seeds, scenario.days, order.again, **about))


def _tell(order: Order, new: "NewFolder", summary: "Summary", measures: list[dict[str, Any]], figures: int) -> None:
    """Print the results on stdout, and nothing else there."""
    from experiments.statistics.terminal import network_line, print_summary

    if order.quiet:
        print(new.final)
        return
    print_summary(summary, order.title)
    if line := network_line(measures):
        print(f"\n{line}")
    short = {change.name: change for change in summary.changes}["staff_hours_unserved"].end
    if short > 0.0:
        print(f"\nStaff hours ran short: at the end policies asked for {7 * short:.1f} h a week that were not there.")
    print(f"\nResult:  {new.final} (README.txt says what each file is)")
    if figures:
        print(f"Figures: {new.final / 'figures'}")
    if new.final != order.out:
        print(f"{order.out} was taken by another run meanwhile; this result is in {new.final}", file=sys.stderr)
