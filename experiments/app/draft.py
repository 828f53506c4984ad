"""A scenario that is being edited: plain values, which may be wrong for a while, and what is wrong with them."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from sim.scenario.reading.check import refusal
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import ScenarioError
from sim.scenario.text.nodes import KeyPath, shown


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft after its check.

    Parameters
    ----------
    scenario : Scenario or None
        None while something is wrong.
    mistakes : dict of str to str
        The complaint for each path ("centres.park.users"); "" holds those about the whole.
    """

    scenario: Scenario | None
    mistakes: dict[str, str]


@dataclass(frozen=True)
class Draft:
    """The plain values of a scenario; each change gives a new draft.

    Parameters
    ----------
    values : mapping
        As in a file, without the values that are not set.
    """

    values: Mapping[str, Any]

    @classmethod
    def of(cls, scenario: Scenario) -> "Draft":
        """Return a draft with the values of a scenario."""
        return cls(_without_none(scenario.model_dump(mode="json")))

    def at(self, path: KeyPath) -> Any:
        """Return the value at a path; None when it is not set."""
        value: Any = self.values
        for part in path:
            if isinstance(value, Mapping):
                value = value.get(str(part))
            elif isinstance(value, list) and isinstance(part, int) and 0 <= part < len(value):
                value = value[part]
            else:
                return None
        return value

    def having(self, path: KeyPath, value: Any) -> "Draft":
        """Return a draft with another value at a path; None takes the value away."""
        values = copy.deepcopy(dict(self.values))
        place: Any = values
        for part in path[:-1]:
            place = place.setdefault(part, {}) if isinstance(place, dict) else place[part]
        if value is not None:
            place[path[-1]] = value
        elif isinstance(place, dict):
            place.pop(path[-1], None)
        else:
            del place[path[-1]]
        if path[0] == "budget" and not values.get("budget"):
            values.pop("budget", None)  # a budget without limits is none
        if path == ("first_date",):
            values.pop("first_day", None)  # the date says which weekday it is
        return Draft(values)

    def check(self) -> Checked:
        """Return the scenario of these values, or what is wrong with them, in the reader's language."""
        values = dict(self.values)
        try:
            return Checked(Scenario.model_validate(values), {})
        except ValidationError as error:
            return Checked(None, _mistakes(refusal(values, str(values.get("name")), error)))
        except ScenarioError as error:
            return Checked(None, _mistakes(error))


def _mistakes(error: ScenarioError) -> dict[str, str]:
    """Return each complaint under the path that it is about; a sentence may begin with that path."""
    found: dict[str, list[str]] = {}
    for problem in error.problems:
        sentence, path = problem.sentence, problem.path
        if not path:
            lead, _, rest = sentence.partition(": ")
            path, sentence = (lead, rest) if rest and " " not in lead else ("", sentence)
        found.setdefault(path, []).append(sentence.removeprefix(f"{path}: ").removeprefix(f"{path}："))
    return {path: " ".join(sentences) for path, sentences in found.items()}


def changes(base: Draft, draft: Draft) -> list[tuple[str, Any, Any]]:
    """Return each path whose value differs between two drafts, with both values; None stands for no value."""
    old, new = dict(_leaves(base.values, ())), dict(_leaves(draft.values, ()))
    paths = [*new, *(path for path in old if path not in new)]
    return [(shown(path), old.get(path), new.get(path)) for path in paths if old.get(path) != new.get(path)]


def _leaves(value: Any, path: KeyPath) -> "list[tuple[KeyPath, Any]]":
    if isinstance(value, Mapping):
        return [leaf for key, below in value.items() for leaf in _leaves(below, (*path, str(key)))]
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        return [leaf for place, below in enumerate(value) for leaf in _leaves(below, (*path, place))]
    return [] if value == [] else [(path, value)]  # a list that is empty changes only with what it loses or gains


def _without_none(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _without_none(one) for key, one in value.items() if one is not None}
    return [_without_none(one) for one in value] if isinstance(value, list | tuple) else value
