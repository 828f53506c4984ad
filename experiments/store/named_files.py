"""Files that a scenario names (networks, rosters) and code of other packages that it uses (policies).

Other contents of such a file, or other code, make another scenario.
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from experiments.store.documents import files_of
from experiments.store.extensions import Extension, extensions_of, present, text_of
from experiments.store.folder import reason
from experiments.store.provenance import digest
from sim.scenario.reading.show import show
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import DayroomError


class OtherFileError(DayroomError, RuntimeError):
    """A file, or code of another package, differs between the planning of a run and the making of it."""


def contents(path: Path) -> str:
    """Return the word "contents" and the digest of a file's contents, a form that no file name has."""
    return f"contents {hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()}"


def simulated(scenario: Scenario) -> str:
    """Return a digest of a scenario, its files and the code of other packages in it, without what changes no run."""
    anyone = scenario.model_copy(update={"seed": None, "replicates": 1, "budget": None, "groups": {}})
    return digest(show(anyone) + text_of(extensions_of(anyone)), dict.fromkeys(files_of(anyone)))


@dataclass
class SameFiles:
    """Digests of files when runs were planned, sent along with the runs so that each is made from the same files.

    Parameters
    ----------
    planned : dict of Path to str
        Digest of each file's contents.
    extensions : tuple of Extension
        The code of other packages in the scenarios.
    """

    planned: dict[Path, str]
    extensions: tuple[Extension, ...] = ()
    _seen: dict[Path, tuple[int, int]] = field(default_factory=dict, init=False)

    @classmethod
    def of(cls, *scenarios: Scenario) -> Self:
        """Record the present contents of all files that the scenarios name, and the code of other packages."""
        return cls({path: contents(path) for path in files_of(scenarios)}, extensions_of(*scenarios))

    def __getstate__(self) -> dict[str, object]:
        return {"planned": self.planned, "extensions": self.extensions, "_seen": {}}  # the receiver has read nothing

    def require(self) -> None:
        """Check that files and code here are those of the plan.

        Read each file once, and again when its size or time changes; look at the code once.

        Raises
        ------
        OtherFileError
            When a file differs or cannot be read, or an extension has another version or other sources here.
        """
        for extension in self.extensions:
            there = present(extension.kind, extension.name)
            if there != extension:
                raise OtherFileError(
                    f"the run was planned with {extension}, and the process that makes it has {there or 'none'}; "
                    "install the same package for all, and leave it alone while runs are made"
                )
        for path, wanted in self.planned.items():
            try:
                now = path.stat()
                stamp = (now.st_size, now.st_mtime_ns)
                if self._seen.get(path) == stamp:
                    continue
                here = contents(path)
            except OSError as error:
                message = f"{path}: the machine that makes the run cannot read this file ({reason(error)})"
                raise OtherFileError(message) from error
            if here != wanted:
                raise OtherFileError(
                    f"{path}: this file differs between the machine that planned the run and the machine that makes it "
                    f"(found {here}, planned with {wanted}); give all machines the same file, "
                    "and leave it alone while runs are made"
                )
            self._seen[path] = stamp
