"""Tables of a study as files for other programs: the same bytes for the same results, whenever and however made."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.csv as pa_csv

from experiments.store.folder import ResultError, new_file, reason
from experiments.store.runs_parts import encoded, write_file
from experiments.store.runs_tables import number_field

if TYPE_CHECKING:
    import pandas as pd

_FORMATS = ("csv", "parquet")


def write_frames(folder: Path, frames: "Mapping[str, pd.DataFrame]", ending: str) -> list[Path]:
    """Write data frames; a number that is none is an empty field in CSV and null in Parquet.

    Parameters
    ----------
    folder : Path
        Made if need be; files of the same names are replaced.
    frames : mapping of str to DataFrame
    ending : "csv" or "parquet"

    Raises
    ------
    ResultError
        When they cannot be written.
    """
    written = []
    for name, frame in frames.items():
        table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
        fields = [number_field(one.name) if pa.types.is_floating(one.type) else one for one in table.schema]
        table = table.cast(pa.schema(fields))
        contents = encoded(table) if ending == "parquet" else _csv(table)
        written.append(_put(folder / f"{name}.{ending}", contents))
    return written


def _csv(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pa_csv.write_csv(table, sink, pa_csv.WriteOptions(quoting_style="needed"))
    return sink.getvalue().to_pybytes()


def _put(path: Path, contents: bytes) -> Path:
    try:
        return write_file(path, contents, f"export{os.getpid()}")
    except OSError as error:
        raise ResultError(f"{path}: the table cannot be written ({reason(error)})") from error


def write_netcdf(
    path: Path, variables: Mapping[str, Any], coordinates: Mapping[str, Any], about: Mapping[str, str]
) -> Path:
    """Write arrays with named dimensions as netCDF, through xarray.

    Parameters
    ----------
    path : Path
    variables, coordinates : mapping
        As for `xarray.Dataset`: (dimensions, array, attributes) by name.
    about : mapping
        Attributes of the whole.

    Raises
    ------
    ResultError
        When xarray is not installed, or the file cannot be written.
    """
    try:
        import h5netcdf  # noqa: F401 - what xarray writes with
        import xarray
    except ImportError as error:
        said = "netCDF is written by xarray and h5netcdf, which are not installed; install them with: "
        raise ResultError(f"{said}pip install 'dayroom[netcdf]'") from error
    whole = xarray.Dataset(variables, coordinates, dict(about))
    packed = {name: {"zlib": True, "complevel": 4} for name in variables}
    try:
        with new_file(path) as unfinished:
            whole.to_netcdf(unfinished, engine="h5netcdf", encoding=packed)
    except OSError as error:
        raise ResultError(f"{path}: the file cannot be written ({reason(error)})") from error
    return path
