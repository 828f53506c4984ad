"""The report as PDF, Word and workbook: the same content, as text and typed numbers."""

import re
from io import BytesIO
from pathlib import Path

import pytest

from experiments.report.content import Report, plain
from experiments.report.rendering import fonts, pdf, word, workbook
from experiments.report.reports import write_report
from experiments.store.folder import ResultError
from sim.language import Language, speaking
from tests.report.conftest import HOSTILE

pypdf = pytest.importorskip("pypdf")


@pytest.fixture(scope="module")
def printed(reports: dict[str, Report]) -> dict[str, bytes]:
    made = {}
    for name, report in reports.items():
        with speaking(Language(name)):
            made[name] = pdf.render(report)
    return made


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_pdf_holds_every_sentence(language: str, printed: dict[str, bytes], reports: dict[str, Report]) -> None:
    pages = pypdf.PdfReader(BytesIO(printed[language])).pages
    text = squeezed("".join(page.extract_text() for page in pages))
    assert 6 <= len(pages) <= 25
    report = reports[language]
    box = next(block for block in report.brief[1].blocks if block.kind == "box")
    for item in (report.title, *box.items, *(section.title for section in report.parts)):  # type: ignore[union-attr]
        assert squeezed(plain(item)) in text
    assert squeezed("{{ 7*7 }}") in text
    assert squeezed("#let x = 1") in text


@pytest.mark.parametrize("language", list(Language))
def test_the_brief_is_one_page_of_a4(language: Language, results: Path) -> None:
    from experiments.report.reports import report_of

    with speaking(language):
        pages = pypdf.PdfReader(BytesIO(pdf.render(report_of(results, brief=True)))).pages
    assert len(pages) == 1
    assert [round(float(side)) for side in pages[0].mediabox[2:]] == [595, 842]


def test_the_typeface_has_every_letter(reports: dict[str, Report]) -> None:
    from fontTools.ttLib import TTFont

    with TTFont(fonts.folder() / "NotoSansCJKsc-Regular.otf", lazy=True) as font:
        letters = set(font.getBestCmap())
    texts = [
        plain(cell) for report in reports.values() for table in report.tables() for row in table.rows for cell in row
    ]
    texts += [plain(section.title) for report in reports.values() for section in report.parts]
    assert {letter for text in texts for letter in text if ord(letter) not in letters} == set()


def test_the_pdf_embeds_only_what_it_uses(printed: dict[str, bytes]) -> None:
    assert len(printed["zh"]) < 5_000_000


@pytest.mark.slow
def test_word_has_headings_tables_and_words_for_figures(reports: dict[str, Report]) -> None:
    from docx import Document

    with speaking(Language.zh):
        made = Document(BytesIO(word.render(reports["zh"])))
    assert [made.paragraphs[0].text, made.paragraphs[1].text] == [
        plain(reports["zh"].title),
        plain(reports["zh"].subtitle),
    ]
    headings = [paragraph.text for paragraph in made.paragraphs if paragraph.style.name == "Heading 1"]
    assert headings == [plain(section.title) for section in reports["zh"].parts]
    assert made.core_properties.language == "zh-CN"
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    assert any(HOSTILE.split(" %")[0] in text for text in cells)
    shapes = made.inline_shapes
    assert len(shapes) >= 4
    assert all(shape._inline.docPr.get("descr") for shape in shapes)


def test_the_workbook_has_a_sheet_for_every_table(reports: dict[str, Report]) -> None:
    import openpyxl

    with speaking(Language.zh):
        book = openpyxl.load_workbook(BytesIO(workbook.render(reports["zh"])))
    report = reports["zh"]
    tables = list(report.tables())
    assert len(book.sheetnames) == len(tables) + sum(len(one) <= workbook.MOST_ROWS for one in report.frames.values())
    first = book.worksheets[0]
    assert first["A1"].value == plain(tables[0].title)
    money = [cell.value for cell in first[4]][-2]
    assert isinstance(money, int | float)
    assert [cell.number_format for cell in first[4]][-2:] == ["#,##0;−#,##0;#,##0", "#,##0.0;−#,##0.0;#,##0.0"]
    patterns = {cell.number_format for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    assert any(pattern.startswith("+") for pattern in patterns)
    assert all(sheet.freeze_panes for sheet in book.worksheets)
    assert not any(cell.data_type == "f" for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize(
    ("column", "pattern"),
    [
        ("lonely_share", "0.0%"), ("share_of_time", "0.0%"), ("money_a_week", "#,##0.00"), ("hours_wanted", "0.00"),
        ("burden", ""),
    ],
)  # fmt: skip
def test_columns_of_the_result_show_percent_money_and_hours(column: str, pattern: str) -> None:
    assert workbook.pattern_of_column(column) == pattern


def test_a_report_ends_in_a_known_format(reports: dict[str, Report], tmp_path: Path) -> None:
    with pytest.raises(ResultError, match=r"a report ends in \.html, \.pdf, \.docx, \.xlsx"):
        write_report(reports["en"], tmp_path / "report.odt")
    assert list(tmp_path.iterdir()) == []
