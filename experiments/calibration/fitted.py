"""Fitted values judged by targets: which targets they meet, and the lines that `dayroom calibrate` prints."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from experiments.calibration.verdicts import Verdict
from experiments.statistics.numbers import typeset
from experiments.statistics.target_words import spoken
from experiments.store.protocol import WIDTH
from sim.language import Language, language, say
from sim.language.meanings import meaning_term
from sim.scenario.schema.quantity import Parameter

_KEY: Final = 28
_PATH: Final = 45


@dataclass(frozen=True, slots=True)
class Fitted:
    """The values of fitted parameters, and how a model with these values meets the targets.

    Parameters
    ----------
    parameters : sequence of Parameter
    values : mapping of str to float
        The value of each parameter, by path.
    verdicts : sequence of Verdict
        From `verdicts`, one for each target.
    """

    parameters: Sequence[Parameter]
    values: Mapping[str, float]
    verdicts: Sequence[Verdict]

    @property
    def met(self) -> int:
        """Number of targets met."""
        return sum(verdict.met for verdict in self.verdicts)

    def sentences(self, *, width: int = WIDTH, styled: bool = False) -> list[str]:
        """Return the lines that `dayroom calibrate` prints; no line is wrapped or styled.

        There is a line for each value and for each number of each target; the last line counts the targets met.
        """
        is_english = language() is Language.en
        meanings = {one.path: "" if is_english else meaning_term(one.quantity.meaning) for one in self.parameters}
        values = [f"{path:{_PATH}s} {value:<12.4g}{meanings[path]}".rstrip() for path, value in self.values.items()]
        rows = [line for verdict in self.verdicts for line in _lines(verdict)]
        met = say("{met} of {number} targets are met", met=self.met, number=len(self.verdicts))
        return [*values, "", *rows, "", met]


def _lines(verdict: Verdict) -> list[str]:
    """Return a line for each number of a target."""
    met = say("met") if verdict.met else say("NOT met")
    besides = "" if verdict.holds else f"   {say('(what it asks besides does not hold)')}"
    starts = [f"{verdict.key:{_KEY}s}", *[" " * _KEY] * (len(verdict.value) - 1)]
    ends = [f"   {met}{besides}{''.join(spoken(verdict.key))}", *[""] * (len(verdict.value) - 1)]
    columns = (verdict.value, verdict.interval_low, verdict.interval_high, verdict.low, verdict.high)
    return [
        f"{start}{typeset(f'{value:8.3f}')}  {_interval(low, high)}   {_range(least, most)}{end}"
        for start, end, value, low, high, least, most in zip(starts, ends, *columns, strict=True)
    ]


def _interval(low: float, high: float) -> str:
    return say("({low} to {high})", low=typeset(f"{low:8.3f}"), high=typeset(f"{high:8.3f}"))


def _range(least: float, most: float) -> str:
    return say("{low} to {high}", low=typeset(f"{least:g}"), high=typeset(f"{most:g}"))
