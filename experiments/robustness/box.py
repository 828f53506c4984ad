"""A box in the space of the drawn parameters in which a policy fails, and sentences about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from experiments.statistics.numbers import beside, clauses, listed, percent, typeset, with_unit
from experiments.statistics.verdict import most_differing
from sim.language import Language, language, later, say

Rows = Literal["draws", "points"]
"""What is in a box: draws of parameters, or points of a study."""
_ROWS: Final = {"draws": later("the draws"), "points": later("the points")}


@dataclass(frozen=True, slots=True)
class Restriction:
    """A limit of a box on one parameter.

    Parameters
    ----------
    parameter : str
    low, high : float
        Ends of the allowed range; minus or plus infinity for no limit.
    quasi_p : float
        Chance of at least as many failures in the box if they were only as dense as in the box without this limit.
    """

    parameter: str
    low: float
    high: float
    quasi_p: float


@dataclass(frozen=True, slots=True)
class Box:
    """A region of the parameters in which failures are dense.

    Parameters
    ----------
    restrictions : tuple of Restriction
        Limits of the box, in rising order of quasi-p.
    coverage : float
        Share of all failures searched that lie in the box; draws in earlier boxes do not count as in the box.
    density : float
        Share of the draws in the box that are failures.
    mass : float
        Share of all draws searched that lie in the box.
    draws, failures : int
        Number of draws searched, and of failures among them, in the box.
    fresh_coverage, fresh_density : float
        Coverage and density in the draws held out of the search; the density is NaN if none of them is in the box.
    fresh_draws : int
        Number of draws held out that lie in the box.
    p : float
        Chance that the held-out draws in the box hold at least so many failures if the box were no denser than outside.
    base : float
        Share of failures among the draws outside all earlier boxes.
    earlier : int
        Number of boxes found before this box.
    """

    restrictions: tuple[Restriction, ...]
    coverage: float
    density: float
    mass: float
    draws: int
    failures: int
    fresh_coverage: float
    fresh_density: float
    fresh_draws: int
    p: float
    base: float
    earlier: int = 0

    def words(
        self, labels: Mapping[str, str] | None = None, units: Mapping[str, str] | None = None, of: Rows = "draws"
    ) -> str:
        """Return sentences on where the policy fails.

        Parameters
        ----------
        labels, units : mapping of str to str, optional
            Names and units of parameters, by path.
        of : "draws" or "points"
            What the sentences call the rows in the box.
        """
        return _words(self, labels or {}, units or {}, of)


def _words(box: Box, labels: Mapping[str, str], units: Mapping[str, str], of: Rows) -> str:
    """Return sentences on where the policy fails.

    Parameters
    ----------
    box : Box
    labels, units : mapping of str to str
        Names and units of parameters, by path.
    of : "draws" or "points"
    """
    known = labels, units
    limits = [_limit_words(limit, *(words.get(limit.parameter, "") for words in known)) for limit in box.restrictions]
    where = listed(limits) if language() is Language.en else clauses(limits)  # names in Chinese may have commas
    searched = say(
        "On {rows} searched: coverage {coverage}, density {density}.",
        rows=_ROWS[of],
        coverage=percent(box.coverage),
        density=percent(box.density),
    )
    return beside(_start(box, where), _fresh(box, of), searched)


def unseen(failures: int, number: int, of: Rows) -> str:
    """Return a bound on what was never seen: failures, or rows without; empty if both were seen."""
    if 0 < failures < number:
        return ""
    values = {"rows": _ROWS[of], "most": percent(most_differing(number))}
    if failures:
        return say("If others like {rows} were drawn, it might not fail in up to {most} of them.", **values)
    return say("If others like {rows} were drawn, it might fail in up to {most} of them.", **values)


def nothing(refused: Box | None, of: Rows) -> str:
    """Return a sentence on why there is no box; `refused` is the box with which the search ended."""
    if refused is None:
        if of == "points":
            return say(
                "No range was found that separates these points from the others and holds on the points held out; one "
                "may have been missed."
            )
        return say(
            "No range was found that separates these draws from the others and holds on the draws held out; one may "
            "have been missed."
        )
    p = typeset(f"{refused.p:.2g}")
    if of == "points":
        return say(
            "No range was found that separates these points from the others and holds on the points held out: what "
            "the search found does not hold there (p = {p}), as in pure noise. A range may have been missed.",
            p=p,
        )
    return say(
        "No range was found that separates these draws from the others and holds on the draws held out: what the "
        "search found does not hold there (p = {p}), as in pure noise. A range may have been missed.",
        p=p,
    )


def _start(box: Box, where: str) -> str:
    """Return the sentence on the limits of the box."""
    if not box.earlier:
        return say("The policy fails mostly where {where}.", where=where)
    if box.earlier == 1:
        return say("Outside the box before it fails mostly where {where}.", where=where)
    return say("Outside the boxes before it fails mostly where {where}.", where=where)


def _fresh(box: Box, of: Rows) -> str:
    """Return the sentence on how the box holds on what was held out of the search."""
    values = {
        "rows": _ROWS[of],
        "coverage": percent(box.fresh_coverage),
        "density": percent(box.fresh_density),
        "base": percent(box.base),
        "p": typeset(f"{box.p:.2g}"),
    }
    if not box.earlier:
        return say(
            "Of {rows} held out of the search, {coverage} of the failures lie there (coverage), and {density} of what "
            "lies there fails (density), against {base} of all (p = {p}).",
            **values,
        )
    if box.earlier == 1:
        return say(
            "Of {rows} held out of the search, {coverage} of the failures lie there and in no earlier box (coverage), "
            "and {density} of what lies there fails (density), against {base} of all outside the box before "
            "(p = {p}).",
            **values,
        )
    return say(
        "Of {rows} held out of the search, {coverage} of the failures lie there and in no earlier box (coverage), and "
        "{density} of what lies there fails (density), against {base} of all outside the boxes before (p = {p}).",
        **values,
    )


def _limit_words(limit: Restriction, label: str, unit: str) -> str:
    name = label or limit.parameter
    low, high = typeset(f"{limit.low:.3g}"), typeset(f"{limit.high:.3g}")
    if np.isinf(limit.low):
        return say("{name} is below {limit}", name=name, limit=with_unit(high, unit))
    if np.isinf(limit.high):
        return say("{name} is above {limit}", name=name, limit=with_unit(low, unit))
    return say("{name} lies between {low} and {high}", name=name, low=low, high=with_unit(high, unit))
