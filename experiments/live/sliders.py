"""What a reader may move on the page: a slider for a value of the scenario, and what each of its stops changes.

No rule of how a value acts stands here. The first day is built with the value at each stop, and a stop holds what then
differs: numbers of parameters, centres, society and policies, and numbers of users for each seed. What
cannot be expressed so is no slider.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from experiments.app.controls import control, every
from experiments.app.draft import Draft
from experiments.app.policies import named
from experiments.live.starts import EMPTY, LATER, SPARE, FirstDay, Starts, Words, first_day, words
from sim.language import Later, later
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.nodes import KeyPath

CENTRE: Final = ("staff", "norm", "norm_help", "norm_welcome", "voice")
PEOPLE: Final = ("disclosure_threshold.mean", "desired_closeness.mean", "sociability.mean", "helping_inclination.mean")
SOCIETY: Final = ("public_stigma",)
RULES: Final = (
    *("attendance.base_share", "encounters.chaxugeju", "encounters.introduced", "encounters.talk_share"),
    *("conversation.occasion", "conversation.questioning", "support.effect", "proximity.withdraw_rate"),
    *("wellbeing.burden_gain", "episodes.trouble_rate", "turnover.leaving_rate"),
)
"""The values offered, in this order; each group has a heading."""
GROUPS: Final[dict[str, Later]] = {
    "centre": later("The centre"),
    "people": later("The people"),
    "society": later("Society"),
    "rules": later("What people do"),
}
STOPS, STOPS_OF_PEOPLE = 20, 10
"""Steps from one end of a slider to the other; those for the people take space for every seed."""
_DIGITS: Final = 6
POLICY: Final = ("intensity", "uptake")
"""Options of every policy that are offered; with those of its own whose effect on people is poorly known."""
_APART: Final = ("users", *EMPTY)
"""Arrays that are looked at apart."""
_QUEUE: Final = {"centres": ("queue",)}
"""What the number of newcomers held for later is in: it changes no outcome."""

Change = tuple[str, int, str, float | int]
"""An array, the place of a number in its bytes, the number's type, and the number."""


@dataclass(frozen=True)
class Slider:
    """A value of the scenario that the reader may move.

    Parameters
    ----------
    group : str
        Key of `GROUPS`, or the name of a policy's use.
    paths : tuple of tuple
        Where the value stands in the scenario; several when all centres have it.
    control : dict
        Label, unit and help (`experiments.app.controls`).
    value : float
        As the scenario has it.
    values : tuple of float
        The value at each stop.
    changes : tuple of tuple of Change
        What each stop changes, for all seeds alike.
    each : tuple of tuple of tuple of Change
        What each stop changes in arrays that differ between seeds, seed by seed; empty without any.
    own : tuple of int
        Numbers of the words of a user that its stops change.
    users : array, shape (stops, words, seeds, rows), optional
        These words at each stop.
    """

    group: str
    paths: tuple[KeyPath, ...]
    control: Mapping[str, Any]
    value: float | int
    values: tuple[float | int, ...]
    changes: tuple[tuple[Change, ...], ...]
    each: tuple[tuple[tuple[Change, ...], ...], ...] = ()
    own: tuple[int, ...] = ()
    users: Words | None = field(default=None, repr=False)

    @property
    def key(self) -> str:
        """The name of the value, as links write it: "attendance.base_share", "centre.staff"."""
        top, *rest = self.paths[0]
        if top == "centres":
            return ".".join(map(str, ("centre", *rest[1:])))
        return ".".join(map(str, rest if top in ("rules", "users") else self.paths[0]))

    @property
    def start(self) -> int:
        """The stop at which the scenario is."""
        return self.values.index(self.value)

    @property
    def is_later(self) -> bool:
        """Whether it acts from day 0 on only, so that the centre settles as before."""
        stops = (*self.changes, *(changes for stop in self.each for changes in stop))
        return not self.own and all(name in LATER for stop in stops for name, *_ in stop)

    def at(self, scenario: Scenario, stop: int) -> Scenario:
        """Return the scenario with the value of a stop."""
        moved = _with(Draft.of(scenario), self.paths, self.values[stop])
        assert moved is not None, self.key  # noqa: S101 - each stop was built once
        return moved

    def first(self, number: int) -> "Slider":
        """Return the slider for the first `number` seeds."""
        users = None if self.users is None else self.users[:, :, :number]
        return replace(self, users=users, each=tuple(stop[:number] for stop in self.each))


