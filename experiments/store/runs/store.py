"""The store of runs: a folder that finds every run by its scenario, seed and version of the model.

STORE/<version>/model.json     the sources of that version of the model
               /runs/          the results of each run: outcomes at the end, groups, costs
               /daily/         outcomes of each day, where a study asks for them
               /failures/      runs that ended in an error
               /plans/         the runs of each study, as last swept
     /claims/                  the sweeps that are writing now
"""

import errno
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

import pyarrow as pa
import pyarrow.parquet as pq

from experiments.store.folder import ResultError, alone, reason, telling_of_memory
from experiments.store.runs import versions
from experiments.store.runs.claims import Claim, clear_unfinished
from experiments.store.runs.parts import (
    Alarm,
    Report,
    parts,
    read_parts,
    read_table,
    set_aside,
    write_file,
    write_part,
)
from experiments.store.runs.tables import EXTENSIONS, KEYS, Address, addresses_of, deduplicated, empty
from sim.language import say

TABLES: Final = ("runs", "daily", "failures")
MOST_PARTS: Final = 48
"""Merge the small parts of a table once there are this many."""
SMALL: Final = 32 * 2**20
"""Bytes below which a part is small."""

_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class StoreFullError(ResultError):
    """The disk is full.

    Parameters
    ----------
    unwritten : int
        Number of finished runs for which there is no room.
    """

    def __init__(self, message: str, unwritten: int) -> None:
        super().__init__(message)
        self.unwritten = unwritten


