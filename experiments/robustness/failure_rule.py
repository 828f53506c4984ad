"""Rules by which a policy fails at a point of a study, and the chance that a point is misjudged."""

import math
import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from experiments.robustness.unlike_points import Unlike, unlike
from experiments.statistics.complete_points import Points, PointsError, mean_and_interval
from experiments.statistics.intervals import Array
from experiments.statistics.numbers import in_sentence, typeset, with_unit
from experiments.statistics.paired import ROUNDING, differences_of, paired_p
from experiments.statistics.verdict import FEWEST, differing, holm
from sim.language import later, say, term
from sim.outcomes.catalogue import OUTCOMES, Outcome
from sim.scenario.text.nodes import quoted
from sim.scenario.text.suggestions import misspelt

if TYPE_CHECKING:
    import pandas as pd

_SIGNS: Final = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_IN_WORDS: Final = {
    "<": later("{name} is below {limit} at the end"),
    "<=": later("{name} is at most {limit} at the end"),
    ">": later("{name} is above {limit} at the end"),
    ">=": later("{name} is at least {limit} at the end"),
}
_CONDITION: Final = re.compile(r"\s*(?P<name>[A-Za-z_]\w*)\s*(?P<sign><=|>=|<|>)\s*(?P<amount>[^<>=]+?)\s*")


@dataclass(frozen=True, slots=True)
class Failing:
    """A rule that decides at which points a lever fails.

    Parameters
    ----------
    outcome : str
    judged : "difference" or "value"
        What the rule compares with the limit: the mean paired difference from another lever, or the mean itself.
    sign : str
        One of < <= > >=; the lever fails where `judged` `sign` `limit` holds.
    limit : float
        Limit in the outcome's unit; for a share from 0 to 1.
    """

    outcome: str
    judged: Literal["difference", "value"]
    sign: str
    limit: float

    def words(self, against: str) -> str:
        """Return the rule in words that complete "fails where"."""
        about = OUTCOMES[self.outcome]
        name = in_sentence(about.label)
        if self.judged == "value":
            return str(_IN_WORDS[self.sign]).format(name=name, limit=_size(self.limit, about.unit))
        names = {"name": name, "against": against}
        if not self.limit:
            if about.better == "lower":
                return say("{name} at the end is not lower than under {against}", **names)
            return say("{name} at the end is not higher than under {against}", **names)
        least = _size(abs(self.limit), about.unit)
        if about.better == "lower":
            return say("{name} at the end is not lower than under {against} by {least} or more", **names, least=least)
        return say("{name} at the end is not higher than under {against} by {least} or more", **names, least=least)

    def judge(self, points: Points, lever: str, against: str) -> "pd.DataFrame":
        """Judge a lever at each point.

        Returns
        -------
        DataFrame
            A row for each point. Columns: `point`; `value` and `against`, the means over replicates; `difference`;
            `judged`, the mean that the rule compares with the limit; `low` and `high`, its own 95 % interval; `pairs`;
            `differ`, the pairs with a difference other than 0; `fails`; `clear`, whether the side of the limit is clear
            among all points (never with fewer than `FEWEST` pairs that differ). The interval is NaN with one replicate,
            when the pairs do not vary, and when some pairs do not differ and fewer than `FEWEST` do. How many points
            fail by chance is a question to all of them together: `unlike`.
        """
        compared = self._compared(points, lever, against)
        by_point: list[Array] = [np.asarray(each, dtype=float) for _, each in compared.groupby(level="point")]
        interval = mean_and_interval(compared)
        differ = np.array([differing(each) for each in by_point])
        enough = differ >= FEWEST
        exact = (interval["error"] <= ROUNDING * interval["mean"].abs()).to_numpy()  # all pairs differ by the same
        unknown = exact | (~enough & (differ < interval["pairs"].to_numpy()))
        interval.loc[unknown, ["low", "high"]] = np.nan
        means = points.means
        frame = interval.rename(columns={"mean": "judged"}).drop(columns="error")
        frame["differ"] = differ
        frame.insert(0, "value", means[lever])
        frame.insert(1, "against", means[against])
        frame.insert(2, "difference", means[lever] - means[against])
        frame["fails"] = _SIGNS[self.sign](interval["mean"].to_numpy(), self.limit)
        apart = [each - self.limit for each, counts in zip(by_point, enough, strict=True) if counts]
        clear = np.zeros(len(frame), bool)
        clear[enough] = holm([paired_p(each) for each in apart])
        frame["clear"] = clear
        return frame.reset_index()

    def unlike(self, points: Points, lever: str, against: str) -> Unlike:
        """Return whether points differ by more than chance, and how many of them fail by chance alone and truly."""
        compared = self._compared(points, lever, against).unstack("replicate")
        return unlike(compared.to_numpy(float), self.limit, self.sign in (">", ">="))

    def _compared(self, points: Points, lever: str, against: str) -> "pd.Series[float]":
        """Return what the rule compares with its limit, for each point and replicate."""
        mine, theirs = points.values[lever].sort_index(), points.values[against].sort_index()
        if self.judged == "value":
            return mine
        by_point = [
            differences_of(other.to_numpy(float), one.to_numpy(float))
            for (_, one), (_, other) in zip(mine.groupby(level="point"), theirs.groupby(level="point"), strict=True)
        ]
        return mine * 0.0 + np.concatenate(by_point)


