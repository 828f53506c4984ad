"""Print a sensitivity analysis: the leading parameters of each outcome, and how much is noise."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from experiments.sensitivity.analysis import Analysis, StudyFacts
from experiments.sensitivity.chance import NOISY
from experiments.sensitivity.runs import METHODS
from experiments.statistics.levels import SMALL_EFFECT
from experiments.statistics.numbers import beside, listed, many, percent, typeset
from experiments.statistics.terminal import aligned, filled
from experiments.statistics.undefined_outcomes import undefined_words
from experiments.store.protocol import WIDTH
from sim.language import later, say, term
from sim.language.meanings import meaning_term
from sim.outcomes.catalogue import OUTCOMES

if TYPE_CHECKING:
    import pandas as pd

MOST: Final = 10
"""Parameters to print for each outcome; the tables list all."""
_INDEX_WORDS: Final = {
    "mu_star": later("size: mean change of the outcome over the whole range of the parameter (mu*), in {unit}"),
    "ST": later("ST: share of the variance that goes back to the parameter, with all it interacts with; S1: alone"),
    "PAWN": later("PAWN: distance of the outcome's distributions over the range of the parameter, 0 (none) to 1"),
}
_UNITS: Final = {
    "20-80": later("points (20 to 80)"),
    "0-100": later("points (0 to 100)"),
    "1-7": later("points (1 to 7)"),
    "0-1": later("points (0 to 1)"),
}
_NAMES: Final = {"mu_star": later("size"), "ST": "ST", "PAWN": "PAWN"}
_BLOCKS: Final = {"morris": later("trajectories"), "sobol": later("blocks"), "pawn": later("points")}
_DROPPED: Final = {
    "morris": (
        later("{dropped} of {blocks} trajectory dropped: {why}. Intervals are the wider for it."),
        later("{dropped} of {blocks} trajectories dropped: {why}. Intervals are the wider for it."),
    ),
    "sobol": (
        later("{dropped} of {blocks} block dropped: {why}. Intervals are the wider for it."),
        later("{dropped} of {blocks} blocks dropped: {why}. Intervals are the wider for it."),
    ),
    "pawn": (
        later("{dropped} of {blocks} point dropped: {why}. Intervals are the wider for it."),
        later("{dropped} of {blocks} points dropped: {why}. Intervals are the wider for it."),
    ),
}
"""Sentences on what is dropped, by method: of one and of several."""
_CURES: Final = {"morris": "trajectories", "sobol": "base_points", "pawn": "points"}
_CHANCE: Final = 0.025
"""Share of parameters without an effect that are clear by themselves by chance alone."""


def lines_of(result: Analysis, width: int = WIDTH) -> Iterator[str]:
    """Yield the lines that `dayroom sensitivity` prints."""
    yield _headed(result)
    if result.slices:
        yield say(
            "each parameter's range in {slices} slices of about equally many points",
            slices=result.slices,
        )
    counts = {
        "points": many(result.points, "point"),
        "replicates": many(result.replicates, "replicate"),
        "runs": many(result.points * result.replicates, "run"),
    }
    if result.against:
        yield say("{points} x {replicates} = {runs} of each lever", **counts)
    else:
        yield say("{points} x {replicates} = {runs}", **counts)
    for fact in result.facts():
        yield ""
        yield from _outcome(result, fact, min(width, WIDTH))


def _headed(result: Analysis) -> str:
    """Return the line on study, method and lever."""
    values = {
        "study": result.study,
        "method": METHODS[result.method],
        "parameters": many(len(result.factors), "parameter"),
        "lever": result.lever,
        "against": result.against,
    }
    if result.against:
        return say("{study}: {method} of {parameters}, {lever} minus {against}", **values)
    return say("{study}: {method} of {parameters}, {lever}", **values)


def _outcome(result: Analysis, fact: StudyFacts, width: int) -> Iterator[str]:
    """Yield the lines on an outcome."""
    about = OUTCOMES.get(fact["outcome"])
    unit = str(_UNITS.get(about.unit) or term(about.unit)) if about else say("its unit")
    name = fact["outcome"]
    yield say("{label} ({name})", label=term(about.label) if about else name, name=name)
    if not fact["varies"]:
        yield f"  {say('is the same at all points, so the runs do not show what drives it')}"
        return
    yield from filled(_extent(fact, unit), width, "  ", "    ")
    yield f"  {str(_INDEX_WORDS[result.main]).format(unit=unit)}"
    table = result.ranked(name)
    yield from _rows(result, table.head(MOST), name, width)
    for line in _judged(result, fact, table):
        yield from filled(line, width, "  ", "    ")


def _rows(result: Analysis, table: "pd.DataFrame", outcome: str, width: int) -> Iterator[str]:
    """Yield the table of the leading parameters, each with its meaning below."""
    alone = result.ranked(outcome, "S1").set_index("factor") if result.main == "ST" else None
    widths = [3 + max(len(name) for name in table["factor"]), -8, 22, -9, 7, -8]
    head = ["", str(_NAMES[result.main]), _centred(say("95 % interval")), say("chance"), f"  {say('clear')}", "S1"]
    columns = len(widths) if alone is not None else len(widths) - 1
    yield aligned(head[:columns], widths[:columns])
    for row in table.to_dict("records"):
        low, high = (_number(row[end]) for end in ("low", "high"))
        cells = [f"  {row['factor']}", _number(row["value"]), _centred(say("{low} to {high}", low=low, high=high))]
        cells += [_number(row["noise"]), f"  {say('yes') if row['clear'] else say('no')}"]
        cells += [_number(float(alone["value"][row["factor"]]))] if alone is not None else []
        yield aligned(cells, widths[:columns])
        yield from filled(meaning_term(row["meaning"]), width, "      ", "      ")


def _centred(text: str) -> str:
    """Return a text in the middle of a column of 20 letters, after a gap of two."""
    from rich.cells import cell_len

    return " " * (2 + (20 - cell_len(text)) // 2) + text


def _extent(fact: StudyFacts, unit: str) -> str:
    """Return sentences on how far apart the means of points lie, and whether that is more than a small effect."""
    apart = fact["most"] - fact["least"]
    extent = say(
        "Means of the points: {least} to {most}, {apart} apart, in {unit}.",
        least=_number(fact["least"]),
        most=_number(fact["most"]),
        apart=_number(apart),
        unit=unit,
    )
    if fact["small"] != fact["small"]:
        return extent
    small = {"small": _number(fact["small"]), "share": SMALL_EFFECT}
    if apart < fact["small"]:
        text = say("Even that is below a small effect ({small}: {share} standard deviations between users).", **small)
    else:
        text = say("That is above a small effect ({small}: {share} standard deviations between users).", **small)
    return beside(extent, text)


def _chance(fact: StudyFacts) -> str:
    """Return a sentence on how much of the variance is noise between replicates, and what that means."""
    if fact["noise_share"] != fact["noise_share"]:
        return say(
            "With one replicate nothing separates an effect from chance, so no parameter is called clear; take four "
            "or more."
        )
    noise = percent(fact["noise_share"])
    if fact["tellable"]:
        return say("{noise} of the variance between points is noise between replicates.", noise=noise)
    return say(
        "{noise} of the variance between points is noise between replicates: from {limit} on, no parameter is called "
        "clear. Take more replicates.",
        noise=noise,
        limit=percent(NOISY),
    )


def _judged(result: Analysis, fact: StudyFacts, table: "pd.DataFrame") -> Iterator[str]:
    """Yield sentences on clear parameters, noise, dropped blocks, and whether the indices have settled."""
    yield _clear(int(table["clear"].sum()), len(table))
    yield _chance(fact)
    if fact["dropped"]:
        why = [say("{runs} failed", runs=many(result.failed, "run"))] if result.failed else []
        why += [undefined_words(fact["outcome"], fact["undefined"])] if fact["undefined"] else []
        sentence = _DROPPED[result.method][fact["blocks"] != 1]
        yield str(sentence).format(dropped=fact["dropped"], blocks=fact["blocks"], why=listed(why))
    if fact["tellable"] or fact["noise_share"] != fact["noise_share"]:  # indices that are only chance need not settle
        yield _settled(result, fact)


def _clear(clear: int, number: int) -> str:
    """Return a sentence on how many parameters are clear of chance."""
    values = {"clear": clear, "parameters": many(number, "parameter"), "expected": _CHANCE * number}
    if _CHANCE * number >= 1.0:
        if clear == 1:
            return say(
                "{clear} of {parameters} is clear of chance, each by itself; chance alone makes about {expected:.0f} "
                "so.",
                **values,
            )
        return say(
            "{clear} of {parameters} are clear of chance, each by itself; chance alone makes about {expected:.0f} so.",
            **values,
        )
    if clear == 1:
        return say("{clear} of {parameters} is clear of chance, each by itself.", **values)
    return say("{clear} of {parameters} are clear of chance, each by itself.", **values)


def _settled(result: Analysis, fact: StudyFacts) -> str:
    row = result.settling[result.settling["outcome"] == fact["outcome"]].iloc[0]
    blocks = _BLOCKS[result.method]
    if row["settled"] is None:
        return say("Whether the indices have settled is not known: half of the {blocks} are too few.", blocks=blocks)
    values = {name: int(row[name]) for name in ("leading", "kept", "placed", "moved")}
    if values["moved"]:
        counted = say(
            "of the {leading} that lead now {kept} led after half of the {blocks} too, {placed} of them in the same "
            "place, and {moved} of the {leading} moved since by more than so many {blocks} allow",
            **values,
            blocks=blocks,
        )
    else:
        counted = say(
            "of the {leading} that lead now {kept} led after half of the {blocks} too, {placed} of them in the same "
            "place, and none of the {leading} moved since by more than so many {blocks} allow",
            **values,
            blocks=blocks,
        )
    if row["settled"] and values["placed"] < values["leading"]:
        return say("The indices show no sign of moving still, their order does: {counted}.", counted=counted)
    if row["settled"]:
        return say("The indices show no sign of moving still: {counted}.", counted=counted)
    return say(
        "The indices have not settled: {counted}. Take more {cures}.", counted=counted, cures=_CURES[result.method]
    )


def _number(value: float) -> str:
    """Write a number with three figures; "-" for NaN."""
    return typeset(f"{value:.3g}") if value == value else "-"
