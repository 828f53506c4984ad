"""The table of targets in the documentation, written from the record."""

from pathlib import Path
from typing import Any, Final

from experiments.calibration.record import RECORD, read_record
from experiments.calibration.targets import Target, read_targets
from experiments.marked_pages import DOCS, shows, table, write_marked

PAGE: Final = DOCS / "calibration.md"
_MARK: Final = "targets"


def text(record: dict[str, Any]) -> str:
    """Write what the page shows of the record."""
    rows = [_row(target, row) for target, row in zip(read_targets(), record["targets"], strict=True)]
    met = sum(row["met"] for row in record["targets"])
    settings = record["settings"]
    said = (
        f"{met} of {len(rows)} targets are met, on runs the fit has not seen ({settings['check']} of baseline, "
        "variants and freshmen). In brackets 95 % intervals over runs; evidence: good (several data sets or a trial), "
        "mixed (one), direction (sign and order of size), assumed."
    )
    return f"{said}\n\n{table(('target', 'range', 'model', 'met', 'evidence'), rows)}"


def _row(target: Target, row: dict[str, Any]) -> list[str]:
    lows, highs, values, froms, tos = (
        _listed(row[name]) for name in ("low", "high", "value", "interval_low", "interval_high")
    )
    ranges = [f"{low:g} to {high:g}" for low, high in zip(lows, highs, strict=True)]
    found = [f"{_short(value)} ({_short(a)} to {_short(b)})" for value, a, b in zip(values, froms, tos, strict=True)]
    weeks = f", weeks {', '.join(map(str, target.weeks))}" if target.weeks else ""
    words = f"{target.what}{weeks} (`{target.key}`)"
    besides = "" if row["holds"] else "; the condition beside the range does not hold"
    met = "yes" if row["met"] else f"**no**{besides}"
    return [words, "; ".join(dict.fromkeys(ranges)), "; ".join(found), met, target.strength]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _short(value: float | None) -> str:
    return "none" if value is None else f"{value:.3g}"


def write_page(page: Path = PAGE, record: Path = RECORD) -> None:
    """Write the table of the page from the record."""
    write_marked(page, _MARK, text(read_record(record)))


def is_current(page: Path = PAGE, record: Path = RECORD) -> bool:
    """Tell whether the page shows the record."""
    return shows(page, _MARK, text(read_record(record)))
