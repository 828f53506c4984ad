"""Make the template of reports for Word: styles with a Chinese typeface, A4, and the place of the title.

Run as `python -m tools.report_template`.
"""

from typing import Any, Final

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from experiments.report.rendering.word import TEMPLATE

_LATIN, _CHINESE = "Calibri", "Noto Sans SC"
_SIZES: Final = {"Normal": 10.0, "Title": 20.0, "Subtitle": 11.0, "Heading 1": 14.0, "Heading 2": 11.5, "Caption": 9.0}


def template() -> Any:
    """Return the template."""
    made = Document()
    page = made.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(20)
    page.top_margin = page.bottom_margin = Mm(18)
    for name, size in _SIZES.items():
        style = made.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = _LATIN, Pt(size), RGBColor(0x1A, 0x1A, 0x1A)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:eastAsia", "w:ascii", "w:hAnsi"):
            fonts.set(qn(kind), _CHINESE if kind == "w:eastAsia" else _LATIN)
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(theme), None)
    made.styles["Heading 1"].font.color.rgb = RGBColor(0x0B, 0x4A, 0x80)
    made.add_paragraph("{{ title }}", style="Title")
    made.add_paragraph("{{ subtitle }}", style="Subtitle")
    return made


if __name__ == "__main__":
    template().save(TEMPLATE)
