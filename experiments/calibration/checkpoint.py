"""A fit in a file: the losses of all generations so far, from which it can be taken up again, and the best values.

The points need not be kept: CMA-ES with the same seed and the same losses asks for the same points again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from experiments.runs.checkpoint import (
    CheckpointError,
    Signature,
    read_json_whole,
    refuse_changed,
    refuse_other,
    write_sealed,
)


@dataclass(frozen=True)
class Progress:
    """How far a fit has come.

    Parameters
    ----------
    losses : list of list of float
        Of every point, by generation.
    best : dict of str to float
        The best values so far, by path.
    best_loss : float
        Their loss.
    """

    losses: list[list[float]] = field(default_factory=list)
    best: dict[str, float] = field(default_factory=dict)
    best_loss: float = float("inf")

    def further(self, losses: Sequence[float], values: Sequence[Mapping[str, float]]) -> "Progress":
        """Return the progress with one more generation."""
        least = min(range(len(losses)), key=lambda k: losses[k])
        best, loss = dict(self.best), self.best_loss
        if losses[least] < loss:
            best, loss = dict(values[least]), float(losses[least])
        return Progress([*self.losses, [float(one) for one in losses]], best, loss)


def write_progress(path: Path, signature: Signature, progress: Progress) -> None:
    """Write how far a fit has come, whole or not at all."""
    found = {"losses": progress.losses, "best": progress.best, "best_loss": progress.best_loss}
    write_sealed(path, {"signature": dict(signature), **found})


def read_progress(path: Path, signature: Signature) -> Progress:
    """Read how far a fit with this signature has come; nowhere, when there is no such file.

    Raises
    ------
    CheckpointError
        When it is that of another fit, was changed since it was written, or is none.
    """
    if not path.exists():
        return Progress()
    document = read_json_whole(path)
    refuse_other(path, document.get("signature"), signature, "fit")
    refuse_changed(path, document)
    try:
        losses = [[float(loss) for loss in generation] for generation in document["losses"]]
        return Progress(losses, dict(document["best"]), float(document["best_loss"]))
    except (KeyError, TypeError, ValueError) as error:
        raise CheckpointError(f"{path}: it cannot be read as a checkpoint ({type(error).__name__})") from error


__all__ = ["Progress", "read_progress", "write_progress"]
