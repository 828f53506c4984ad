"""Files of a result beside its tables: provenance, summary, captions, networks, the scenario, and the README."""

import csv
import json
import math
import shutil
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from experiments.store import provenance
from experiments.store.folder import PROVENANCE, ResultError
from experiments.store.formats import migrated
from sim.language import Language, language, later, padded, say
from sim.scenario.text.nodes import harmless

if TYPE_CHECKING:
    import networkx as nx

    from sim.scenario.schema.scenario import Scenario

NETWORK_DAYS: Final = ("start", "middle", "end")
"""Names of the files, in the order of `network_days`."""

ABOUT: Final = {
    "contrasts.parquet": later("every outcome of every scenario against the base, with intervals and verdicts"),
    "groups.parquet": later("outcomes by group of users on the last day"),
    "runs.parquet": later("one row for each run: its outcomes and costs"),
    "policies.parquet": later(
        "each policy in each run: users eligible, taking part; staff hours wanted, served; CNY a week"
    ),
    "costs.parquet": later(
        "extra CNY and staff hours for a user and year, month, week; user-years below the severe cut-off"
    ),
    "budget.parquet": later("what each scenario takes of the base's budget, whether that fits, and by how much"),
    "user_changes.parquet": later("each user compared with the same user in the base, under the same seed"),
    "cost_quadrants.parquet": later("share of resamples in each quarter of the plane of cost and effect"),
    "acceptability.parquet": later("how likely each scenario is best, by what a user-year below the cut-off is worth"),
    "precision.parquet": later("the precision of each outcome that --until names"),
    "draws.parquet": later("the drawn parameters (--uncertain)"),
    "uncertain_runs.parquet": later("the runs of each draw"),
    "chance_and_ignorance.parquet": later("each effect over the draws, split into chance and unmeasured numbers"),
    "value_of_information.parquet": later(
        "what it is worth to know all parameters, a group of them, or a survey's answers"
    ),
    "expected_loss.parquet": later("what each scenario loses, on average over the draws, to the best one of each draw"),
    "flips.parquet": later("scenarios whose order differs between draws, and the parameter that decides it"),
    "decomposition.parquet": later("the effect, split into new ties, what flows along ties, and direct help"),
    "solutions.parquet": later("the portfolios of the search, judged by fresh runs; `kept` marks those to choose from"),
    "optimism.parquet": later("how far fresh runs differ from the runs of the search"),
    "search_history.parquet": later("the search: one row for each generation"),
    "ensemble.parquet": later("draws from the posterior, for `dayroom compare --uncertain`"),
    "posterior.parquet": later("each parameter: its plausible range, the posterior's mean and 5, 50 and 95 % points"),
    "particles.parquet": later("every parameter set of the posterior, with its weight, distance and statistics"),
    "predictive.parquet": later("each target beside runs of draws from the posterior"),
    "predictive_runs.parquet": later("the statistics of each run in predictive.parquet"),
    "correlations.parquet": later("pairs of parameters that the targets tie to each other"),
    "history.parquet": later(
        "one row per generation: tolerance, attempts, share accepted, effective particles, failures"
    ),
    "points.parquet": later(
        "one row for each point of the study: its factors, the policy's effect, whether it fails there"
    ),
    "boxes.parquet": later("the ranges in which the policy mostly fails: one row for each restriction"),
    "trajectory.parquet": later("the boxes that led to the first box in boxes.parquet"),
    "levers.parquet": later("one row for each lever: mean, places, regret"),
    "places.parquet": later("how often each lever has each place"),
    "by_point.parquet": later("one row for each point and lever: mean outcome and regret"),
    "taus.parquet": later("how far the order at each point agrees with the overall order (Kendall's tau)"),
    "waves.parquet": later("numbers of each wave: the data, and the mean and the middle 95 % of the runs"),
    "distributions.parquet": later("distributions of each wave and over all of them, class by class: data and runs"),
    "fits.parquet": later("goodness of fit of each distribution: Mahalanobis distance, and p by rank among the runs"),
    "wave_runs.parquet": later("the numbers of every run"),
    "data.json": later("the numbers measured in the data"),
    "study.yaml": later("the study's file, as the command read it"),
    "indices.parquet": later("every index of every parameter and outcome, its interval, and its value by chance alone"),
    "settling.parquet": later("whether the leading indices have settled, by outcome"),
    "convergence.parquet": later("indices from a quarter, a half and all of the design"),
    "outcomes.parquet": later("each outcome: points used and dropped, variance, and the share of noise in it"),
    "ends.parquet": later("each outcome at the low and at the high end of each parameter, and the difference"),
    "factors.parquet": later("the parameters that vary: meaning, unit, range"),
    "scenarios/": later("the scenarios in full"),
    "summary.csv": later("every outcome at start and end, its change, and the 95 % interval of each"),
    "summary.json": later("the results in short, for programs"),
    "figures/": later("the figures; captions.txt explains how to read each"),
    "daily.parquet": later("outcomes: one row for each replicate, centre and day"),
    "users.parquet": later("users: one row for each user ever enrolled, as on the last day"),
    "reviews.parquet": later("policies: one row for each review in a centre: level, users taking part, hours, CNY"),
    "measures.parquet": later("one row for each replicate: network at the end, users' changes since entry, newcomers"),
    "daily.csv": later("daily.parquet for spreadsheets"),
    "users.csv": later("users.parquet for spreadsheets"),
    "measures.csv": later("measures.parquet for spreadsheets"),
    "groups.csv": later("groups.parquet for spreadsheets"),
    "nominations.parquet": later("surveys: who names whom, one row for each nomination and wave"),
    "answers.parquet": later("surveys: answers to the questionnaires, one row for each user and wave"),
    "network/": later("who is close to whom in replicate 0 (GraphML: Gephi, igraph, networkx)"),
    "failures.csv": later("the failed runs: where and why each failed, and the command that repeats it"),
    "scenario.yaml": later("the scenario in full, with its seed"),
    "inputs/": later("copies of the files that the scenario names; protect them as you protect the originals"),
    "provenance.json": later("versions, digests, seeds, times and the command that makes this result again"),
}


