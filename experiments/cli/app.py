"""The command `dayroom`: reads arguments and calls one function for each command."""

import os
import signal
import sys
from typing import Annotated

import typer

from experiments.cli import (
    calibrate as cli_calibrate,
)
from experiments.cli import (
    compare as cli_compare,
)
from experiments.cli import (
    discover as cli_discover,
)
from experiments.cli import (
    findings as cli_findings,
)
from experiments.cli import (
    portfolio as cli_portfolio,
)
from experiments.cli import (
    posterior as cli_posterior,
)
from experiments.cli import (
    regret as cli_regret,
)
from experiments.cli import (
    run as cli_run,
)
from experiments.cli import (
    scenario,
    store,
)
from experiments.cli import (
    sensitivity as cli_sensitivity,
)
from experiments.cli import (
    sweep as cli_sweep,
)
from experiments.cli import (
    trace as cli_trace,
)
from experiments.cli import (
    validate as cli_validate,
)
from sim.scenario.text.errors import DayroomError

app = typer.Typer(
    name="dayroom",
    help="Try out day-care centre policies before people have to live with them.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command()(cli_run.run)
app.command()(cli_compare.compare)
app.command()(cli_trace.trace)
app.command()(cli_sweep.sweep)
app.command()(store.status)
app.command()(store.export)
app.command()(store.query)
app.command()(cli_discover.discover)
app.command()(cli_regret.regret)
app.command()(cli_sensitivity.sensitivity)
app.command()(cli_findings.findings)
app.command()(cli_calibrate.calibrate)
app.command()(cli_validate.validate)
app.command()(cli_portfolio.portfolio)
app.command()(cli_posterior.posterior)
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
    """Keep what stands before a command."""


def main(arguments: list[str] | None = None) -> None:
    """Run a command; print a mistake the reader can put right without a traceback, and end with status 2."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal that lacks a letter still gets the message
    # As an exception, so that what is unfinished is cleared away.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] == ["query"]:  # SQL may begin with a comment, which is no option
        arguments = [f" {one}" if one.startswith("-- ") or "\n" in one else one for one in arguments]
    try:
        app(arguments)
    except BrokenPipeError:
        # Whoever read our output has seen enough. Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except MemoryError:
        print("memory ran out; end other programs, or take a machine with more memory", file=sys.stderr)
        sys.exit(2)
    except DayroomError as error:
        print(error, file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
