"""The result of `dayroom run`: replicates of a scenario, in memory or in a folder.

A notebook calls `run_replicates`. The command calls `written`, which writes run by run: many runs may exceed memory.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.measures.runs import acted, by_group, groups_of, of_present, weekly
from experiments.plots.family import Family
from experiments.plots.frames import least_help
from experiments.plots.run.figures import FIGURES
from experiments.runs import executors
from experiments.runs.runner import Failed, Plan, done, plan_replicates
from experiments.runs.timeline import date_of, timeline
from experiments.statistics.numbers import commas, many
from experiments.statistics.summary import Summary, columns_read, days_read, of_groups, of_runs, summarise
from experiments.statistics.terminal import idle_line, network_line, summary_lines
from experiments.store import tables as store
from experiments.store.documents import write_networks, write_summary
from experiments.store.protocol import WIDTH, Drawing, Plotted
from experiments.store.reviews import reviews_table
from experiments.store.tables import to_frame
from sim.language import say, term
from sim.outcomes.catalogue import DAILY, OUTCOMES
from sim.run import Run
from sim.scenario.reading import ScenarioLike, scenario_of
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.quantity import whole_seed
from sim.scenario.schema.scenario import Scenario
from sim.scenario.schema.start import is_listed
from sim.scenario.text.errors import InputError
from sim.state.columns import PRESENT

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    from matplotlib.figure import Figure

    from experiments.store.writing import Origin
    from sim.state.listed.statement import Start

Read = Callable[[str, Sequence[str] | None, Sequence[int] | None], "pd.DataFrame"]
"""Function that returns a table: takes its name, the wanted columns and the wanted days (None for all)."""


@dataclass
class RunResult(Plotted):
    """Results of the replicates of a scenario.

    Parameters
    ----------
    scenario : Scenario
        The scenario that ran, with seed and number of replicates.
    read : callable
        Returns the daily outcomes ("daily") or the users ("users").
    folder : Path, optional
        Folder of the tables; None when they are in memory.
    csv : bool
        Whether to write tables as CSV too.
    graphs : dict of int to DiGraph
        The networks of the first replicate that did not fail, by day.
    failed : list of (Plan, Failed)
        The runs that failed.
    """

    scenario: Scenario
    read: Read
    folder: Path | None = None
    csv: bool = False
    graphs: "dict[int, nx.DiGraph[int]]" = field(default_factory=dict)
    failed: list[tuple[Plan, Failed]] = field(default_factory=list)
    _measures: list[tuple[Mapping[str, int], dict[str, float]]] = field(default_factory=list)
    _groups: list[tuple[Mapping[str, int], dict[tuple[str, str], tuple[float, float]]]] = field(default_factory=list)
    _acted: set[str] = field(default_factory=set)
    _weekly: list[dict[str, float]] = field(default_factory=list)
    _changes: Summary | None = None

    def add(self, plan: Plan, run: Run) -> None:
        """Keep a run's measures, group means and networks; the caller keeps its days and users."""
        self._measures.append((plan.keys, run.measures))
        here = run.users[run.users["status"] == PRESENT]
        self._groups.append((plan.keys, by_group(here, groups_of(here, of_present(run)))))
        self.graphs = self.graphs or run.graphs
        self._acted |= acted(run)
        if self.scenario.budget is not None:
            self._weekly.append(weekly(run.daily))

    @property
    def daily(self) -> "pd.DataFrame":
        """The outcomes by replicate, day and centre, as in `daily.parquet`."""
        return self.read("daily", None, None)

    @property
    def users(self) -> "pd.DataFrame":
        """Everybody who was ever enrolled, by replicate, as in `users.parquet`."""
        return self.read("users", None, None)

    @property
    def changes(self) -> Summary:
        """Each outcome at the start and end of the runs, with its change."""
        if self._changes is None:
            own = self.scenario.observe.outcomes or ()
            daily = self.read("daily", columns_read(own), days_read(self.scenario.days))
            self._changes = summarise(daily, (*DAILY, *(OUTCOMES[name] for name in own)))
        return self._changes

    @property
    def title(self) -> str:
        """Name and size of the simulation, in two lines, and a line for each centre with a list or survey."""
        scenario = self.scenario
        centres = sum(centre.copies for centre in scenario.centres.values())
        users = sum(centre.users * centre.copies for centre in scenario.centres.values())
        counts = [(centres, "centre"), (users, "user"), (scenario.days, "day"), (scenario.replicates, "replicate")]
        size = say(
            "{size}, seed {seed}", size=commas([many(number, noun) for number, noun in counts]), seed=scenario.seed
        )
        name = scenario.name
        if scenario.title:
            name = say("{title} ({name})", title=term(scenario.title), name=scenario.name)
        return "\n".join((name, size, *map(str, self.starts)))

    @cached_property
    def starts(self) -> "list[Start]":
        """What is known of the users and ties of each centre with a list or survey, and what is assumed."""
        if not any(is_listed(self.scenario, centre) for centre in self.scenario.centres.values()):
            return []
        from sim.state.listed.statement import starts

        return starts(self.scenario)

    def tables(self) -> "dict[str, pd.DataFrame]":
        """Return `daily`, `users`, `measures` (a row for each run), `groups` (a row for each run and user group)."""
        return {
            "daily": self.daily,
            "users": self.users,
            "measures": to_frame(store.measures_table(self._measures)),
            "groups": to_frame(store.groups_table(self._groups)),
        }

    def summary(self) -> dict[str, Any]:
        """Return start, end and change of every outcome, and means of measures and groups, with intervals."""
        measures, groups = of_runs([values for _, values in self._measures]), of_groups([of for _, of in self._groups])
        known = {"starts": [{**asdict(one), "filled": one.filled} for one in self.starts]} if self.starts else {}
        return {
            **self.changes.about(),
            **known,
            "measures": measures,
            "groups": groups,
            "outcomes": self.changes.rows(),
        }

    def sentences(self, *, width: int = WIDTH, styled: bool = False) -> list[str]:
        """Return the lines that `dayroom run` prints."""
        lines = summary_lines(self.changes, self.title, width=width, styled=styled)
        if line := network_line(of_runs([values for _, values in self._measures])):
            lines += ["", line]
        short = {change.name: change for change in self.changes.changes}["staff_hours_unserved"].end
        if short > 0.0:
            missing = say(
                "Staff hours ran short: at the end policies asked for {hours:.1f} h a week that were not there.",
                hours=7 * short,
            )
            lines += ["", missing]
        if line := self._budget_line():
            lines += ["", line]
        idle = idle_line([name for name in self.scenario.policies if name not in self._acted])
        return [*lines, "", idle] if idle else lines

    def _budget_line(self) -> str:
        """Return a sentence on whether the scenario's policies fit its budget; empty without a budget."""
        if not self._weekly:
            return ""
        import pandas as pd

        from experiments.statistics import budget  # only a scenario with a budget needs it

        values = pd.DataFrame(self._weekly).assign(scenario=self.scenario.name)
        return budget.words(budget.uses(values, self.scenario.budget))

    def figures(self) -> dict[str, Drawing]:
        """Return the figures of the runs by name."""
        there = {"daily", "users", *(["graphs"] if self.graphs else []), *self._sometimes()}
        return {
            name: Drawing(str(one.title), str(one.caption), partial(self._draw, one))
            for name, one in FIGURES.items()
            if set(one.reads) <= there
        }

    def _sometimes(self) -> list[str]:
        """Return which of the sources are there that only some runs have: newcomers, reviews of policies."""
        arrived = self.read("users", ("arrived",), None)["arrived"]
        kept = self.folder is None or (self.folder / "reviews.parquet").is_file()
        reviewed = bool(self.scenario.policies) and kept
        return [*(["newcomers"] if (arrived > 0.0).any() else []), *(["reviews"] if reviewed else [])]

    def failures(self) -> list[dict[str, object]]:
        """Return a row for each run that failed, with the command that repeats it."""
        return [failed.row(plan) for plan, failed in self.failed]

    def write_summary(self) -> None:
        """Write measures, groups, networks and `summary.csv` into the folder that holds the other tables."""
        if self.folder is None:
            raise InputError("these runs are in memory; dayroom run writes a folder")
        store.write_measures(self.folder, self._measures, self.csv)
        store.write_groups(self.folder, self._groups, self.csv)
        write_summary(self.folder, self.changes.rows())
        if self.graphs:
            write_networks(self.folder, self.graphs)

    def _draw(self, family: Family) -> "Figure":
        (source,) = family.reads
        dates = ("date",) if source == "daily" and self.scenario.first_date is not None else ()
        name = "users" if source == "newcomers" else source
        columns = (*family.columns, *dates) if family.columns else None
        drawn_from = self.graphs if source == "graphs" else self.read(name, columns, None)
        return family.draw(drawn_from, **{name: value() for name, value in self._keywords(family).items()})

    def _keywords(self, family: Family) -> "dict[str, Callable[[], object]]":
        """Return what a figure shows of the scenario beside the tables, by the keyword arguments of its function."""
        scenario = self.scenario
        known: dict[str, Callable[[], object]] = {
            "least": lambda: least_help(scenario.rules.support.memory_days),
            "timeline": lambda: timeline(scenario),
            "begin": lambda: date_of(scenario),
            "days": lambda: scenario.days,
        }
        return {name: known[name] for name in family.keywords}


