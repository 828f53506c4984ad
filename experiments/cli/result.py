"""Make the result of a command, write its whole folder, and only then print it."""

import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from experiments.cli.options import given
from experiments.runs.escapes import plain
from experiments.store.provenance import command
from sim.language import Later, later, say

if TYPE_CHECKING:
    from experiments.cli.progress import Progress
    from experiments.store.folder import NewFolder
    from experiments.store.protocol import Drawing, Result
    from experiments.store.writing import Origin

NOTHING_WRITTEN: Final = later("; no result was written, and an earlier one is untouched")
WRITING: Final = later("writing and drawing")
"""What progress shows while tables and figures are written."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a result goes, and the commands that repeat or continue it.

    Parameters
    ----------
    folder : Path
    again : str
        The command that makes the same result.
    csv, overwrite, quiet : bool
    checkpoint : Path, optional
        The file in which a search keeps its runs.
    passing : bool
        Whether to delete the checkpoint once the result is written.
    go_on : str
        The command that continues a search after a stop.
    report : bool
        Whether to write a report beside the folder.
    writing : str
        What progress shows while tables and figures are written; nothing when empty.
    """

    folder: Path
    again: str
    csv: bool = False
    overwrite: bool = False
    quiet: bool = False
    checkpoint: Path | None = None
    passing: bool = False
    go_on: str = ""
    report: bool = False
    writing: str | Later = WRITING


def searched(
    words: Sequence[object],
    folder: Path,
    out: Path | None,
    checkpoint: Path | None,
    resume: bool,
    *,
    csv: bool,
    overwrite: bool,
    quiet: bool,
    report: bool = False,
) -> Destination:
    """Return the destination of a search, which keeps its runs in a checkpoint and can continue.

    Parameters
    ----------
    words : sequence
        The command, without the options that place its result.
    folder : Path
    out, checkpoint : Path, optional
        The options as the user gave them.
    resume : bool
        Whether to refuse to start without a checkpoint.
    csv, overwrite, quiet, report : bool
    """
    path = checkpoint or folder.with_name(f"{folder.name}.checkpoint.json")
    if path.is_dir():
        raise typer.BadParameter(
            say("{path}: this is a folder, allowed is a file", path=path), param_hint="--checkpoint"
        )
    if resume and not path.is_file():
        raise typer.BadParameter(
            say("{path}: there is no search to continue; leave out --resume", path=path), param_hint="--resume"
        )
    go_on = command(*words, *given({"--out": out, "--csv": csv, "--overwrite": overwrite}))
    again = command(*words)
    return Destination(
        folder, again, csv, overwrite, quiet, checkpoint=path, passing=checkpoint is None, go_on=go_on, report=report
    )


@contextmanager
def stoppable(left: Callable[[], str]) -> Iterator[None]:
    """At Ctrl-C print what is kept of the work, from `left`, and end with status 130."""
    try:
        yield
    except KeyboardInterrupt:
        print(f"\n{say('stopped')}{left()}", file=sys.stderr)
        raise typer.Exit(130) from None


def carry_out[R: Result](
    destination: Destination,
    make: "Callable[[Path, Progress], R]",
    origin: "Callable[[R], Origin]",
    progress: "Progress | None" = None,
) -> R:
    """Make a result, write its folder, and print its sentences.

    Parameters
    ----------
    destination : Destination
    make : callable
        Takes the folder being written and the progress to report to; returns the result.
    origin : callable
        Takes the result; returns what it was made from.
    progress : Progress, optional
    """
    from experiments.cli.progress import Progress
    from experiments.store.folder import new_folder
    from experiments.store.provenance import now
    from experiments.store.writing import write_result

    progress, started = progress or Progress(0, destination.quiet), now()
    with (
        stoppable(lambda: _left(destination, progress)),
        new_folder(destination.folder, destination.overwrite) as new,
        progress,
    ):
        for name in new.cleared:
            progress.say(say("a run that was killed had left {name} behind; cleared away", name=name))
        if destination.checkpoint is not None and destination.checkpoint.is_file():
            progress.say(say("going on from {checkpoint}", checkpoint=destination.checkpoint))
        result = make(new.path, progress)
        if destination.writing:
            progress.say(str(destination.writing))
        made_from = origin(result)
        drawn = write_result(
            result,
            new.path,
            made_from,
            again=destination.again,
            started=started,
            final=destination.folder,
            csv=destination.csv,
            draw=partial(_draw, progress),
        )
    if destination.checkpoint is not None and destination.passing:
        destination.checkpoint.unlink(missing_ok=True)
    _print(result, new, destination, made_from, drawn)
    if destination.report:
        from experiments.cli.report import write_beside

        file = write_beside(new.final)
        if not destination.quiet:
            print(say("Report:  {file}", file=file))
    return result


def _left(destination: Destination, progress: "Progress") -> str:
    """Return the message of what a stopped command leaves behind, and how to continue."""
    if destination.checkpoint is None:
        return f"{progress.so_far()}{NOTHING_WRITTEN}"
    if destination.checkpoint.is_file():
        return say(
            "; what is done is in {checkpoint}. To go on: {command}",
            checkpoint=destination.checkpoint,
            command=destination.go_on,
        )
    return say("; nothing was done yet")


def _draw(progress: "Progress", folder: Path, figures: "Mapping[str, Drawing]") -> int:
    """Draw figures and write their captions; return how many were drawn. Report a figure that fails, and go on."""
    from experiments.plots.style import save
    from experiments.store.documents import write_captions

    (folder / "figures").mkdir()
    captions = []
    for name, figure in figures.items():
        try:
            save(figure.draw(), folder / "figures" / f"{name}.png")
        except Exception as error:
            progress.stop()
            problem = f"{type(error).__name__}: {error}"
            print(say("the figure {name} cannot be drawn ({problem})", name=name, problem=problem), file=sys.stderr)
        else:
            captions.append((f"{name}.png", figure.title, figure.caption))
    write_captions(folder / "figures", captions)
    return len(captions)


def _print(result: "Result", new: "NewFolder", destination: Destination, made_from: "Origin", drawn: int) -> None:
    """Print the result on stdout; with --quiet only its folder."""
    if destination.quiet:
        print(new.final)
        return
    styled = sys.stdout.isatty()
    lines = {"width": shutil.get_terminal_size().columns} if styled else {}
    print("\n".join(result.sentences(styled=styled, **lines)), file=plain(sys.stdout) if styled else None)
    print(f"\n{say('Result:  {folder} (README.txt says what each file is)', folder=new.final)}")
    if drawn:
        print(say("Figures: {folder}", folder=new.final / "figures"))
    if made_from.hint is not None and (line := made_from.hint(new.final)):
        print(line)
    if new.final != destination.folder:
        print(
            say(
                "{folder} was taken by another run meanwhile; this result is in {other}",
                folder=destination.folder,
                other=new.final,
            ),
            file=sys.stderr,
        )


__all__ = ["NOTHING_WRITTEN", "Destination", "carry_out", "searched", "stoppable"]
