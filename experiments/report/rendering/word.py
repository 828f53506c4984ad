"""A report as a Word document: `report.docx` holds the styles, docxtpl fills in the title, and the rest follows."""

from io import BytesIO
from pathlib import Path
from typing import Any, Final

from experiments.report.content import Box, Bullets, Code, Heading, Paragraph, Picture, Quote, Report, Table, plain
from sim.language import say
from sim.scenario.text.errors import InputError

TEMPLATE: Final = Path(__file__).with_name("report.docx")
"""Styles and first lines; `python -m tools.report_template` makes it."""
_INCHES: Final = 6.5
"""Width of the text on the page."""


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
    body = template.get_docx()
    for section in report.parts:
        body.add_paragraph(plain(section.title), style="Heading 1")
        for block in section.blocks:
            _add(body, block)
    body.core_properties.title = plain(report.title)[:255]
    body.core_properties.language = "zh-CN" if report.language == "zh" else "en-GB"
    file = BytesIO()
    body.save(file)
    return file.getvalue()


def _add(body: Any, block: Any) -> None:
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
            _pictured(body, block)


def _boxed(body: Any, box: Box) -> None:
    table = body.add_table(1, 1, style="Table Grid")
    cell = table.cell(0, 0)
    cell.paragraphs[0].add_run(plain(box.title)).bold = True
    for item in box.items:
        cell.add_paragraph(plain(item), style="List Number" if not box.of_limits else "List Bullet")
    body.add_paragraph("")


def _tabled(body: Any, table: Table) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    body.add_paragraph(plain(table.title), style="Caption")
    made = body.add_table(len(table.rows) + 1, len(table.head), style="Table Grid")
    size = Pt(7.5 if len(table.head) > 6 else 8.5)
    for line, row in enumerate((table.head, *table.rows)):
        for place, cell in enumerate(made.rows[line].cells):
            paragraph = cell.paragraphs[0]
            run = paragraph.add_run(plain(row[place]))
            run.font.size, run.bold = size, line == 0
            if table.numeric[place]:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    made.rows[0]._tr.get_or_add_trPr().append(repeated)
    body.add_paragraph(plain(table.note))


def _pictured(body: Any, picture: Picture) -> None:
    from docx.shared import Inches

    shape = body.add_picture(BytesIO(picture.png), width=Inches(min(_INCHES, picture.width)))
    about = shape._inline.docPr
    about.set("descr", f"{plain(picture.title)}. {plain(picture.about)}")
    about.set("title", plain(picture.title))
    body.add_paragraph(f"{plain(picture.title)} {plain(picture.about)}", style="Caption")
