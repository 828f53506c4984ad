"""The typeface of a PDF: Noto Sans SC of the extra `zh`, with Latin letters; only used letters are embedded."""

from importlib.util import find_spec
from pathlib import Path

from sim.language import say
from sim.scenario.text.errors import InputError

FAMILY = "Noto Sans CJK SC"


def folder() -> Path:
    """Return the folder with the typeface.

    Raises
    ------
    InputError
        When the package that brings it is not installed.
    """
    package = find_spec("mplfonts")
    place = Path(package.origin or "").parent / "fonts" if package is not None else None
    if place is None or not (place / "NotoSansCJKsc-Regular.otf").is_file():
        raise InputError(say("a PDF takes a typeface with Chinese letters; install it with: pip install 'dayroom[zh]'"))
    return place