def write_readme(folder: Path, title: str, again: str) -> None:
    """Write `README.txt`, which explains each file of a result on one screen.

    Parameters
    ----------
    folder : Path
        Folder of the result, complete except for this file.
    title : str
        What was simulated.
    again : str
        The command that makes the result again.
    """
    there = [(name, str(about)) for name, about in ABOUT.items() if (folder / name).exists() or name == PROVENANCE]
    copies = [path.name for path in sorted(folder.glob("*.csv")) if path.name not in ABOUT]
    there += [(name, say("{table}.parquet for spreadsheets", table=Path(name).stem)) for name in copies]
    wide = max(len(name) for name, _ in there) + 2
    lines = [title, "", *(f"{padded(name, wide)}{about}" for name, about in there), ""]
    if (folder / "daily.parquet").exists():
        lines += [
            say("Each column of a Parquet file carries its unit, label and meaning:"),
            '  pyarrow.parquet.read_schema("daily.parquet").field("burden").metadata',
            "",
        ]
    lines += [say("This result again:"), f"  {again}"]
    if (folder / "scenario.yaml").exists():
        lines.append(say("or, from this folder: dayroom run scenario.yaml --out DIR"))
    lines.append("")
    (folder / "README.txt").write_text(harmless("\n".join(lines)), encoding="utf-8")


def write_captions(folder: Path, captions: Sequence[tuple[str, str, str]]) -> None:
    """Write `captions.txt` beside the figures: file, title and caption of each."""
    width = None if language() is Language.zh else 100  # Chinese has no spaces at which to wrap
    entries = [
        f"{say('{file}: {title}', file=name, title=title)}\n{textwrap.fill(caption, width) if width else caption}\n"
        for name, title, caption in captions
    ]
    (folder / "captions.txt").write_text(harmless("\n".join(entries)), encoding="utf-8")


