"""Read a page of HTML: its words outside numbers, its numbers with their keys, its tags."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

SILENT = ("style", "script")


@dataclass
class Page:
    """What a page holds; `words` are the pieces of text outside numbers, figures and code."""

    words: list[str] = field(default_factory=list)
    numbers: list[tuple[str, float, str]] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page, self._inside, self._number = Page(), [], None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.page.tags.append((tag, values))
        if tag not in ("meta", "link", "br", "hr", "img", "input"):
            self._inside.append(tag)
        if tag == "data":
            self._number = (values["data-key"], float(values["value"]))
        if tag in ("h1", "h2", "h3", "h4"):
            self.page.headings.append(int(tag[1]))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.page.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            while self._inside.pop() != tag:
                pass
        if tag == "data":
            self._number = None

    def handle_data(self, text: str) -> None:
        if self._number is not None:
            self.page.numbers.append((*self._number, text))
        elif not {*SILENT, "svg", "code"} & set(self._inside) and text.strip():
            self.page.words.append(text.strip())


def read(page: str) -> Page:
    """Read a page."""
    reader = _Reader()
    reader.feed(page)
    return reader.page
