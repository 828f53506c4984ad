"""Write the folder of a result: tables, summary, scenarios, provenance, and the commands that repeat it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.store.provenance import command

if TYPE_CHECKING:
    from experiments.store.protocol import Drawing, Result
    from sim.scenario.schema.scenario import Scenario

Row = dict[str, object]
Draw = Callable[[Path, "Mapping[str, Drawing]"], int]
"""Function that draws figures into the folder of a result; returns how many were drawn."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a result was made from; its folder keeps this beside tables and figures.

    Parameters
    ----------
    title : str
        The first lines of README.txt.
    seed, days : int
    seeds : sequence of int
        A seed for each replicate.
    scenario : Scenario, optional
        Scenario to write into `place`, a folder inside the result.
    place : str
    scenarios : sequence of Scenario
        Scenarios to write, each into `scenarios/NAME`.
    digest : str
        Digest of what was simulated, when no scenario is written.
    documents : mapping of str to anything
        Content of further files by name: a text, or a value to write as JSON.
    more : mapping
        Further entries of `provenance.json`.
    tables_written : bool
        Whether the tables are in the folder already, because they were written run by run.
    repeated : callable, optional
        Takes the row of a failed run; returns its scenario, and the `--replicates` of the command that repeats it.
    hint : callable, optional
        Takes the folder of the result; returns the last line to print.
    """

    title: str
    seed: int
    days: int
    seeds: Sequence[int] = ()
    scenario: "Scenario | None" = None
    place: str = ""
    scenarios: "Sequence[Scenario]" = ()
    digest: str = ""
    documents: Mapping[str, object] = field(default_factory=dict)
    more: Mapping[str, object] = field(default_factory=dict)
    tables_written: bool = False
    repeated: "Callable[[Row], tuple[Scenario, int]] | None" = None
    hint: Callable[[Path], str] | None = None


def write_result(
    result: "Result",
    folder: Path,
    made_from: Origin,
    *,
    again: str,
    started: str,
    final: Path | None = None,
    csv: bool = False,
    draw: "Draw" = lambda _, __: 0,
) -> int:
    """Write all files of a result; return how many figures were drawn.

    Parameters
    ----------
    result : Result
    folder : Path
        Where the files are written.
    made_from : Origin
    again : str
        The command that makes the same result.
    started : str
        When the work began, in UTC (`provenance.now`).
    final : Path, optional
        Where the folder will be once it is whole; by default where it is written.
    csv : bool
        Whether to write the tables as CSV too.
    draw : callable
        Draws the figures; by default nobody does.
    """
    from experiments.store import documents, tables
    from experiments.store.provenance import now, provenance

    if not made_from.tables_written:
        tables.write_tables(folder, result.tables(), csv)
    documents.write_json(folder / "summary.json", result.summary())
    for name, content in made_from.documents.items():
        if isinstance(content, str):
            (folder / name).write_text(content, encoding="utf-8")
        else:
            documents.write_json(folder / name, content)
    more: Row = {"started": started, **made_from.more}
    scenarios = [*made_from.scenarios, *([made_from.scenario] if made_from.scenario is not None else [])]
    if any(scenario.policies for scenario in scenarios):
        from experiments.store.extensions import described, extensions_of

        if used := extensions_of(*scenarios):
            more.setdefault("extensions", described(used))
    if notes := _notes(scenarios):
        more["notes"] = notes
    digest = made_from.digest
    if made_from.scenario is not None:
        digest = _write_scenario(folder / made_from.place, made_from.scenario)
    if made_from.scenarios:
        digests = [_write_scenario(folder / "scenarios" / one.name, one) for one in made_from.scenarios]
        digest, more["scenario_digests"] = digests[0], digests
    documents.write_failures(folder, _with_commands(result.failures(), folder, final or folder, made_from))
    drawn = draw(folder, result.figures())
    documents.write_readme(folder, made_from.title, again)
    more["finished"] = now()
    about = provenance(digest, made_from.seed, made_from.seeds, made_from.days, again, **more)
    documents.write_provenance(folder, about)
    return drawn


def _notes(scenarios: "Sequence[Scenario]") -> dict[str, list[str]]:
    """Return by scenario what was guessed of its tables, and what is sampled and assumed of listed users."""
    from sim.scenario.schema.start import is_listed

    listed = [one for one in scenarios if any(is_listed(one, centre) for centre in one.centres.values())]
    if not listed:
        return {}
    from sim.scenario.reading.notes import notes_of
    from sim.state.listed.statement import starts

    return {one.name: [*notes_of(one), *map(str, starts(one))] for one in listed}


def _write_scenario(place: Path, scenario: "Scenario") -> str:
    from experiments.store.documents import write_scenario

    place.mkdir(parents=True, exist_ok=True)
    return write_scenario(place, scenario)


def _with_commands(rows: list[Row], folder: Path, final: Path, made_from: Origin) -> list[Row]:
    """Write the scenarios of failed runs; add to each row the command that repeats the run."""
    if made_from.repeated is None:
        return rows
    repeatable = []
    for row in rows:
        scenario, runs = made_from.repeated(row)
        place = Path("scenarios", scenario.name)
        if not (folder / place).exists():
            _write_scenario(folder / place, scenario)
        file = final / place / "scenario.yaml"
        again = command("dayroom", "run", file, "--seed", row["seed"], "--replicates", runs)
        rest = {name: value for name, value in row.items() if name != "trace"}
        repeatable.append({**rest, "again": again, "trace": row["trace"]})
    return repeatable
