"""Sentences on a posterior: how far the search came, what failed, which targets it missed, what is known now."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from experiments.plots.frames import records
from experiments.statistics.numbers import beside, commas, many, percent, typeset
from experiments.statistics.target_words import target_words
from sim.language import Language, language, say
from sim.language.meanings import meaning_term, without_remarks

if TYPE_CHECKING:
    from experiments.calibration.posterior.result import Calibrated

FEW: Final = 0.1
"""Below this share of effective particles, a few particles dominate the posterior."""


def posterior_words(result: "Calibrated", meanings: Mapping[str, str]) -> list[str]:
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
                correlation=typeset(f"{row.correlation:+.2f}"),
            )
            for row in records(result.posterior.correlations().head(5))
        ),
    ]


def _missed(result: "Calibrated") -> list[str]:
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


def _names(result: "Calibrated", meanings: Mapping[str, str]) -> dict[str, str]:
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


def _lost(result: "Calibrated") -> list[str]:
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
