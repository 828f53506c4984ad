"""The parts of the page that are drawn in the browser (`views/*.vue`); they show what Python gives them."""

from collections.abc import Callable, Sequence
from typing import Any

import solara


def _drawn_by[**Arguments](template: str) -> Callable[[Callable[Arguments, None]], Callable[Arguments, Any]]:
    """Return a decorator that makes a component of a template."""
    made: Callable[[Callable[Arguments, None]], Callable[Arguments, Any]]
    made = solara.component_vue(f"views/{template}.vue")
    return made


@_drawn_by("form")
def Form(
    controls: Sequence[dict[str, Any]],
    words: dict[str, str],
    prefix: str = "c-",
    event_change: Callable[[dict[str, Any]], None] = lambda _: None,
) -> None:
    """Draw controls made by `experiments.app.controls`; `event_change` gets the path and the new value of one."""


@_drawn_by("network")
def Network(
    day: int,
    last: int,
    title: str,
    alt: str,
    people: Sequence[dict[str, Any]],
    ties: Sequence[Sequence[Any]],
    legend: dict[str, Any],
    words: dict[str, str],
    chosen: int = -1,
    event_go: Callable[[int], None] = lambda _: None,
    event_choose: Callable[[int], None] = lambda _: None,
) -> None:
    """Draw the network of a day, with the buttons that go through the days."""


@_drawn_by("courses")
def Courses(courses: Sequence[dict[str, Any]]) -> None:
    """Draw the course of outcomes up to a day."""


@_drawn_by("upload")
def Upload(
    label: str,
    hint: str,
    most: int,
    bytes: int,  # noqa: A002 - the name of a property in the template
    event_send: Callable[[list[Any]], None] = lambda _: None,
    event_refuse: Callable[[Any], None] = lambda _: None,
) -> None:
    """Draw a field for files; `send` takes names and contents, `refuse` is for those too many or too large."""


@_drawn_by("download")
def DownloadButton(
    label: str,
    sent: dict[str, str] | None,
    event_make: Callable[[Any], None] = lambda _: None,
) -> None:
    """Draw a button that saves the file in `sent` once `make` has brought it."""


@_drawn_by("document")
def Document(lang: str, title: str) -> None:
    """Set language and title of the whole document."""