def write_summary(folder: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """Write `summary.csv`.

    Parameters
    ----------
    rows : sequence of mapping
        A row for each outcome, all with the same keys; NaN becomes an empty field.
    """
    _write_csv(folder / "summary.csv", rows)


def write_failures(folder: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """Write `failures.csv` with a row for each failed run; write no file when no run failed."""
    if rows:
        _write_csv(folder / "failures.csv", rows)


def _write_csv(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows({key: _known(value) for key, value in row.items()} for row in rows)


def _plain(content: object) -> object:
    """Convert content to types that JSON can hold; NaN and infinity become None."""
    if isinstance(content, Mapping):
        return {str(key): _plain(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_plain(value) for value in content]
    return _known(content.item() if hasattr(content, "item") else content)


def _known(value: object) -> object:
    """Replace NaN and infinity, which JSON lacks, by None; return any other value unchanged."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def write_provenance(folder: Path, origin: Mapping[str, object]) -> None:
    """Write `provenance.json`. Call this last: the file lists all others, so that a later run may replace them."""
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    write_json(folder / PROVENANCE, {**origin, "files": files})


def write_json(path: Path, content: object) -> None:
    """Write JSON; NaN and infinity become null."""
    path.write_text(json.dumps(_plain(content), indent=2, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")


def read_provenance(folder: Path) -> dict[str, Any]:
    """Read the provenance of a result.

    Raises
    ------
    ResultError
        When the folder holds no result.
    FormatError
        When a newer version wrote it in a format that this one does not know.
    """
    origin = provenance.read(folder / PROVENANCE)
    if origin is None:
        raise ResultError(
            say("{folder}: no result of dayroom is there (no {file} of ours)", folder=folder, file=PROVENANCE)
        )
    return migrated(origin, folder / PROVENANCE)


def read_summary(folder: Path) -> dict[str, Any]:
    """Read the summary of a result.

    Raises
    ------
    ResultError
        When the summary is missing or damaged.
    """
    path = folder / "summary.json"
    try:
        summary: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ResultError(say("{path}: the summary cannot be read", path=path)) from error
    return summary


def network_days(days: int) -> tuple[int, int, int]:
    """Return the days whose network is kept, as it is at the start of the day; the last is the end of the run."""
    return 0, days // 2, days


def write_networks(folder: Path, graphs: Mapping[int, "nx.DiGraph[int]"]) -> None:
    """Write `network/start.graphml`, `middle.graphml` and `end.graphml`.

    Parameters
    ----------
    graphs : mapping of int to DiGraph
        Network on each day of `network_days`. In a run of one day the middle is the start.
    """
    from sim.state.files.graphs import write_graphml

    (folder / "network").mkdir(exist_ok=True)
    for name, day in zip(NETWORK_DAYS, network_days(max(graphs)), strict=True):
        write_graphml(graphs[day], folder / "network" / f"{name}.graphml")


def write_end_networks(folder: Path, graphs: Mapping[str, "nx.DiGraph[int]"]) -> None:
    """Write `network/NAME.graphml` for each scenario of a comparison: its network at the end of replicate 0."""
    from sim.state.files.graphs import write_graphml

    if graphs:
        (folder / "network").mkdir(exist_ok=True)
    for name, graph in graphs.items():
        write_graphml(graph, folder / "network" / f"{name}.graphml")


def read_end_networks(folder: Path, names: Sequence[str]) -> "dict[str, nx.DiGraph[int]]":
    """Read the networks of a comparison, of those scenarios that have a file.

    Raises
    ------
    NetworkFileError
        When a file is damaged.
    """
    from sim.state.files.graphs import read_graphml

    paths = {name: folder / "network" / f"{name}.graphml" for name in names}
    return {name: read_graphml(path) for name, path in paths.items() if path.is_file()}


def read_networks(folder: Path) -> "dict[int, nx.DiGraph[int]]":
    """Read the networks of a result, by day.

    Raises
    ------
    NetworkFileError
        When a file is missing or damaged.
    """
    from sim.state.files.graphs import read_graphml

    graphs = [read_graphml(folder / "network" / f"{name}.graphml") for name in NETWORK_DAYS]
    return {graph.graph["day"]: graph for graph in graphs}


def write_scenario(folder: Path, scenario: "Scenario") -> str:
    """Write `scenario.yaml`, and copy the files it names into `inputs/`.

    Returns
    -------
    str
        Digest of the scenario, its files and the code of other packages in it, without seed and replicates.
    """
    from sim.scenario.reading.show import show

    names = _names(files_of(scenario))
    for path, name in names.items():
        (folder / "inputs").mkdir(exist_ok=True)
        shutil.copyfile(path, folder / "inputs" / name)
    moved = _moved(scenario, {path: folder / "inputs" / name for path, name in names.items()})
    (folder / "scenario.yaml").write_text(show(moved, folder), encoding="utf-8")
    anyone = moved.model_copy(update={"seed": None, "replicates": 1})
    whole = show(anyone, folder) + _code_of_others(anyone)
    return provenance.digest(whole, [folder / "inputs" / name for name in names.values()])


def _code_of_others(scenario: "Scenario") -> str:
    """Return the code of other packages in a scenario; without policies there is none, and nothing to import for it."""
    if not scenario.policies:
        return ""
    from experiments.store.extensions import extensions_of, text_of

    return text_of(extensions_of(scenario))


def files_of(value: object) -> Iterator[Path]:
    """Yield every file that a scenario, or a part of a scenario, names."""
    from pydantic import BaseModel

    if isinstance(value, Path):
        yield value
    elif isinstance(value, BaseModel):
        yield from files_of([getattr(value, name) for name in type(value).model_fields])
    elif isinstance(value, dict):
        yield from files_of(list(value.values()))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from files_of(item)


def _names(paths: Iterator[Path]) -> dict[Path, str]:
    """Return a name for the copy of each file: that of the file, numbered where several files share a name."""
    names: dict[Path, str] = {}
    for path in paths:
        taken = sum(name.endswith(path.name) for known, name in names.items() if known != path)
        names.setdefault(path, f"{taken + 1}-{path.name}" if taken else path.name)
    return names


def _moved(value: Any, places: dict[Path, Path]) -> Any:
    """Return a part of a scenario with each path replaced by its new place."""
    from pydantic import BaseModel

    if isinstance(value, Path):
        return places[value]
    if isinstance(value, BaseModel):
        moved = {name: _moved(getattr(value, name), places) for name in type(value).model_fields}
        return value.model_copy(update=moved)
    if isinstance(value, dict):
        return {key: _moved(item, places) for key, item in value.items()}
    return type(value)(_moved(item, places) for item in value) if isinstance(value, list | tuple) else value