class RunStore:
    """The runs of one version of the model in a store. To write, open the store in a `with` block.

    Parameters
    ----------
    version : str, optional
        Name of a version; the present version when not given.
    report : callable, optional
        Receives messages about damage.

    Raises
    ------
    ResultError
        When the store is a file.
    NewerFormatError
        When a newer Dayroom wrote the runs in a format that this one does not know.
    """

    def __init__(self, folder: Path, version: str | None = None, report: Report = lambda _: None) -> None:
        self.folder = folder
        self.version = version or versions.present_name()
        self.report = report
        self._claim: Claim | None = None
        if folder.exists() and not folder.is_dir():
            raise ResultError(say("{folder}: this is a file; --store takes a folder", folder=folder))
        versions.require_known(folder / self.version)

    def table(self, name: str) -> Path:
        """Return the folder of a table's parts."""
        return self.folder / self.version / name

    def __enter__(self) -> Self:
        try:
            cleared = clear_unfinished(self.folder, self.folder / "claims")
            self._claim = Claim(self.folder / "claims")
            folder = self.folder / self.version
            if versions.record(folder, self._claim.name):
                manifest = folder / versions.MANIFEST
                text = say("{manifest}: the manifest was damaged or gone, and is written again", manifest=manifest)
                self.report(Alarm(text))
        except OSError as error:
            self.close()
            raise self._refused(error) from error
        if cleared:
            if cleared == 1:
                text = say("1 sweep of this store had been killed; the unfinished files are deleted")
            else:
                text = say(
                    "{number} sweeps of this store had been killed; the unfinished files are deleted", number=cleared
                )
            self.report(text)
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def close(self) -> None:
        """Give up the claim on the store."""
        if self._claim is not None:
            self._claim.close()
            self._claim = None

    @property
    def claim(self) -> Claim:
        """The claim of this sweep.

        Raises
        ------
        RuntimeError
            When the store is not open for writing.
        """
        if self._claim is None:
            raise RuntimeError("the store was not opened for writing")
        return self._claim

    def read(self, name: str, columns: list[str] | None = None) -> pa.Table:
        """Read a table without duplicate rows, sorted by its keys; the table may be empty.

        Parameters
        ----------
        name : "runs", "daily" or "failures"
        columns : list of str, optional
            Columns besides the keys; all when not given.

        Raises
        ------
        ResultError
            When memory runs out.
        """
        wanted = None if columns is None else [*KEYS[name], *(column for column in columns if column not in KEYS[name])]
        with telling_of_memory(say("reading {file}", file=self.table(name))):
            tables = read_parts(self.table(name), self.report, wanted)
            return deduplicated(tables, KEYS[name]) if tables else empty(name)

    def addresses(self, name: str) -> set[Address]:
        """Return the address (scenario, seed) of each run in a table."""
        return set(addresses_of(self.read(name, [])))

    def extensions(self) -> list[tuple[str, str, int]]:
        """Return the scenarios whose runs used code of other packages.

        Returns
        -------
        list of (str, str, int)
            For each: its address, the code (`experiments.store.extensions.text_of`) and the number of its runs.
        """
        seeds: dict[tuple[str, str], set[int]] = {}
        for path in parts(self.table("runs")):
            with suppress(OSError, pa.ArrowException):  # reading the runs reports damage
                if EXTENSIONS not in pq.read_schema(path).names:
                    continue
                table = read_table(path, self.report, [*KEYS["runs"], EXTENSIONS])
                for row in table.to_pylist() if table is not None else []:
                    if row[EXTENSIONS]:
                        seeds.setdefault((row["scenario"], row[EXTENSIONS]), set()).add(row["seed"])
        return [(scenario, text, len(of_one)) for (scenario, text), of_one in sorted(seeds.items())]

    def save(self, tables: Sequence[tuple[str, pa.Table]]) -> None:
        """Write tables, each as a part, in the given order.

        Raises
        ------
        StoreFullError
            When the disk is full. All that finds room is still written, as whole parts.
        ResultError
            When the store cannot be written to for another reason.
        """
        for number, (name, table) in enumerate(tables):
            try:
                self._write(name, table)
            except OSError as error:
                if error.errno not in _FULL:
                    raise self._refused(error) from error
                self.claim.give_room()
                left = [(name, self._rescued(name, table)) for name, table in tables[number:]]
                unwritten = sum(lost for table_name, lost in left if table_name in ("runs", "failures"))
                raise StoreFullError(self._full(error, unwritten), unwritten) from error

    def _write(self, name: str, table: pa.Table) -> None:
        if len(table):
            write_part(self.table(name), table, self.claim.name)

    def _rescued(self, name: str, table: pa.Table) -> int:
        """Write a table in ever smaller pieces, and return the number of rows for which there is no room."""
        try:
            self._write(name, table)
        except OSError:
            half = len(table) // 2
            if half == 0:
                return len(table)
            return self._rescued(name, table.slice(0, half)) + self._rescued(name, table.slice(half))
        return 0

    def _refused(self, error: OSError) -> ResultError:
        return ResultError(
            say("{folder}: the store cannot be written to ({reason})", folder=self.folder, reason=reason(error))
        )

    def _full(self, error: OSError, unwritten: int) -> str:
        if unwritten == 1:
            lost = say("1 finished run found no room and will be made again")
        elif unwritten:
            lost = say("{number} finished runs found no room and will be made again", number=unwritten)
        else:
            lost = say("no finished run is lost")
        return say(
            "{folder}: no room is left on the disk ({reason}); {lost}. Make room, then give the same command again",
            folder=self.folder,
            reason=reason(error),
            lost=lost,
        )

    def put(self, path: Path, contents: bytes) -> Path:
        """Write a file of this store that is not part of a table.

        Raises
        ------
        StoreFullError
            When the disk is full.
        ResultError
            When the store cannot be written to for another reason.
        """
        try:
            return write_file(path, contents, self.claim.name)
        except OSError as error:
            if error.errno in _FULL:
                raise StoreFullError(self._full(error, 0), 0) from error
            raise self._refused(error) from error

    def compact(self, name: str) -> None:
        """Merge small parts once there are many. Leave it for later if another sweep is merging, or if it fails."""
        folder = self.table(name)
        small = [part for part in parts(folder) if _size(part) < SMALL]
        if len(small) < MOST_PARTS:
            return
        with alone(self.folder / self.version / f"{name}.lock") as mine, suppress(OSError, MemoryError):
            if mine:
                self._put_together(name, folder)

    def _put_together(self, name: str, folder: Path) -> None:
        small = [part for part in parts(folder) if _size(part) < SMALL]
        tables = {part: table for part in small if (table := read_table(part, self.report)) is not None}
        if len(tables) < 2:
            return
        made = write_part(folder, deduplicated(list(tables.values()), KEYS[name]), self.claim.name)
        for part in tables:
            if part != made:
                part.unlink(missing_ok=True)

    def damaged(self) -> list[Path]:
        """Return the parts that were set aside."""
        return [path for name in (*TABLES, "plans") for path in set_aside(self.table(name))]

    def size(self, tables: Sequence[str] = TABLES) -> int:
        """Return the size of all parts of these tables, in bytes."""
        return sum(_size(part) for name in tables for part in parts(self.table(name)))


def _size(part: Path) -> int:
    try:
        return part.stat().st_size
    except OSError:
        return 0
