"""Arrays as netCDF files: several exports may write a file at once, and leftovers of a killed export are removed."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from experiments.store.folder import ResultError
from experiments.store.runs.files import write_netcdf
from tests.sweep.conftest import ENVIRONMENT
from tests.sweep.test_run_store import netcdf

WRITER = """\
import sys
from pathlib import Path
from experiments.store.runs.files import write_netcdf
for _ in range(30):
    write_netcdf(Path(sys.argv[1]), {"end": (("run",), [1.0, 2.0])}, {"run": ("run", [0, 1])}, {"title": "k"})
"""
VARIABLES = {"end": (("run",), [1.0, 2.0])}


@pytest.mark.slow
def test_two_exports_into_one_file_do_not_meet(tmp_path: Path) -> None:
    words = [sys.executable, "-c", WRITER, str(tmp_path / "k.nc")]
    both = [subprocess.Popen(words, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    for one in both:
        said = one.communicate()[1]
        assert one.returncode == 0, said
    assert [path.name for path in tmp_path.iterdir()] == ["k.nc"]
    assert netcdf(str(tmp_path / "k.nc"))["end"].to_numpy().tolist() == [1.0, 2.0]


def test_what_a_killed_export_left_is_cleared_away_and_others_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "k.nc"
    left = Path(tempfile.mkdtemp(prefix=".k.nc.unfinished-", dir=tmp_path))
    (left / "k.nc").touch()
    others = Path(tempfile.mkdtemp(prefix=".other.nc.unfinished-", dir=tmp_path))
    write_netcdf(path, VARIABLES, {}, {})
    assert sorted(tmp_path.iterdir()) == sorted([others, path])


def test_a_file_that_cannot_be_put_in_its_place_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "k.nc"
    path.mkdir()
    with pytest.raises(ResultError, match=r"k\.nc: the file cannot be written"):
        write_netcdf(path, VARIABLES, {}, {})
    assert [one.name for one in tmp_path.iterdir()] == ["k.nc"]
