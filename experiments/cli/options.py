"""What commands share: how they show their help, readers of the values of options, and options of several commands."""

import importlib.util
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

from sim.language import Language, language, say
from sim.scenario.text.nodes import quoted
from sim.scenario.text.suggestions import with_suggestion

USAGE_ERROR: Final[type[Any]] = typer.BadParameter.__mro__[1]
"""The class of all mistakes that typer finds in a command line."""


class Command(TyperCommand):
    """A command whose help is in the reader's language."""

    def get_help(self, ctx: Any) -> str:
        """Return the page of `--help`."""
        return super().get_help(ctx) if language() is Language.en else _page(self, ctx)


class Group(TyperGroup):
    """A command with commands below it, whose help is in the reader's language."""

    def get_help(self, ctx: Any) -> str:
        """Return the page of `--help`."""
        return super().get_help(ctx) if language() is Language.en else _page(self, ctx)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that the arguments name; suggest `scenario check` for `check`, which typer does not."""
        try:
            return super().resolve_command(ctx, args)
        except USAGE_ERROR as error:
            for name, group in self.commands.items():
                if args[0] in getattr(group, "commands", ()):
                    problem = say("there is no command {name}", name=quoted(args[0]))
                    error.message = with_suggestion(problem, f"{name} {args[0]}")
            raise


def _page(command: Command | Group, context: Any) -> str:
    from experiments.cli.help import page

    return page(command, context)


def whole(low: int, high: int, says: str) -> Callable[[str], int]:
    """Return a function that reads a whole number from `low` to `high`; its message shows `high` as `says`."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = low - 1
        if not low <= number <= high:
            raise typer.BadParameter(
                say(
                    "found {text}, allowed is a whole number from {low} to {says}",
                    text=quoted(text),
                    low=low,
                    says=says,
                )
            )
        return number

    return read


def length(text: str) -> int:
    """Read a length such as "6 months", in whole days."""
    from sim.scenario.text.units import UnitError, convert

    try:
        days = round(convert(text.strip(), "day"))
    except UnitError as error:
        raise typer.BadParameter(str(error)) from None
    if not 1 <= days <= 36525:
        raise typer.BadParameter(say("found {text}, allowed is 1 day to 36525 days (100 years)", text=quoted(text)))
    return days


def checked[Value](option: str, read: Callable[[], Value]) -> Value:
    """Return what `read` returns; a mistake of the reader's names the option at fault."""
    from sim.scenario.text.errors import DayroomError

    try:
        return read()
    except DayroomError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None


def result_folder(default: str) -> Any:
    """Return the option `--out` of a command, whose result goes into the folder `default` of results otherwise."""
    return typer.Option(metavar="DIR", help=f"Folder of the result [results/{default}].")


def once(option: str, names: list[str], what: str = "") -> None:
    """Refuse a name that appears twice among the values of an option."""
    if twice := [name for name in names if names.count(name) > 1]:
        raise typer.BadParameter(
            say("found {twice} twice, allowed is each {what}once", twice=twice[0], what=what), param_hint=option
        )


def free_file(path: Path, overwrite: bool) -> None:
    """Refuse a place for a file that is taken."""
    if path.is_dir():
        raise typer.BadParameter(say("{path}: this is a folder, allowed is a file", path=path), param_hint="--out")
    if path.exists() and not overwrite:
        raise typer.BadParameter(
            say("{path}: there is a file already; --overwrite replaces it", path=path), param_hint="--out"
        )


def given(options: Mapping[str, object]) -> list[object]:
    """Return command-line words for the options that have a value; a list repeats its option for each item."""
    words: list[object] = []
    for name, value in options.items():
        if isinstance(value, bool):
            words += [name] * value
        elif isinstance(value, list):
            words += [word for one in value for word in (name, one)]
        elif value is not None:
            words += [name, value]
    return words


def require_package(package: str, extra: str) -> None:
    """Refuse to go on when a package of the named extra is not installed.

    Raises
    ------
    InputError
        When the package is missing; the message says how to install it.
    """
    from sim.scenario.text.errors import InputError

    if importlib.util.find_spec(package) is None:
        raise InputError(
            say(
                "{package} is not installed; install it with: pip install 'dayroom[{extra}]'",
                package=package,
                extra=extra,
            )
        )


seed_number = whole(0, 2**64 - 1, "2**64 - 1")
count = whole(1, 100_000, "100000")
processes = whole(1, 256, "256")

Seed = Annotated[
    int | None, typer.Option(parser=seed_number, metavar="S", help="Seed of the runs [the scenario's, or a new one].")
]
SearchSeed = Annotated[
    int | None,
    typer.Option(parser=seed_number, metavar="S", help="Seed of the search and its runs [the scenario's, or 0]."),
]
Days = Annotated[
    int | None, typer.Option(parser=length, metavar="D", help='Length: 90, "6 months" ... [the scenario\'s].')
]
Jobs = Annotated[
    int | None, typer.Option(parser=processes, metavar="J", help="Processes that work at once [as many as save time].")
]
Csv = Annotated[bool, typer.Option("--csv", help="Write the tables as CSV too.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace an earlier result in DIR.")]
Report = Annotated[bool, typer.Option("--report", help="Also write the report, beside DIR (see `dayroom report`).")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print the folder of the result and nothing else.")]
Checkpoint = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="File that keeps the finished runs [beside DIR, until the search is over]."),
]
Resume = Annotated[
    bool, typer.Option("--resume", help="Go on where a search was stopped or killed; so does the plain command.")
]
StudyName = Annotated[str, typer.Argument(metavar="STUDY", help="A YAML file, or the name of a shipped study.")]
Store = Annotated[Path, typer.Option("--store", metavar="DIR", help="Folder in which runs are kept.")]
StudyStore = Annotated[
    Path, typer.Option("--store", metavar="DIR", help="Folder in which the runs of the study are kept.")
]
Model = Annotated[
    str | None, typer.Option(metavar="DIGEST", help="Another version of the model (see `dayroom status`).")
]
