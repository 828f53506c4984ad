"""How many pairs of runs a precision takes, by a rule under which the interval keeps its coverage.

A simpler rule, to check after every run whether the interval is narrow enough, loses coverage. The interval is narrow
soonest when the standard deviation happens to be too small, so the runs stop when they overstate their precision (with
a few runs at the first check, about 90 in 100 such intervals hold, not 95). Stein (1945) checks once: the standard
deviation s0 of n0 pilot pairs fixes the number of pairs

    N = max(n0, ceil((t s0 / d)^2)),    t the 97.5 % point of Student's t with n0 - 1 degrees of freedom.

The interval, mean of all N pairs ± t s0 / sqrt(N), uses the pilot's s0 again and not the standard deviation of all
pairs. Given s0, N is fixed, and the mean of normal differences is independent of s0. The studentised mean therefore has
exactly a t law with n0 - 1 degrees of freedom, and the interval covers in exactly 95 %, with a half-width of at most d.

Several contrasts all get the largest N among them. Given the standard deviations of all pilots, N is still fixed, so
each interval keeps its own 95 %. These are single intervals, without a Bonferroni correction; for statements about all
contrasts at once use the simultaneous intervals of `contrasts`.

When N exceeds the most pairs allowed, the same interval is wider than wanted and still covers in 95 %. A switch to the
ordinary interval would lose coverage: it would happen when s0 is large, where Stein's interval is the safer, and
coverage over both cases would fall (to 92-94 % with 5-10 pilot pairs).

A pilot in which a rare outcome happens not to change has an s0 of 0 and would stop the runs at once, as precise. s0 is
therefore at least `floor`: the standard deviation if as many pairs differed as might do so unseen, by the least step.
Without such a step, a pilot that does not vary takes the most pairs. If an outcome changes seldom but by more than a
step, the runs still stop too soon. A precision therefore counts as reached only from enough pairs that differ.

Source: Stein, C. (1945). A two-sample test for a linear hypothesis whose power is independent of the variance. Annals
of Mathematical Statistics 16, 243-258. It assumes normal differences; with mild skewness or long tails coverage stays
within 93-97 % from ten pilot pairs on.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from experiments.statistics.intervals import Array, student
from experiments.statistics.numbers import many
from experiments.statistics.paired import paired_interval
from experiments.statistics.verdict import FEWEST, differing, most_differing
from sim.language import later, say, term
from sim.outcomes.catalogue import OUTCOMES, Outcome
from sim.scenario.text.errors import InputError
from sim.scenario.text.nodes import quoted
from sim.scenario.text.suggestions import misspelt

LEAST: Final = 10
"""Default number of pilot pairs. Fewer make N erratic, and lower the coverage when differences are not normal."""

_TARGET: Final = re.compile(r"(?P<name>.*?)\s*(?P<sign>±|\+/-|\+-)\s*(?P<width>.*)", re.DOTALL)
_NUMBER: Final = re.compile(r"(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_FORM: Final = later(
    'allowed: an outcome and a half-width, such as "loneliness_ucla20 ±0.5" or "burden +-1", several by comma'
)
_NAN: Final = float("nan")
_NO_USERS: Final[Mapping[str, float]] = {}
_OF_USERS: Final = ("share", "20-80", "0-100", "1-7", "users")
_COUNTED: Final = ("users/day", "/day")


@dataclass(frozen=True, slots=True)
class Target:
    """The precision wanted for an outcome.

    Parameters
    ----------
    half_width : float
        Half-width of the 95 % interval of the paired difference, on the outcome's scale; above 0.
    """

    outcome: str
    half_width: float


@dataclass(frozen=True, slots=True)
class Reached:
    """The precision reached for an outcome under a scenario.

    Parameters
    ----------
    n : int
        Pairs compared.
    wanted, half_width, low, high : float
        Wanted half-width; then half-width and ends of the interval, NaN with fewer than two complete pilot pairs;
        the ends are NaN if the outcome is `rare`.
    differ : int
        How many pairs differ (of runs of a single scenario: in how many the outcome is not 0).
    met : bool
        Whether `half_width` is at most `wanted` and the outcome is not `rare`.
    needed : int
        Number of pairs needed, estimated from the pilot.
    """

    scenario: str
    outcome: str
    n: int
    wanted: float
    half_width: float
    low: float
    high: float
    differ: int
    met: bool
    needed: int

    @property
    def rare(self) -> bool:
        """Whether some pairs do not differ and fewer than `FEWEST` do, so that the interval may not hold."""
        return self.differ < min(self.n, FEWEST)

    def words(self, one: str = "pair") -> str:
        """Return a sentence on whether the precision was reached; `one` names what `n` counts, such as "replicate"."""
        label = term(OUTCOMES[self.outcome].label) if self.outcome in OUTCOMES else self.outcome
        of = say("{outcome}, {scenario}", outcome=label, scenario=self.scenario)
        pairs = many(self.n, one)
        if math.isnan(self.half_width):
            if self.n < 2:
                return say("{of}: no interval after {pairs}; too many runs failed.", of=of, pairs=pairs)
            return say(
                "{of}: no interval after {pairs}; nothing varies, so no number of them can be enough.",
                of=of,
                pairs=pairs,
            )
        if self.rare and not self.differ:
            return say("{of}: too rare to say from {pairs}, of which none differ.", of=of, pairs=pairs)
        if self.rare:
            return say(
                "{of}: too rare to say from {pairs}, of which {differ} differ.", of=of, pairs=pairs, differ=self.differ
            )
        if self.met:
            return say(
                "{of}: ±{half_width:.3g} after {pairs}, as asked (±{wanted:.3g}).",
                of=of,
                half_width=self.half_width,
                pairs=pairs,
                wanted=self.wanted,
            )
        return say(
            "{of}: ±{half_width:.3g} after {pairs}, not ±{wanted:.3g} as asked; that would take about {needed}.",
            of=of,
            half_width=self.half_width,
            pairs=pairs,
            wanted=self.wanted,
            needed=many(self.needed, one),
        )


def takes(needed: int, most: int, one: str, limit: str) -> str:
    """Return how many pairs a precision takes; from the most allowed on, which the pilot may not look beyond: at least.

    Parameters
    ----------
    needed, most : int
        What `Rule.needed` says; the most allowed.
    one, limit : str
        What is counted, such as "pair"; what sets the most, such as "--max".
    """
    if needed < most:
        return say("the precision asked for takes {pairs} in all", pairs=many(needed, one))
    return say(
        "the precision asked for takes at least {pairs} in all; {limit} stops at {most:,}",
        pairs=many(needed, one),
        limit=limit,
        most=most,
    )


def parse_until(text: str, allowed: Mapping[str, Outcome] = OUTCOMES) -> tuple[Target, ...]:
    """Read targets from a text such as "loneliness_ucla20 ±0.5, lonely_share +-2%".

    Parameters
    ----------
    text : str
        Targets, separated by commas; the sign is ±, +- or +/-. The half-width of a share may be in percentage points.

    Raises
    ------
        InputError
        With the character, what was found and what is allowed.
    """
    targets: list[Target] = []
    at = 0
    for part in text.split(","):
        target = _target(part.strip(), at + len(part) - len(part.lstrip()) + 1, allowed)
        if target.outcome in {earlier.outcome for earlier in targets}:
            raise InputError(
                say(
                    "{outcome} has two half-widths in {text}; allowed: a single half-width for each outcome",
                    outcome=target.outcome,
                    text=quoted(text),
                )
            )
        targets.append(target)
        at += len(part) + 1
    return tuple(targets)


def _target(part: str, at: int, allowed: Mapping[str, Outcome]) -> Target:
    match = _TARGET.fullmatch(part)
    if match is None:
        raise InputError(say("character {at}: found {text}; {form}", at=at, text=quoted(part), form=_FORM))
    name, width = match["name"], match["width"]
    if name not in allowed:
        raise InputError(
            misspelt(say("character {at}: there is no outcome {name}", at=at, name=quoted(name)), name, allowed)
        )
    percent = width.endswith("%") and allowed[name].unit == "share"
    number = width[:-1].rstrip() if percent else width
    value = float(number) / (100.0 if percent else 1.0) if _NUMBER.fullmatch(number) else _NAN
    if not (0.0 < value < math.inf):
        unit = allowed[name].unit
        if unit == "share":
            form = say("a number above 0 in the unit of {name} ({unit}, or in %)", name=name, unit=term(unit))
        else:
            form = say("a number above 0 in the unit of {name} ({unit})", name=name, unit=term(unit))
        raise InputError(
            say(
                "character {at}: the half-width is {width}; allowed: {form}",
                at=at + match.start("width"),
                width=quoted(width),
                form=form,
            )
        )
    return Target(name, value)


@dataclass(frozen=True, slots=True)
class Rule:
    """Stein's two-stage rule; see the docstring of the module.

    Parameters
    ----------
    least : int
        Number of pilot pairs n0; at least 2.
    most : int
        Most pairs to run; at least `least`.

    Raises
    ------
        InputError
        When there is no target or the numbers do not fit.
    """

    targets: tuple[Target, ...]
    least: int
    most: int

    def __post_init__(self) -> None:
        if not self.targets:
            raise InputError(say("there is no target to run to"))
        if self.least < 2:
            raise InputError(
                say(
                    "the least number of pairs is {least}; allowed: 2 or more, better {better}",
                    least=self.least,
                    better=LEAST,
                )
            )
        if self.most < self.least:
            raise InputError(
                say("the most pairs, {most}, are fewer than the least, {least}", most=self.most, least=self.least)
            )

    def needed(self, pilot_differences: Mapping[tuple[str, str], Array], users: Mapping[str, float] = _NO_USERS) -> int:
        """Return how many pairs it takes to reach all targets, even if more than `most`.

        Parameters
        ----------
        pilot_differences : mapping of (scenario, outcome) to (n0,) float array
            Other minus base for each pilot pair, NaN where a run failed. Later pairs are assumed to fail as often.
            Outcomes without a target are ignored. A contrast needs `most` if it has fewer than two complete pairs, or
            does not vary and has no `floor`.
        users : mapping of str to float
            Mean number of users by scenario.

        Raises
        ------
        ValueError
            When a target has no differences.
        """
        return max(
            self._needed(differences, target, users.get(scenario, _NAN))
            for scenario, target, differences in self._aimed(pilot_differences)
        )

    def planned(
        self, pilot_differences: Mapping[tuple[str, str], Array], users: Mapping[str, float] = _NO_USERS
    ) -> int:
        """Return how many pairs to run in all: those needed, but at most `most`."""
        return min(self.needed(pilot_differences, users), self.most)

    def interval(self, all_differences: Array, pilot_sd: float, n0: int) -> tuple[float, float]:
        """Return the interval of the mean difference under the rule.

        Parameters
        ----------
        all_differences : (n,) float array
            Differences of the pilot and the later pairs; NaN where a run failed.
        pilot_sd : float
            Standard deviation of the complete pilot pairs, at least `floor`.
        n0 : int
            Number of complete pilot pairs.

        Returns
        -------
        (float, float)
            Low and high; NaN without two complete pilot pairs. The ordinary interval when the pilot did not vary.
        """
        known = all_differences[np.isfinite(all_differences)]
        if n0 < 2 or not len(known) or not math.isfinite(pilot_sd):
            return _NAN, _NAN
        if pilot_sd == 0.0:
            return paired_interval(known)
        half = student(n0) * pilot_sd / math.sqrt(len(known))
        mean = float(known.mean())
        return mean - half, mean + half

    def reached(
        self, all_differences: Mapping[tuple[str, str], Array], users: Mapping[str, float] = _NO_USERS
    ) -> list[Reached]:
        """Return the precision reached for each contrast with a target; the first `least` pairs are the pilot."""
        rows = []
        for scenario, target, differences in self._aimed(all_differences):
            pilot = differences[: self.least]
            sd, n0 = pilot_sd(pilot)
            crowd = users.get(scenario, _NAN)
            low, high = self.interval(differences, max(sd, floor(target.outcome, crowd, n0)), n0)
            half = (high - low) / 2.0
            # After ceil((t s0 / d)^2) pairs the half-width may exceed d by rounding.
            narrow = half <= target.half_width * (1.0 + 1e-9)
            known, needed = differences[np.isfinite(differences)], self._needed(pilot, target, crowd)
            ends = (target.half_width, half, low, high)
            row = Reached(scenario, target.outcome, len(known), *ends, differing(known), narrow, needed)
            rows.append(replace(row, met=False, low=_NAN, high=_NAN) if row.rare else row)
        return rows

    def _aimed(self, differences: Mapping[tuple[str, str], Array]) -> list[tuple[str, Target, Array]]:
        by_outcome = {target.outcome: target for target in self.targets}
        absent = set(by_outcome) - {outcome for _, outcome in differences}
        if absent:
            raise InputError(f"no differences of {', '.join(sorted(absent))}")
        return [
            (scenario, by_outcome[outcome], array)
            for (scenario, outcome), array in differences.items()
            if outcome in by_outcome
        ]

    def _needed(self, pilot: Array, target: Target, users: float) -> int:
        sd, n0 = pilot_sd(pilot)
        sd = max(sd, floor(target.outcome, users, n0))
        if n0 < 2 or sd == 0.0:
            return self.most
        pairs = max(n0, math.ceil((student(n0) * sd / target.half_width) ** 2))
        return max(self.least, math.ceil(pairs * len(pilot) / n0))


def floor(outcome: str, users: float, n0: int) -> float:
    """Return the least standard deviation that the pairs of a pilot allow for, given the grain of the outcome.

    Even if no pilot pair differs, a share p = 1 - 0.05^(1 / n0) of pairs might (95 % upper bound). If these differ by
    the grain, the standard deviation is grain sqrt(p (1 - p)).

    Parameters
    ----------
    outcome : str
        The grain of a share of users, a scale of 20-80, 0-100 or 1-7 or a number of ties is one step of one user: 1
        user, point or tie divided by `users`. That of a count is 1. Other outcomes have no grain.
    users : float
        Mean number of users.
    n0 : int
        Number of complete pilot pairs.

    Returns
    -------
    float
        0 without a grain, users or pairs.
    """
    kind = OUTCOMES.get(outcome)
    if kind is None or n0 == 0:
        return 0.0
    grain = 0.0
    if kind.unit in _COUNTED or (kind.unit == "users" and kind.group == "count"):
        grain = 1.0
    elif kind.unit in _OF_USERS and users > 0.0:
        grain = 1.0 / users
    share = most_differing(n0)
    return grain * math.sqrt(share * (1.0 - share))


def pilot_sd(pilot: Array) -> tuple[float, int]:
    """Return the standard deviation of the complete pilot pairs (NaN for fewer than two), and the number of pairs."""
    known = pilot[np.isfinite(pilot)]
    if len(known) < 2:
        return _NAN, len(known)
    return (float(known.std(ddof=1)) if np.ptp(known) > 0.0 else 0.0), len(known)
