"""A report as a Word document: `report.docx` holds the styles, docxtpl fills in the title, and the rest follows."""

from io import BytesIO
from pathlib import Path
from typing import Any, Final

from experiments.report.content import Box, Bullets, Code, Heading, Paragraph, Picture, Quote, Report, Table, plain
from experiments.statistics.numbers import beside
from sim.language import say
from sim.scenario.text.errors import InputError

TEMPLATE: Final = Path(__file__).with_name("report.docx")
"""Styles and first lines; `python -m tools.report_template` makes it."""
_INCHES: Final = 7.0
"""Width of the text on the page."""
_LOW, _HIGH = 2.1, 9.0
"""Most height of a figure on page one and after it, in inches."""


def render(report: Report) -> bytes:
    """Return the report as docx.

    Raises
    ------
    InputError
        When the package docxtpl is not installed.
    """
    try:
        from docxtpl import DocxTemplate
    except ImportError:
        raise InputError(
            say(
                "{package} is not installed; install it with: pip install 'dayroom[{extra}]'",
                package="docxtpl",
                extra="report",
            )
        ) from None
    template = DocxTemplate(TEMPLATE)
    template.render({"title": plain(report.title), "subtitle": plain(report.subtitle)}, autoescape=True)
    body = template.docx  # get_docx() would read the template again
    for number, section in enumerate(report.parts):
        heading = body.add_paragraph(plain(section.title), style="Heading 1")
        heading.paragraph_format.page_break_before = number == len(report.brief)
        for block in section.blocks:
            _add(body, block, _LOW if number < len(report.brief) else _HIGH)
    body.core_properties.title = plain(report.title)[:255]
    body.core_properties.language = "zh-CN" if report.language == "zh" else "en-GB"
    file = BytesIO()
    body.save(file)
    return file.getvalue()


def _add(body: Any, block: Any, highest: float) -> None:
    """Add a block to the document, a figure no higher than so many inches."""
    match block:
        case Paragraph():
            body.add_paragraph(plain(block.text))
        case Quote():
            body.add_paragraph(plain(block.text), style="Quote")
        case Heading():
            body.add_paragraph(plain(block.text), style="Heading 2")
        case Code():
            body.add_paragraph(block.text, style="No Spacing")
        case Bullets():
            for item in block.items:
                body.add_paragraph(plain(item), style="List Bullet")
        case Box():
            _boxed(body, block)
        case Table() if not block.folded:
            _tabled(body, block)
        case Picture():
            _pictured(body, block, highest)


def _boxed(body: Any, box: Box) -> None:
    table = body.add_table(1, 1, style="Table Grid")
    cell, style = table.cell(0, 0), "List Bullet" if box.of_limits else "List Number"
    cell.paragraphs[0].style = style
    cell.paragraphs[0].add_run(plain(box.items[0]))
    for item in box.items[1:]:
        cell.add_paragraph(plain(item), style=style)


def _tabled(body: Any, table: Table) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Inches, Pt

    body.add_paragraph(plain(table.title), style="Caption")
    made = body.add_table(len(table.rows) + 1, len(table.head), style="Table Grid")
    made.autofit = False
    for column, share in zip(made.columns, table.widths, strict=True):
        column.width = Inches(_INCHES * share / sum(table.widths))
    size = Pt(7.5 if len(table.head) > 6 else 8.5)
    for line, row in enumerate((table.head, *table.rows)):
        for place, cell in enumerate(made.rows[line].cells):
            cell.width = made.columns[place].width
            paragraph = cell.paragraphs[0]
            run = paragraph.add_run(plain(row[place]))
            run.font.size, run.bold = size, line == 0 or None
            paragraph.paragraph_format.space_after = Pt(0)
            if table.numeric[place]:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    made.rows[0]._tr.get_or_add_trPr().append(repeated)
    made.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    if table.note:
        body.add_paragraph(plain(table.note), style="Note")


def _pictured(body: Any, picture: Picture, highest: float) -> None:
    from docx.shared import Inches

    width = min(_INCHES, picture.width, highest * picture.width / picture.height)
    shape = body.add_picture(BytesIO(picture.png), width=Inches(width))
    about = shape._inline.docPr
    about.set("descr", f"{plain(picture.title)}. {plain(picture.about)}")
    about.set("title", plain(picture.title))
    body.paragraphs[-1].paragraph_format.keep_with_next = True
    body.add_paragraph(beside(plain(picture.title), plain(picture.about)), style="Note")