def sliders(starts: Starts) -> list[Slider]:
    """Return the sliders of a scenario, in the order of their groups."""
    scenario = starts.scenario
    draft, shapes = Draft.of(scenario), every(scenario)
    fixed = starts.days[0].settled is not None  # what acts before day 0 would then act on what policies add
    made = []
    for group, paths in _offered(scenario):
        if paths[0] not in shapes or (fixed and group in GROUPS):
            continue
        held = {draft.at(path) for path in paths}
        drawn = control(paths[0], shapes[paths[0]], draft, {})
        if len(held) != 1 or drawn is None or not drawn.get("slider"):
            continue  # centres that differ in it have no common value to move
        value, ends = held.pop(), drawn["slider"]
        if paths[0][-1] == "intensity":
            ends = ends | {"low": 0.0}  # at 0 the policy changes nothing
        values = _stops(ends, value, STOPS_OF_PEOPLE if group == "people" else STOPS)
        slider = _built(starts, draft, Slider(group, paths, drawn, value, values, ()))
        if slider is not None and any((*slider.changes, *slider.own, *slider.each)):
            made.append(slider)
    return made


def headings(scenario: Scenario) -> dict[str, str]:
    """Return the heading of each group: the policies by the names of their uses, then `GROUPS`."""
    uses = {name: named(use.key()) for name, use in scenario.policies.items()}
    repeated = [text for text in uses.values() if list(uses.values()).count(text) > 1]
    texts = {name: f"{text} ({name})" if text in repeated else text for name, text in uses.items()}
    return texts | {key: str(label) for key, label in GROUPS.items()}


def _offered(scenario: Scenario) -> Iterator[tuple[str, tuple[KeyPath, ...]]]:
    for name, use in scenario.policies.items():
        for option in dict.fromkeys((*POLICY, *type(use).unknown)):
            yield name, (("policies", name, option),)
    for name in CENTRE:
        yield "centre", tuple(("centres", centre, name) for centre in scenario.centres)
    for group, top, names in (("people", "users", PEOPLE), ("society", "society", SOCIETY), ("rules", "rules", RULES)):
        for name in names:
            yield group, ((top, *name.split(".")),)


def _stops(ends: Mapping[str, float], value: float, steps: int) -> tuple[float | int, ...]:
    """Return evenly spread stops between the ends, the value as it is among them."""
    low, high = ends["low"], ends["high"]
    if isinstance(value, int):
        steps = min(steps, round(high - low))
    spread = {low + (high - low) * k / steps for k in range(steps + 1)}
    rounded = {round(one) if isinstance(value, int) else float(f"{one:.{_DIGITS}g}") for one in spread}
    nearest = min(rounded, key=lambda one: abs(one - value))
    if abs(nearest - value) < (high - low) / steps / 4 and not low + (high - low) * 1e-9 < nearest < low:
        rounded.discard(nearest)  # the two would hardly be told apart
    return tuple(sorted(rounded | {value}))


