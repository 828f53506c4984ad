"""Components that speak the language of their tab, and the small parts of which they are made."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, Final

import ipyvuetify
import reacton.ipyvuetify as v
import solara
from reacton.core import ComponentWidget, Element

from experiments.app.jobs import Job
from experiments.app.place import PLACE
from sim.language import Language, say, speaking_to

LANGUAGE: Final = solara.reactive(PLACE.language)
"""The language of a tab: Solara keeps a value of its own for each."""


def component[**Arguments](function: Callable[Arguments, Any]) -> Callable[Arguments, Any]:
    """Make a Solara component that speaks the language of its tab."""

    @wraps(function)
    def rendered(*arguments: Arguments.args, **named: Arguments.kwargs) -> Any:
        with speaking_to(LANGUAGE.value):
            return function(*arguments, **named)

    made: Callable[Arguments, Any] = solara.component(rendered)
    return made


def tag(name: str, *children: Any, **attributes: Any) -> Any:
    """Return an element of HTML; texts among its children are never read as HTML.

    Parameters
    ----------
    name : str
        Such as "section".
    *children : str or element
    **attributes
        `class_`; of other names, `_` stands for `-`.
    """
    look = attributes.pop("class_", "")
    named = {key.rstrip("_").replace("_", "-"): str(value) for key, value in attributes.items() if value is not None}
    return Element(
        _element(name), kwargs={"tag": name, "children": list(children), "class_": look, "attributes": named}
    )


@cache
def _element(name: str) -> Any:
    """Return a kind of element for each tag: a browser cannot turn a paragraph that it has drawn into a list."""
    return ComponentWidget(type(f"Html_{name}", (ipyvuetify.Html,), {}))


@component
def Press(
    label: str,
    on_click: Callable[[], Any],
    *,
    look: str = "",
    disabled: bool = False,
    pressed: bool | None = None,
    name: str | None = None,
) -> None:
    """A button; `pressed` makes it one that is on or off, `name` is what a screen reader says instead of the label."""
    attributes = {"type": "button"}
    attributes |= {"disabled": "disabled"} if disabled else {}
    attributes |= {} if pressed is None else {"aria-pressed": "true" if pressed else "false"}
    attributes |= {} if name is None else {"aria-label": name}
    button = v.Html(tag="button", children=[label], class_=f"dr-button {look}", attributes=attributes)
    v.use_event(button, "click", lambda *_: on_click())


@component
def Working(job: Job[Any], label: str, start: Any, refusal: str = "") -> None:
    """A button that starts a job; while it works, its progress and a button that cancels it."""
    progress = job.progress.value
    if progress.busy:
        share = progress.done / progress.of if progress.of else 0.0
        waits = progress.state == "waiting"
        text = (
            say("Waiting for its turn") if waits else say("{done} of {of}", done=progress.done, of=progress.of or "…")
        )
        with tag("div", class_="dr-progress"):
            tag(
                "div",
                tag("div", style=f"width:{100 * share:.0f}%"),
                class_="dr-bar",
                role="progressbar",
                aria_label=label,
                aria_valuenow=f"{100 * share:.0f}",
                aria_valuemin="0",
                aria_valuemax="100",
            )
            tag("span", text, role="status")
            Press(say("Cancel"), job.cancel)
        return
    Press(label, start, look="dr-primary", disabled=bool(refusal))
    if refusal:
        tag("p", refusal, class_="dr-error", role="status")
    if progress.state == "failed":
        tag("p", progress.why, class_="dr-error dr-lines", role="alert")


def language() -> Language:
    """Return the language of the tab."""
    return Language(LANGUAGE.value)
