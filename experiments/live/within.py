"""The page within a report: the alternatives of a comparison against its base, or a run against itself as moved.

A comparison becomes one scenario: the base with the policies of all alternatives. Each side has the intensity of the
policies that it lacks at 0, where a policy changes nothing; both sides have what the reader moves besides. A run of
both is made beforehand, so that no alternative is on the page of which a bit would differ from the comparison.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from experiments.live.page import LiveError, digest_of, fitted, rendered, script
from experiments.live.sliders import Slider
from experiments.live.starts import Starts, depends_on_users
from experiments.measures.runs import END_DAYS
from experiments.report import names
from experiments.report.rendering.html import Addition
from experiments.store.results import StoredResult
from sim.engine import Engine
from sim.language import say
from sim.scenario.schema.scenario import Scenario

KINDS: Final = ("compare", "run")
"""Commands whose results a page can run."""
_OWN: Final = {"name", "title", "question", "seed", "replicates", "policies", "budget", "groups", "observe"}
"""Keys in which alternatives may differ: none acts on a run but policies, which are joined."""
Uses = Mapping[str, Any]


@dataclass(frozen=True)
class Joined:
    """The base of a comparison with the policies of the alternatives that can be shown.

    Parameters
    ----------
    scenario : Scenario
    base : tuple of str
        Names of the base's own policies in it.
    others : dict of str to tuple of str
        Names of the policies of each alternative, by the alternative's name.
    left_out : dict of str to str
        Why an alternative is not there, by its name.
    """

    scenario: Scenario
    base: tuple[str, ...]
    others: Mapping[str, tuple[str, ...]]
    left_out: Mapping[str, str]

    def off(self, side: tuple[str, ...], moving: list[Slider]) -> list[int]:
        """Return the sliders of intensities that are 0 on a side."""
        lacking = [("policies", name, "intensity") for name in self.scenario.policies if name not in side]
        return [k for k, slider in enumerate(moving) if slider.paths[0] in lacking]


def addition(stored: StoredResult) -> Addition:
    """Return the section of a report that runs its result, in the language of messages.

    Parameters
    ----------
    stored : StoredResult
        Of one of `KINDS`.

    Raises
    ------
    LiveError
        When its scenarios cannot run in a browser, or another version of the model made the result.
    """
    if stored.remark:
        raise LiveError(say("its runs would be others; {remark}", remark=stored.remark))
    seed = int(stored.provenance["seed"])
    pairs = len(stored.provenance["replicate_seeds"])
    if stored.kind == "run":
        (scenario,) = stored.scenarios.values()
        return _of_run(scenario.with_changes(seed=seed, replicates=pairs))
    base, others = str(stored.summary["base"]), [str(name) for name in stored.summary["others"]]
    scenarios = {name: stored.scenarios[name].with_changes(seed=seed, replicates=pairs) for name in (base, *others)}
    return _of_comparison(scenarios, is_varied=bool(stored.summary.get("uncertain")))


def _of_run(scenario: Scenario) -> Addition:
    about = say(
        "Here you can move what you doubt, and see what follows. The model itself runs in this file, without network, "
        "with the people and the chance of this report. It begins when you open it."
    )

    def written(starts: Starts, moving: list[Slider], left_out: bool) -> str:
        return _section(starts, moving, left_out, about, [])

    return _added(fitted(scenario, written))


def _of_comparison(scenarios: Mapping[str, Scenario], is_varied: bool) -> Addition:
    joined, titles = join(scenarios), names.titles(scenarios)
    base = next(iter(scenarios))
    about = say(
        "Here you can move what you doubt, and see what an alternative then changes. The model itself runs in this "
        "file, without network, with the people and the chance of this report. It begins when you open it."
    )
    notes = [say("{title} is not here: {why}", title=titles[name], why=why) for name, why in joined.left_out.items()]
    if is_varied:
        notes.append(say("What nobody has measured stands at the values of the scenarios here, not at drawn ones."))

    def written(starts: Starts, moving: list[Slider], left_out: bool) -> str:
        alternatives = [
            {"title": titles[name], "off": joined.off(side, moving)} for name, side in joined.others.items()
        ]
        more = {"alternatives": alternatives, "off": joined.off(joined.base, moving)}
        return _section(
            starts,
            moving,
            left_out,
            about,
            notes,
            **more,
            words=_words(titles[base], len(starts.seeds), starts.scenario.days),
        )

    return _added(fitted(joined.scenario, written))


def _words(base: str, pairs: int, days: int) -> dict[str, str]:
    """Return the words of a comparison in place of those of a page alone."""
    return {
        "lead": say(
            "{pairs} pairs of runs of {days} days: the base and the alternative, with the same people and the same "
            "chance. What you move acts on both, a policy's own numbers on the side that has the policy.",
            pairs=pairs,
            days=days,
        ),
        "unmoved": say("Nothing is moved yet: these are the first {pairs} pairs of this report.", pairs=pairs),
        "other": say("Alternative"),
        "as_it_was": say("base: {title}", title=base),
        "as_moved": say("alternative"),
        "before": say("With nothing moved"),
        "changes": say("What the alternative changes"),
        "course_both": say(
            "{label}: {was} on the last day in the base, {now} in the alternative",
            label="{label}", was="{was}", now="{now}",
        ),
        "table": say(
            "Means over the last {last} days. The difference is that of pairs, alternative less base. Each outcome is "
            "looked at by itself, which is less strict than the verdicts of the report.",
            last=END_DAYS,
        ),
    }  # fmt: skip


def join(scenarios: Mapping[str, Scenario]) -> Joined:
    """Return the base with the policies of the alternatives that a page can show beside it.

    Parameters
    ----------
    scenarios : mapping of str to Scenario
        The base first; with seeds.
    """
    (base_name, base), *rest = scenarios.items()
    left_out = {name: why for name, one in rest if (why := _apart(base, one))}
    kept = {name: one for name, one in rest if name not in left_out}
    moved = {name: one for name, one in kept.items() if not depends_on_users(one)}
    if moved and len(moved) < len(kept) and not depends_on_users(base):
        why = say("it starts from the users who are there on day 0, whom a moved assumption would change")
        left_out |= dict.fromkeys((name for name in kept if name not in moved), why)
        kept = moved
    uses: dict[str, Any] = {}
    sides = {name: tuple(_named(uses, one)) for name, one in {base_name: base, **kept}.items()}
    whole = base.with_changes(policies=uses)
    for name in [name for name in kept if not _is_same(kept[name], whole, sides[name])]:
        left_out |= {name: say("beside the policies of the others its runs would differ from those of the comparison")}
        del sides[name]
    own = sides.pop(base_name)
    needed = {use for side in (own, *sides.values()) for use in side}
    scenario = whole.with_changes(policies={name: use for name, use in uses.items() if name in needed})
    if not sides:
        raise LiveError(
            say("no alternative can run within the report: {why}", why=say("; ").join(dict.fromkeys(left_out.values())))
        )
    return Joined(scenario, own, sides, left_out)


def _apart(base: Scenario, one: Scenario) -> str:
    """Return why an alternative cannot share a page with the base; empty if it can."""
    if base.model_dump(exclude=_OWN) != one.model_dump(exclude=_OWN):
        return say("it differs from the base in more than policies")
    return ""


def _named(uses: dict[str, Any], scenario: Scenario) -> Iterator[str]:
    """Add the policies of a scenario to those of all, and yield the name of each there."""
    for name, use in scenario.policies.items():
        content = use.model_dump()
        known = next((one for one, other in uses.items() if other == content), None)
        free = (name, *(f"{name}-{number}" for number in range(2, 1000)))
        place = known or next(one for one in free if one not in uses)
        uses[place] = content
        yield place


def _is_same(one: Scenario, whole: Scenario, side: tuple[str, ...]) -> bool:
    """Return whether a run of the joined scenario has the bits of a run of the alternative."""
    policies = {
        name: use.model_dump() | ({} if name in side else {"intensity": 0.0}) for name, use in whole.policies.items()
    }
    ends = []
    for scenario in (one, whole.with_changes(policies=policies)):
        engine = Engine(scenario, scenario.seed or 0)
        engine.advance(scenario.days)
        ends.append((engine.state.ledger.tobytes(), engine.state.ties.tobytes()))
    return ends[0] == ends[1]


def _section(starts: Starts, moving: list[Slider], left_out: bool, about: str, notes: list[str], **more: Any) -> str:
    return rendered(
        "section.html.j2", starts, moving, left_out, about=about, notes=notes, open=say("Open the model and try it"),
        without=say("The model needs a browser that runs scripts."), code=script("", "report"), **more,
    )  # fmt: skip


def _added(section: str) -> Addition:
    policy = f"script-src '{digest_of(script('', 'report'))}' 'wasm-unsafe-eval'; worker-src blob:"
    return Addition("try", say("Try it"), Markup(section), policy)  # noqa: S704 - filled by a template that escapes
