"""The value of an unquoted word in YAML 1.2 (core schema): null, true or false, a number, or else text."""

import re
from typing import Final

UNSUITABLE: Final = re.compile("[\x00\ud800-\udfff]")
"""Characters that escapes can put into a text although no file name and no output can hold them."""

_MOST_DIGITS: Final = 100

_NULL = re.compile(r"~|null|Null|NULL|")
_TRUE = re.compile(r"true|True|TRUE")
_FALSE = re.compile(r"false|False|FALSE")
_WHOLE = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"[-+]?\.(inf|Inf|INF)")
_NO_NUMBER = re.compile(r"\.(nan|NaN|NAN)")


def resolved(text: str) -> str | int | float | bool | None:
    """Return the value of an unquoted word.

    Unlike in YAML 1.1, `yes`, `no`, `on` and `off` are text, and `1_000` and `12:30` are text too.
    """
    if _NULL.fullmatch(text):
        return None
    if _TRUE.fullmatch(text):
        return True
    if _FALSE.fullmatch(text):
        return False
    return _number(text)


def _number(text: str) -> str | int | float:
    if len(text) > _MOST_DIGITS:  # nobody means such a number; Python refuses to read the longest
        return text
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    if _OCTAL.fullmatch(text):
        return int(text[2:], 8)
    if _HEXADECIMAL.fullmatch(text):
        return int(text[2:], 16)
    if _INFINITE.fullmatch(text):
        return float(text.replace(".", ""))
    return float("nan") if _NO_NUMBER.fullmatch(text) else text
