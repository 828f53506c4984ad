"""What a reader may move on the page: a slider for a value of the scenario, and what each of its stops changes.

No rule of how a value acts stands here. The state of the first day is built with the value at each stop, and a stop
holds what then differs: numbers of the parameters, of centres and of society, and numbers of users for each seed. What
cannot be expressed so is no slider.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from experiments.app.controls import control, every
from experiments.app.draft import Draft
from experiments.live.starts import SPARE, Starts, Words, first_day, words
from sim.language import Later, later
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.nodes import KeyPath
from sim.state.state import State

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
_ARRAYS: Final = ("p", "centres", "society", "sessions", "seats", "open")
"""Arrays of which a stop may change numbers; users are looked at apart."""
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
        Key of `GROUPS`.
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
    own: tuple[int, ...] = ()
    users: Words | None = field(default=None, repr=False)

    @property
    def key(self) -> str:
        """The name of the value, as links write it: "attendance.base_share", "centre.staff"."""
        top, *rest = self.paths[0]
        return ".".join(map(str, ("centre", *rest[1:]) if top == "centres" else rest if rest[1:] else (top, *rest)))

    @property
    def start(self) -> int:
        """The stop at which the scenario is."""
        return self.values.index(self.value)

    def at(self, scenario: Scenario, stop: int) -> Scenario:
        """Return the scenario with the value of a stop."""
        moved = _with(Draft.of(scenario), self.paths, self.values[stop])
        assert moved is not None, self.key  # noqa: S101 - each stop was built once
        return moved

    def first(self, number: int) -> "Slider":
        """Return the slider for the first `number` seeds."""
        return self if self.users is None else replace(self, users=self.users[:, :, :number])


def sliders(starts: Starts) -> list[Slider]:
    """Return the sliders of a scenario, in the order of their groups."""
    scenario = starts.scenario
    draft, shapes = Draft.of(scenario), every(scenario)
    made = []
    for group, paths in _offered(scenario):
        if paths[0] not in shapes:
            continue
        held = {draft.at(path) for path in paths}
        drawn = control(paths[0], shapes[paths[0]], draft, {})
        if len(held) != 1 or drawn is None or not drawn.get("slider"):
            continue  # centres that differ in it have no common value to move
        value = held.pop()
        values = _stops(drawn["slider"], value, STOPS_OF_PEOPLE if group == "people" else STOPS)
        slider = _built(starts, draft, Slider(group, paths, drawn, value, values, ()))
        if slider is not None:
            made.append(slider)
    return made


def _offered(scenario: Scenario) -> Iterator[tuple[str, tuple[KeyPath, ...]]]:
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
    base, changes, moved = starts.states[0], [], []
    for value in slider.values:
        scenario = _with(draft, slider.paths, value)
        state = None if scenario is None else _like(base, scenario, starts.scenario, starts.seeds[0])
        if scenario is None or state is None:
            return None
        changes.append(tuple(_differences(base, state)))
        moved.append((scenario, state))
    own = sorted(
        {int(k) for _, state in moved for k in np.flatnonzero((words(state.users) != words(base.users)).any(axis=1))}
    )
    slider = replace(slider, changes=tuple(changes), own=tuple(own))
    if not own:
        return slider
    held = []
    for scenario, _ in moved:
        states = [
            _like(one, scenario, starts.scenario, seed) for one, seed in zip(starts.states, starts.seeds, strict=True)
        ]
        if any(state is None for state in states):
            return None
        held.append(np.stack([words(state.users)[own] for state in states if state is not None], axis=1))
    return replace(slider, users=np.stack(held))


def _with(draft: Draft, paths: Sequence[KeyPath], value: float) -> Scenario | None:
    """Return the scenario with a value at some paths; None when it allows no such value."""
    for path in paths:
        draft = draft.having(path, value)
    return draft.check().scenario


def _like(base: State, scenario: Scenario, before: Scenario, seed: int) -> State | None:
    """Return the first day of a changed scenario, with as many newcomers; None where a stop cannot hold it."""
    was, now = before.rules.turnover.leaving_rate, scenario.rules.turnover.leaving_rate
    state: State | None = first_day(scenario, seed, SPARE * was / now if now > 0 else SPARE)
    assert state is not None  # noqa: S101
    if len(state.users) != len(base.users):
        state = _as_long(base, scenario, seed)
    same = state is not None and all(getattr(state, name).shape == getattr(base, name).shape for name in State._fields)
    if state is None or not same or (state.ties["closeness"] != base.ties["closeness"]).any():
        return None
    return state


def _as_long(base: State, scenario: Scenario, seed: int) -> State | None:
    """Return the first day of one centre with the first rows of a longer table of users."""
    state = first_day(scenario, seed, 20.0 * SPARE)
    if len(state.centres) > 1 or len(state.users) < len(base.users):
        return None
    users = state.users[: len(base.users)].copy()
    users["next_row"] = base.users["next_row"]
    return state._replace(users=users.view(np.recarray))


def _differences(base: State, state: State) -> Iterator[Change]:
    """Yield each number that differs between two first days, users and scratch left out."""
    for name in _ARRAYS:
        old, new = getattr(base, name), getattr(state, name)
        if old.dtype.fields is None:
            size = old.dtype.itemsize
            for place in np.flatnonzero(old.ravel() != new.ravel()).tolist():
                yield name, place * size, old.dtype.str, new.ravel()[place].item()
            continue
        for column, (kind, offset, *_) in old.dtype.fields.items():
            if column in _QUEUE.get(name, ()):
                continue
            for index in np.argwhere(old[column] != new[column]):
                row, *inner = map(int, index)
                within = int(np.ravel_multi_index(inner, kind.shape)) * kind.base.itemsize if inner else 0
                where = row * old.dtype.itemsize + offset + within
                yield name, where, kind.base.str, new[column][tuple(index)].item()
