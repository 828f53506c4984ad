"""The checkpoint of a fit: the losses of all generations, from which the fit continues, and the best values.

The checkpoint needs no points: with the same seed and losses, CMA-ES proposes the same points again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from experiments.runs.checkpoint import Signature, read_sealed, write_sealed


@dataclass(frozen=True)
class Progress:
    """The progress of a fit.

    Parameters
    ----------
    losses : list of list of float
        Loss at every point, by generation.
    best : dict of str to float
        The best values so far, by path.
    best_loss : float
        Loss at the best values.
    """

    losses: list[list[float]] = field(default_factory=list)
    best: dict[str, float] = field(default_factory=dict)
    best_loss: float = float("inf")

    def further(self, losses: Sequence[float], values: Sequence[Mapping[str, float]]) -> "Progress":
        """Return the progress after another generation."""
        least = min(range(len(losses)), key=lambda k: losses[k])
        best, loss = dict(self.best), self.best_loss
        if losses[least] < loss:
            best, loss = dict(values[least]), float(losses[least])
        return Progress([*self.losses, [float(one) for one in losses]], best, loss)


def write_progress(path: Path, signature: Signature, progress: Progress) -> None:
    """Write the progress of a fit, completely or not at all."""
    write_sealed(path, {"signature": dict(signature), **vars(progress)})


def read_progress(path: Path, signature: Signature) -> Progress:
    """Return the progress of the fit with this signature; an empty `Progress` when the file is missing.

    Raises
    ------
    CheckpointError
        When the file belongs to another fit, was changed since it was written, or is no checkpoint.
    """
    return read_sealed(path, signature, "fit", _progress) if path.exists() else Progress()


def _progress(document: dict[str, Any]) -> Progress:
    losses = [[float(loss) for loss in generation] for generation in document["losses"]]
    return Progress(losses, dict(document["best"]), float(document["best_loss"]))
