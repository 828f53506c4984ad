"""Write the table of targets in the documentation from the record of the calibration."""

from pathlib import Path
from typing import Any, Final

from experiments.calibration.record import RECORD, read_record
from experiments.calibration.targets import Target, read_targets
from experiments.calibration.verdicts import as_surveyed, is_sure, listed
from experiments.statistics.numbers import hundredths
from experiments.store.pages import DOCS, shows, table, write_marked
from sim.outcomes.catalogue import OUTCOMES, PRIMARY

PAGE: Final = DOCS / "calibration.md"
_MARK: Final = "targets"


def text(record: dict[str, Any]) -> str:
    """Return the part of the page that shows the record."""
    targets, verdicts = read_targets(), record["targets"]
    rows = [_row(target, row) for target, row in zip(targets, verdicts, strict=True)]
    met = [row for row in verdicts if row["met"]]
    sure = [row for row in met if is_sure(row)]
    near = [row for row in met if _is_at_edge(row)]
    surveyed = [row for row in verdicts if as_surveyed(row) is not None]
    agreeing = [row for row in surveyed if as_surveyed(row)]
    settings = record["settings"]
    summary = (
        f"{len(met)} of {len(rows)} targets are met, on runs the fit has not seen ({settings['check']} of baseline, "
        f"variants and freshmen); of {len(sure)} the whole interval lies in the range, and {len(near)} lie within a "
        f"tenth of their range of an end. {len(record['parameters'])} parameters are free: to meet so many targets "
        "with so many is no proof, and to miss one would teach more. Verdicts are on what is true in the model. "
        f"Of {len(surveyed)} targets from what people said, {len(agreeing)} are met as well by what a survey in the "
        "model finds (last column: names forgotten, slips, noise of questionnaires; `observe`). In brackets 95 % "
        "intervals over runs; evidence: good (several data sets or a trial), mixed (one), direction (sign and order of "
        "size), assumed."
    )
    head = ("target", "range", "model", "met", "evidence", "as a survey finds it")
    paths = [
        [
            f"`{name}`",
            *(f"{hundredths(value)} ({hundredths(low)} to {hundredths(high)})" for value, low, high in of.values()),
        ]
        for name, of in record["paths"].items()
    ]
    switched = (
        "What happens to the primary outcomes when a sub-theme of the study is switched off, in standard deviations "
        "between users, with 95 % intervals. Group identity is the own equation of `group_advocacy`, and no path of it."
    )
    outcomes = [OUTCOMES[name].label for name in PRIMARY]
    return f"{summary}\n\n{table(head, rows)}\n{switched}\n\n{table(('switched off', *outcomes), paths)}"


def _is_at_edge(row: dict[str, Any]) -> bool:
    lows, highs, values = (listed(row[name]) for name in ("low", "high", "value"))
    return any(
        min(value - low, high - value) < 0.1 * (high - low)
        for low, high, value in zip(lows, highs, values, strict=True)
    )


def _row(target: Target, row: dict[str, Any]) -> list[str]:
    lows, highs, values, froms, tos = (
        listed(row[name]) for name in ("low", "high", "value", "interval_low", "interval_high")
    )
    ranges = [f"{low:g} to {high:g}" for low, high in zip(lows, highs, strict=True)]
    in_model = [f"{_short(value)} ({_short(a)} to {_short(b)})" for value, a, b in zip(values, froms, tos, strict=True)]
    weeks = f", weeks {', '.join(map(str, target.weeks))}" if target.weeks else ""
    words = f"{target.what}{weeks} (`{target.key}`)"
    besides = "" if row["holds"] else "; the condition beside the range does not hold"
    met = ("yes" if is_sure(row) else "yes, interval beyond") if row["met"] else f"**no**{besides}"
    surveyed = "; ".join(map(_short, listed(row["surveyed"])))
    surveyed = f"**{surveyed}**" if as_surveyed(row) is False else surveyed
    return [words, "; ".join(dict.fromkeys(ranges)), "; ".join(in_model), met, target.strength, surveyed]


def _short(value: float | None) -> str:
    return "none" if value is None else f"{value:.3g}"


def write_page(page: Path = PAGE, record: Path = RECORD) -> None:
    """Write the page's table from the record."""
    write_marked(page, _MARK, text(read_record(record)))


def is_current(page: Path = PAGE, record: Path = RECORD) -> bool:
    """Return whether the page shows the record."""
    return shows(page, _MARK, text(read_record(record)))