def written(
    scenario: Scenario,
    runs: Iterable[tuple[Plan, Run | Failed]],
    folder: Path,
    csv: bool = False,
    step: Callable[[], None] = lambda: None,
) -> RunResult:
    """Write each run into a folder as soon as it is done.

    Parameters
    ----------
    scenario : Scenario
    runs : iterable of (Plan, Run or Failed)
    folder : Path
    csv : bool
        Whether to write CSV beside Parquet.
    step : callable
        Called after each run.
    """
    result = RunResult(scenario, partial(_from_folder, folder), folder, csv)
    with store.Tables(folder, csv) as tables:
        for plan, run in runs:
            step()
            if isinstance(run, Failed):
                result.failed.append((plan, run))
            else:
                tables.add(run, plan.keys)
                result.add(plan, run)
    return result


def origin(result: RunResult, plans: Sequence[Plan], **more: object) -> "Origin":
    """Return what a run was made from, for its folder; `more` stands in the provenance.

    The tables are those that `written` has written.
    """
    from experiments.store.writing import Origin

    scenario, seeds = result.scenario, [plan.seed for plan in plans]
    facts = {**more, "failed_runs": len(result.failed)}
    return Origin(
        result.title, scenario.seed or 0, scenario.days, seeds, scenario=scenario, more=facts, tables_written=True
    )


