"""Hooks with which MkDocs builds the site (`mkdocs.yml`): pages from outside `docs/`, notebooks, links, Chinese.

The pages are written to be read in the checkout, where links lead from file to file. The site shows the model's
document, the scenarios and the changelog too, so the hooks turn the links of all pages to where the site has their
targets.
"""

import json
import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT: Final = Path(__file__).parents[1]
OUTSIDE: Final = (
    "sim/MODEL*.md",
    "scenarios/README.md",
    "scenarios/*.yaml",
    "benchmarks/README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "CITATION.cff",
    "LICENSE",
)
"""What the site shows of the checkout beside `docs/`."""
LINK: Final = re.compile(r"(?<=\]\()(?!\w+:|#|/)([^)\s#]+)(#[^)\s]*)?(?=\))")
FENCE: Final = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
CELL: Final = re.compile(r"<td>.*?</td>", re.DOTALL)
CODE: Final = re.compile(r"(?<=<code>)[^<]+(?=</code>)")
BREAK: Final = re.compile(r"(?<=[._/])(?=\w)")
HAN: Final = re.compile(r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])")
_LOG: Final = logging.getLogger("mkdocs.hooks.dayroom")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the files from outside `docs/`, and a page for each notebook."""
    for path in (path for pattern in OUTSIDE for path in sorted(ROOT.glob(pattern))):
        files.append(File.generated(config, path.relative_to(ROOT).as_posix(), abs_src_path=str(path)))
    for path in sorted((ROOT / "docs").rglob("*.ipynb")):
        name = path.relative_to(ROOT / "docs").with_suffix(".md").as_posix()
        files.append(File.generated(config, name, content=notebook_page(path)))
    return files


def notebook_page(path: Path) -> str:
    """Return a notebook as a page: text, code, and what the code printed or drew."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return "\n\n".join(part for cell in cells for part in _parts(cell)) + "\n"


def _parts(cell: Any) -> Iterator[str]:
    source = "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        yield source
        return
    yield f"```python\n{source}\n```"
    for output in cell["outputs"]:
        shown = output.get("data", {})
        if "image/png" in shown:
            picture = "".join("".join(shown["image/png"]).split())
            yield f"![What the cell drew](data:image/png;base64,{picture})"
        elif text := output.get("text") or shown.get("text/plain"):
            yield f"```text\n{''.join(text).rstrip()}\n```"


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turn the links of a page to where the site has their targets."""
    return linked(markdown, page.file.src_uri, {file.src_uri for file in files})


def linked(markdown: str, page: str, known: set[str]) -> str:
    """Return a page with its relative links turned to the site's own addresses.

    Parameters
    ----------
    markdown : str
        The page as it is in the checkout.
    page : str
        Its address in the site, such as "policies.md" or "sim/MODEL.md".
    known : set of str
        The addresses of everything in the site.

    Notes
    -----
    A link to something that the site does not hold, such as a folder of code, becomes the text of the link.
    """
    source = ROOT / page if (ROOT / page).exists() and not (ROOT / "docs" / page).exists() else ROOT / "docs" / page

    def there(match: re.Match[str]) -> str:
        target = os.path.normpath(source.parent / match[1])
        address = Path(os.path.relpath(target, ROOT)).as_posix()
        address = address.removeprefix("docs/").replace(".ipynb", ".md")
        if address not in known:
            return "" if Path(target).exists() else match[0]
        return Path(os.path.relpath(address, Path(page).parent)).as_posix() + (match[2] or "")

    def in_prose(prose: str) -> str:
        return re.sub(r"\[([^\]]+)\]\(\)", r"\1", LINK.sub(there, prose))

    parts, end = [], 0
    for block in FENCE.finditer(markdown):
        parts += [in_prose(markdown[end : block.start()]), block[0]]
        end = block.end()
    return "".join([*parts, in_prose(markdown[end:])])


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Let code in tables go on in the next line after a dot, an underscore or a slash."""
    return CELL.sub(lambda cell: CODE.sub(lambda code: BREAK.sub("<wbr>", code[0]), cell[0]), html)


def on_post_build(config: MkDocsConfig) -> None:
    """Split Chinese text for the search, and give the site the Chinese letters that it uses."""
    index = Path(config.site_dir) / "search" / "search_index.json"
    pages = json.loads(index.read_text(encoding="utf-8"))
    letters = {letter for document in pages["docs"] for letter in document["title"] + document["text"]}
    for document in pages["docs"]:
        for field in ("title", "text"):
            document[field] = HAN.sub("\u200b", document[field])  # the search takes each letter for a word
    index.write_text(json.dumps(pages, ensure_ascii=False), encoding="utf-8")
    _write_letters(Path(config.site_dir) / "assets" / "chinese.woff", {one for one in letters if ord(one) > 0x2E7F})


def _write_letters(path: Path, letters: set[str]) -> None:
    """Write the letters of Noto Sans SC that the site uses as a font of its own, if the package mplfonts is there."""
    from importlib.util import find_spec

    from fontTools import subset

    found = find_spec("mplfonts")
    if found is None or not found.submodule_search_locations:
        _LOG.info("without the package mplfonts the site has no Chinese letters of its own")
        return
    [source] = Path(found.submodule_search_locations[0]).rglob("NotoSansCJKsc-Regular.otf")
    options = subset.Options(flavor="woff", layout_features=[], notdef_outline=True)
    font = subset.load_font(str(source), options)
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=[ord(letter) for letter in letters])
    chosen.subset(font)
    subset.save_font(font, str(path), options)
