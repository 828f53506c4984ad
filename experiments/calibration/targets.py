"""Calibration targets, each a statistic with its range: read them from files, and report every mistake by place."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import Field

from experiments.calibration.statistics.catalogue import STATISTICS
from experiments.statistics.ranges import Range
from sim.language import later, say
from sim.scenario.reading.check import checked_as
from sim.scenario.reading.load import parse
from sim.scenario.reading.shape import Form
from sim.scenario.schema.own_outcome import is_own_outcome
from sim.scenario.schema.quantity import Section
from sim.scenario.text.errors import Problem, ScenarioError
from sim.scenario.text.files import displayed, read_text
from sim.scenario.text.nodes import Entry, Mapping, Node, Scalar, Sequence, shown

_HERE: Final = Path(__file__).parent
TARGETS: Final = (_HERE / "targets.yaml", _HERE / "targets-2.yaml")
"""Files with the project's targets."""

if TYPE_CHECKING:
    Key = str
else:
    Key = Literal[tuple(STATISTICS)]
Bounds = Annotated[tuple[float, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Target:
    """A calibration target: a statistic and its range.

    Parameters
    ----------
    key : str
        Key of the statistic.
    low, high : tuple of float
        Ends of the range of each element; a single range holds for all elements.
    what, strength, source : str
        For readers: the statistic in words, the grade of the evidence, its source.
    setup : str
        The set-up to run: "baseline" or "freshmen".
    weeks : tuple of int
        Week of each element; empty for a single element.
    least : bool
        Whether only the lower end counts, as a minimum.
    """

    key: str
    low: tuple[float, ...]
    high: tuple[float, ...]
    what: str = ""
    strength: str = ""
    source: str = ""
    setup: str = "baseline"
    weeks: tuple[int, ...] = ()
    least: bool = False

    @property
    def size(self) -> int:
        """Number of values of the statistic, each with a range."""
        return max(len(self.low), len(self.weeks))

    @property
    def elements(self) -> tuple[Range, ...]:
        """The range of each element, named by key (and week, if there are several); their weights add up to 1."""
        names = [f"{self.key}.week{week}" for week in self.weeks] or [self.key]
        lows, highs = (ends * (self.size // len(ends)) for ends in (self.low, self.high))
        weight = 1.0 / self.size
        return tuple(
            Range(name, low, high, self.least, weight) for name, low, high in zip(names, lows, highs, strict=True)
        )


class _Spelled(Section):
    """A target as a file writes it."""

    key: Key = Field(description="Which statistic")
    low: Bounds = Field(
        description="Lower end of the range for the statistic; a list for a statistic of several elements"
    )
    high: Bounds = Field(description="Upper end of that range")
    set: Literal["baseline", "freshmen"] = Field(
        default="baseline", description="The runs that the statistic needs, for readers"
    )
    what: str = Field(default="", description="The statistic in words, for readers")
    outcome: str = Field(default="", description="The outcome, for readers")
    statistic: str = Field(default="", description="The statistic of that outcome, for readers")
    strength: str = Field(default="", description="Grade of the evidence, for readers")
    source: str = Field(default="", description="Source of the range, for readers")
    weeks: tuple[int, ...] = Field(default=(), description="Week of each element")
    least: bool = Field(default=False, description="Whether the lower end is a minimum, and the upper end is no aim")


class _File(Section):
    targets: Annotated[tuple[_Spelled, ...], Field(min_length=1)] = Field(description="The targets")


_TARGETS: Final = Form(
    _File, later("file of targets"), later("the key targets: `targets: [{key: ..., low: ..., high: ...}]`")
)


def read_targets(*paths: Path) -> tuple[Target, ...]:
    """Read targets from files in the form of `targets.yaml`; without a path, the project's targets.

    Raises
    ------
    ScenarioError
        When a file has mistakes; lists all of them with their places.
    """
    return tuple(target for path in paths or TARGETS for target in _read(path))


def _read(path: Path) -> tuple[Target, ...]:
    root, problems = parse(read_text(path), displayed(path), _TARGETS)
    root = _listed(root)
    spelled, more = checked_as(_TARGETS, root)
    problems = [*problems, *more, *_unfit(root)]
    if spelled is None or problems:
        raise ScenarioError(problems)
    return tuple(_target(target) for target in spelled.targets)


def _target(one: _Spelled) -> Target:
    what = one.what or ": ".join(part for part in (one.outcome, one.statistic) if part)
    return Target(one.key, one.low, one.high, what, one.strength, one.source, one.set, one.weeks, one.least)


def _items(root: Mapping) -> tuple[Node, ...]:
    entry = root.entries.get("targets")
    return entry.node.items if entry is not None and isinstance(entry.node, Sequence) else ()


def _listed(root: Mapping) -> Mapping:
    """Return the root with every bare number under `low` or `high` replaced by a list of that number."""
    entry = root.entries.get("targets")
    if entry is None or not isinstance(entry.node, Sequence):
        return root
    items = tuple(_with_lists(item) for item in entry.node.items)
    return replace(root, entries={**root.entries, "targets": Entry(entry.key, replace(entry.node, items=items))})


def _with_lists(item: Node) -> Node:
    if not isinstance(item, Mapping):
        return item
    entries = dict(item.entries)
    for name in {"low", "high"} & entries.keys():
        node = entries[name].node
        if isinstance(node, Scalar):
            entries[name] = Entry(entries[name].key, Sequence((node,), node.place))
    return replace(item, entries=entries)


def _unfit(root: Mapping) -> list[Problem]:
    """Return problems of targets: empty ranges, lists of different lengths, repeated targets."""
    problems: list[Problem] = []
    known: dict[str, Scalar] = {}
    for number, item in enumerate(_items(root)):
        key = item.entries.get("key") if isinstance(item, Mapping) else None
        if key is not None and isinstance(key.node, Scalar):
            if key.node.text not in STATISTICS and is_own_outcome(key.node.text):
                what = say(
                    "{key} is an outcome of another package; targets name only the statistics of Dayroom",
                    key=key.node.text,
                )
                problems.append(Problem.at(key.node.place, what=what))
            if key.node.text in known:
                first = known[key.node.text].place
                what = say(
                    "the target {key} is set at line {line}, column {column} already",
                    key=key.node.text,
                    line=first.line,
                    column=first.column,
                )
                problems.append(Problem.at(key.node.place, what=what))
            known.setdefault(key.node.text, key.node)
        problems += _unfit_ranges(item, number)
    return problems


def _unfit_ranges(item: Node, number: int) -> list[Problem]:
    """Return problems of a target's ranges."""
    low, high, weeks = (_values(item, name) for name in ("low", "high", "weeks"))
    problems = []
    if low and high and len(low) != len(high):
        found, allowed = (
            say("a list of {number}", number=len(high)),
            say("as many as low has, {number}", number=len(low)),
        )
        problems.append(
            Problem.at(high[0].place, path=shown(("targets", number, "high")), found=found, allowed=allowed)
        )
    if weeks and low and len(low) not in (1, len(weeks)):
        found, allowed = (
            say("a list of {number}", number=len(weeks)),
            say("as many as low has, {number}", number=len(low)),
        )
        problems.append(
            Problem.at(weeks[0].place, path=shown(("targets", number, "weeks")), found=found, allowed=allowed)
        )
    for place, (a, b) in enumerate(zip(low, high, strict=False)):
        if isinstance(a.value, int | float) and isinstance(b.value, int | float) and not a.value < b.value:
            at = ("targets", number, "high") if len(high) == 1 else ("targets", number, "high", place)
            allowed = say("a number above low, {low:g}", low=a.value)
            problems.append(Problem.at(b.place, path=shown(at), found=f"{b.value:g}", allowed=allowed))
    return problems


def _values(item: Node, name: str) -> tuple[Scalar, ...]:
    entry = item.entries.get(name) if isinstance(item, Mapping) else None
    if entry is None or not isinstance(entry.node, Sequence):
        return ()
    return tuple(node for node in entry.node.items if isinstance(node, Scalar))


def keys_of(targets: Iterable[Target]) -> tuple[str, ...]:
    """Return the keys of the targets' statistics."""
    return tuple(target.key for target in targets)
