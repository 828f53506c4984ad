"""`dayroom scenario`: write, check, show and explain scenarios, without importing or running the model."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.options import Command, Group
from sim.language import Language, say

if TYPE_CHECKING:
    from sim.scenario.reading.load import Loaded
    from sim.scenario.schema.scenario import Scenario
    from sim.scenario.text.errors import Problem

app = typer.Typer(
    cls=Group,
    help="Write, check, show and explain scenarios.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Reference = Annotated[str, typer.Argument(metavar="SCENARIO", help="A YAML file, or a shipped name such as baseline.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace an existing file.")]


@app.command(cls=Command)
def new(
    name: Annotated[str, typer.Argument(help="Name of the scenario: a-z, 0-9, - and _.")],
    extends: Annotated[str, typer.Option(help="A shipped name, or a path from the new file's folder.")] = "baseline",
    out: Annotated[Path | None, typer.Option(help="File to write [NAME.yaml in this folder].")] = None,
    overwrite: Overwrite = False,
) -> None:
    """Write a commented file for a new scenario."""
    from sim.scenario.reading.load import read, read_as
    from sim.scenario.reading.resolve import find
    from sim.scenario.reading.show import word
    from sim.scenario.reading.starter import starter

    path = out or Path(f"{name}.yaml")
    _free(path, overwrite)
    base = read(find(extends, path.parent))
    text = starter(path.name, extends, base, _schema_from(path.parent))
    if read_as(text, path).scenario.name != name:
        text = text.replace("\ntitle:", f"\nname: {word(name)}\ntitle:", 1)
        read_as(text, path)  # refuses a bad name before writing anything
    _write(path, text)
    typer.echo(say("{path}: written; next, `dayroom scenario check {path}`", path=path))


@app.command(cls=Command)
def check(
    scenarios: Annotated[list[str], typer.Argument(metavar="SCENARIO...", help="YAML files or shipped names.")],
    strict: Annotated[bool, typer.Option("--strict", help="End with exit code 2 after a warning too.")] = False,
) -> None:
    """Check scenarios, and the files of users and networks they name, and print every mistake.

    Warns of settings that are valid but have no effect, and of runs that take long or much memory. The exit code is 2
    if anything is wrong.
    """
    from experiments.cli.terminal import shortened
    from experiments.cli.warnings import warn
    from experiments.runs.size import TooLargeError, require_room, size
    from sim.scenario.reading.load import read
    from sim.scenario.reading.notes import notes_of
    from sim.scenario.reading.warnings import warnings_in
    from sim.scenario.text.errors import ScenarioError

    wrong = warned = 0
    reported: set[Problem] = set()
    noted: set[str] = set()
    for reference in scenarios:
        try:
            loaded = read(reference, _network_problems)
        except ScenarioError as error:
            if others := [problem for problem in error.problems if problem not in reported]:
                wrong += len(others)
                typer.echo(shortened(str(ScenarioError(others))), err=True)
            else:
                typer.echo(say("{reference}: only problems that are listed above", reference=reference), err=True)
            reported.update(others)
            continue
        scenario, warnings = loaded.scenario, warnings_in(loaded)
        fresh = [line for line in map(str, (*notes_of(scenario), *warnings)) if line not in noted]
        warn(fresh)
        noted.update(fresh)
        warned += len(warnings)
        estimate = size([scenario], scenario.replicates)
        try:
            require_room(estimate)
        except TooLargeError as error:
            wrong += 1
            typer.echo(f"{reference}: {error}", err=True)
            continue
        if line := estimate.line():
            typer.echo(f"{reference}: {line}", err=True)
        users = sum(centre.users * centre.copies for centre in scenario.centres.values())
        centres = sum(centre.copies for centre in scenario.centres.values())
        counted = say(
            "{centres}, {users}, {days}",
            centres=_count(centres, say("{number} centre", number=centres), say("{number} centres", number=centres)),
            users=_count(users, say("{number} user", number=users), say("{number} users", number=users)),
            days=_count(
                scenario.days, say("{number} day", number=scenario.days), say("{number} days", number=scenario.days)
            ),
        )
        typer.echo(say("{reference}: OK ({name}: {counted})", reference=reference, name=scenario.name, counted=counted))
        for start in _starts(scenario):
            if start not in noted:
                typer.echo(f"{reference}: {start}")
            noted.add(start)
    if wrong:
        one, many = say("{number} problem found", number=wrong), say("{number} problems found", number=wrong)
        typer.echo(_count(wrong, one, many), err=True)
    if wrong or (strict and warned):
        raise typer.Exit(2)


@app.command(cls=Command)
def show(scenario: Reference) -> None:
    """Print a scenario in full, as YAML: its own values, those of what it extends, and the defaults."""
    from sim.scenario.reading.load import read
    from sim.scenario.reading.show import show as shown

    loaded = read(scenario)
    typer.echo(shown(loaded.scenario, loaded.files[0].resolve().parent), nl=False)


@app.command(cls=Command)
def explain(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="[SCENARIO] [PATH]...",
            help="A scenario [baseline], then paths such as users.women, rules.attendance or "
            "centres.*.staff; all of them when no path is given.",
        ),
    ],
) -> None:
    """Tell where values come from: file and line, what they replace, allowed and plausible range, source and grade."""
    explain_values(words)


def explain_values(words: list[str]) -> None:
    """Print where values come from; `words` are a scenario, or none, and paths."""
    from sim.scenario.reading.explain import explain as explained

    loaded, paths = _scenario_and_paths(words)
    explanations = [one for path in paths or ["*"] for one in explained(loaded, path)]
    typer.echo("\n\n".join(str(one) for one in explanations))


def _scenario_and_paths(words: list[str]) -> "tuple[Loaded, list[str]]":
    """Split the words into a scenario and paths. When the first word is a path, the scenario is the baseline.

    Raises
    ------
    ScenarioError
        When the first word is neither a scenario nor a path.
    """
    from sim.scenario.reading.explain import explains
    from sim.scenario.reading.load import read
    from sim.scenario.reading.resolve import find
    from sim.scenario.text.errors import ScenarioError

    try:
        find(words[0], Path())
    except ScenarioError:
        baseline = read("baseline")
        if "." in words[0] or explains(baseline, words[0]):  # no name of a scenario has a dot
            return baseline, words
        raise
    return read(words[0]), words[1:]


@app.command(cls=Command)
def schema(
    out: Annotated[Path | None, typer.Option(help="File to write instead of printing.")] = None,
    overwrite: Overwrite = False,
) -> None:
    """Print the JSON Schema with which editors complete and check scenario files."""
    from sim.scenario.reading.json_schema import json_schema_text

    if out is None:
        typer.echo(json_schema_text(), nl=False)
        return
    _free(out, overwrite)
    _write(out, json_schema_text())
    typer.echo(say("{out}: written", out=out))


@app.command(cls=Command)
def template(
    users: Annotated[int, typer.Option(min=1, max=1000, help="Number of users of the centre.")],
    out: Annotated[Path, typer.Option(help="File to write.")] = Path("centre.xlsx"),
    lang: Annotated[Language, typer.Option(help="Language of headers and lists.")] = Language.en,
    overwrite: Overwrite = False,
) -> None:
    """Write a workbook to fill in: users and ties, with lists to choose from and the meaning of each column.

    What is left empty is sampled. The meanings are there in both languages.
    """
    from sim.scenario.tables.template import template as made
    from sim.scenario.text.errors import Problem, ScenarioError
    from sim.scenario.text.files import displayed

    if out.suffix.lower() != ".xlsx":
        raise ScenarioError(
            [Problem(displayed(out), found=say("a file ending in '{suffix}'", suffix=out.suffix), allowed=".xlsx")]
        )
    _free(out, overwrite)
    _write(out, made(users, lang.value))
    typer.echo(
        say("{out}: written; fill in what you know and leave the rest empty. A scenario beside it takes it by", out=out)
    )
    typer.echo(f"  centres: {{park: {{users: {users}, users_file: {out.name}}}}}")
    typer.echo(f"  network: {{kind: file, file: {out.name}}}")


def _network_problems(scenario: "Scenario") -> "list[Problem]":
    """Check the network files of a scenario; import their reader only when there is such a file."""
    networks = [centre.network or scenario.network for centre in scenario.centres.values()]
    if all(network.file is None for network in networks):
        return []
    from sim.state.files.survey import network_problems

    return network_problems(scenario)


def _starts(scenario: "Scenario") -> list[str]:
    """Return what is known of the users of each centre with a list or survey; import its readers only then."""
    from sim.scenario.schema.start import is_listed

    if not any(is_listed(scenario, centre) for centre in scenario.centres.values()):
        return []
    from sim.state.listed.statement import starts

    return [str(start) for start in starts(scenario)]


def _count(number: int, one: str, many: str) -> str:
    return one if number == 1 else many


def _free(path: Path, overwrite: bool) -> None:
    """Refuse to replace a file without --overwrite.

    Raises
    ------
    ScenarioError
        When the file exists.
    """
    from sim.scenario.text.errors import Problem, ScenarioError
    from sim.scenario.text.files import displayed

    if path.exists() and not overwrite:
        raise ScenarioError([Problem(displayed(path), what=say("the file is there already; --overwrite replaces it"))])


def _write(path: Path, contents: str | bytes) -> None:
    """Write a file, text as UTF-8.

    Raises
    ------
    ScenarioError
        When the file cannot be written.
    """
    from sim.scenario.text.errors import Problem, ScenarioError
    from sim.scenario.text.files import displayed

    try:
        path.write_bytes(contents.encode() if isinstance(contents, str) else contents)
    except OSError as error:
        reason = (error.strerror or say("unknown reason")).lower()
        raise ScenarioError(
            [Problem(displayed(path), what=say("the file cannot be written ({reason})", reason=reason))]
        ) from None


def _schema_from(folder: Path) -> str:
    """Return the address of the JSON Schema for a scenario file in `folder`: its name, or its URI."""
    from sim.scenario.text.files import shipped_folder

    known = shipped_folder() / "schema.json"
    return known.name if folder.resolve() == known.parent.resolve() else known.resolve().as_uri()
