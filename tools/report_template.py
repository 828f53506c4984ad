"""Make the template of reports for Word: styles with a Chinese typeface, A4, and the place of the title.

Run as `python -m tools.report_template`.
"""

from typing import Any, Final

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from experiments.report.rendering.word import TEMPLATE

_LATIN, _CHINESE = "Calibri", "Noto Sans SC"
_SIZES: Final = {
    "Normal": 9.5, "Title": 17.0, "Subtitle": 10.0, "Heading 1": 12.0, "Heading 2": 11.0, "Caption": 9.0, "Note": 8.5,
}  # fmt: skip
_ROOM: Final = {
    "Normal": (0, 3), "Title": (0, 3), "Subtitle": (0, 2), "Heading 1": (7, 2), "Heading 2": (6, 2),
    "Caption": (4, 2), "Note": (2, 3), "List Bullet": (0, 1), "List Number": (0, 1), "Quote": (0, 1),
}  # fmt: skip
"""Points above and below a paragraph."""
_MUTED: Final = ("Note", "Subtitle")


def template() -> Any:
    """Return the template."""
    made = Document()
    page = made.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(16)
    page.top_margin = page.bottom_margin = Mm(14)
    page.header_distance = page.footer_distance = Mm(7)
    made.styles.add_style("Note", WD_STYLE_TYPE.PARAGRAPH).base_style = made.styles["Normal"]
    for name, size in _SIZES.items():
        style = made.styles[name]
        style.font.name, style.font.size = _LATIN, Pt(size)
        style.font.color.rgb = RGBColor(*((0x59,) * 3 if name in _MUTED else (0x1A,) * 3))
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:eastAsia", "w:ascii", "w:hAnsi"):
            fonts.set(qn(kind), _CHINESE if kind == "w:eastAsia" else _LATIN)
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(theme), None)
    made.styles["Subtitle"].font.italic = made.styles["Quote"].font.italic = False
    made.styles["Quote"].paragraph_format.left_indent = Mm(4)
    for spaced in made.styles["Subtitle"].element.iter(qn("w:spacing")):
        spaced.attrib.pop(qn("w:val"), None)
    language = made.styles.element.find(f".//{qn('w:lang')}")
    language.set(qn("w:val"), "en-GB")
    language.set(qn("w:eastAsia"), "zh-CN")
    for name, (above, below) in _ROOM.items():
        room = made.styles[name].paragraph_format
        room.space_before, room.space_after, room.line_spacing = Pt(above), Pt(below), 1.0
    for name in ("Heading 1", "Heading 2", "Caption"):
        made.styles[name].paragraph_format.keep_with_next = True
    made.styles["Heading 1"].font.color.rgb = RGBColor(0x0B, 0x4A, 0x80)
    made.add_paragraph("{{ title }}", style="Title")
    made.add_paragraph("{{ subtitle }}", style="Subtitle")
    return made


if __name__ == "__main__":
    template().save(TEMPLATE)
