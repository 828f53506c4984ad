"""A report as PDF on A4, set by Typst. The content goes in as data, so no text is read as markup."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from experiments.report.content import (
    DOI,
    Block,
    Box,
    Bullets,
    Code,
    Heading,
    Number,
    Paragraph,
    Picture,
    Quote,
    Report,
    Section,
    Table,
    parts,
    plain,
)
from experiments.report.rendering import fonts
from sim.language import say
from sim.scenario.text.errors import InputError

_TEMPLATE: Final = Path(__file__).with_name("report.typ")
_WIDE: Final = 7
"""A table with at least this many columns gets a smaller type."""


def render(report: Report) -> bytes:
    """Return the report as PDF.

    Raises
    ------
    InputError
        When the package typst, or the typeface, is not installed.
    """
    try:
        import typst
    except ImportError:
        raise InputError(
            say(
                "{package} is not installed; install it with: pip install 'dayroom[{extra}]'",
                package="typst",
                extra="report",
            )
        ) from None
    with tempfile.TemporaryDirectory(prefix="dayroom-report-") as name:
        place = Path(name)
        shutil.copyfile(_TEMPLATE, place / "report.typ")
        content = {
            "title": plain(report.title),
            "subtitle": plain(report.subtitle),
            "language": report.language,
            "font": fonts.FAMILY,
            "contents": say("Contents"),
            "brief": [_section(one, place) for one in report.brief],
            "sections": [_section(one, place) for one in report.sections],
        }
        (place / "content.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        made: bytes = typst.compile(place / "report.typ", root=place, font_paths=[fonts.folder()])
    return made


def _section(section: Section, place: Path) -> dict[str, Any]:
    blocks = [made for block in section.blocks for made in _block(block, place)]
    return {"title": plain(section.title), "blocks": blocks}


def _block(block: Block, place: Path) -> Iterator[dict[str, Any]]:
    """Yield a block as plain values; a folded table is left to the page and the workbook."""
    match block:
        case Paragraph() | Quote() | Heading():
            yield {"kind": block.kind, "text": _pieces(block.text)}
        case Code():
            yield {"kind": "code", "text": block.text}
        case Bullets():
            yield {"kind": "bullets", "items": [_pieces(item) for item in block.items]}
        case Box():
            items = [_pieces(item) for item in block.items]
            yield {"kind": "box", "items": items, "limits": block.of_limits}
        case Table() if not block.folded:
            yield _table(block)
        case Picture():
            (place / f"{block.key}.svg").write_bytes(block.svg)
            yield {
                "kind": "picture",
                "file": f"{block.key}.svg",
                "title": plain(block.title),
                "about": plain(block.about),
            }


def _table(table: Table) -> dict[str, Any]:
    return {
        "kind": "table",
        "title": plain(table.title),
        "head": [plain(cell) for cell in table.head],
        "numeric": list(table.numeric),
        "widths": list(table.widths),
        "rows": [[plain(cell) for cell in row] for row in table.rows],
        "note": plain(table.note),
        "small": len(table.head) >= _WIDE,
    }


def _pieces(text: str) -> list[dict[str, str]]:
    """Return a text as pieces: words, and links to DOIs."""
    whole = "".join(one.text if isinstance(one, Number) else one for one in parts(text))
    pieces, place = [], 0
    for link in DOI.finditer(whole):
        pieces += [{"text": whole[place : link.start()], "link": ""}, {"text": link[0], "link": link[0]}]
        place = link.end()
    return [*pieces, {"text": whole[place:], "link": ""}]
