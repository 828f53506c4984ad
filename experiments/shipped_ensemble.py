"""The shipped ensemble: draws from the posterior of the baseline, for comparisons over all that fits the targets."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from experiments.analysis.checkpoint import write_json_whole
from experiments.marked_pages import DOCS, read_json, shows, table, write_marked
from sim.kernel import sources_digest

if TYPE_CHECKING:
    from experiments.posteriors import Calibrated

WORD: Final = "calibrated"
"""What is written instead of a file to mean the shipped ensemble."""
_FOLDER: Final = Path(__file__).parent / "calibration"
ENSEMBLE: Final = _FOLDER / "ensemble.csv"
RECORD: Final = _FOLDER / "posterior.json"
PAGE: Final = DOCS / "calibration-abc.md"
_MARK: Final = "posterior"


def ship(found: "Calibrated", ensemble: Path = ENSEMBLE, record: Path = RECORD) -> None:
    """Write the draws, and the record of the posterior they are from."""
    found.ensemble.to_csv(ensemble, index=False, float_format="%.6g", lineterminator="\n")
    history = found.posterior.history().iloc[-1]
    settings = {
        "particles": len(found.posterior.generations[-1].weights),
        "generations": len(found.posterior.generations),
        "replicates": found.replicates,
        "seed": found.seed,
        "model_digest": sources_digest(),
    }
    reached = {name: float(history[name]) for name in ("tolerance", "accepted", "effective", "distance")}
    silent = found.posterior.silent()
    document = {
        "settings": settings,
        "reached": reached,
        "said": found.words(),
        "parameters": _rows(found.posterior.summary()),
        "silent": silent,
        "targets": _rows(found.check()),
    }
    write_json_whole(record, document)


def _rows(frame: Any) -> list[dict[str, Any]]:
    return [
        {name: value if isinstance(value, str) else float(f"{float(value):.4g}") for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


def text(record: dict[str, Any]) -> str:
    """Write what the page shows of the record."""
    settings, reached = record["settings"], record["reached"]
    silent = set(record["silent"])
    told = sorted((row for row in record["parameters"] if row["parameter"] not in silent), key=lambda r: -r["narrowed"])
    said = (
        f"{settings['particles']} parameter sets of generation {settings['generations']}, the statistics of each over "
        f"{settings['replicates']} runs; {reached['effective']:.0f} effective, at a mean distance of "
        f"{reached['distance']:.2f} half widths from the middles of the targets."
    )
    pinned = [
        [
            f"`{row['parameter']}`",
            f"{row['low']:g} to {row['high']:g}",
            f"{row['mean']:.3g}",
            f"{row['q05']:.3g} to {row['q95']:.3g}",
            f"{row['narrowed']:.0%}",
        ]
        for row in told
    ]
    missed = [row["key"] for row in record["targets"] if row["share_inside"] < 0.5]
    parts = [said, "**Pinned**, the most first:"]
    parts.append(table(("parameter", "plausible", "mean", "middle 90 %", "variance gone"), pinned))
    parts.append(
        f"**Open**: of the other {len(silent)} fitted parameters these targets say nothing: "
        f"{', '.join(f'`{name}`' for name in record['silent'])}."
    )
    if missed:
        parts.append(
            "In less than half of fresh runs of the draws inside its range: "
            + ", ".join(f"`{key}`" for key in missed)
            + ". Eight runs are noisy, and the tolerance is wide."
        )
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def write_page(page: Path = PAGE, record: Path = RECORD) -> None:
    """Write what the page shows from the record."""
    write_marked(page, _MARK, text(read_json(record)))


def is_current(page: Path = PAGE, record: Path = RECORD) -> bool:
    """Tell whether the page shows the record."""
    return shows(page, _MARK, text(read_json(record)))
