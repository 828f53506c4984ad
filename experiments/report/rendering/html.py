"""A report as one HTML file: no script of its own, no address outside it but DOIs, figures as SVG within."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from experiments.report.content import DOI, Number, Picture, Report, parts, plain
from sim.language import say

_HERE: Final = Path(__file__).parent
_ID: Final = re.compile(r'(\bid="|href="#|url\(#)')
_HEAD: Final = re.compile(r"^.*?(?=<svg\b)", re.DOTALL)
_METADATA: Final = re.compile(r"<metadata>.*?</metadata>", re.DOTALL)
_LANGUAGES: Final = {"en": "en", "zh": "zh-CN"}


@dataclass(frozen=True, slots=True)
class Addition:
    """A last section that another part of the program writes, which may run.

    Parameters
    ----------
    key, title : str
        Anchor and heading.
    content : Markup
        HTML.
    policy : str
        What the page must allow for it, as in a content security policy.
    """

    key: str
    title: str
    content: Markup
    policy: str


def render(report: Report, addition: Addition | None = None) -> bytes:
    """Return the report as HTML, in UTF-8, the addition at its end."""
    template = _environment().get_template("report.html.j2")
    css = Markup((_HERE / "report.css").read_text(encoding="utf-8"))  # noqa: S704 - a file of our own
    page = template.render(
        report=report,
        addition=addition,
        css=css,
        language=_LANGUAGES[report.language],
        skip=say("Skip to the report"),
        contents=say("Contents"),
    )
    return page.encode("utf-8")


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_HERE), autoescape=select_autoescape(("j2",)), undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    filters: dict[str, Callable[..., object]] = {"written": written, "plain": plain, "drawn": drawn}
    made.filters.update(filters)
    return made


def written(text: str) -> Markup:
    """Return a text as HTML: escaped, its numbers marked with their keys, its DOIs as links."""
    made = Markup("")
    for part in parts(text):
        if isinstance(part, Number):
            made += Markup('<data value="{}" data-key="{}">{}</data>').format(repr(part.value), part.key, part.text)
        else:
            made += _linked(part)
    return made


def _linked(text: str) -> Markup:
    made, place = Markup(""), 0
    for link in DOI.finditer(text):
        made += escape(text[place : link.start()])
        made += Markup('<a href="{}">{}</a>').format(link[0], link[0])
        place = link.end()
    return made + escape(text[place:])


def drawn(picture: Picture) -> Markup:
    """Return a figure as inline SVG with title and description, its element names apart from those of other figures."""
    svg = _METADATA.sub("", _HEAD.sub("", picture.svg.decode("utf-8")))
    svg = _ID.sub(lambda start: f"{start[1]}{picture.key}-", svg)
    words = Markup('<title id="{0}-title">{1}</title><desc id="{0}-about">{2}</desc>').format(
        picture.key, plain(picture.title), plain(picture.about)
    )
    begin = Markup('<svg role="img" aria-labelledby="{0}-title" aria-describedby="{0}-about" ').format(picture.key)
    head, _, rest = svg.partition(">")
    return begin + Markup(head.removeprefix("<svg")) + Markup(">") + words + Markup(rest)  # noqa: S704 - drawn by Matplotlib
