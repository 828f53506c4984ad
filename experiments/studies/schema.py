"""The keys of a study's file, as typed sections.

Lengths are checked as the scenario's own, once the study has set them there. Factors are checked against the parameters
that they vary (`experiments.studies.factor_sections`).
"""

from collections.abc import Iterable
from collections.abc import Mapping as ByName
from dataclasses import replace
from typing import Annotated, Any, Final, Literal

from pydantic import Field, create_model

from experiments.designs.replicates import MOST_REPLICATES
from sim.language import later
from sim.outcomes.catalogue import DAILY, OUTCOMES, Outcome
from sim.scenario.reading.shape import Form
from sim.scenario.schema.quantity import Section, WholeSeed
from sim.scenario.schema.scenario import Name, Policy
from sim.scenario.text.nodes import Entry, Mapping, Node, Scalar, Sequence, plain
from sim.scenario.text.units import UnitError, convert

MOST_POINTS: Final = 1_000_000
"""Most points of a design."""
MOST_LEVELS: Final = 1000
"""Most levels of a factor in a grid."""

_Points = Annotated[int, Field(ge=1, le=MOST_POINTS)]


class Replicates(Section):
    """No factors: every lever runs unchanged, with several seeds."""

    kind: Literal["replicates"] = Field(description="The base under each lever, without factors")


class Grid(Section):
    """Every combination of the factors' levels."""

    kind: Literal["grid"] = Field(description="Every level of each factor with every level of the others")
    levels: int = Field(default=5, ge=2, le=MOST_LEVELS, description="Levels of each factor that states none")


class Independent(Section):
    """Points drawn independently and uniformly from the ranges."""

    kind: Literal["random"] = Field(description="Points drawn independently and evenly")
    points: _Points = Field(description="Number of points")


class LatinHypercube(Section):
    """A Latin hypercube: one point in each slice of every range."""

    kind: Literal["latin_hypercube"] = Field(description="One point in each slice of every range")
    points: _Points = Field(description="Number of points")


class Sobol(Section):
    """Scrambled Sobol' points."""

    kind: Literal["sobol"] = Field(description="Sobol' points, which fill the ranges evenly")
    points: _Points = Field(description="Number of points, a power of 2")


class Saltelli(Section):
    """Saltelli's points, from which SALib computes Sobol' indices."""

    kind: Literal["saltelli"] = Field(description="Points from which SALib computes Sobol' indices")
    base_points: _Points = Field(description="N, a power of 2: there are N (k + 2) points for k factors")
    second_order: bool = Field(default=False, description="Indices of second order too: N (2 k + 2) points")


class Morris(Section):
    """Morris's trajectories, from which SALib computes elementary effects."""

    kind: Literal["morris"] = Field(description="Trajectories from which SALib computes elementary effects")
    trajectories: int = Field(ge=2, le=100_000, description="r: there are r (k + 1) points for k factors")
    levels: int = Field(default=4, ge=2, le=100, multiple_of=2, description="Levels of each factor, an even number")


class PointsFile(Section):
    """Points read from a table."""

    kind: Literal["points"] = Field(description="Points from a table (xlsx or CSV)")
    file: str = Field(description="Table (xlsx or CSV) with a column for each factor, in the study's folder or below")


Design = Annotated[
    Replicates | Grid | Independent | LatinHypercube | Sobol | Saltelli | Morris | PointsFile,
    Field(discriminator="kind"),
]


class DesignAlone(Section):
    """Only the design of a study, to check it even when other keys have mistakes."""

    design: Design = Field(description="The points of the factors' ranges that the study runs")


class Lever(Section):
    """An alternative: the policies that it adds to those of the base."""

    policies: dict[Name, Policy] = Field(default={}, description="Policies by name; usual care has none")


class Widths(Section):
    """Half-widths by outcome; `_spelled` adds a key for each outcome."""

    def by_outcome(self) -> tuple[tuple[str, float], ...]:
        """Return each outcome with its half-width: Dayroom's in the order of the catalogue, then those of packages."""
        return tuple((name, getattr(self, name)) for name in type(self).model_fields if name in self.model_fields_set)


def section_with[Base: Section](base: type[Base], fields: ByName[str, tuple[object, object]]) -> type[Base]:
    """Return a section class with more keys, for keys that are known only later or are keywords of Python.

    Parameters
    ----------
    base : type of Section
    fields : mapping of str to (type, default or field)
        The keys to add.
    """
    definitions: dict[str, Any] = dict(fields)
    return create_model(base.__name__, __base__=base, __doc__=base.__doc__, **definitions)


