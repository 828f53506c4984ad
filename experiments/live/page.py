"""Write the page: the module, the first days and the words in one HTML file that needs nothing else."""

import base64
import gzip
import hashlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from experiments.app.words import word
from experiments.designs.replicates import replicates
from experiments.live.entry import OPERATIONS
from experiments.live.module import module
from experiments.live.sliders import Slider, headings, sliders
from experiments.live.starts import Starts, planes
from experiments.live.words import limits, words
from experiments.measures.runs import END_DAYS, GUARDED_FROM
from experiments.plots import style
from experiments.statistics.intervals import student
from experiments.statistics.verdict import FEWEST
from experiments.statistics.windows import end_days
from experiments.store.folder import ResultError, new_file
from experiments.store.provenance import dayroom_version
from sim.language import Language, language, say, term
from sim.outcomes.catalogue import COSTS, OUTCOMES, Outcome
from sim.run import fresh_seed
from sim.scenario.reading import ScenarioLike, scenario_of
from sim.scenario.reading.show import show
from sim.scenario.reading.show import word as yaml_word
from sim.scenario.schema.policy import PolicyUse
from sim.scenario.schema.scenario import WEEKDAYS, Scenario
from sim.scenario.schema.start import is_listed
from sim.scenario.text.errors import DayroomError
from sim.scenario.text.nodes import KeyPath, shown
from sim.state.columns import LEVEL_FROM, LEVELS, PRESENT, ROLES, SAMPLED_DIAGNOSES, SEXES

MOST: Final = 1_500_000
"""Largest page, in bytes."""
_HERE: Final = Path(__file__).parent / "page"
_WORKERS: Final = ("engine", "measures", "worker")
_PAGE: Final = ("statistics", "figures", "network", "page")
_TAGS: Final = {Language.en: "en", Language.zh: "zh-CN"}
CURVES: Final = ("loneliness_ucla20", "burden", "group_identity", "hope")
SHOWN: Final = (
    *("loneliness_ucla20", "lonely_share", "severely_lonely_share", "burden", "group_identity", "hope", "self_worth"),
    *("ties_at_or_above_friend_out", "confidants", "deep_talks", "helped", "attended"),
)
"""Outcomes that the page draws over the days, and those in its table."""
_SCALES: Final = {"loneliness_ucla20": (20, 80), "burden": (0, 100), "group_identity": (1, 7), "hope": (0, 1)}
_COLOURS: Final = {**style.OUTCOME_COLOURS, "hope": style.READ_AS[style.PURPLE]}
_DIGITS: Final = {"loneliness_ucla20": 1, "burden": 1, "attended": 1}
_STATES: Final = {"loneliness_ucla20": "loneliness", "burden": "burden", "group_identity": "identity", "hope": "hope"}
"""The column of a user behind each outcome."""
_NARROWEST: Final = 0.08
"""A curve's axis shows at least this share of its scale, so that chance does not look like a change."""
_GROUPS: Final = {
    "everybody": "everybody", "women": "women", "men": "men", **{name: name for name in SAMPLED_DIAGNOSES},
    "newcomers": "newcomers of the run", "guarded": "guarded", "friendless": "without a friend at the start",
    "helpers": "helpers at the start",
}  # fmt: skip
"""The name in results of each group that the page judges."""


class LiveError(DayroomError, ValueError):
    """A scenario that no page can run; the message says why."""


def refusals(scenario: Scenario) -> list[str]:
    """Return what keeps a scenario from running in a browser, a sentence each; empty when it can."""
    reasons = []
    if any(type(use).act is not PolicyUse.act for use in scenario.policies.values()):
        reasons.append(say("a policy of another package acts in Python"))
    if scenario.rules.model_extra:
        reasons.append(say("its own rules are written in Python"))
    if scenario.observe.outcomes:
        reasons.append(say("its own outcomes are measured in Python"))
    if any(is_listed(scenario, centre) for centre in scenario.centres.values()):
        reasons.append(say("its listed users take their seats in Python"))
    return reasons


def live(scenario: ScenarioLike, file: Path | str) -> Path:
    """Write a page that runs a scenario in a browser, offline, in the language of messages.

    Parameters
    ----------
    scenario : Scenario, str or path
        A scenario, the name of a shipped scenario, or a file; its seed and number of replicates are those of the page.
        Without a seed, a fresh one is drawn.
    file : path
        Where to write; it ends in .html.

    Raises
    ------
    LiveError
        When the scenario cannot run in a browser, or fewer than ten pairs of runs fit into a page.
    ResultError
        When the file has another ending, or cannot be written.
    """
    chosen, place = scenario_of(scenario), Path(file)
    if place.suffix.lower() != ".html":
        raise ResultError(say("{file}: a page ends in .html", file=place))
    made = page(chosen if chosen.seed is not None else chosen.with_changes(seed=fresh_seed()))
    with new_file(place) as path:
        path.write_bytes(made)
    return place


