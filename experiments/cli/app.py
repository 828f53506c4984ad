"""The command `dayroom`: each of its commands is a function in a file of the same name."""

import os
import signal
import sys
from typing import Annotated, Final

import typer

from experiments.cli import scenario
from experiments.cli.calibrate import calibrate
from experiments.cli.compare import compare
from experiments.cli.discover import discover
from experiments.cli.findings import findings
from experiments.cli.portfolio import portfolio
from experiments.cli.posterior import posterior
from experiments.cli.regret import regret
from experiments.cli.run import run
from experiments.cli.sensitivity import sensitivity
from experiments.cli.store import export, query, status
from experiments.cli.sweep import sweep
from experiments.cli.trace import trace
from experiments.cli.validate import validate

COMMANDS: Final = (
    *(run, compare, trace, sweep, status, export, query, discover, regret, sensitivity),
    *(findings, calibrate, validate, portfolio, posterior),
)
"""In the order of `dayroom --help`. Each imports what it computes with only when it runs."""

app = typer.Typer(
    name="dayroom",
    help="Try out day-care centre policies before people have to live with them.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for one in COMMANDS:
    app.command()(one)
app.add_typer(scenario.app, name="scenario")


def _version(wanted: bool) -> None:
    if wanted:
        from experiments.provenance import dayroom_version

        typer.echo(f"dayroom {dayroom_version()}")
        raise typer.Exit


@app.callback()
def _dayroom(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Hold the options that stand before a command."""


def main(arguments: list[str] | None = None) -> None:
    """Run a command.

    A mistake in a scenario, file or folder ends with a message, no traceback, and exit code 2.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal that lacks a letter still shows the message
    # SIGTERM as an exception, so that unfinished files are removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] == ["query"]:  # SQL may begin with a comment, which is not an option
        arguments = [f" {one}" if one.startswith("-- ") or "\n" in one else one for one in arguments]
    try:
        app(arguments)
    except BrokenPipeError:
        # The reader of our output has closed it. Python would complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except MemoryError:
        print("memory ran out; end other programs, or take a machine with more memory", file=sys.stderr)
        sys.exit(2)
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in ("sim", "experiments"):
            raise  # only what we raise ourselves is written for the reader
        print(error, file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
