"""The command `dayroom`: reads arguments and calls one function for each command."""

import os
import sys

import typer

from experiments import cli_scenario

app = typer.Typer(
    name="dayroom",
    help="Try out day-care centre policies before people have to live with them.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(cli_scenario.app, name="scenario")


@app.callback()
def _dayroom() -> None:
    """Keep the name of a command even while there is only one."""


def main(arguments: list[str] | None = None) -> None:
    """Run a command; a scenario that is wrong is told in full, without a traceback, and ends with exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal that lacks a letter still gets the message
    try:
        app(arguments)
    except BrokenPipeError:
        # Whoever read our output has seen enough. Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        from sim.scenario.errors import ScenarioError

        if not isinstance(error, ScenarioError):
            raise
        print(error, file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