def page(scenario: Scenario) -> bytes:
    """Return the page of a scenario in the reader's language, as HTML in UTF-8.

    The page has as many pairs as the scenario has replicates, or as fit into it.

    Raises
    ------
    LiveError
        When the scenario cannot run in a browser, or fewer than `FEWEST` pairs fit into the page.
    """

    def written(starts: Starts, moving: list[Slider], left_out: bool) -> bytes:
        code = script("openPage(document);")
        return rendered("page.html.j2", starts, moving, left_out, code=code, code_digest=digest_of(code)).encode()

    return fitted(scenario, written)


def fitted[Made: (bytes, str)](
    scenario: Scenario, written: Callable[[Starts, list[Slider], bool], Made], most: int = MOST
) -> Made:
    """Return what is written of a scenario with as many pairs and sliders as fit into `most` bytes.

    Parameters
    ----------
    scenario : Scenario
        With a seed.
    written : callable
        Takes the first days, the sliders, and whether those for the people were left out.
    most : int

    Raises
    ------
    LiveError
        When the scenario cannot run in a browser, or fewer than `FEWEST` pairs fit.
    """
    if reasons := refusals(scenario):
        raise LiveError(
            say("{name}: cannot run in a browser, because {why}", name=scenario.name, why=say("; ").join(reasons))
        )
    assert scenario.seed is not None, "the command sets one"  # noqa: S101
    seeds = [one.seed for one in replicates(scenario.seed, scenario.replicates)]
    fewest = min(FEWEST, len(seeds))
    number = min(len(seeds), _fitting(Starts.of(scenario, seeds[:2])))
    if number >= fewest:
        starts = Starts.of(scenario, seeds[:number])
        every = sliders(starts)
        shared = [slider for slider in every if slider.users is None]
        for moving in (every, shared):
            number = len(starts.seeds)
            while number >= fewest:
                made = written(starts.first(number), [one.first(number) for one in moving], moving is shared)
                size = len(made if isinstance(made, bytes) else made.encode())
                if size <= most:
                    return made
                number = min(number - 1, number * most // size)
    raise LiveError(
        say(
            "{name}: {users} users are too many for a page of {most:.1f} MB",
            name=scenario.name,
            users=sum(centre.users * centre.copies for centre in scenario.centres.values()),
            most=most / 1e6,
        )
    )


def _fitting(starts: Starts) -> int:
    """Return how many seeds could fit into a page if it held nothing else, judged by a few."""
    each = len(_packed([starts.of_users(), starts.of_ties()])) / len(starts.seeds)
    return int(MOST / max(each, 1.0))


def _packed(parts: Iterable[bytes]) -> bytes:
    return base64.b64encode(gzip.compress(b"".join(parts), 9, mtime=0))


def rendered(template: str, starts: Starts, moving: list[Slider], left_out: bool, **more: Any) -> str:
    """Return a template of the page, filled.

    Parameters
    ----------
    template : str
    starts : Starts
    moving : list of Slider
    left_out : bool
        Whether sliders for the people were left out.
    **more
        What else the template names: `alternatives` and `off` of a comparison, `words` in place of others.
    """
    parts = {"module": module(), "shared": starts.shared(), "users": starts.of_users(), "ties": starts.of_ties()}
    parts["others"] = starts.of_others()
    parts |= {f"slider-{k}": planes(slider.users) for k, slider in enumerate(moving) if slider.users is not None}
    scenario = starts.scenario.with_changes(replicates=len(starts.seeds))
    seed = scenario.seed or 0
    content = _content(starts, moving, scenario) | {"parts": [(name, len(part)) for name, part in parts.items()]}
    content["words"] = words(len(starts.seeds), scenario.days, end_days(scenario.days), seed, dayroom_version())
    content["words"] |= more.pop("words", {})
    content |= {key: more.pop(key, []) for key in ("alternatives", "off")}
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=select_autoescape(("j2",)), undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    is_alone = template == "page.html.j2"
    return environment.get_template(template).render(
        is_alone=is_alone,
        h="h2" if is_alone else "h3",
        part="section" if is_alone else Markup('div role="group"'),
        part_end="section" if is_alone else "div",
        language=_TAGS[language()],
        version=dayroom_version(),
        title=term(scenario.title) or scenario.name,
        question=term(scenario.question) if scenario.question else "",
        css=_text(["page"], "css"),
        w=content["words"],
        states=content["states"],
        alternatives=content["alternatives"],
        seeds=starts.seeds,
        days=scenario.days,
        ties=content["ties"],
        limits=limits(scenario, left_out=left_out, is_fixed=starts.days[0].settled is not None),
        page=Markup(json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")),  # noqa: S704
        parts=_packed(parts.values()).decode("ascii"),
        workers=[(name, _text([name])) for name in _WORKERS],
        **more,
    )


def script(begin: str, *names: str) -> Markup:
    """Return the page's own code as one script: a function of the place of the page, and how it begins.

    Parameters
    ----------
    begin : str
        What to do at once.
    *names : str
        Files of code to add.
    """
    whole = f"function openPage(root) {{\n{_text(_PAGE)}\n}}\n{_text(names)}{begin}"
    return Markup(whole)  # noqa: S704 - our own files


def digest_of(code: str) -> str:
    """Return the digest by which a page allows a script, and no other."""
    return f"sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}"


def _text(names: Iterable[str], ending: str = "js") -> Markup:
    """Return files of the page's own code as they are."""
    whole = "\n".join((_HERE / f"{name}.{ending}").read_text(encoding="utf-8") for name in names)
    return Markup(whole)  # noqa: S704 - our own files


def _content(starts: Starts, moving: list[Slider], scenario: Scenario) -> dict[str, Any]:
    """Return what the page's own code reads."""
    lines = show(scenario).splitlines()
    weekday = WEEKDAYS.index(scenario.first_day)
    return {
        "layout": starts.layout() | {"operations": OPERATIONS, "weekday": weekday},
        "days": scenario.days,
        "last": END_DAYS,
        "fewest": FEWEST,
        "few_users": 1.0,
        "narrowest": _NARROWEST,
        "students": [None, None, *(student(n) for n in range(2, len(starts.seeds) + 1))],
        "codes": {
            "woman": SEXES.index("woman"), "helper": ROLES.index("helper"), "present": PRESENT,
            "guarded": GUARDED_FROM, "diagnoses": SAMPLED_DIAGNOSES,
        },
        "levels": list(LEVEL_FROM),
        "curves": [_described(OUTCOMES[name]) for name in CURVES],
        "outcomes": [_described(OUTCOMES[name]) for name in (*SHOWN, *(COSTS if scenario.policies else ()))],
        "states": [_state(name) for name in CURVES],
        "groups": [{"key": key, "label": _heading(term(name))} for key, name in _GROUPS.items()],
        "ties": [
            {"label": word(name), "colour": style.LEVEL_LINES[name].colour, "width": style.LEVEL_LINES[name].width}
            for name in LEVELS[1:]
        ],
        "headings": [{"key": key, "label": label} for key, label in headings(scenario).items()],
        "sliders": [_slider(one, lines, scenario) for one in moving],
        "yaml": {
            "lines": lines,
            "name": f"{scenario.name}-moved.yaml",
            "head": say("{name}, as moved on its page; what was moved:", name=scenario.name),
        },
    }  # fmt: skip


def _slider(slider: Slider, lines: list[str], scenario: Scenario) -> dict[str, Any]:
    return {
        "key": slider.key,
        "path": shown(slider.paths[0]),
        "group": slider.group,
        "label": slider.control["label"],
        "unit": slider.control["unit"],
        "help": slider.control["help"],
        "values": slider.values,
        "start": slider.start,
        "changes": slider.changes,
        "each": slider.each,
        "later": slider.is_later,
        "own": slider.own,
        "lines": [line_of(lines, path) for path in slider.paths],
    }


def line_of(lines: list[str], path: KeyPath) -> int:
    """Return the number of the line that holds a value in a scenario's text (`show`).

    Raises
    ------
    KeyError
        When no line does.
    """
    place = 0
    for depth, key in enumerate(path):
        begin = f"{'  ' * depth}{yaml_word(str(key))}:"
        inside = (k for k in range(place, len(lines)) if lines[k].startswith(begin))
        found = next(inside, None)
        if found is None:
            raise KeyError(shown(path))
        place = found + (depth < len(path) - 1)
    return place


def _described(outcome: Outcome) -> dict[str, Any]:
    """Return what the page needs to know of an outcome."""
    scale = _SCALES.get(outcome.name)
    is_share = outcome.unit == "share"
    ends = "" if scale is None else say("of {low:g}–{high:g}", low=scale[0], high=scale[1])
    unit = "%" if is_share else term(outcome.unit) if outcome.group in ("count", "cost") else ""
    return {
        "name": outcome.name,
        "label": term(outcome.label),
        "better": outcome.better,
        "sum": outcome.group in ("count", "cost"),
        "percent": is_share,
        "unit": ends or unit,
        "scale": ends,
        "digits": 1 if is_share else _DIGITS.get(outcome.name, 2),
        "colour": _COLOURS.get(outcome.name, style.INK),
        "low": scale[0] if scale else 0,
        "high": scale[1] if scale else 1,
    }


def _state(name: str) -> dict[str, Any]:
    low, high = _SCALES[name]
    return _described(OUTCOMES[name]) | {"column": _STATES[name], "low": low, "scale": high - low}


def _heading(text: str) -> str:
    return text[:1].upper() + text[1:]
