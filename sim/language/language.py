"""The language of messages.

That of a process is kept in the environment, so that worker processes inherit it. A server that speaks with several
readers at once sets that of each with `speaking_to`, which lasts for its thread or task only.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import Final

VARIABLE: Final = "DAYROOM_LANG"
"""Environment variable that names the language of messages."""

_READER: Final[ContextVar["Language | None"]] = ContextVar("reader", default=None)
"""The language of the reader whom this thread or task serves; without one, that of the process."""

_LOCALE: Final = (VARIABLE, "LC_ALL", "LC_MESSAGES", "LANG")


class Language(StrEnum):
    """A language of messages: English, in which they are written, and simplified Chinese."""

    en = "en"
    zh = "zh"


def language() -> Language:
    """Return the language of messages: that of the reader, of `DAYROOM_LANG`, or English."""
    return _READER.get() or _known(os.environ.get(VARIABLE, ""))


def set_language(name: str) -> None:
    """Set the language of messages, for this process and the workers that it starts.

    Parameters
    ----------
    name : str
        "en" for English, "zh" for simplified Chinese.

    Raises
    ------
    ValueError
        When there is no such language.

    Examples
    --------
    >>> import dayroom
    >>> dayroom.set_language("en")
    """
    if name not in list(Language):
        raise ValueError(f"found {name!r}, allowed is one of {', '.join(Language)}")
    os.environ[VARIABLE] = name


@contextmanager
def speaking(name: Language) -> Iterator[None]:
    """Set the language of messages for a while."""
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = name
    try:
        yield
    finally:
        if before is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = before


@contextmanager
def speaking_to(name: Language) -> Iterator[None]:
    """Set the language of messages for a while, in this thread or task only; it wins over `speaking`."""
    before = _READER.set(name)
    try:
        yield
    finally:
        _READER.reset(before)


def preferred(environment: Mapping[str, str]) -> Language:
    """Return the language that a user of the command line wants.

    The first that is set of DAYROOM_LANG, LC_ALL, LC_MESSAGES and LANG decides. Other languages, and the locale C,
    mean English.
    """
    chosen = (environment.get(name, "") for name in _LOCALE)
    return _known(next((one for one in chosen if one), ""))


def _known(tag: str) -> Language:
    """Return the language of a tag such as "zh", "zh_CN.UTF-8" or "zh-Hans"; English if it is another."""
    return Language.zh if tag.lower().startswith("zh") else Language.en
