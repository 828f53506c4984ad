"""The posterior of the model's parameters under calibration targets: which values fit, what the targets leave open."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final, cast

from experiments.calibration.parameters import parameters_of
from experiments.calibration.posterior.model import (
    beside_targets,
)
from experiments.calibration.posterior.particles import Posterior
from experiments.calibration.posterior.schedule import Schedule
from experiments.designs.changes import changed
from experiments.plots.calibration.figures import POSTERIOR_FIGURES
from experiments.plots.family import drawings
from experiments.plots.frames import records
from experiments.runs.failures import MOST_FAILED, FailedAttempt
from experiments.statistics.numbers import beside, commas, hundredths, many, percent, typeset
from experiments.statistics.target_words import spoken, target_words
from experiments.statistics.terminal import aligned, filled
from experiments.store.protocol import WIDTH, Drawing, Plotted
from sim.language import Language, language, say
from sim.language.meanings import meaning_term, without_remarks
from sim.scenario.schema.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS: Final = (26, -16, -9, -24, -8)
"""Widths of the columns of the table of targets, as `aligned` takes them."""


FEW: Final = 0.1
"""Below this share of effective particles, a few particles dominate the posterior."""


@dataclass(frozen=True)
class Calibrated(Plotted):
    """A posterior, and a check of runs drawn from it against the targets.

    Parameters
    ----------
    scenario : Scenario
    posterior : Posterior
    schedule : Schedule
    replicates : int
        Runs from which the statistics are computed.
    seed : int
    ensemble : DataFrame
        Draws of equal weight from the posterior: one row for each, one column for each parameter's path.
    runs : DataFrame
        Statistics of other such draws, run with fresh seeds: one row for each draw, one column for each target.
    check_failures : tuple of FailedAttempt
        Draws in `runs` at which the model failed.

    Examples
    --------
    >>> from dayroom import Factor, InProcess, Schedule, load_scenario, posterior, read_targets
    >>> tiny = load_scenario("baseline").with_changes(days=4, settling=0)
    >>> lonely = [target for target in read_targets() if target.key == "lonely_share"]
    >>> few = {"replicates": 1, "draws": 5, "workers": InProcess()}
    >>> empathy = [Factor("users.empathy.mean", 0.3, 0.7)]
    >>> result = posterior(tiny, Schedule(particles=10, generations=1), targets=lonely, parameters=empathy, **few)
    >>> result.ensemble.shape  # draws and parameters
    (5, 1)
    """

    scenario: Scenario
    posterior: Posterior
    schedule: Schedule
    replicates: int
    seed: int
    ensemble: "pd.DataFrame"
    runs: "pd.DataFrame"
    check_failures: tuple[FailedAttempt, ...] = ()

    def failures(self) -> list[dict[str, object]]:
        """Return one row for each parameter set at which the model failed; those of the check come last.

        A row has `generation` (from 0, or "check"), `attempt`, `seed`, the parameters by path, `error`, `origin` and
        `trace`.
        """
        generations = enumerate(self.posterior.generations)
        rows = [attempt.row(k) for k, generation in generations for attempt in generation.failures]
        return rows + [attempt.row("check") for attempt in self.check_failures]

    def failed_scenario(self, row: Mapping[str, object]) -> Scenario:
        """Return the scenario that repeats the runs of a row of `failures`."""
        values = {factor.path: cast("float", row[factor.path]) for factor in self.posterior.factors}
        name = f"failed-{row['generation']}-{row['attempt']}"
        return changed(self.scenario, values).with_changes(name=name)

    def check(self) -> "pd.DataFrame":
        """Compare the runs drawn from the posterior with each target (`calibration.posterior.model.beside_targets`)."""
        return beside_targets(self.posterior.targets, self.runs)

    def words(self) -> list[str]:
        """Return sentences: how far the search came, what failed, which targets it missed, what is known now."""
        return _words(self, self._meanings())

    def _meanings(self) -> dict[str, str]:
        return {one.path: one.quantity.meaning for one in parameters_of(self.scenario)}

    def tables(self) -> "dict[str, pd.DataFrame]":
        """Return the tables by the names of their files; `correlations` only when there are any."""
        posterior, pairs = self.posterior, self.posterior.correlations()
        frames = {"ensemble": self.ensemble, "posterior": posterior.summary(), "particles": posterior.particles()}
        frames |= {"predictive": self.check(), "predictive_runs": self.runs, "history": posterior.history()}
        return frames | ({"correlations": pairs} if len(pairs) else {})

    def summary(self) -> dict[str, object]:
        """Return a summary of the posterior for programs."""
        posterior, silent = self.posterior, self.posterior.silent()
        targets = zip(posterior.targets, self.check().to_dict("records"), strict=True)
        return {
            "scenario": self.scenario.name,
            "seed": self.seed,
            "replicates": self.replicates,
            "schedule": asdict(self.schedule),
            "stopped": posterior.stopped,
            "effective_particles": posterior.generations[-1].effective(),
            "distance": "root mean square over targets of the distance from the range's middle, in half widths",
            "targets": [{**asdict(target), **row} for target, row in targets],
            "parameters": [
                {**row, "targets_say_nothing": row["parameter"] in silent}
                for row in posterior.summary().to_dict("records")
            ],
            "correlations": posterior.correlations().to_dict("records"),
            "history": posterior.history().to_dict("records"),
            "failed_attempts": sum(generation.failed for generation in posterior.generations),
            "failed_share_allowed": MOST_FAILED,
            "inadmissible_attempts": sum(generation.inadmissible for generation in posterior.generations),
            "undefined_attempts": sum(generation.undefined for generation in posterior.generations),
            "failed_in_the_check": len(self.check_failures),
            "sentences": self.words(),
        }

    def sentences(self, *, width: int = WIDTH, styled: bool = False) -> list[str]:
        """Return the lines that `dayroom posterior` prints: sentences, then one row for each target."""
        lines = [part for line in self.words() for part in filled(line, min(width, WIDTH), following="  ")]
        head = say("target|range|median|middle 90 % of draws|inside").split("|")
        lines += ["", aligned(head, _COLUMNS)]
        for row in records(self.check()):
            numbers = {name: typeset(f"{getattr(row, name):.3g}") for name in ("median", "q05", "q95")}
            aim = say("{low} to {high}", low=typeset(f"{row.low:g}"), high=typeset(f"{row.high:g}"))
            between = say("{low} to {high}", low=numbers["q05"], high=numbers["q95"])
            cells = [row.key, aim, numbers["median"], between, percent(row.share_inside), *spoken(row.key)]
            lines.append(aligned(cells, [*_COLUMNS, 0][: len(cells)]))
        return lines

    def figures(self) -> dict[str, Drawing]:
        """Return the figures by name, without a figure that would be empty."""
        particles, pairs = self.posterior.particles(), self.posterior.correlations()
        summary = described(self.posterior.summary(), self.posterior.silent(), self.scenario)
        there = {"check": self.check(), "runs": self.runs, "summary": summary, "particles": particles}
        return drawings(POSTERIOR_FIGURES, there | ({"correlations": pairs} if len(pairs) else {}))


def described(summary: "pd.DataFrame", silent: Sequence[str], scenario: Scenario) -> "pd.DataFrame":
    """Return the table of a posterior with `silent`, `unit` and `meaning` of each parameter, for its figures.

    Parameters
    ----------
    summary : DataFrame
        From `experiments.calibration.posterior.particles.Posterior.summary`.
    silent : sequence of str
        Parameters about which the targets say nothing.
    scenario : Scenario
    """
    quantities = {one.path: one.quantity for one in parameters_of(scenario)}
    known = [quantities.get(path) for path in summary["parameter"]]
    return summary.assign(
        silent=summary["parameter"].isin(silent),
        unit=["1" if each is None else each.unit for each in known],
        meaning=["" if each is None else each.meaning for each in known],
    )


def _words(result: Calibrated, meanings: Mapping[str, str]) -> list[str]:
    """Return sentences: how far the search came, what failed, which targets it missed, what is known now.

    Parameters
    ----------
    result : Calibrated
    meanings : mapping of str to str
        What each parameter means, by path.
    """
    last, summary = result.posterior.generations[-1], result.posterior.summary()
    effective, particles = last.effective(), len(last.weights)
    far = say(
        "{generations}, the last within {within} of the targets' middles; {stopped}.",
        generations=many(len(result.posterior.generations), "generation"),
        within=within(last.tolerance),
        stopped=result.posterior.stopped,
    )
    counts = {"effective": effective, "particles": particles}
    carry = say("{effective:.0f} of {particles} particles are effective.", **counts)
    lines = [beside(far, carry), *_lost(result)]
    if effective < FEW * particles:
        lines.append(say("So few effective particles carry little; take more particles."))
    lines += _missed(result)
    silent, names = result.posterior.silent(), _names(result, meanings)
    clear = summary[~summary["parameter"].isin(silent)].sort_values("narrowed", ascending=False)
    if len(clear):
        most = [
            say("{name} ({share})", name=names[row.parameter], share=percent(row.narrowed))
            for row in records(clear.head(5))
        ]
        lines.append(say("Narrowed most (share of the variance of its range that is gone): {most}.", most=commas(most)))
    if silent:
        lines.append(
            say(
                "The targets say nothing about these (no narrower than chance among {effective:.0f} particles "
                "would leave them): {silent}.",
                effective=effective,
                silent=commas(names[path] for path in silent),
            )
        )
    return [
        *lines,
        *(
            say(
                "{first} and {second} go together: correlation {correlation}.",
                first=names[row.first],
                second=names[row.second],
                correlation=hundredths(row.correlation),
            )
            for row in records(result.posterior.correlations().head(5))
        ),
    ]


def _missed(result: Calibrated) -> list[str]:
    """Return a sentence on the targets that the check misses; none if there are none."""
    check = result.check()
    known = check["failed"] < len(result.runs)  # without a value, nobody knows whether the target is missed
    missed = commas(map(_target, check.loc[~check["overlaps"].astype(bool) & known, "key"]))
    if not missed:
        return []
    if result.posterior.is_cut_short:
        return [say("Missed as yet, which more generations may mend: {missed}.", missed=missed)]
    return [say("Missed whatever the parameters, so that model or target is at fault: {missed}.", missed=missed)]


def _target(key: str) -> str:
    """Return the key of a target; in another language than English its words, with the key in brackets."""
    words = target_words(key)
    return key if language() is Language.en or words == key else say("{meaning} ({path})", meaning=words, path=key)


def _names(result: Calibrated, meanings: Mapping[str, str]) -> dict[str, str]:
    """Return each parameter's path; in another language than English its meaning, with the path in brackets."""
    paths = [factor.path for factor in result.posterior.factors]
    if language() is Language.en:
        return dict(zip(paths, paths, strict=True))
    return {
        path: say("{meaning} ({path})", meaning=without_remarks(meaning_term(meanings[path])), path=path)
        if path in meanings
        else path
        for path in paths
    }


