"""Print warnings about scenarios, and what their runs will take, before the first run."""

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario.schema.scenario import Scenario
    from sim.scenario.text.errors import ScenarioWarning


def warn(warnings: "Iterable[ScenarioWarning | str]", quiet: bool = False) -> None:
    """Print each warning or note once, on stderr; none if `quiet`."""
    if not quiet:
        for one in dict.fromkeys(map(str, warnings)):
            print(one, file=sys.stderr)


def warn_of(references: Sequence[str], scenarios: "Sequence[Scenario]", quiet: bool = False) -> None:
    """Print what was guessed of the tables of scenarios from files, and the warnings about them, as they will run."""
    from sim.scenario.reading.load import read
    from sim.scenario.reading.warnings import warnings_in
    from sim.scenario.schema.start import is_listed

    if listed := [one for one in scenarios if any(is_listed(one, centre) for centre in one.centres.values())]:
        from sim.scenario.reading.notes import notes_of

        warn((note for scenario in listed for note in notes_of(scenario)), quiet)
    pairs = zip(references, scenarios, strict=True)
    warn((one for reference, scenario in pairs for one in warnings_in(read(reference), scenario)), quiet)


def warn_of_size(
    scenarios: "Sequence[Scenario]", replicates: int, jobs: int | None = None, quiet: bool = False
) -> None:
    """Refuse runs that this machine cannot hold; print what large ones take.

    Raises
    ------
    TooLargeError
        When the largest run takes more memory than the machine has.
    """
    from experiments.runs.size import require_room, size

    estimate = size(scenarios, replicates, jobs)
    require_room(estimate)
    if (line := estimate.line()) and not quiet:
        print(line, file=sys.stderr)


def announce(
    references: Sequence[str],
    scenarios: "Sequence[Scenario]",
    replicates: int,
    jobs: int | None = None,
    quiet: bool = False,
) -> None:
    """Print the warnings about scenarios from files, and refuse runs of them that this machine cannot hold.

    Every command that runs scenarios from files calls this before its first run.

    Raises
    ------
    TooLargeError
        As `warn_of_size`.
    """
    warn_of(references, scenarios, quiet)
    warn_of_size(scenarios, replicates, jobs, quiet)
