"""Films of a network: one size, one place for everybody, small files."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from experiments.plots.run.film import LARGEST, film, pictures
from experiments.plots.sizes import save_as, scale_of
from experiments.plots.style import DOUBLE_COLUMN, figure
from sim.scenario.text.errors import InputError


def test_every_frame_has_one_size_and_users_stay_where_they_are(network: Any) -> None:
    first, second, third = pictures({0: network(), 7: network(), 14: network(first=1)})
    assert first.shape == second.shape == third.shape
    # The same network a week later differs only in the date in the corner.
    changed = np.argwhere((first != second).any(axis=2))
    height, width = first.shape[:2]
    assert len(changed)
    assert changed[:, 0].min() > 0.5 * height
    assert changed[:, 1].min() > 0.5 * width
    assert (second != third).any()


def test_a_gif_has_a_frame_for_each_day_and_stays_small(network: Any, tmp_path: Path) -> None:
    path = film({0: network(), 7: network(first=1)}, tmp_path / "a" / "n.gif", begin=pd.Timestamp("2027-03-01"))
    with Image.open(path) as made:
        assert made.n_frames == 2
    assert path.stat().st_size < LARGEST


def test_an_mp4_can_be_read(network: Any, tmp_path: Path) -> None:
    ffmpeg = pytest.importorskip("imageio_ffmpeg").get_ffmpeg_exe()
    path = film({0: network(), 7: network(first=1)}, tmp_path / "n.mp4")
    done = subprocess.run([ffmpeg, "-v", "error", "-i", str(path), "-f", "null", "-"], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    shutil.rmtree(tmp_path)


def test_what_cannot_be_written_is_refused(network: Any, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"n\.avi: a film is saved as \.gif or \.mp4"):
        film({0: network()}, tmp_path / "n.avi")
    with pytest.raises(InputError, match="there is no network"):
        film({}, tmp_path / "n.gif")


def test_sizes_scale_the_whole_picture(tmp_path: Path) -> None:
    drawn = figure(10.0, 5.0)
    assert scale_of(drawn, "slide") == pytest.approx(1.333)
    with Image.open(save_as(drawn, tmp_path / "j.png", "journal")) as picture:
        assert picture.width == pytest.approx(DOUBLE_COLUMN * 300, abs=6)
    text = save_as(drawn, tmp_path / "j.svg", "journal").read_text()
    assert f'width="{DOUBLE_COLUMN * 72:.2f}pt"' in text
    assert 'viewBox="0 0 720 360"' in text
