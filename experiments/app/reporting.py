"""The report of a comparison or of a run, made in the folder of the session in every format that is installed."""

import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from experiments.app.jobs import Step
from experiments.compare.result import Comparison, origin, with_networks
from experiments.report.reports import FORMATS, report_of, write_report
from experiments.store.provenance import command, now
from experiments.store.writing import Origin, write_result
from sim.language import Language, language
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import InputError

if TYPE_CHECKING:
    from experiments.store.protocol import Result

MOST_RUNS: Final = 100
"""Most runs that a report of a scenario makes on the page."""


@dataclass(frozen=True, slots=True)
class Made:
    """A report.

    Parameters
    ----------
    language : Language
    name : str
        Name of its files, without an ending.
    files : dict of str to bytes
        Its contents by format; a format whose package is not installed is missing.
    lacking : str
        How to install the packages that are missing.
    """

    language: Language
    name: str
    files: dict[str, bytes]
    lacking: str = ""


def of_comparison(result: Comparison, again: str, folder: Path, step: Step) -> Made:
    """Return the report of a comparison.

    Parameters
    ----------
    result : Comparison
    again : str
        The command that makes the same comparison.
    folder : Path
        Of the session: the result is written into it for the time of the work.
    step : callable
        Called with the formats done and all formats.

    Raises
    ------
    ResultError
        When the result is damaged.
    """
    with tempfile.TemporaryDirectory(prefix="report-", dir=folder) as inside:
        place, started = Path(inside, result.others[0]), now()
        place.mkdir()
        return _made(with_networks(place, result), place, origin(result), again, started, step)


def of_run(scenario: Scenario, seed: int, folder: Path, step: Step) -> Made:
    """Run a scenario as often as it says, and return the report.

    Parameters
    ----------
    scenario : Scenario
        At most `MOST_RUNS` of its replicates are made.
    seed : int
    folder : Path
        Of the session: the result is written into it for the time of the work.
    step : callable
        Called with the runs and formats done and all of them.

    Raises
    ------
    InputError
        When every run failed.
    """
    from experiments.runs import executors, runner
    from experiments.runs.result import origin as origin_of_run
    from experiments.runs.result import written

    resolved = scenario.with_changes(seed=seed, replicates=min(scenario.replicates, MOST_RUNS))
    reference, runs = f"{resolved.name}.yaml", resolved.replicates
    plans = runner.plan_replicates(resolved, seed, runs, command(reference))
    done = [0]

    def count() -> None:
        done[0] += 1
        step(done[0], runs + len(FORMATS))

    with tempfile.TemporaryDirectory(prefix="report-", dir=folder) as inside:
        place, started = Path(inside, resolved.name), now()
        place.mkdir()
        with closing(runner.done(plans, executors.executor(None))) as finished:
            result = written(resolved, finished, place, False, count)
        if len(result.failed) == runs:
            raise InputError(str(result.failed[0][1].error))
        result.write_summary()
        again = command("dayroom", "run", reference, "--replicates", runs, "--seed", seed)
        return _made(
            result, place, origin_of_run(result, plans), again, started, lambda k, of: step(runs + k, runs + of)
        )


def _made(result: "Result", place: Path, made_from: Origin, again: str, started: str, step: Step) -> Made:
    """Write a result into a folder, and return its report in each format."""
    write_result(result, place, made_from, again=again, started=started)
    report, files, lacking = report_of(place), {}, ""
    for number, kind in enumerate(FORMATS):
        step(number, len(FORMATS))
        try:
            files[kind] = write_report(report, place / f"report.{kind}").read_bytes()
        except InputError as missing:
            lacking = str(missing)
    return Made(language(), f"{place.name}-report-{language()}", files, lacking)
