"""What was guessed when the tables that a scenario names were read: encoding, separator, sheet, decimal comma."""

from typing import TYPE_CHECKING

from sim.scenario.schema.scenario import Scenario

if TYPE_CHECKING:
    from pathlib import Path

    from sim.scenario.tables.vocabulary import Vocabulary


def notes_of(scenario: Scenario) -> tuple[str, ...]:
    """Return a note for each table of users or ties of which something was guessed: "users.csv: read as GBK".

    Raises
    ------
    ScenarioError
        When a table cannot be read.
    """
    networks = [centre.network or scenario.network for centre in scenario.centres.values()]
    users = [centre.users_file for centre in scenario.centres.values() if centre.users_file is not None]
    ties = [network.file for network in networks if network.file is not None]
    if not users and not ties:
        return ()
    from sim.scenario.tables.reading import ENDINGS
    from sim.scenario.tables.words import TIES, USERS

    tables = [(path, USERS) for path in users] + [(path, TIES) for path in ties if path.suffix.lower() in ENDINGS]
    notes = [_note(path, words) for path, words in dict.fromkeys(tables)]
    return tuple(note for note in notes if note)


def _note(path: "Path", words: "Vocabulary") -> str:
    from sim.scenario.tables.reading import read_table
    from sim.scenario.tables.words import TIES

    table = read_table(path, words)
    is_matrix = words.sheets == TIES.sheets and "target" not in map(words.name, table.header.cells)
    return table.note if is_matrix else words.translated(table).note