def _built(starts: Starts, draft: Draft, slider: Slider) -> Slider | None:
    """Return the slider with what its stops change; None where a stop changes what no stop can hold."""
    scenarios = [_with(draft, slider.paths, value) for value in slider.values]
    first = [_like(starts, 0, scenario) for scenario in scenarios]
    if any(day is None for day in first):
        return None
    base, days = starts.days[0], [day for day in first if day is not None]
    before = words(base.state.users)
    own = sorted({int(k) for day in days for k in np.flatnonzero((words(day.state.users) != before).any(axis=1))})
    found = [list(_differences(base, day)) for day in days]
    shared = tuple(tuple(one for one in stop if one[0] not in starts.apart) for stop in found)
    slider = replace(slider, changes=shared, own=tuple(own))
    is_apart = any(one[0] in starts.apart for stop in found for one in stop)
    if not own and not is_apart:
        return slider
    held, each = [], []
    for scenario in scenarios:
        seeds = [_like(starts, k, scenario) for k in range(len(starts.seeds))]
        if any(day is None for day in seeds):
            return None
        known = [day for day in seeds if day is not None]
        held.append(np.stack([words(day.state.users)[own] for day in known], axis=1))
        apart = [_differences(was, day) for was, day in zip(starts.days, known, strict=True)]
        each.append(tuple(tuple(one for one in changes if one[0] in starts.apart) for changes in apart))
    return replace(slider, users=np.stack(held) if own else None, each=tuple(each) if is_apart else ())


def _with(draft: Draft, paths: Sequence[KeyPath], value: float) -> Scenario | None:
    """Return the scenario with a value at some paths; None when it allows no such value."""
    for path in paths:
        draft = draft.having(path, value)
    return draft.check().scenario


def _like(starts: Starts, k: int, scenario: Scenario | None) -> FirstDay | None:
    """Return the first day of a changed scenario under seed k, as large as before; None where no stop can hold it."""
    if scenario is None:
        return None
    base, seed = starts.days[k], starts.seeds[k]
    was, now = starts.scenario.rules.turnover.leaving_rate, scenario.rules.turnover.leaving_rate
    made = first_day(scenario, seed, base.settled, SPARE * was / now if now > 0 else SPARE)
    day = made if len(made.state.users) == len(base.state.users) else _as_long(base, scenario, seed)
    if day is None or any(one.shape != two.shape for (_, one), (_, two) in _beside(base, day)):
        return None
    return None if (day.state.ties["closeness"] != base.state.ties["closeness"]).any() else day


def _as_long(base: FirstDay, scenario: Scenario, seed: int) -> FirstDay | None:
    """Return the first day of one centre with the first rows of a longer table of users."""
    day, rows = first_day(scenario, seed, base.settled, 20.0 * SPARE), len(base.state.users)
    if len(day.state.centres) > 1 or len(day.state.users) < rows or scenario.policies:
        return None
    users = day.state.users[:rows].copy()
    users["next_row"] = base.state.users["next_row"]
    return day._replace(state=day.state._replace(users=users.view(np.recarray)))


def _beside(one: FirstDay, other: FirstDay) -> "Iterator[tuple[tuple[str, Any], tuple[str, Any]]]":
    return zip(one.arrays(), other.arrays(), strict=True)


def _differences(base: FirstDay, day: FirstDay) -> Iterator[Change]:
    """Yield each number that differs between two first days, users and ties left out."""
    for (name, old), (_, new) in _beside(base, day):
        if name in _APART or old.tobytes() == new.tobytes():
            continue
        size = old.dtype.itemsize
        if old.dtype.fields is None:
            for place in np.flatnonzero(old.ravel() != new.ravel()).tolist():
                yield name, place * size, old.dtype.str, new.ravel()[place].item()
            continue
        flat_old, flat_new = old.ravel(), new.ravel()
        for column, (kind, offset, *_) in old.dtype.fields.items():
            if column in _QUEUE.get(name, ()):
                continue
            one, two = flat_old[column], flat_new[column]
            if one.tobytes() == two.tobytes():
                continue
            for index in np.argwhere((one != two) & ~((one != one) & (two != two))):
                row, *inner = map(int, index)
                within = int(np.ravel_multi_index(inner, kind.shape)) * kind.base.itemsize if inner else 0
                yield name, row * size + offset + within, kind.base.str, two[tuple(index)].item()
