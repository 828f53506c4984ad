"""The page: its head, its three parts, and the session behind them."""

from functools import partial
from typing import Any

import solara

from experiments.app.compare import ComparePart
from experiments.app.components import LANGUAGE, Press, component, tag
from experiments.app.days import DaysPart
from experiments.app.scenario import ScenarioPart
from experiments.app.session import Session, languages
from experiments.app.views import Document
from sim.language import say


@solara.component  # type: ignore[untyped-decorator]
def Layout(children: Any = ()) -> Any:
    """Put the page into nothing else: no bar, no menu of Solara's."""
    return tag("div", *children, class_="dr-page")


@component
def Page() -> None:
    """A tab of the page."""
    session = solara.use_memo(Session, [])
    solara.use_effect(lambda: session.close, [])  # when the tab closes
    draft = session.draft.value
    checked = solara.use_memo(draft.check, [draft, LANGUAGE.value])
    parts = {
        "scenario": say("Scenario"),
        "watch": say("Day by day"),
        "compare": say("Compare"),
    }
    chosen = session.tab.value
    Document(lang="zh-CN" if LANGUAGE.value == "zh" else "en", title=f"{say('Dayroom')} · {parts[chosen]}")
    with tag("header", class_="dr-header"):
        with tag("div", class_="dr-brand"):
            tag("h1", say("Dayroom"))
            tag(
                "p",
                say("What happens to loneliness, burden and belonging in a day-care centre when its policies change?"),
            )
        with tag("div", class_="dr-languages", role="group", aria_label="Language · 语言"):
            for language, name in languages():
                Press(name, partial(LANGUAGE.set, language), pressed=LANGUAGE.value == language, look="dr-quiet")
    with tag("nav", class_="dr-tabs", aria_label=say("Parts of the page")):
        for key, name in parts.items():
            Press(name, partial(session.tab.set, key), pressed=chosen == key, look="dr-tab")
    with tag("main", class_="dr-main"):
        if chosen == "scenario":
            ScenarioPart(session, checked)
        elif chosen == "watch":
            DaysPart(session, checked)
        else:
            ComparePart(session, checked)
    with tag("footer", class_="dr-footer"):
        tag("p", say("It compares measures; it does not forecast a centre. Not for decisions about a person."))
