"""The shipped ensemble: draws from the posterior of the baseline, for comparisons over all that fits the targets."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from experiments.analysis.checkpoint import write_json_whole
from experiments.calibration.measurement import Sizes, estimates, made
from experiments.calibration.runs import Estimate
from experiments.calibration.statistics import STATISTICS, setups_of
from experiments.calibration.targets import Target, keys_of, read_targets
from experiments.calibration.verdicts import FARTHEST
from experiments.designs.changes import changed
from experiments.executors import Executor, none_lost
from experiments.marked_pages import DOCS, read_json, shows, table, write_marked
from sim.kernel import sources_digest
from sim.scenario.schema import Scenario

if TYPE_CHECKING:
    from experiments.posteriors import Calibrated

WORD: Final = "calibrated"
"""What is written instead of a file to mean the shipped ensemble."""
_FOLDER: Final = Path(__file__).parent / "calibration"
ENSEMBLE: Final = _FOLDER / "ensemble.csv"
RECORD: Final = _FOLDER / "posterior.json"
PAGE: Final = DOCS / "calibration-abc.md"
PAIRS: Final = Sizes(6, 6, 2)
"""Runs of each draw for the targets that need pairs."""
_MARK: Final = "posterior"


def ship(found: "Calibrated", workers: Executor, ensemble: Path = ENSEMBLE, record: Path = RECORD) -> None:
    """Write the draws, and the record of the posterior they are from.

    A posterior asks for targets that need no paired runs. Those that do guard what policies act on, so they are asked
    of every draw here, and the half of the draws that come nearest to them is shipped.
    """
    draws, asked = found.ensemble, tuple(one for one in read_targets() if STATISTICS[one.key].is_paired)
    rows = [{str(path): float(value) for path, value in row.items()} for row in draws.to_dict("records")]
    look = partial(_apart, scenario=found.scenario, targets=asked, seed=found.seed + 2)
    apart = np.array(list(none_lost(workers.each(look, rows))))
    kept = np.argsort(np.sqrt((apart**2).mean(axis=1)), kind="stable")[: len(rows) // 2]
    draws.iloc[np.sort(kept)].to_csv(ensemble, index=False, float_format="%.6g", lineterminator="\n")
    history = found.posterior.history().iloc[-1]
    document = {
        "settings": {
            "particles": len(found.posterior.generations[-1].weights),
            "generations": len(found.posterior.generations),
            "replicates": found.replicates,
            "seed": found.seed,
            "model_digest": sources_digest(),
        },
        "reached": {name: float(history[name]) for name in ("tolerance", "accepted", "effective", "distance")},
        "said": found.words(),
        "parameters": _rows(found.posterior.summary()),
        "silent": found.posterior.silent(),
        "targets": _rows(found.check()),
        "paired": {
            "draws": len(rows),
            "shipped": len(kept),
            "inside": {one.key: float((np.abs(apart[kept, k]) <= 1.0).mean()) for k, one in enumerate(asked)},
        },
    }
    write_json_whole(record, document)


def _apart(values: dict[str, float], *, scenario: Scenario, targets: Sequence[Target], seed: int) -> list[float]:
    """Run a draw and give how far it is from each target, in half widths, and farther where a condition is missed."""
    keys = keys_of(targets)
    found = estimates(made(changed(scenario, values), setups_of(keys), PAIRS, seed), keys)
    return [_off(target, found[target.key]) for target in targets]


def _off(target: Target, found: Estimate) -> float:
    apart = [min(one.off(value), FARTHEST) for value, one in zip(found.values, target.elements, strict=True)]
    return max(apart) + found.short


def _rows(frame: Any) -> list[dict[str, Any]]:
    return [
        {name: value if isinstance(value, str) else float(f"{float(value):.4g}") for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


def text(record: dict[str, Any]) -> str:
    """Write what the page shows of the record."""
    settings, reached, silent = record["settings"], record["reached"], record["silent"]
    told = sorted((row for row in record["parameters"] if row["parameter"] not in silent), key=lambda r: -r["narrowed"])
    head = ("parameter", "plausible", "mean", "middle 90 %", "variance gone")
    parts = [
        f"{settings['particles']} parameter sets of generation {settings['generations']}, the statistics of each over "
        f"{settings['replicates']} runs; {reached['effective']:.0f} effective, at a mean distance of "
        f"{reached['distance']:.2f} half widths from the middles of the targets.",
        "**Pinned**, the most first:",
        table(head, [_pinned(row) for row in told]),
        f"**Open**: of the other {len(silent)} fitted parameters these targets say nothing: "
        f"{', '.join(f'`{name}`' for name in silent)}.",
        *_besides(record),
    ]
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def _pinned(row: dict[str, Any]) -> list[str]:
    return [
        f"`{row['parameter']}`",
        f"{row['low']:g} to {row['high']:g}",
        f"{row['mean']:.3g}",
        f"{row['q05']:.3g} to {row['q95']:.3g}",
        f"{row['narrowed']:.0%}",
    ]


def _besides(record: dict[str, Any]) -> list[str]:
    """Say how draws do by paired targets, and which targets most of them miss."""
    paired, missed = record["paired"], [row["key"] for row in record["targets"] if row["share_inside"] < 0.5]
    inside = ", ".join(f"`{key}` {share:.0%}" for key, share in paired["inside"].items())
    said = [
        f"**Paired targets** are not asked by the search. Of {paired['draws']} draws the {paired['shipped']} that come "
        f"nearest to them are shipped; of these lie inside the range, by {PAIRS.paired} pairs of runs each: {inside}."
    ]
    if missed:
        said.append(
            "In less than half of fresh runs of the posterior's draws inside its range: "
            f"{', '.join(f'`{key}`' for key in missed)}. So few runs are noisy, and the tolerance is wide."
        )
    return said


def write_page(page: Path = PAGE, record: Path = RECORD) -> None:
    """Write what the page shows from the record."""
    write_marked(page, _MARK, text(read_json(record)))


def is_current(page: Path = PAGE, record: Path = RECORD) -> bool:
    """Tell whether the page shows the record."""
    return shows(page, _MARK, text(read_json(record)))
