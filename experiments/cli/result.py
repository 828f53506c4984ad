"""What long searches have in common as commands: a checkpoint beside the result, and how to go on after Ctrl-C."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer

from experiments.cli.options import seed_number
from experiments.provenance import command

Seed = Annotated[int | None, typer.Option(parser=seed_number, metavar="S", help="Seed of all [the scenario's, or 0].")]
Checkpoint = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Keeps what was run [beside DIR, until the search is over].")
]
Resume = Annotated[
    bool, typer.Option("--resume", help="Go on where a search was stopped or killed; so does the plain command.")
]

Step = Callable[[int, int], None]
"""Told how many runs of how many are done."""
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Written:
    """Where and how a search is written.

    Parameters
    ----------
    folder : Path
    again : str
        The command that makes it again.
    go_on : str
        The command that goes on after a stop.
    checkpoint : Path
    passing : bool
        Whether the checkpoint is to go once the result is there.
    csv, overwrite, quiet : bool
    """

    folder: Path
    again: str
    go_on: str
    checkpoint: Path
    passing: bool
    csv: bool
    overwrite: bool
    quiet: bool


def require_package(package: str, extra: str) -> None:
    """Refuse to begin without a package that an extra brings."""
    if find_spec(package) is None:
        print(f"{package} is not installed; install it with: pip install 'dayroom[{extra}]'", file=sys.stderr)
        raise typer.Exit(2)


def checkpoint_of(folder: Path, named: Path | None, resume: bool) -> Path:
    """Give the file a search is kept in; one to go on from must be there."""
    path = named or folder.with_name(f"{folder.name}.checkpoint.json")
    if path.is_dir():
        raise typer.BadParameter(f"{path}: this is a folder, allowed is a file", param_hint="--checkpoint")
    if resume and not path.is_file():
        raise typer.BadParameter(f"{path}: no search to go on with is there; leave out --resume", param_hint="--resume")
    return path


def written(words: list[str], options: dict[str, Any]) -> list[str]:
    """Write a command as words, with those options that are given."""
    return [*words, *(str(word) for name, value in options.items() if value is not None for word in (name, value))]


def wished(
    words: list[str], folder: Path, out: Path | None, checkpoint: Path | None, resume: bool, **how: bool
) -> Written:
    """Say where and how a search is written, and which commands make it again and go on with it.

    Parameters
    ----------
    words : list of str
        The command without what says where its result goes.
    folder : Path
    out, checkpoint : Path, optional
        As given.
    resume : bool
        Whether there must be something to go on with.
    **how
        `csv`, `overwrite` and `quiet`.
    """
    where = [*(["--out", str(out)] if out else []), *(f"--{name}" for name in ("csv", "overwrite") if how[name])]
    kept = checkpoint_of(folder, checkpoint, resume)
    return Written(folder, command(*words), command(*words, *where), kept, checkpoint is None, **how)


def carry_out[Result](
    make: Callable[[Tell, Step], Result],
    write: Callable[[Result, Path, Written, dict[str, str], Any], None],
    wish: Written,
) -> Result:
    """Search, write everything into its folder, and only then let the checkpoint go.

    Parameters
    ----------
    make : callable
        Does the search; takes who is told what is going on, and who is told of each run.
    write : callable
        Takes result, folder, how to write, times and progress.
    wish : Written
    """
    from experiments import store
    from experiments.cli.progress import Progress
    from experiments.provenance import now

    progress = Progress(0, wish.quiet)
    started = now()

    def step(done: int, total: int) -> None:
        progress.total, progress.done = total, done - 1
        progress.step()

    try:
        with store.new_folder(wish.folder, wish.overwrite) as new, progress:
            if wish.checkpoint.is_file():
                progress.say(f"going on from {wish.checkpoint}")
            result = make(progress.say, step)
            progress.say("writing and drawing")
            write(result, new.path, wish, {"started": started, "finished": now()}, progress)
    except KeyboardInterrupt:
        there = wish.checkpoint.is_file()
        kept = f"what is done is in {wish.checkpoint}. To go on: {wish.go_on}" if there else "nothing was done yet"
        print(f"\nstopped; {kept}", file=sys.stderr)
        raise typer.Exit(130) from None
    if wish.passing:
        wish.checkpoint.unlink(missing_ok=True)
    if wish.quiet:
        print(new.final)
    return result
