"""Say which numbers and distributions of the data fit the model, and whether it falls short of a right one."""

from typing import TYPE_CHECKING

import numpy as np

from experiments.statistics.goodness import rank
from experiments.statistics.intervals import ALONE
from experiments.statistics.numbers import beside, commas, in_sentence
from experiments.statistics.verdict import holm
from experiments.validation.measured import AIMED, ALL_WAVES, DISTRIBUTIONS, LABELS
from sim.language import later, say, term

if TYPE_CHECKING:
    import pandas as pd


def conclusions(waves: "pd.DataFrame", fits: "pd.DataFrame") -> list[str]:
    """Return sentences on what fits and what does not.

    Parameters
    ----------
    waves, fits : DataFrame
        As the methods of `experiments.validation.result.Validation` return them; also read back from a record.
    """
    by_number = waves.groupby("number", sort=False).agg(
        inside=("inside", "sum"), waves=("inside", "size"), aimed=("aimed", "any")
    )
    inside, all_waves = by_number["inside"], by_number["waves"]
    parts = (
        (later("Inside at every wave: {numbers}."), inside == all_waves),
        (later("Inside at some: {numbers}."), (inside > 0) & (inside < all_waves)),
        (later("Inside at none: {numbers}."), inside == 0),
    )
    sentences = [
        str(sentence).format(numbers=commas(_named(name, by_number) for name in by_number.index[chosen]))
        for sentence, chosen in parts
        if chosen.any()
    ]
    return [counts(waves), *sentences, _distributions(fits[fits["week"] == ALL_WAVES])]


def counts(waves: "pd.DataFrame") -> str:
    """Return a sentence that counts the numbers inside the middle 95 % of runs, separately for calibration targets."""
    free, aimed = waves[~waves["aimed"]], waves[waves["aimed"]]
    values = {"inside": int(free["inside"].sum()), "number": len(free), "right": of_right_model(len(free))}
    short = values["inside"] < values["right"]
    if aimed.empty and short:
        return say(
            "{inside} of {number} numbers lie in the middle 95 % of the runs, fewer than the {right} or so of a right "
            "model.",
            **values,
        )
    if aimed.empty:
        return say(
            "{inside} of {number} numbers lie in the middle 95 % of the runs; of a right model about {right} would.",
            **values,
        )
    apart = say("{inside} of {number} that are calibration targets ({mark}) do.",
                inside=int(aimed["inside"].sum()), number=len(aimed), mark=AIMED)  # fmt: skip
    if short:
        return beside(
            say(
                "{inside} of {number} numbers that were not aimed at lie in the middle 95 % of the runs, fewer than "
                "the {right} or so of a right model.",
                **values,
            ),
            apart,
        )
    return beside(
        say(
            "{inside} of {number} numbers that were not aimed at lie in the middle 95 % of the runs; of a right model "
            "about {right} would.",
            **values,
        ),
        apart,
    )


def of_right_model(number: int) -> int:
    """Return how many of so many numbers lie, on average, in the middle 95 % of the runs of a right model."""
    return round((1.0 - ALONE) * number)


def _distributions(whole: "pd.DataFrame") -> str:
    """Return the fit of each distribution over all waves, and which differ beyond chance, judged together (Holm).

    A share of n runs cannot be told from 0 below 1 / (n + 1), so that is the least p value of the test.
    """
    names = [term(DISTRIBUTIONS[name]).lower() for name in whole["distribution"]]
    ranks = [
        say("{distribution} p {p}", distribution=name, p=rank(p, runs))
        for name, p, runs in zip(names, whole["p"], whole["runs"], strict=True)
    ]
    fit = say(
        "Goodness of fit over all waves (share of runs at least as far from the mean as the data): {ranks}.",
        ranks=commas(ranks),
    )
    unlike = holm(list(np.maximum(whole["p"], 1.0 / (whole["runs"] + 1.0))))
    differing = [name for name, is_unlike in zip(names, unlike, strict=True) if is_unlike]
    if not differing:
        return beside(fit, say("Judged together (Holm), none differs from the runs beyond chance."))
    return beside(
        fit,
        say("Judged together (Holm), the data differ from the runs beyond chance in {names}.", names=commas(differing)),
    )


def _named(number: str, by_number: "pd.DataFrame") -> str:
    """Return a number's label, marked if a target, and the waves at which it fits unless these are all or none."""
    fitting, waves, aimed = by_number.loc[number].astype(int)
    label = in_sentence(LABELS[number]).lower() + (AIMED if aimed else "")
    if fitting in (0, waves):
        return label
    return say("{label} ({fitting} of {waves})", label=label, fitting=fitting, waves=waves)


__all__ = ["conclusions", "counts", "of_right_model"]
