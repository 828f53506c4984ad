"""The set-ups that targets need: the baseline, its variants with the same seeds, and a class of freshmen."""

from collections.abc import Callable
from typing import Final

from experiments.calibration.statistics.effects import SWITCHES, without
from experiments.calibration.statistics.runs import BASELINE, FRESHMEN
from experiments.designs.changes import changed
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.changes import Replace
from sim.scenario.schema.scenario import Scenario

_STAFFED: Final = 25.0 / 8.0
_MORE: Final = {"activity": "free time", "minutes": 60, "group_size": 4, "grouping": "free"}


def _with(**values: float) -> Callable[[Scenario], Scenario]:
    """Return a function that sets parameters; in their names `__` stands for a dot, and `every` for all centres."""
    paths = {name.replace("__", ".").replace("every", "*"): value for name, value in values.items()}
    return lambda scenario: changed(scenario, paths)


def _same(scenario: Scenario) -> Scenario:
    return scenario


def more_free_time(scenario: Scenario) -> Scenario:
    """Return the scenario with another hour of free time on every open day of every centre."""
    tree = scenario.model_dump()
    for centre in tree["centres"].values():
        centre["timetable"] = [*centre["timetable"], {**_MORE, "days": centre["open"]}]
    return Scenario.model_validate(tree)


def codesign(scenario: Scenario) -> Scenario:
    """Return the scenario with the policies of the shipped `codesign`."""
    return scenario.with_changes(policies=Replace(load_scenario("codesign").policies))


def freshmen(scenario: Scenario) -> Scenario:
    """Return the scenario with every difference between the shipped `freshmen` and the baseline, in every centre."""
    base, other = (load_scenario(name).model_dump() for name in (BASELINE, "freshmen"))
    tree = scenario.model_dump()
    [was], [now] = (list(tree.pop("centres").values()) for tree in (base, other))
    tree["centres"] = {name: _moved(centre, was, now) for name, centre in tree["centres"].items()}
    return Scenario.model_validate(_moved(tree, base, other))


def _moved(tree: object, base: object, other: object) -> object:
    """Return a tree changed wherever `other` differs from `base`: there it takes the value of `other`."""
    if base == other:
        return tree
    if not (isinstance(base, dict) and isinstance(other, dict) and isinstance(tree, dict)):
        return other
    kept = {key: value for key, value in tree.items() if key not in base or key in other}
    return kept | {key: _moved(tree.get(key), base.get(key), value) for key, value in other.items()}


SETUPS: Final[dict[str, Callable[[Scenario], Scenario]]] = {
    BASELINE: _same,
    FRESHMEN: freshmen,
    "nobody_helps": _with(mechanisms__helping=False),
    "giving_off": _with(rules__support__helper_worth=0.0),
    "receiving_off": _with(rules__support__helped_worth=0.0, rules__support__unreturned_worth=0.0),
    "no_staff": _with(centres__every__staff=0.0),
    "full_staff": _with(centres__every__staff=_STAFFED),
    "more_free_time": more_free_time,
    "codesign": codesign,
    "coming_seldom": _with(rules__attendance__base_share=0.4),
    "coming_often": _with(rules__attendance__base_share=0.8),
    **{without(name): _with(**{f"mechanisms__{name}": False}) for name in SWITCHES},
}
"""Function that changes the scenario, by set-up."""
