"""The figures of a result: drawn one by one, with a list of captions; one that cannot be drawn costs no result."""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from experiments.cli.progress import Progress


class Captioned(Protocol):
    """A family of figures."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def caption(self) -> str:
        """What is seen and how to read it."""


def draw_each(
    folder: Path, figures: "Iterable[tuple[str, Captioned, Callable[[], Figure]]]", progress: "Progress"
) -> int:
    """Draw figures into `figures/` of a folder, and count them.

    Parameters
    ----------
    folder : Path
    figures : iterable of (name, family, draw)
    progress : Progress
        Stopped when something is to be said.
    """
    from experiments import plots, store

    (folder / "figures").mkdir()
    captions = []
    for name, family, draw in figures:
        try:
            plots.save(draw(), folder / "figures" / f"{name}.png")
        except Exception as error:
            progress.stop()
            print(f"the figure {name} cannot be drawn ({type(error).__name__}: {error})", file=sys.stderr)
        else:
            captions.append((f"{name}.png", family.title, family.caption))
    store.write_captions(folder / "figures", captions)
    return len(captions)
