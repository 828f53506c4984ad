"""Tables in every form that offices have: read alike, with a note for each guess; bounded; refused with a place."""

import csv
import datetime as dt
import io
import zipfile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.scenario.tables import table as tables
from sim.scenario.tables import workbook
from sim.scenario.tables.dates import as_date
from sim.scenario.tables.reading import read_table
from sim.scenario.tables.words import USERS
from sim.scenario.text.errors import ScenarioError

ROWS = [["姓名", "性别", "病程"], ["张三", "男", "3.5"], ["李四", "女", ""]]


def text_of(rows, separator=",", newline="\n"):
    """Write rows as text."""
    written = io.StringIO()
    csv.writer(written, delimiter=separator, lineterminator=newline).writerows(rows)
    return written.getvalue()


def book_of(*sheets):
    """Write each list of rows into a sheet of a workbook; return its bytes."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


FORMS = {
    "UTF-8": (lambda rows: text_of(rows).encode(), ""),
    "a mark of UTF-8": (lambda rows: text_of(rows).encode("utf-8-sig"), ""),
    "UTF-16": (lambda rows: text_of(rows, "\t").encode("utf-16"), "separated by tabs"),
    "GBK": (lambda rows: text_of(rows).encode("gb18030"), "read as GBK (such as '姓名')"),
    "semicolons": (lambda rows: text_of(rows, ";").encode(), "separated by semicolons"),
    "tabs": (lambda rows: text_of(rows, "\t").encode(), "separated by tabs"),
    "full-width commas": (lambda rows: text_of(rows, "，").encode(), "separated by full-width commas"),
    "a stated separator": (lambda rows: b"sep=;\r\n" + text_of(rows, ";").encode(), ""),
    "CRLF": (lambda rows: text_of(rows, newline="\r\n").encode(), ""),
    "xlsx": (lambda rows: book_of(("Sheet1", rows)), ""),
}


def read(tmp_path, contents, words=None):
    path = tmp_path / "t.csv"
    path.write_bytes(contents)
    return read_table(path, words)


def cells(table):
    """Return the header and the rows of a table as lists."""
    return [table.header.cells, *(row.cells for row in table.rows)]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_read_alike_and_every_guess_is_noted(tmp_path, form):
    write, note = FORMS[form]
    found = read(tmp_path, write(ROWS))
    assert cells(found) == ROWS
    assert found.note.partition("t.csv: ")[2] == note


# Chinese, Latin and digits; a first cell that never is empty, since a blank row is no row.
WORD = st.text(st.sampled_from("张三李四男女是否abcXYZ059 .-/(),;\"'"), min_size=1, max_size=8).map(
    lambda word: f"词{word.strip()}"
)
CELL = st.one_of(WORD, st.just(""), st.integers(-999, 999).map(str))
SMALL = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.tuples(WORD, *[CELL] * width).map(list), min_size=2, max_size=5).map(
        lambda rows: [[f"列{number}" for number in range(width + 1)], *rows]
    )
)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=SMALL)
def test_any_small_table_comes_back_from_every_form(tmp_path, form, rows):
    assert cells(read(tmp_path, FORMS[form][0](rows))) == rows


def test_blank_rows_empty_columns_spaces_and_wide_digits(tmp_path):
    text = "\n 姓名 ,　年龄　,,\n\n,,,\n张三 ,４３,,\n\ufeff李四,\u200b44\n"
    found = read(tmp_path, text.encode())
    assert cells(found) == [["姓名", "年龄"], ["张三", "43"], ["李四", "44"]]
    assert [(row.line, row.given) for row in found.rows] == [(5, 2), (6, 2)]
    assert str(found.place(found.rows[0], 1)).endswith("t.csv:5:2")


def test_decimal_commas_are_read_where_nothing_speaks_against_them(tmp_path):
    found = read(tmp_path, b"a;b\n3,5;1\n7;0,25\n")
    assert cells(found)[1:] == [["3.5", "1"], ["7", "0.25"]]
    assert found.notes == ("separated by semicolons", "decimal commas ('3,5' in line 2 is 3.5)")
    assert cells(read(tmp_path, b"a;b\n3,5;1.5\n"))[1] == ["3,5", "1.5"]
    assert cells(read(tmp_path, b'a,b\n"3,5",1\n'))[1] == ["3,5", "1"]


def test_the_header_is_found_below_a_title(tmp_path):
    found = read(tmp_path, "阳光心园学员名单\n\n姓名,性别\n张三,男\n".encode(), USERS)
    assert cells(found) == [["姓名", "性别"], ["张三", "男"]]
    assert found.notes == ("the header is row 3, the rows above it are not read",)


def test_values_of_a_sheet_are_text_with_the_cells_as_places(tmp_path):
    row = [43, 1.5, 2.0, True, dt.date(2027, 1, 4), dt.datetime(2027, 1, 4, 9, 30), " 张三　", None]
    found = read(tmp_path, book_of(("名单", [list("abcdefgh"), row, [], [1]])))
    assert found.rows[0].cells == ["43", "1.5", "2", "true", "2027-01-04", "2027-01-04T09:30:00", "张三", ""]
    assert (found.rows[1].line, found.rows[1].given) == (4, 8)
    assert str(found.place(found.rows[1], 27)).endswith("t.csv, sheet 名单, cell AB4")


def test_of_several_sheets_the_named_or_the_first_with_something_is_read(tmp_path):
    sheets = [("empty", []), ("notes", [["x"], [1]]), ("学员", ROWS)]
    assert cells(read(tmp_path, book_of(*sheets), USERS)) == ROWS
    found = read(tmp_path, book_of(*sheets))
    assert cells(found) == [["x"], ["1"]]
    assert found.notes == ("sheet 'notes' of several, not read: '学员'",)


def test_a_formula_counts_by_its_value_and_is_refused_without(tmp_path):
    contents = book_of(("a", [["x", "y"], [1, "=A2+1"]]))
    with pytest.raises(ScenarioError, match=r"t\.csv, sheet a, cell B2: the file does not hold the value"):
        read(tmp_path, contents)
    valued = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(contents)) as old, zipfile.ZipFile(valued, "w") as new:
        for part in old.namelist():
            new.writestr(part, old.read(part).replace(b"<v></v>", b"<v>2</v>").replace(b"<v />", b"<v>2</v>"))
    assert cells(read(tmp_path, valued.getvalue()))[1] == ["1", "2"]


def test_an_error_in_a_sheet_is_refused_but_na_is_unknown(tmp_path):
    assert cells(read(tmp_path, book_of(("a", [["x"], ["#N/A"]]))))[1] == ["NA"]
    with pytest.raises(ScenarioError, match=r"cell A2: found the error #REF!, allowed is a value"):
        read(tmp_path, book_of(("a", [["x"], ["#REF!"]])))


@pytest.mark.parametrize(
    ("contents", "message"),
    [
        (b"", "the file is empty; its first row names the columns"),
        (b"\n ,\n", "the file is empty"),
        (b"a,b\n\xff,1\n", r":2:1: byte 0xff is neither UTF-8 nor GBK; save the file as UTF-8"),
        (b"a,b\n1,\x002\n", r":2:3: character U\+0000 does not belong in text"),
        (b'a,b\n1,2\n"3,4\n', r":3:1: found broken CSV"),
        (b'a,b\n1,"' + b"x" * 200_000 + b'"\n', r":2:1: found broken CSV \(a cell is too long"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 99, "an old or a protected Excel file; save it as .xlsx without a password"),
        (b"\x1f\x8b" + b"x" * 99, r"compressed \(gzip\); unpack it first"),
        (b"PK\x03\x04" + b"x" * 99, "the workbook is damaged"),
        (",".join("x" * 10_001).encode(), "more than 10,000 columns"),
        (book_of(("a", [])), "the file is empty"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, contents, message):
    with pytest.raises(ScenarioError, match=message):
        read(tmp_path, contents)


def zipped(**parts):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, contents in parts.items():
            archive.writestr(name.replace("__", "/"), contents)
    return written.getvalue()


def test_a_zip_that_is_no_workbook_is_refused(tmp_path):
    with pytest.raises(ScenarioError, match=r"compressed \(zip\); unpack it first"):
        read(tmp_path, zipped(a="a,b\n"))
    with pytest.raises(ScenarioError, match="no Excel workbook can be read from it"):
        read(tmp_path, zipped(**{"[Content_Types].xml": "<x/>"}))


def test_a_workbook_that_unpacks_to_too_much_is_never_unpacked(tmp_path, monkeypatch):
    bomb = zipped(**{"[Content_Types].xml": "<x/>", "xl__a.xml": b"0" * 30_000_000})
    assert len(bomb) < 100_000
    monkeypatch.setattr(workbook, "MOST_UNPACKED", 20_000_000)
    monkeypatch.setattr(zipfile.ZipFile, "read", None)
    with pytest.raises(ScenarioError, match="found 30 MB in 2 parts once unpacked, allowed is at most 20 MB"):
        read(tmp_path, bomb)


def test_a_workbook_with_a_doctype_is_refused(tmp_path):
    for encoding in ("ascii", "utf-16"):
        text = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><x>&a;</x>'.encode(encoding)
        with pytest.raises(ScenarioError, match=r"found a DOCTYPE in 'xl/a\.xml'"):
            read(tmp_path, zipped(**{"[Content_Types].xml": "<x/>", "xl__a.xml": text}))


def test_rows_and_cells_are_bounded_also_where_they_are_empty(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    assert len(read(tmp_path, b"a\n1\n2\n3\n").rows) == 3
    with pytest.raises(ScenarioError, match=":5:1: found more than 3 rows"):
        read(tmp_path, b"a\n1\n2\n3\n4\n")
    monkeypatch.setattr(tables, "MOST_CELLS", 50)
    with pytest.raises(ScenarioError, match="found more than 50 cells"):
        read(tmp_path, b"a\n" + b"," * 60)
    book = openpyxl.Workbook()
    book.active["A1"], book.active["ZZ9"] = "a", ""
    book.save(tmp_path / "t.xlsx")
    with pytest.raises(ScenarioError, match="found more than 50 cells"):
        read_table(tmp_path / "t.xlsx")


@pytest.mark.parametrize(
    "cell",
    [
        "2027-01-04",
        "2027/1/4",
        "2027.1.4",
        "2027年1月4日",
        "2027 年 1 月 4 日",
        "4.1.2027",
        "46391",
        "2027-01-04T00:00:00",
    ],
)
def test_dates_in_every_form(cell):
    assert as_date(cell) == dt.date(2027, 1, 4)


@pytest.mark.parametrize("cell", ["", "1/4/2027", "2027-13-01", "31.2.2027", "4", "soon"])
def test_what_is_no_date_or_may_be_two_is_none(cell):
    assert as_date(cell) is None
