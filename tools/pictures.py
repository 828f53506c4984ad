"""Draw the pictures of the pages, from one comparison of shipped scenarios, and write what the pages say of them.

`python -m tools.pictures` makes the runs, the record, the pictures and the pages. `--page` draws and writes from the
record as it is, and `--check` says whether the pages show the record.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.compare.contrasts import table as contrasts_table
from experiments.compare.runs import compare
from experiments.plots import effects, save, style
from experiments.plots.compare.forest import OUTCOMES as FOREST
from experiments.plots.compare.forest import effect_forest
from experiments.runs.checkpoint import write_json_whole
from experiments.statistics.differences import pairing
from experiments.statistics.intervals import Array, bias_corrected
from experiments.statistics.numbers import two_figures
from experiments.statistics.paired import paired_interval
from experiments.store.pages import DOCS, read_json, shows, table, write_marked
from experiments.store.provenance import versions
from sim.kernel import sources_digest

RECORD: Final = Path(__file__).parent / "pictures.json"
PICTURES: Final = DOCS / "pictures"
BASE: Final = "baseline"
ALTERNATIVES: Final = ("peer-support-workers", "respite", "disclosure-circle", "buddy-scheme")
PAIRS: Final = 60
SEED: Final = 20240401
RESAMPLES: Final = 2000
SHOWN: Final = "peer-support-workers"
"""The alternative of the picture of paired runs."""
OUTCOME: Final = "loneliness_ucla20"
WORDS: Final = (
    "better", "better by itself", "no clear difference", "worse", "too rare to say",
)  # fmt: skip
"""Verdicts of the picture of intervals, in its order; a row for each that the comparison holds."""
LIKED: Final = (
    "loneliness_ucla20", "burden", "group_identity", "lonely_share", "questioned", "leaks", "withdrawals",
    "unwell_share",
)  # fmt: skip
"""Outcomes that the picture of intervals takes first."""


def measure() -> dict[str, Any]:
    """Make the comparison, and return the record of what the pictures show."""
    compared = compare(BASE, list(ALTERNATIVES), replicates=PAIRS, seed=SEED)
    values = compared.values.pivot(index="replicate", columns="scenario", values=OUTCOME)
    frame = contrasts_table(compared.contrasts)
    return {
        "base": BASE,
        "alternatives": list(ALTERNATIVES),
        "pairs": PAIRS,
        "seed": SEED,
        "model_digest": sources_digest(),
        "versions": versions(),
        "values": {name: values[name].round(4).tolist() for name in (BASE, SHOWN)},
        "contrasts": json.loads(frame.to_json(orient="records")),
    }


def contrasts_of(record: Mapping[str, Any]) -> pd.DataFrame:
    """Return the contrasts of the record as a frame; what JSON holds as null is NaN."""
    frame = pd.DataFrame(record["contrasts"])
    numbers = [
        name for name in frame if name not in ("scenario", "base", "outcome", "label", "unit", "better", "verdict")
    ]
    return frame.astype(dict.fromkeys(numbers, float)).astype({"n": int, "dropped": int, "differ": int})


def examples(record: Mapping[str, Any]) -> pd.DataFrame:
    """Return a contrast for each verdict of `WORDS` that occurs, of an outcome that readers know where there is one."""
    frame = contrasts_of(record)
    known = {name: place for place, name in enumerate(LIKED)}
    frame = frame.assign(place=[known.get(name, len(known)) for name in frame["outcome"]])
    frame = frame.sort_values("place", kind="stable")  # and as the alternatives are listed
    rows = [frame[frame["verdict"] == word].head(1) for word in WORDS]
    return pd.concat(rows, ignore_index=True)


def interval_figure(record: Mapping[str, Any]) -> Figure:
    """Draw one difference for each verdict, each on an axis of its own with the line of no difference."""
    rows = examples(record)
    figure = style.figure(8.2, 0.5 + 0.8 * len(rows))
    panels = figure.subplots(len(rows), 1, squeeze=False)[:, 0]
    for axes, (_, row) in zip(panels, rows.iterrows(), strict=True):
        _interval(axes, row)
    return style.finish(figure)


def _interval(axes: Axes, row: "pd.Series[Any]") -> None:
    look = effects.LOOKS.get(row["verdict"], effects.LOOKS["not known"])
    difference, low, high = _scaled(row)
    reach = 1.25 * max(abs(end) for end in (difference, low, high) if np.isfinite(end))
    axes.axvline(0.0, color=style.INK, linewidth=0.9)
    axes.plot([low, high], [0, 0], color=look.colour, linewidth=3.2, solid_capstyle="butt")
    face = look.colour if look.filled else style.PAPER
    axes.plot([difference], [0], look.marker, color=look.colour, markerfacecolor=face, markersize=7)
    axes.set_xlim(-reach, reach)
    axes.set_ylim(-1, 1)
    axes.set_yticks([])
    axes.spines[["left", "right", "top"]].set_visible(False)
    axes.tick_params(labelsize=style.SMALL)
    axes.set_title(_name(row), loc="left", fontsize=style.TEXT)
    axes.set_title(row["verdict"], loc="right", fontsize=style.TEXT, fontweight="bold", color=look.colour)


def _scaled(row: "pd.Series[Any]") -> tuple[float, float, float]:
    """Return the difference and its interval in the unit of `_name`."""
    scale = effects.factor(row["unit"])
    return scale * row["difference"], scale * row["low"], scale * row["high"]


def _name(row: "pd.Series[Any]") -> str:
    return f"{row['scenario']}: {style.lowered(row['label'])}, {effects.unit_words(row['unit'])}"


def _short(value: float) -> str:
    return f"{value:.2f}" if abs(value) >= 0.1 else f"{value:.2g}"


def paired(record: Mapping[str, Any]) -> dict[str, Array]:
    """Return the differences between two scenarios under the same seed, and as many under different seeds."""
    base, other = (np.array(record["values"][name]) for name in (BASE, SHOWN))
    half = len(base) // 2
    return {"the same seed": other[:half] - base[:half], "other seeds": other[:half] - base[half:]}


def paired_figure(record: Mapping[str, Any]) -> Figure:
    """Draw both kinds of differences side by side, with means and intervals."""
    figure = style.figure(8.2, 3.6)
    panels = figure.subplots(1, 2, sharey=True)
    for axes, (words, differences) in zip(panels, paired(record).items(), strict=True):
        places = np.linspace(-0.8, 0.8, len(differences))
        axes.axhline(0.0, color=style.INK, linewidth=0.9)
        axes.plot(places, differences, "o", color=style.MUTED, markersize=3.5, alpha=0.7)
        low, high = paired_interval(differences)
        axes.plot([1.15, 1.15], [low, high], color=style.BLUE, linewidth=3.2, solid_capstyle="butt")
        axes.plot([1.15], [differences.mean()], "D", color=style.BLUE, markersize=6)
        axes.set_xlim(-1, 1.4)
        axes.set_xticks([])
        axes.spines[["right", "top", "bottom"]].set_visible(False)
        axes.tick_params(labelsize=style.SMALL)
        axes.set_title(f"Base under {words}", loc="left", fontsize=style.TITLE)
    panels[0].set_ylabel("difference in loneliness\n(points, scale 20–80)", fontsize=style.TEXT)
    return style.finish(figure)


def interval_text(record: Mapping[str, Any]) -> str:
    """Return what the page says of the picture of intervals."""
    rows = []
    for _, row in examples(record).iterrows():
        difference, low, high = _scaled(row)
        between = f"{_short(low)} to {_short(high)}" if np.isfinite(low) else "none: too few pairs differ"
        rows.append([_name(row), _short(difference), between, f"{row['differ']} of {row['n']}", row["verdict"]])
    head = ["scenario and outcome", "difference", "95 % interval", "pairs that differ", "verdict"]
    return f"{record['pairs']} pairs of runs with `{BASE}` under seed {record['seed']}:\n\n{table(head, rows)}"


def paired_text(record: Mapping[str, Any]) -> str:
    """Return what the page says of the picture of paired runs."""
    same, others = paired(record).values()
    words = []
    for kind, differences in (("Under the same seed", same), ("against other seeds", others)):
        low, high = paired_interval(differences)
        words.append(f"{kind}, the mean difference is {differences.mean():.2f} (95 % interval {low:.2f} to {high:.2f})")
    base, other = (np.array(record["values"][name]) for name in (BASE, SHOWN))
    times, low, high = gained(base, other)
    return (
        f"{len(same)} runs of `{SHOWN}` less `{BASE}`, loneliness at the end of a year. {words[0]}; {words[1]}. "
        f"For the same precision, unrelated runs would have to be roughly {two_figures(times)} times as many (95 % "
        f"interval {two_figures(low)} to {two_figures(high)}, from {len(base)} pairs).\n"
    )


def gained(base: Array, other: Array) -> tuple[float, float, float]:
    """Return how many times as many unrelated runs would be as precise, with its 95 % interval from resampled pairs."""
    at = np.random.default_rng(SEED).integers(len(base), size=(RESAMPLES, len(base)))
    times = pairing(base, other)
    _, low, high = bias_corrected(times, np.array([pairing(base[rows], other[rows]) for rows in at]))
    return times, low, high


PAGES: Final = (
    ("intervals", DOCS / "reading-intervals.md", interval_text),
    ("paired", DOCS / "common-random-numbers.md", paired_text),
)


def draw(record: Mapping[str, Any]) -> None:
    """Draw the pictures and write the pages."""
    PICTURES.mkdir(exist_ok=True)
    save(effect_forest(contrasts_of(record), FOREST[:3]), PICTURES / "measures.png")
    save(interval_figure(record), PICTURES / "intervals.png")
    save(paired_figure(record), PICTURES / "paired.png")
    for name, page, text in PAGES:
        write_marked(page, name, text(record))


def stale(record: Mapping[str, Any]) -> list[str]:
    """Return the names of the pages that do not show the record."""
    return [page.name for name, page, text in PAGES if not shows(page, name, text(record))]


def main(words: Sequence[str]) -> int:
    """Measure and draw, draw alone (`--page`), or check (`--check`); return the exit status."""
    if "--check" in words:
        pages = stale(read_json(RECORD))
        for page in pages:
            print(f"{page} does not show its record; write it again: python -m tools.pictures --page", file=sys.stderr)
        return 1 if pages else 0
    if "--page" not in words:
        write_json_whole(RECORD, measure())
    draw(read_json(RECORD))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