def in_folder(folder: Path) -> RunResult:
    """Return the result that `dayroom run` wrote into a folder, to draw its figures anew.

    Raises
    ------
    ResultError
        When a table is missing or damaged.
    """
    from experiments.store.documents import read_networks

    networked = (folder / "network").is_dir()
    scenario = load_scenario(folder / "scenario.yaml")
    return RunResult(scenario, partial(_from_folder, folder), folder, graphs=read_networks(folder) if networked else {})


def run_replicates(scenario: ScenarioLike, count: int, seed: int = 0, jobs: int | None = None) -> RunResult:
    """Run replicates and keep them in memory, for a notebook or a page; `dayroom run` writes them to a folder.

    Parameters
    ----------
    scenario : Scenario, str or path
        A scenario, the name of a shipped scenario, or a file.
    count : int
    seed : int
    jobs : int, optional
        Number of processes; by default as many as pay off.

    Raises
    ------
    RuntimeError
        When every run fails.

    Examples
    --------
    >>> from dayroom import load_scenario, run_replicates
    >>> tiny = load_scenario("baseline").with_changes(days=3, settling=0)
    >>> run_replicates(tiny, 2, seed=1).daily["replicate"].unique().tolist()
    [0, 1]
    """
    import pyarrow as pa

    scenario, seed = scenario_of(scenario), whole_seed(seed)
    frames: dict[str, pd.DataFrame] = {}
    if isinstance(count, bool) or not isinstance(count, int | np.integer):
        raise InputError(f"count: found {count!r}, allowed is a whole number of replicates")
    result = RunResult(scenario.with_changes(seed=seed, replicates=count), partial(_from_memory, frames))
    parts: dict[str, list[pa.Table]] = {"daily": [], "users": [], "reviews": []}
    for plan, run in done(plan_replicates(scenario, seed, count, scenario.name), executors.executor(jobs)):
        if isinstance(run, Failed):
            result.failed.append((plan, run))
        else:
            parts["daily"].append(store.daily_table(run, plan.keys))
            parts["users"].append(store.users_table(run, plan.keys))
            if run.policies:
                parts["reviews"].append(reviews_table(run, plan.keys))
            result.add(plan, run)
    if not parts["daily"]:
        raise RuntimeError(f"every run failed, the first with: {result.failed[0][1].error}")
    frames.update({name: to_frame(pa.concat_tables(of_runs)) for name, of_runs in parts.items() if of_runs})
    return result


def _from_folder(folder: Path, name: str, columns: Sequence[str] | None, days: Sequence[int] | None) -> "pd.DataFrame":
    return store.read_daily(folder, columns, days) if name == "daily" else store.read_table(folder, name, columns)


def _from_memory(
    frames: "dict[str, pd.DataFrame]", name: str, columns: Sequence[str] | None, days: Sequence[int] | None
) -> "pd.DataFrame":
    frame = frames[name] if days is None else frames[name][frames[name]["day"].isin(list(days))]
    return frame if columns is None else frame[list(columns)]


__all__ = ["RunResult", "run_replicates", "written"]
