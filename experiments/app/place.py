"""Where the server keeps files, and the language in which a page begins."""

import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from sim.language import Language


@dataclass
class Place:
    """The folder of a server and its first language.

    Parameters
    ----------
    folder : Path
        Nothing is read or written outside it, but for the files of Dayroom itself.
    language : Language
    """

    folder: Path = field(default_factory=lambda: Path(tempfile.gettempdir()) / "dayroom-page")
    language: Language = Language.en

    def scenarios(self) -> dict[str, Path]:
        """Return the scenarios that lie in the folder, by name."""
        found = sorted(self.folder.glob("*.yaml")) if self.folder.is_dir() else []
        return {path.stem: path for path in found if path.is_file() and not path.is_symlink()}

    def new(self) -> Path:
        """Make a folder for the files of one session, which nobody else of this machine may read."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix="session-", dir=self.folder))


def forget(folder: Path) -> None:
    """Delete the folder of a session that has ended."""
    shutil.rmtree(folder, ignore_errors=True)


PLACE = Place()
"""The place of the server in this process."""
