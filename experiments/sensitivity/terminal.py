"""Print a sensitivity analysis: the leading parameters of each outcome, and how much is noise."""

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from experiments.sensitivity.analysis import Analysis, StudyFacts
from experiments.sensitivity.chance import NOISY
from experiments.sensitivity.runs import METHODS
from experiments.statistics.levels import SMALL_EFFECT
from experiments.statistics.numbers import listed, many
from experiments.statistics.undefined import undefined_words
from experiments.store.protocol import WIDTH
from sim.outcomes.catalogue import OUTCOMES

if TYPE_CHECKING:
    import pandas as pd

MOST: Final = 10
"""Parameters to print for each outcome; the tables list all."""
_INDEX_WORDS: Final = {
    "mu_star": "size: mean change of the outcome over the whole range of the parameter (mu*), in {}",
    "ST": "ST: share of the variance that goes back to the parameter, with all it interacts with; S1: alone",
    "PAWN": "PAWN: distance of the outcome's distributions over the range of the parameter, 0 (none) to 1",
}
_UNITS: Final = {unit: f"points ({unit.replace('-', ' to ')})" for unit in ("20-80", "0-100", "1-7", "0-1")}
_NAMES: Final = {"mu_star": "size", "ST": "ST", "PAWN": "PAWN"}
_BLOCKS: Final = {"morris": ("trajectory", "trajectories"), "sobol": ("block", "blocks"), "pawn": ("point", "points")}
_TOO_FEW: Final = (
    "With one replicate nothing separates an effect from chance, so no parameter is called clear; take four or more."
)
_CURES: Final = {"morris": "trajectories", "sobol": "base_points", "pawn": "points"}


def lines_of(result: Analysis, width: int = WIDTH) -> Iterator[str]:
    """Yield the lines that `dayroom sensitivity` prints."""
    of = f"{result.lever} minus {result.against}" if result.against else result.lever
    yield f"{result.study}: {METHODS[result.method]} of {many(len(result.factors), 'parameter')}, {of}"
    replicates = many(result.replicates, "replicate")
    if result.slices:
        yield f"each parameter's range in {result.slices} slices of about equally many points"
    yield f"{many(result.points, 'point')} x {replicates} = {many(result.points * result.replicates, 'run')}" + (
        " of each lever" if result.against else ""
    )
    for fact in result.facts():
        yield ""
        yield from _outcome(result, fact, min(width, WIDTH))


def _outcome(result: Analysis, fact: StudyFacts, width: int) -> Iterator[str]:
    """Yield the lines on an outcome."""
    about = OUTCOMES.get(fact["outcome"])
    unit = _UNITS.get(about.unit, about.unit) if about else "its unit"
    yield f"{about.label if about else fact['outcome']} ({fact['outcome']})"
    if not fact["varies"]:
        yield "  is the same at all points, so the runs do not show what drives it"
        return
    for line in _extent(fact, unit):
        yield from textwrap.wrap(line, width, initial_indent="  ", subsequent_indent="    ")
    yield f"  {_INDEX_WORDS[result.main].format(unit)}"
    table = result.ranked(fact["outcome"])
    wide = max(len(name) for name in table["factor"].head(MOST))
    alone = result.ranked(fact["outcome"], "S1").set_index("factor") if result.main == "ST" else None
    more = f"{'S1':>8}" if alone is not None else ""
    yield f"  {'':{wide}} {_NAMES[result.main]:>8}  {'95 % interval':^20} {'chance':>8}  clear{more}"
    for row in table.head(MOST).to_dict("records"):
        interval = f"{_number(row['low'])} to {_number(row['high'])}"
        share = f"{_number(float(alone['value'][row['factor']])):>8}" if alone is not None else ""
        clear = "yes" if row["clear"] else "no"
        numbers = f"{_number(row['value']):>8}  {interval:^20} {_number(row['noise']):>8}  {clear:<5}{share}"
        yield f"  {row['factor']:{wide}} {numbers}".rstrip()
        yield from textwrap.wrap(row["meaning"], width, initial_indent="      ", subsequent_indent="      ")
    for line in _judged(result, fact, table):
        yield from textwrap.wrap(line, width, initial_indent="  ", subsequent_indent="    ")


def _extent(fact: StudyFacts, unit: str) -> Iterator[str]:
    """Yield a sentence on how far apart the means of points lie, and whether that is more than a small effect."""
    apart = fact["most"] - fact["least"]
    extent = (
        f"Means of the points: {_number(fact['least'])} to {_number(fact['most'])}, {_number(apart)} apart, in {unit}."
    )
    if fact["small"] == fact["small"]:
        small = f"a small effect ({_number(fact['small'])}: {SMALL_EFFECT} standard deviations between users)"
        extent += f" Even that is below {small}." if apart < fact["small"] else f" That is above {small}."
    yield extent


def _chance(fact: StudyFacts) -> str:
    """Return a sentence on how much of the variance is noise between replicates, and what that means."""
    if fact["noise_share"] != fact["noise_share"]:
        return _TOO_FEW
    noise = f"{100.0 * fact['noise_share']:.0f} % of the variance between points is noise between replicates"
    if fact["tellable"]:
        return f"{noise}."
    return f"{noise}: from {100.0 * NOISY:.0f} % on, no parameter is called clear. Take more replicates."


def _judged(result: Analysis, fact: StudyFacts, table: "pd.DataFrame") -> Iterator[str]:
    """Yield sentences on clear parameters, noise, dropped blocks, and whether the indices have settled."""
    clear, number = int(table["clear"].sum()), len(table)
    by_chance = 0.025 * number
    expected = f"; chance alone makes about {by_chance:.0f} so" if by_chance >= 1.0 else ""
    are = "is" if clear == 1 else "are"
    yield f"{clear} of {many(number, 'parameter')} {are} clear of chance, each by itself{expected}."
    yield _chance(fact)
    single, plural = _BLOCKS[result.method]
    if fact["dropped"]:
        gone = single if fact["dropped"] == 1 else plural
        why = [f"{many(result.failed, 'run')} failed"] if result.failed else []
        why += [undefined_words(fact["outcome"], fact["undefined"])] if fact["undefined"] else []
        yield (
            f"{fact['dropped']} of {fact['blocks']} {gone if fact['blocks'] == 1 else plural} dropped: {listed(why)}. "
            "Intervals are the wider for it."
        )
    if fact["tellable"] or fact["noise_share"] != fact["noise_share"]:  # indices that are only chance need not settle
        yield _settled(result, fact, plural)


def _settled(result: Analysis, fact: StudyFacts, blocks: str) -> str:
    row = result.settling[result.settling["outcome"] == fact["outcome"]].iloc[0]
    if row["settled"] is None:
        return f"Whether the indices have settled is not known: half of the {blocks} are too few."
    leading, kept, placed, moved = (int(row[name]) for name in ("leading", "kept", "placed", "moved"))
    counted = (
        f"of the {leading} that lead now {kept} led after half of the {blocks} too, {placed} of them in the same "
        f"place, and {moved or 'none'} of the {leading} moved since by more than so many {blocks} allow"
    )
    if row["settled"]:
        return f"The indices have settled: {counted}."
    return f"The indices have not settled: {counted}. Take more {_CURES[result.method]}."


def _number(value: float) -> str:
    """Write a number with three figures; "-" for NaN."""
    return f"{value:.3g}" if value == value else "-"
