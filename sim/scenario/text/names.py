"""Short names of scenarios, centres, policies and studies: in any script, fit for files, tables and conditions."""

import re
from typing import Final

from sim.scenario.text.slips import ordinary

_LETTERS: Final = "a-z0-9ß-öø-ɏͰ-῿々-〇ぁ-ゖァ-ヺー-ヾㄅ-ㄯ㐀-䶿一-鿿가-힣"
"""Lower-case Latin letters, digits, and the letters of other scripts; no full-width signs."""
PATTERN: Final = rf"^[{_LETTERS}][{_LETTERS}_-]{{0,60}}$"
"""Pattern of a short name, for pydantic, Python and the JSON Schema alike."""
RULE: Final = (
    "a short name of a-z, 0-9, - and _, or of letters of another script such as 徐汇, beginning with a letter or digit"
)

_OTHERS: Final = re.compile(rf"[^{_LETTERS}_-]+")


def short_name(text: str) -> str:
    """Return a text as a short name, such as "xu-hui" for "Xu Hui" and "徐汇-1" for "徐汇（１）"; may be empty."""
    return _OTHERS.sub("-", ordinary(text).lower()).strip("-_")[:60].rstrip("-_")
