"""Read the folder of a result back: what made it, its summary, tables and scenarios."""

import re
import shlex
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.store.documents import read_provenance, read_summary
from experiments.store.folder import ResultError
from experiments.store.provenance import dayroom_version
from experiments.store.tables import read_table
from sim.language import say
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.nodes import quoted, visible

if TYPE_CHECKING:
    import pandas as pd

_NAME = re.compile(r"[a-z_]+")


@dataclass(frozen=True)
class StoredResult:
    """The folder of a result that a command wrote, with this or an earlier version of Dayroom.

    Parameters
    ----------
    folder : Path
    provenance : dict
        The contents of `provenance.json`, in the present format.
    """

    folder: Path
    provenance: dict[str, Any]

    @property
    def command(self) -> str:
        """The command that makes the result again."""
        return str(self.provenance.get("command", ""))

    @property
    def kind(self) -> str:
        """The name of the command that wrote the folder, such as "compare"; empty if it is unknown."""
        try:
            words = shlex.split(self.command)
        except ValueError:
            return ""
        return words[1] if len(words) > 1 else ""

    @property
    def remark(self) -> str:
        """Which other version of the model made the result, and the command that makes it again; else empty."""
        from sim.kernel import sources_digest

        versions, model = self.provenance.get("versions"), str(self.provenance.get("model_digest", ""))
        version = str(versions.get("dayroom", "")) if isinstance(versions, dict) else ""
        if (version, model) == (dayroom_version(), sources_digest()):
            return ""
        return say(
            "another version of the model made this result (Dayroom {version}, model {model}); to make it again with "
            "this one: {command}",
            version=quoted(version),
            model=quoted(model[:12]),
            command=visible(self.command),
        )

    @cached_property
    def summary(self) -> dict[str, Any]:
        """The contents of `summary.json`."""
        return read_summary(self.folder)

    @property
    def names(self) -> list[str]:
        """Names of the tables in the folder."""
        return sorted(path.stem for path in self.folder.glob("*.parquet") if _NAME.fullmatch(path.stem))

    def table(self, name: str) -> "pd.DataFrame":
        """Return a table by the name of its file.

        Raises
        ------
        ResultError
            When there is no such table, or it is damaged.
        """
        return read_table(self.folder, name)

    @cached_property
    def scenarios(self) -> dict[str, Scenario]:
        """The scenarios of the result by name; the order is that of the names of the folders."""
        from sim.scenario.reading.load import load_scenario

        files = sorted(self.folder.glob("scenarios/*/scenario.yaml"))
        files += [path for path in (self.folder / "scenario.yaml",) if path.is_file()]
        loaded = [load_scenario(path) for path in files]
        return {one.name: one for one in loaded}


def stored_result(folder: Path) -> StoredResult:
    """Open the folder of a result.

    Raises
    ------
    ResultError
        When the folder holds no result.
    FormatError
        When a newer version wrote it in a format that this one does not know.
    """
    return StoredResult(folder, read_provenance(folder))


def require_present(folder: Path, doing: str) -> None:
    """Refuse work that makes runs again when another version of the model made the result: the runs would be others.

    Parameters
    ----------
    folder : Path
    doing : str
        The work, as the subject of a sentence.

    Raises
    ------
    ResultError
        When another version of the model made the result. The message says which, and the command that makes it again.
    """
    if remark := stored_result(folder).remark:
        raise ResultError(say("{folder}: {doing}; {remark}", folder=folder, doing=doing, remark=remark))