class Spelled(Section):
    """A study as its file writes it."""

    name: Name | None = Field(default=None, description="Short name in the store; by default the name of the file")
    title: str = Field(default="", max_length=200, description="A title for people")
    question: str = Field(min_length=1, max_length=2000, description="The question the study answers")
    base: str = Field(description="The scenario that the study changes: a shipped name or a path")
    days: Any = Field(default=None, description="Days of each run; by default those of the base")
    settling: Any = Field(default=None, description="Days of settling; by default those of the base")
    factors: Any = Field(default=None, description="Parameters to vary, by path")
    levers: dict[Name, Lever] | None = Field(
        default=None, min_length=1, description="Alternatives by name, each with its policies; exactly one has none"
    )
    design: Design = Field(description="The points of the factors' ranges that the study runs")
    replicates: int = Field(default=20, ge=1, le=MOST_REPLICATES, description="Runs at each point under each lever")
    seed: WholeSeed = Field(default=0, description="Seed of the design and of replicate 0")
    outcomes: tuple[str, ...] | None = Field(
        default=None, description="Outcomes in netCDF files and in daily tables; by default the primary outcomes"
    )
    storage: Literal["ends", "daily"] = Field(
        default="ends", description="Keep the means at the end of each run, or every day as well"
    )
    precision: Widths | None = Field(
        default=None, description="Half-width to reach at every point, by outcome, such as: {loneliness_ucla20: 0.5}"
    )
    most_replicates: int = Field(
        default=1000, ge=1, le=MOST_REPLICATES, description="Most replicates that `precision` may take"
    )
    slices: int | None = Field(
        default=None, ge=2, le=1000, description="Slices of each factor in an analysis by PAWN; by default 10 at most"
    )


def _form(outcomes: Iterable[Outcome]) -> Form[Spelled]:
    """Return the form of a study that may name these outcomes."""
    width = {
        one.name: (float | None, Field(default=None, gt=0, description=f"{one.label} [{one.unit}]")) for one in outcomes
    }
    names: Any = Annotated[tuple[Literal[tuple(width)], ...], Field(min_length=1)]  # type: ignore[misc]
    wide = section_with(Widths, width)
    fields = {
        key: (annotation | None, Spelled.model_fields[key])
        for key, annotation in (("outcomes", names), ("precision", wide))
    }
    return Form(section_with(Spelled, fields), later("study"), later("at least the keys question, base and design"))


STUDY: Final = _form(DAILY)
"""Form of a study's file that names only Dayroom's outcomes."""

DESIGN: Final = Form(DesignAlone, later("study"), later("the key design"))
"""Form of a study's design alone."""


def form_of(root: Mapping) -> Form[Spelled]:
    """Return the form of a study's file: with the outcomes of packages and of Python if it names any but Dayroom's."""
    if all(dict.__contains__(OUTCOMES, name) for name in _outcomes(root)):
        return STUDY
    from sim.scenario.schema.own_outcome import OWN_OUTCOMES  # few studies name other outcomes than Dayroom's

    return _form((*DAILY, *(OUTCOMES[name] for name in OWN_OUTCOMES.usable())))


def _outcomes(root: Mapping) -> list[str]:
    """Return the outcomes that a study names under `outcomes` and `precision`, known or not."""
    listed, widths = (root.entries[key].node if key in root.entries else None for key in ("outcomes", "precision"))
    named: list[Any] = plain(listed) if isinstance(listed, Sequence) else []
    measured = [*widths.entries] if isinstance(widths, Mapping) else []
    return [name for name in (*named, *measured) if isinstance(name, str)]


def recording(base: Mapping, root: Mapping) -> Mapping:
    """Return the text of a study's base that also records the outcomes of packages that the study names."""
    own = [name for name in _outcomes(root) if not dict.__contains__(OUTCOMES, name) and name in OUTCOMES]
    observe = base.entries.get("observe", Entry(root.place, Mapping({}, root.place)))
    if not own or not isinstance(observe.node, Mapping):
        return base
    given = observe.node.entries.get("outcomes", Entry(root.place, Sequence((), root.place)))
    if not isinstance(given.node, Sequence):
        return base
    more = [name for name in dict.fromkeys(own) if name not in plain(given.node)]
    items = (*given.node.items, *(Scalar(name, name, root.place) for name in more))
    listed = Entry(given.key, replace(given.node, items=items))
    within = replace(observe.node, entries={**observe.node.entries, "outcomes": listed})
    return replace(base, entries={**base.entries, "observe": Entry(observe.key, within)})


def in_full(root: Mapping) -> Mapping:
    """Expand short forms: `design: grid` becomes `design: {kind: grid}`; a share's "5 %" of precision becomes 0.05."""
    entries = dict(root.entries)
    design, precision = entries.get("design"), entries.get("precision")
    if design is not None and isinstance(design.node, Scalar) and isinstance(design.node.value, str):
        kind = Mapping({"kind": Entry(design.key, design.node)}, design.node.place)
        entries["design"] = Entry(design.key, kind)
    if precision is not None and isinstance(precision.node, Mapping):
        widths = {name: Entry(entry.key, _as_share(name, entry.node)) for name, entry in precision.node.entries.items()}
        entries["precision"] = Entry(precision.key, replace(precision.node, entries=widths))
    return replace(root, entries=entries)


def _as_share(outcome: str, node: Node) -> Node:
    """Return a percentage of an outcome that is a share as a number; any other node unchanged."""
    is_share = outcome in OUTCOMES and OUTCOMES[outcome].unit == "share"
    if not is_share or not isinstance(node, Scalar) or not isinstance(node.value, str):
        return node
    try:
        return replace(node, value=convert(node.value, "1"))
    except UnitError:
        return node
