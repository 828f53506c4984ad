"""The command `dayroom`: find the command that the arguments name, import its file, and run it."""

import os
import sys
from importlib import import_module
from typing import Annotated, Final

import typer

from experiments.cli.options import USAGE_ERROR, Command, Group
from experiments.cli.termination import terminable
from experiments.runs.escapes import escaped, print_exception
from sim.language import Language, language, preferred, say, set_language, speaking
from sim.scenario.text.errors import DayroomError

COMMANDS: Final = {
    "run": "run",
    "compare": "compare",
    "trace": "trace",
    "plot": "plot",
    "report": "report",
    "live": "live",
    "sweep": "sweep",
    "status": "store",
    "export": "store",
    "query": "store",
    "discover": "discover",
    "regret": "regret",
    "sensitivity": "sensitivity",
    "findings": "findings",
    "calibrate": "calibrate",
    "validate": "validate",
    "portfolio": "portfolio",
    "posterior": "posterior",
    "scenario": "scenario",
    "explain": "explain",
    "app": "page",
}
"""The module of each command, in the order of `dayroom --help`."""


def application(*names: str) -> typer.Typer:
    """Return the application with the named commands, or with all when no name is given.

    It imports only the modules of those commands, so that `dayroom run` does not load the others.
    """
    made = typer.Typer(
        name="dayroom",
        cls=Group,
        help="Try out day-care centre policies before people have to live with them.",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    made.callback()(_dayroom)
    for name in names or COMMANDS:
        module = import_module(f"experiments.cli.{COMMANDS[name]}")
        if name == "scenario":
            made.add_typer(module.app, name=name)
        else:
            made.command(cls=Command)(getattr(module, name))
    return made


def _speak(chosen: Language | None) -> None:
    if chosen is not None:
        set_language(chosen)


def _version(wanted: bool) -> None:
    if wanted:
        from experiments.store.provenance import dayroom_version

        typer.echo(f"dayroom {dayroom_version()}")
        raise typer.Exit


def _dayroom(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
    lang: Annotated[
        Language | None,
        typer.Option(
            callback=_speak, is_eager=True, help="Language of messages [that of DAYROOM_LANG, or else of the locale]."
        ),
    ] = None,
) -> None:
    """Read the options that stand before a command."""


def main(arguments: list[str] | None = None) -> None:
    """Run a command.

    A mistake in a scenario, file or folder ends with a message, without traceback, and with exit code 2.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal that lacks a letter still shows the message
    sys.excepthook = print_exception  # Python calls it after `escaped` has ended
    with terminable(), escaped(), speaking(preferred(os.environ)):
        _run(sys.argv[1:] if arguments is None else arguments)


def _run(arguments: list[str]) -> None:
    """Run a command; print mistakes, and end with an exit code."""
    if arguments[:1] == ["query"]:  # SQL may begin with a comment, which is not an option
        arguments = [f" {one}" if one.startswith("-- ") or "\n" in one else one for one in arguments]
    try:
        options = 2 if arguments[:1] == ["--lang"] else int(arguments[:1] != [] and arguments[0].startswith("--lang="))
        named = [word for word in arguments[options : options + 1] if word in COMMANDS]
        sys.exit(application(*named)(arguments, standalone_mode=False) or 0)
    except USAGE_ERROR as error:
        if language() is Language.en:
            error.show()
        else:
            from experiments.cli.help import mistake

            print(mistake(error), file=sys.stderr)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The program that reads our output has closed it. Without this, Python would complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except MemoryError:
        print(say("memory ran out; end other programs, or take a machine with more memory"), file=sys.stderr)
        sys.exit(2)
    except DayroomError as error:
        from experiments.cli.terminal import shortened

        print(shortened(str(error)), file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
