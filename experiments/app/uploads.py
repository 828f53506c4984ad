"""Take the files that a reader sends: a scenario, with the tables that it names."""

import base64
import binascii
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from sim.language import say
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import InputError, ScenarioError
from sim.scenario.text.files import MOST_BYTES
from sim.scenario.text.nodes import visible

MOST_FILES: Final = 10
MOST_TABLE: Final = 4_000_000
"""Most bytes of a table or network that a scenario names; a scenario itself has at most `MOST_BYTES`."""
SCENARIOS: Final = (".yaml", ".yml")
TABLES: Final = (".csv", ".xlsx", ".graphml", ".gexf", ".net", ".gml", ".json", ".adjlist", ".edgelist")
_NAME: Final = re.compile(r"\w[\w .()+-]{0,80}")


def taken(files: Sequence[Any], folder: Path) -> Scenario:
    """Write the files of a reader into the folder of the session, and return the scenario among them.

    Parameters
    ----------
    files : sequence of mapping
        Each with `name` and `content`, base64 of its bytes, as the browser sends them: nothing of it can be trusted.
    folder : Path

    Raises
    ------
    InputError
        When a file has an odd name or kind, is too large, or there is not exactly one scenario.
    ScenarioError
        When the scenario has mistakes.
    """
    named = _contents(files)
    scenarios = [name for name in named if Path(name).suffix.lower() in SCENARIOS]
    if len(scenarios) != 1:
        count = len(scenarios)
        raise InputError(say("found {count} YAML files, allowed is one, with the tables that it names", count=count))
    for name, content in named.items():
        (folder / name).write_bytes(content)
    try:
        return load_scenario(folder / scenarios[0])
    except ScenarioError as error:
        raise InputError("\n".join(_placed(error))) from None


def _contents(files: Sequence[Any]) -> dict[str, bytes]:
    """Return the bytes of each file by a name that is safe in a folder."""
    if not 0 < len(files) <= MOST_FILES:
        raise InputError(say("found {count} files, allowed are 1 to {most}", count=len(files), most=MOST_FILES))
    named: dict[str, bytes] = {}
    for file in files:
        name = str(file.get("name", ""))
        ending = Path(name).suffix.lower()
        if not _NAME.fullmatch(name) or ending not in (*SCENARIOS, *TABLES):
            kinds = ", ".join((*SCENARIOS, *TABLES))
            shown = visible(name[:80])
            raise InputError(say("{name}: allowed are plain names that end in {kinds}", name=repr(shown), kinds=kinds))
        try:
            content = base64.b64decode(str(file.get("content", "")), validate=True)
        except (binascii.Error, ValueError):
            raise InputError(say("{name}: the file did not arrive whole", name=repr(name))) from None
        most = MOST_BYTES if ending in SCENARIOS else MOST_TABLE
        if len(content) > most:
            raise InputError(say("{name}: allowed are at most {most:g} MB", name=repr(name), most=most / 1e6))
        named[name] = content
    return named


def _placed(error: ScenarioError) -> list[str]:
    """Return each mistake with its line, and without the folder of the server."""
    return [
        say("{name}, line {line}: {sentence}", name=Path(one.file).name, line=one.line, sentence=one.sentence)
        if one.line
        else f"{Path(one.file).name}: {one.sentence}"
        for one in error.problems
    ]
