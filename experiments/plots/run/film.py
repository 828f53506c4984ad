"""A film of a centre's network: a frame for each day drawn, with everybody always at the same place."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import networkx as nx
import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize

from experiments.measures.friendship import FRIEND
from experiments.plots import series, style
from experiments.plots.frames import LEAST, LONELY_SCORE
from experiments.plots.layout import positions
from experiments.plots.run import network
from sim.language import say
from sim.scenario.text.errors import InputError
from sim.state.columns import LEVELS

RATE: Final = 6
"""Frames a second."""
LARGEST: Final = 5_000_000
"""Most bytes of a GIF; one that would be larger gets fewer colours, and is then made smaller."""
TRIES: Final = ((1.0, 96), (1.0, 48), (0.8, 48), (0.6, 32), (0.45, 16))
"""Scales and numbers of colours to try for a GIF, the best first."""
KINDS: Final = (".gif", ".mp4")


def film(
    graphs: Mapping[int, nx.DiGraph],
    path: Path | str,
    *,
    least: float = LEAST,
    begin: pd.Timestamp | None = None,
    title: str = "",
) -> Path:
    """Write a film of the networks of a centre as GIF or MP4, by the ending of the path.

    Parameters
    ----------
    graphs : mapping of int to DiGraph
        Network by day, as in `experiments.plots.run.network.network_panels`.
    path : path
        File that ends in .gif or .mp4; MP4 needs the extra `film`.
    least : float
        Acts given and received together below which a user is uninvolved: the scenario's memory_days / 30.
    begin : Timestamp, optional
        Date of day 0; the corner then shows dates.
    title : str
        Written above the network.

    Raises
    ------
    InputError
        When there is no network, the path has another ending, or MP4 cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() not in KINDS:
        raise InputError(say("{name}: a film is saved as .gif or .mp4", name=path.name))
    if not graphs:
        raise InputError(say("there is no network to draw"))
    frames = pictures(graphs, least=least, begin=begin, title=title)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix.lower() == ".gif":
        _write_gif(list(frames), path)
    else:
        _write_mp4(frames, path)
    return path


def pictures(
    graphs: Mapping[int, nx.DiGraph],
    *,
    least: float = LEAST,
    begin: pd.Timestamp | None = None,
    title: str = "",
) -> Iterator[np.ndarray]:
    """Yield the frames of a film, uint8 arrays of shape (height, width, 3), all of the same size."""
    graphs = dict(sorted(graphs.items()))
    crowd = {node for graph in graphs.values() for node in graph}
    drawn = LEVELS[FRIEND:] if len(crowd) > network.LARGE else LEVELS[1:]
    first = set(next(iter(graphs.values())))
    stage = network.Stage(positions(graphs.values(), drawn), drawn, first, least, {})
    figure = style.figure(7.2, 7.8)
    axes = figure.subplots()
    bar = figure.colorbar(
        ScalarMappable(Normalize(*network.SCALE), style.LONELINESS_COLOURS),
        ax=axes,
        fraction=0.03,
        pad=0.01,
        shrink=0.7,
    )
    style.dress_bar(bar, say("loneliness, UCLA-20 score (20–80)"), LONELY_SCORE)
    network.draw_legends(figure, stage)
    canvas = FigureCanvasAgg(figure)
    for number, (day, graph) in enumerate(graphs.items()):
        axes.clear()
        network.draw_panel(axes, graph, stage)
        style.heading(axes, title or say("Who is close to whom"), network.counts(graph, stage.first))
        corner = axes.annotate(series.moment(day, begin), (1, 0), (-4, 4), "axes fraction", "offset points", ha="right")
        corner.set(fontsize=style.TITLE, fontweight="bold", color=style.INK)
        style.finish(figure)
        canvas.draw()  # type: ignore[no-untyped-call]
        if number == 0:
            figure.set_layout_engine("none")  # later frames keep the layout of the first, so that nothing jumps
        yield np.asarray(canvas.buffer_rgba())[..., :3].copy()  # type: ignore[no-untyped-call]


def _write_gif(frames: list[np.ndarray], path: Path) -> None:
    """Write a GIF with shared colours, of at most `LARGEST` bytes where a try reaches that."""
    from PIL import Image

    for scale, colours in TRIES:
        images = [Image.fromarray(frame) for frame in frames]
        size = (int(images[0].width * scale), int(images[0].height * scale))
        images = [each.resize(size, Image.Resampling.LANCZOS) if scale < 1.0 else each for each in images]
        palette = images[-1].quantize(colours, dither=Image.Dither.NONE)
        reduced = [each.quantize(palette=palette, dither=Image.Dither.NONE) for each in images]
        reduced[0].save(path, save_all=True, append_images=reduced[1:], duration=1000 // RATE, loop=0, optimize=True)
        if path.stat().st_size <= LARGEST:
            return


def _write_mp4(frames: Iterator[np.ndarray], path: Path) -> None:
    """Write an MP4 with the ffmpeg that `imageio-ffmpeg` brings."""
    try:
        from imageio_ffmpeg import write_frames
    except ImportError:
        raise InputError(say("an MP4 needs the extra film: pip install 'dayroom[film]'")) from None
    first = next(frames)
    height, width = (side - side % 2 for side in first.shape[:2])  # the codec takes even sides only
    writer = write_frames(
        str(path), (width, height), fps=RATE, codec="libx264", macro_block_size=2, output_params=["-crf", "26"]
    )
    try:
        writer.send(None)
        for frame in (first, *frames):
            writer.send(np.ascontiguousarray(frame[:height, :width]))
        writer.close()
    except OSError as error:
        raise InputError(say("{name}: the film cannot be written ({problem})", name=path.name, problem=error)) from None


__all__ = ["film", "pictures"]
