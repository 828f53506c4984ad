"""The parts of the page that are drawn in the browser (`views/*.vue`); they show what Python gives them."""

from collections.abc import Callable, Sequence
from typing import Any

import solara


@solara.component_vue("views/form.vue")
def Form(
    controls: Sequence[dict[str, Any]],
    words: dict[str, str],
    prefix: str = "c-",
    event_change: Callable[[dict[str, Any]], None] = lambda _: None,
) -> None:
    """Draw controls made by `experiments.app.controls`; `change` takes the path and the new value."""


@solara.component_vue("views/network.vue")
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


@solara.component_vue("views/courses.vue")
def Courses(courses: Sequence[dict[str, Any]]) -> None:
    """Draw the course of outcomes up to a day."""


@solara.component_vue("views/upload.vue")
def Upload(
    label: str,
    hint: str,
    most: int,
    bytes: int,  # noqa: A002 - the name of a property in the template
    event_send: Callable[[list[Any]], None] = lambda _: None,
    event_refuse: Callable[[Any], None] = lambda _: None,
) -> None:
    """Draw a field for files; `send` takes names and contents, `refuse` is for those too many or too large."""


@solara.component_vue("views/download.vue")
def DownloadButton(
    label: str,
    sent: dict[str, str] | None,
    event_make: Callable[[Any], None] = lambda _: None,
) -> None:
    """Draw a button that saves the file in `sent` once `make` has brought it."""


@solara.component_vue("views/document.vue")
def Document(lang: str, title: str) -> None:
    """Set language and title of the whole document."""
