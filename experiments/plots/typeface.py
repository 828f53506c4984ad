"""Typefaces of figures: of Latin and of Chinese letters, and the warning about letters that none of them has."""

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.text import Text

from sim.language import say

FONT: Final = "DejaVu Sans"
"""Typeface that comes with matplotlib, so that a figure looks the same everywhere."""
CHINESE: Final = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
    "SimHei",
)
"""Typefaces with simplified Chinese letters, the preferred one first."""
_FROM_HERE: Final = "\u2e80"
"""The first letter of East Asian scripts in Unicode; `FONT` has none of them."""

_HEAVIER: Final = 0.045
"""Width of the outline of a heavy Chinese letter, as a share of the size of the type."""


def set_type(figure: Figure) -> None:
    """Set the typeface of all text, and show a dollar sign as it is rather than as a formula."""
    texts: list[Text] = figure.findobj(Text)
    typefaces = families(each.get_text() for each in texts)
    for each in texts:
        is_chinese = any(letter >= _FROM_HERE for letter in each.get_text())
        each.set_fontfamily(typefaces if is_chinese or each.get_fontweight() != "bold" else [FONT])
        each.set_parse_math(False)
        if is_chinese and each.get_fontweight() == "bold":
            # The Chinese typeface has no bold letters, so an outline makes them heavier.
            heavier = withStroke(linewidth=_HEAVIER * float(each.get_fontsize()), foreground=str(each.get_color()))
            each.set(fontweight="normal", path_effects=[heavier])


def families(texts: Iterable[str]) -> list[str]:
    """Return the typefaces for some texts, in the order in which matplotlib looks for each letter."""
    if not any(letter >= _FROM_HERE for each in texts for letter in each):
        return [FONT]
    found = _chinese()
    return [FONT, found] if found else [FONT]


@cache
def _chinese() -> str:
    """Return the first installed typeface with Chinese letters: of the extra `zh`, or of the system; else ''."""
    from matplotlib.font_manager import fontManager

    package = find_spec("mplfonts")
    if package is not None and package.origin is not None:
        file = Path(package.origin).parent / "fonts" / "NotoSansCJKsc-Regular.otf"
        if file.is_file():
            fontManager.addfont(file)
    installed = {font.name for font in fontManager.ttflist}
    return next((name for name in CHINESE if name in installed), "")


@contextmanager
def drawing() -> Iterator[None]:
    """Draw in this context: letters that no typeface has give one warning, with the way out, not one a letter.

    Warns
    -----
    UserWarning
        When letters are missing.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    missing = [one for one in caught if "missing from" in str(one.message) and str(one.message).startswith("Glyph")]
    for one in caught:
        if one not in missing:
            warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)
    if missing:
        message = say(
            "figures: no installed typeface has all letters; `pip install 'dayroom[zh]'` brings a Chinese one"
        )
        warnings.warn(message, UserWarning, stacklevel=3)
