"""The streams of the terminal: titles, paths and messages are shown there, and never obeyed.

`experiments.cli.app.main` puts them in the place of stdout and stderr, so every print of every command passes them.
"""

import sys
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from types import TracebackType
from typing import Any, TextIO

from sim.scenario.text.nodes import harmless


class Escaped:
    """A text stream that escapes control characters.

    Parameters
    ----------
    plain : TextIO
        The stream to write to; it also answers all other questions, such as `isatty`.
    """

    def __init__(self, plain: TextIO) -> None:
        self.plain = plain

    def write(self, text: str) -> int:
        """Write a text, its control characters escaped."""
        return self.plain.write(harmless(text))

    def writelines(self, lines: Iterable[str]) -> None:
        """Write texts, their control characters escaped."""
        self.plain.writelines(map(harmless, lines))

    def __getattr__(self, name: str) -> Any:
        if name == "buffer":  # bytes written there would pass unescaped
            raise AttributeError(name)
        return getattr(self.plain, name)


def print_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Print the traceback of an uncaught exception on stderr, its control characters escaped (`sys.excepthook`)."""
    sys.stderr.write(harmless("".join(traceback.format_exception(kind, error, trace))))


@contextmanager
def escaped() -> Iterator[None]:
    """Escape control characters in all that is printed."""
    with redirect_stdout(Escaped(sys.stdout)), redirect_stderr(Escaped(sys.stderr)):
        yield


def plain(stream: TextIO) -> TextIO:
    """Return the stream behind, for colours and progress bars; what is written to it must be harmless."""
    return stream.plain if isinstance(stream, Escaped) else stream
