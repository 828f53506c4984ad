"""Read a survey's answers about ties from a table: a list of edges or a matrix."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from sim.language import later, say
from sim.scenario.tables.reading import read_table
from sim.scenario.tables.table import Row, Table, plain_word
from sim.scenario.tables.words import TIES
from sim.scenario.text.errors import ScenarioError
from sim.scenario.text.nodes import Place, quoted
from sim.scenario.text.suggestions import nearest
from sim.state.files.answers import (
    FEWEST_USERS,
    MOST_USERS,
    Answers,
    Mistakes,
    Nominations,
    Scale,
    no_attribute,
    wrong_size,
)
from sim.state.files.xml import NetworkFileError, refused

_GEPHI: Final = ("type", "id", "label", "timeset")
"""Columns that Gephi adds to a list of edges."""


def read_answers(path: Path, scale: Scale) -> Answers:
    """Read a table: a list of edges (header source,target,...) or a matrix (header: an empty cell or id, then the ids).

    The answers include the mistakes in single rows. Words may be Chinese (`sim.scenario.tables.words.TIES`).

    Raises
    ------
    NetworkFileError
        When the file cannot be read or has a wrong header.
    """
    try:
        table = read_table(path, TIES)
        names = [TIES.name(cell) for cell in table.header.cells]
        if "source" in names and "target" in names:
            return _edge_list(TIES.translated(table), scale)
    except ScenarioError as error:
        raise NetworkFileError(*error.problems) from None
    if len(names) > 1 and (names[0] in ("", "source") or plain_word(names[0]) == "id"):
        return _matrix(table, scale)
    allowed = say(
        "source,target,... (or 填答人,对象,...) for a list of edges, or an empty cell (or id) and the ids for a matrix"
    )
    found = say("the header {cells}", cells=quoted(",".join(table.header.cells)))
    raise refused(table.place(table.header), found=found, allowed=allowed)


def _at(place: Place, cell: int) -> Place:
    """Return the place of a cell of a row; cells count from 0."""
    return replace(place, column=cell + 1)


def _edge_list(table: Table, scale: Scale) -> Answers:
    weight = _weight_column(table, scale)
    names = [plain_word(TIES.name(name)) for name in table.header.cells]
    nominations = Nominations(table.file)
    try:
        for row in table.rows:
            place = table.place(row)
            if len(row.cells) > len(names):
                wrong = refused(
                    place,
                    found=say("{count} cells", count=len(row.cells)),
                    allowed=say("{count}, as in the header", count=len(names)),
                )
                nominations.mistakes.note(wrong)
            else:
                _add_row(nominations, names, row.cells, place, weight, scale)
    except NetworkFileError as error:  # reading cannot continue: too many users or mistakes
        nominations.mistakes.problems += error.problems
    answers = nominations.answers()
    answers.listed, answers.directions_stated = True, "type" in names
    return answers


def _add_row(
    nominations: Nominations, names: list[str], cells: list[str], place: Place, weight: int | None, scale: Scale
) -> None:
    """Add the answer in a row of a list of edges; record its mistakes."""
    at_source, at_target = names.index("source"), names.index("target")
    source, target = cells[at_source], cells[at_target]
    if source:
        nominations.seat(source, _at(place, at_source))
    else:
        wrong = refused(_at(place, at_source), path="source", found=say("an empty cell"), allowed=say("an id"))
        nominations.mistakes.note(wrong)
    if "missing" in names and nominations.mistakes.marked(cells[names.index("missing")], place):
        if target:
            finding = say("{source} as missing, naming {target}", source=quoted(source), target=quoted(target))
            nominations.mistakes.note(refused(place, found=finding, allowed=say("no target")))
        elif source:
            nominations.absent[nominations.seat(source, place)] = place
    elif target in ("", source):  # named nobody, or only oneself
        if source:
            nominations.answer(source, place)
    else:
        nominations.seat(target, _at(place, at_target))
        value = (
            scale.unweighted
            if weight is None
            else nominations.mistakes.closeness(scale, cells[weight], _at(place, weight))
        )
        if source:
            nominations.add(source, target, value, place)
        if source and "type" in names and cells[names.index("type")].lower() == "undirected":  # as Gephi writes
            nominations.add(target, source, value, place)


def _weight_column(table: Table, scale: Scale) -> int | None:
    """Return the index of the closeness column, or None if the list only states who named whom."""
    place, names = table.place(table.header), [plain_word(name) for name in table.header.cells]
    for cell, name in enumerate(names):
        if name in names[:cell] and name:
            raise refused(
                _at(place, cell), found=say("column {name} twice", name=quoted(name)), allowed=say("every column once")
            )
    usual = ("weight",) if scale.attribute == "closeness" else ()
    for wanted in (scale.attribute, TIES.name(scale.attribute), *usual):
        if plain_word(wanted) in names:
            return names.index(plain_word(wanted))
    own = ("source", "target", "missing", "", *_GEPHI)
    others = [name for name, plain in zip(table.header.cells, names, strict=True) if plain not in own]
    if not others:
        return None
    raise no_attribute(place, later("column"), others, scale)


def _matrix(table: Table, scale: Scale) -> Answers:
    place, ids = table.place(table.header), table.header.cells[1:]
    if not FEWEST_USERS <= len(ids) <= MOST_USERS:
        raise wrong_size(place, str(len(ids)))
    for cell, name in enumerate(ids, 1):
        if not name or name in ids[: cell - 1]:
            finding = say("id {name} twice", name=quoted(name)) if name else say("an empty cell")
            raise refused(_at(place, cell), found=finding, allowed=say("every id once"))
    closeness = np.full((len(ids), len(ids)), np.nan)
    lines: dict[str, int] = {}
    mistakes = Mistakes()
    try:
        for row in table.rows:
            where = table.place(row)
            i = _row_number(row, ids, lines, where, mistakes)
            for j, value in enumerate(row.cells[1 : len(ids) + 1]):
                if i not in (None, j):  # what users say about themselves does not count
                    closeness[i, j] = mistakes.closeness(scale, value, _at(where, j + 1))
    except NetworkFileError as error:  # reading cannot continue: too many mistakes
        mistakes.problems += error.problems
    np.fill_diagonal(closeness, np.nan)
    stated = ~np.isnan(closeness)
    respondents = stated.any(axis=1)
    np.fill_diagonal(closeness, 0.0)
    places = [_at(place, cell) for cell in range(1, len(ids) + 1)]
    return Answers(ids, closeness, respondents, stated, places, mistakes.problems)


def _row_number(row: Row, ids: list[str], lines: dict[str, int], place: Place, mistakes: Mistakes) -> int | None:
    """Return the number of the user who answers in a row of the matrix, or None if unknown; record mistakes."""
    name = row.cells[0]
    if name not in ids:
        allowed = say("one of the ids in the header; the matrix must be square")
        wrong = refused(
            place, found=say("row {name}", name=quoted(name)), allowed=allowed, suggestion=nearest(name, ids)
        )
        mistakes.note(wrong)
        return None
    if name in lines:
        finding = say("row {name} again, first in line {line}", name=quoted(name), line=lines[name])
        mistakes.note(refused(place, found=finding, allowed=say("every id once")))
    if row.given != len(ids) + 1:
        finding = say("{given} cells after {name}", given=row.given - 1, name=quoted(name))
        mistakes.note(refused(place, found=finding, allowed=say("{count}; the matrix must be square", count=len(ids))))
    lines.setdefault(name, place.line)
    return ids.index(name)
