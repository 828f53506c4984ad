"""The keys of a study's file, as typed sections. The scenario's own schema checks lengths, factors and policies."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import Field

from experiments.designs.replicates import MOST_REPLICATES
from sim.outcomes.catalogue import OUTCOMES
from sim.scenario.reading.shape import Form
from sim.scenario.schema.quantity import Section
from sim.scenario.schema.scenario import Name
from sim.scenario.text.nodes import Entry, Mapping, Scalar

MOST_POINTS: Final = 1_000_000
"""Most points of a design."""

if TYPE_CHECKING:
    OutcomeName = str
else:
    OutcomeName = Literal[tuple(OUTCOMES)]

_Points = Annotated[int, Field(ge=1, le=MOST_POINTS)]


class Replicates(Section):
    """No factors: every lever runs unchanged, with several seeds."""

    kind: Literal["replicates"] = Field(description="The base and its levers, nothing varied")


class Grid(Section):
    """Every combination of the factors' levels."""

    kind: Literal["grid"] = Field(description="Every level of every factor with every level of every other")
    levels: int = Field(default=5, ge=2, le=1000, description="Levels of each factor that has none of its own")


class Independent(Section):
    """Points drawn independently and uniformly from the ranges."""

    kind: Literal["random"] = Field(description="Points drawn independently and evenly")
    points: _Points = Field(description="How many")


class LatinHypercube(Section):
    """A Latin hypercube: one point in each slice of every range."""

    kind: Literal["latin_hypercube"] = Field(description="One point in each slice of every range")
    points: _Points = Field(description="How many")


class Sobol(Section):
    """Scrambled Sobol' points."""

    kind: Literal["sobol"] = Field(description="Points of low discrepancy")
    points: _Points = Field(description="How many: a power of 2")


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
    """Points read from a CSV file."""

    kind: Literal["points"] = Field(description="Points of a file")
    file: str = Field(description="CSV with a column for each factor, beside the study or below it")


Design = Annotated[
    Replicates | Grid | Independent | LatinHypercube | Sobol | Saltelli | Morris | PointsFile,
    Field(discriminator="kind"),
]


class DesignAlone(Section):
    """Only the design of a study, to check it even when other keys have mistakes."""

    design: Design = Field(description="Which points of the factors' ranges are run")


class Spelled(Section):
    """A study as its file writes it."""

    name: Name | None = Field(default=None, description="Short name, for the store; the file's when not given")
    title: str = Field(default="", max_length=200, description="A title for people")
    question: str = Field(min_length=1, max_length=2000, description="The question the study answers")
    base: str = Field(description="The scenario everything starts from: a shipped name or a path")
    days: Any = Field(default=None, description="Another length than the base's")
    settling: Any = Field(default=None, description="Other days of settling than the base's")
    factors: Any = Field(default=None, description="Parameters to vary, by path")
    levers: Any = Field(default=None, description="Alternatives by name, each a block of policies; one without any")
    design: Design = Field(description="Which points of the factors' ranges are run")
    replicates: int = Field(default=20, ge=1, le=MOST_REPLICATES, description="Runs at each point under each lever")
    seed: int = Field(default=0, ge=0, lt=2**64, description="Seed of the design and of replicate 0")
    outcomes: Annotated[tuple[OutcomeName, ...], Field(min_length=1)] | None = Field(
        default=None, description="What is asked about: in netCDF, and day by day; the primary outcomes"
    )
    storage: Literal["ends", "daily"] = Field(default="ends", description="Means at the end, or every day as well")
    precision: Any = Field(
        default=None, description="Half-width wanted at every point by outcome, such as: {loneliness_ucla20: 0.5}"
    )
    most_replicates: int = Field(
        default=1000, ge=1, le=MOST_REPLICATES, description="Replicates at which `precision` stops at the latest"
    )


STUDY: Final = Form(Spelled, "study", "at least the keys question, base and design")
"""Form of a study's file."""

DESIGN: Final = Form(DesignAlone, "study", "the key design")
"""Form of a study's design alone."""


def in_full(root: Mapping) -> Mapping:
    """Expand a bare design into a mapping: `design: replicates` becomes `design: {kind: replicates}`."""
    entry = root.entries.get("design")
    if entry is None or not isinstance(entry.node, Scalar) or not isinstance(entry.node.value, str):
        return root
    node = Mapping({"kind": Entry(entry.key, entry.node)}, entry.node.place)
    return replace(root, entries={**root.entries, "design": Entry(entry.key, node)})