def too_little(outcome: str, least: float = 0.0) -> Failing:
    """Return the rule that a lever fails where it improves an outcome by less than `least`, or does not improve it.

    Parameters
    ----------
    outcome : str
    least : float
        The least improvement that counts, in the outcome's unit; with 0 any improvement counts.

    Raises
    ------
    PointsError
        When neither direction of the outcome is better, or `least` is negative.
    """
    about = known_outcome(outcome)
    if about.better == "neither":
        raise PointsError(
            say(
                "{outcome}: no direction is better, so nothing is an improvement; say when a policy fails, such as "
                '--fails "{outcome} > 1"',
                outcome=outcome,
            )
        )
    if not 0.0 <= least < math.inf:
        raise PointsError(say("the least improvement that counts: found {least:g}, allowed is 0 or more", least=least))
    sign = {("lower", False): ">=", ("lower", True): ">", ("higher", False): "<=", ("higher", True): "<"}
    limit = -least if about.better == "lower" else least
    return Failing(outcome, "difference", sign[about.better, bool(least)], limit or 0.0)


def condition(text: str) -> Failing:
    """Read a rule by which a lever fails according to the outcome itself, such as "lonely_share > 40 %".

    Raises
    ------
    PointsError
        When the text is not such a rule; the message gives what was found and what is allowed.
    """
    parts = _CONDITION.fullmatch(text)
    if parts is None:
        raise PointsError(
            say(
                "found {text}, allowed is an outcome, one of < <= > >=, and a number, such as {first} or {second}",
                text=quoted(text),
                first='"burden > 40"',
                second='"lonely_share >= 30 %"',
            )
        )
    about = known_outcome(parts["name"])
    return Failing(about.name, "value", parts["sign"], amount(parts["amount"], about.name))


def amount(text: str, outcome: str) -> float:
    """Read an amount of an outcome: a number, or for a share also a percentage.

    Raises
    ------
    PointsError
        When the text is neither.
    """
    unit = OUTCOMES[outcome].unit
    percent = unit == "share" and text.rstrip().endswith("%")
    try:
        number = float(text.rstrip().removesuffix("%")) / 100.0 if percent else float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        values = {"outcome": outcome, "text": quoted(text)}
        if unit == "share":
            problem = say(
                "{outcome}: found {text}, allowed is a number from 0 to 1, or a percentage such as 5 %", **values
            )
        else:
            problem = say("{outcome}: found {text}, allowed is a number [{unit}]", **values, unit=term(unit))
        raise PointsError(problem)
    return number


def known_outcome(name: str) -> Outcome:
    """Return the outcome of this name from the catalogue.

    Raises
    ------
    PointsError
        When there is no such outcome; the message suggests the nearest spelling.
    """
    if name in OUTCOMES:
        return OUTCOMES[name]
    raise PointsError(misspelt(say("there is no outcome {name}", name=quoted(name)), name, OUTCOMES))


def _size(number: float, unit: str) -> str:
    if unit == "share":
        return say("{number} %", number=typeset(f"{100.0 * number:g}"))
    written = typeset(f"{number:g}")
    if unit in ("20-80", "0-100", "1-7", "0-1"):
        return say("{number} point", number=written) if number == 1.0 else say("{number} points", number=written)
    return with_unit(written, unit)


__all__ = ["Failing", "amount", "condition", "known_outcome", "too_little"]
