"""What a kind of table may hold: its columns and their words, in English and Chinese, as `words.py` lists them."""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Final

from sim.language import say
from sim.scenario.tables.durations import as_day, as_years
from sim.scenario.tables.table import Row, Table, plain_word
from sim.scenario.text.errors import Problem, ScenarioError
from sim.scenario.text.nodes import quoted
from sim.scenario.text.suggestions import misspelt

_CHINESE: Final = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_IN_BRACKETS: Final = re.compile(r"\s*\([^()]*\)\Z")
_UNKNOWN: Final = frozenset(
    ("未知", "不详", "不明", "不清楚", "未填", "缺失", "拒答", "unknown", "na", "n/a", "nan", "?", "-", "–", "—", "——")
)
MOST_PROBLEMS: Final = 200
"""Most mistakes of a table to report; one with more is of another kind."""
UNKNOWN: Final = "NA"
"""What a cell becomes that says, in either language, that nobody knows."""
_NONE: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class Column:
    """A column of a table.

    Parameters
    ----------
    name : str
        The name that the model knows.
    headers : tuple of str
        Other headers of the same meaning, the usual Chinese first.
    meaning, meaning_zh : str
        What the column says, in English and Chinese.
    values : mapping of str to tuple of str
        The words that the model knows, each with others of the same meaning, the usual Chinese first; empty for
        names and numbers.
    units : tuple of str
        Units that may stand behind a number.
    limits : tuple of float, optional
        Least and largest number.
    counted : mapping of str to tuple of str
        Words of another meaning that count as a word of the model; a note says which a table has.
    since : bool
        Whether the number is of years, which may also be a length of time (`as_years`) or the date of their beginning.
    """

    name: str
    headers: tuple[str, ...]
    meaning: str
    meaning_zh: str
    values: Mapping[str, tuple[str, ...]] = _NONE
    units: tuple[str, ...] = ()
    limits: tuple[float, float] | None = None
    counted: Mapping[str, tuple[str, ...]] = _NONE
    since: bool = False

    @cached_property
    def _counted(self) -> dict[str, str]:
        return {plain_word(other): word for word, others in self.counted.items() for other in others}

    @cached_property
    def _words(self) -> dict[str, str]:
        every = self.values.items()
        return {plain_word(other): word for word, others in every for other in (word, *others)} | self._counted

    def word(self, cell: str) -> str:
        """Return the model's word for a cell, its number without the unit, or the cell as it is if it has neither."""
        plain = plain_word(cell)
        if (self.values or self.limits) and plain in _UNKNOWN:
            return UNKNOWN
        if plain in self._words:
            return self._words[plain]
        if self.since and as_day(plain) is None and (years := as_years(cell)) is not None:
            return f"{years:.10g}"
        unit = next((unit for unit in self.units if plain.endswith(unit)), "")
        return plain.removesuffix(unit).strip() if self.limits else cell

    def unknown(self, cell: str) -> str:
        """Return the complaint about a word that the column does not allow, with the nearest and all allowed words."""
        return misspelt(say("found {cell}", cell=quoted(cell)), plain_word(cell), _alike(cell, self.values.items()))

    def as_counted(self, cells: Iterable[str]) -> list[str]:
        """Return a note for each word among the cells that counts as a word of the model with another meaning."""
        words = dict.fromkeys(cell for cell in cells if plain_word(cell) in self._counted)
        as_words = {cell: self._counted[plain_word(cell)] for cell in words}
        return [
            say("{cell} counts as {word} (assumed)", cell=cell, word=_alike(cell, [(word, self.values[word])])[0])
            for cell, word in as_words.items()
        ]


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The columns of a kind of table, and the names of sheets that hold one.

    Parameters
    ----------
    sheets : tuple of str
        In the form of `plain_word`; the first is the English name in a template, the second the Chinese.
    columns : tuple of Column
    others : tuple of str
        Headers of columns that are left out with a note, because offices have them and the model has no use for them.
    """

    sheets: tuple[str, ...]
    columns: tuple[Column, ...]
    others: tuple[str, ...] = ()

    @cached_property
    def _by_header(self) -> dict[str, Column]:
        return {plain_word(header): column for column in self.columns for header in (column.name, *column.headers)}

    @cached_property
    def headers(self) -> frozenset[str]:
        """All headers that are known, in the form of `plain_word`."""
        return frozenset(self._by_header)

    def __getitem__(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def column(self, header: str) -> Column | None:
        """Return the column that a header means; what it says in brackets, such as a unit, does not count."""
        return self._by_header.get(_without_brackets(header, self._by_header))

    def name(self, header: str) -> str:
        """Return the model's name of the column that a header means, or the header as it is."""
        column = self.column(header)
        return column.name if column else header

    def unknown(self, header: str) -> str:
        """Return the complaint about an unknown column, with the nearest and all known headers."""
        pairs = [(column.name, column.headers) for column in self.columns]
        return misspelt(say("unknown column"), plain_word(header), _alike(header, pairs))

    def _left_out(self, headers: list[str], meant: Sequence[Column | None]) -> list[int]:
        """Return the positions of columns that are not read."""
        others = {plain_word(other) for other in self.others}
        left_out = [at for at, header in enumerate(headers) if plain_word(header) in others]
        for column in self.columns:
            if not column.values:  # names and numbers: the first of the headers as the column lists them
                words = [plain_word(word) for word in (column.name, *column.headers)]
                same = {at: _without_brackets(headers[at], words) for at, other in enumerate(meant) if other is column}
                first, *rest = sorted(same, key=lambda at: words.index(same[at])) or (0,)
                left_out += [at for at in rest if same[at] != same[first]]
        return sorted(left_out)

    def translated(self, table: Table) -> Table:
        """Return a table with the model's names of columns and words; other headers and cells stay as they are.

        A column that is not read has an empty name, and a note says so: those of `others`, and further columns that
        name the same as the first of its headers ("编号" beside "姓名", "出生日期" beside "年龄"), and a first column
        without a header that numbers the rows, as pandas writes it.

        Raises
        ------
        ScenarioError
            When cells stand under no header.
        """
        headers = table.header.cells
        meant = [self.column(header) for header in headers]
        left_out = self._left_out(headers, meant)
        is_numbered = headers[:1] == [""] and len(headers) > 1 and _counts([row.cells[0] for row in table.rows])
        nameless = [at for at, header in enumerate(headers) if not header and not (at == 0 and is_numbered)]
        places = [(row, at) for row in table.rows for at in nameless if row.cells[at]][:MOST_PROBLEMS]
        if places:
            found = [
                (table.place(row, at), say("{cells} under no header", cells=quoted(row.cells[at])))
                for row, at in places
            ]
            raise ScenarioError(Problem.at(place, found=what, allowed=say("a header for it")) for place, what in found)
        for at in left_out:
            meant[at] = None
        names = [column.name if column else header for column, header in zip(meant, headers, strict=True)]
        names = ["" if at in left_out else name for at, name in enumerate(names)]
        unread = [say("not read: {left_out}", left_out=", ".join(headers[at] for at in left_out))] if left_out else []
        if is_numbered:
            unread.append(say("not read: the first column, which has no header and numbers the rows"))
        counted: list[str] = []
        for at, column in enumerate(meant):
            counted += column.as_counted(row.cells[at] for row in table.rows) if column and column.counted else []
        rows = tuple(Row(row.line, _words(meant, row.cells), row.given) for row in table.rows)
        header = Row(table.header.line, names, table.header.given)
        return Table(table.file, table.sheet, header, rows, (*table.notes, *counted, *unread))


def _counts(cells: Sequence[str]) -> bool:
    """Return whether cells are the numbers of their rows, from 0 or 1."""
    return any(list(cells) == [str(number) for number in range(first, first + len(cells))] for first in (0, 1))


def _without_brackets(header: str, known: Container[str]) -> str:
    plain = plain_word(header)
    return plain if plain in known else _IN_BRACKETS.sub("", plain)


def _words(meant: Sequence[Column | None], cells: list[str]) -> list[str]:
    words = [column.word(cell) if column and cell else cell for column, cell in zip(meant, cells, strict=False)]
    return words + cells[len(meant) :]


def _alike(word: str, known: Iterable[tuple[str, tuple[str, ...]]]) -> list[str]:
    """Return the known words of the script of a word: Chinese ones for Chinese, else those that the model uses."""
    if not _CHINESE.search(word):
        return [name for name, _ in known]
    return [other for _, others in known for other in others if _CHINESE.search(other)]


__all__ = ["MOST_PROBLEMS", "UNKNOWN", "Column", "Vocabulary"]