def _lost(result: Calibrated) -> list[str]:
    """Return sentences about attempts and draws that the posterior or its check leaves out."""
    lines = []
    failed, attempts, inadmissible, undefined = (
        sum(getattr(one, name) for one in result.posterior.generations)
        for name in ("failed", "attempts", "inadmissible", "undefined")
    )
    if failed:
        lines.append(
            say(
                "{failed:,} of {attempts:,} attempts failed, and the posterior leaves out what failed: where the "
                "model breaks it says nothing about the parameters (failures.csv lists them all).",
                failed=failed,
                attempts=attempts,
            )
        )
    if inadmissible:
        lines.append(
            say(
                "{inadmissible:,} of {attempts:,} attempts had values that no scenario allows; they are no part "
                "of the ranges, and were not run.",
                inadmissible=inadmissible,
                attempts=attempts,
            )
        )
    if undefined:
        lines.append(
            say(
                "{undefined:,} of {attempts:,} attempts ran and left a statistic undefined, such as a share of "
                "friends where nobody has one; they count as misfits.",
                undefined=undefined,
                attempts=attempts,
            )
        )
    if result.check_failures:
        lines.append(
            say(
                "Of {draws} draws from the posterior {failed} failed when they were run again beside the targets.",
                draws=len(result.runs),
                failed=len(result.check_failures),
            )
        )
    return lines


def within(tolerance: float) -> str:
    """Return a distance from the targets' middles in words."""
    if not math.isfinite(tolerance):
        return say("any distance")
    return say("{tolerance:.2f} half widths", tolerance=tolerance)
