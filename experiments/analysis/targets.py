"""Calibration targets: statistics of the model and the ranges they should lie in; a mistake in a file has its place."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field

from experiments.studies.structure import checked
from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.files import displayed, read_text
from sim.scenario.load import parse
from sim.scenario.nodes import Mapping, Node, Scalar, Sequence, shown
from sim.scenario.quantity import Section

TARGETS: Final = Path(__file__).parent.parent / "calibration" / "targets.yaml"
"""Those of the baseline centre."""

STATISTICS: Final = (
    "loneliness_mean",
    "loneliness_sd",
    "lonely_share",
    "close_friends_mean",
    "close_friends_median",
    "no_friend_share",
    "friend_reciprocity",
    "tie_illness_talk_share",
    "user_illness_talk_share",
    "stigma_loneliness_r",
    "density",
)
"""What the model is measured by on the last day (`experiments.analysis.calibration.statistics`)."""

Key = Literal[STATISTICS]  # type: ignore[valid-type]


@dataclass(frozen=True, slots=True)
class Target:
    """One calibration target: a statistic of an outcome and the range it should lie in."""

    key: str
    outcome: str
    statistic: str
    low: float
    high: float
    strength: str


class _Spelled(Section):
    """A target as it is written."""

    key: Key = Field(description="Which statistic")
    low: float = Field(description="Lower end of the range it should lie in")
    high: float = Field(description="Upper end of that range")
    outcome: str = Field(default="", description="The outcome, for readers")
    statistic: str = Field(default="", description="What is taken of it, for readers")
    strength: str = Field(default="", description="How good the evidence is, for readers")


class _File(Section):
    targets: Annotated[tuple[_Spelled, ...], Field(min_length=1)] = Field(description="The targets")


def read_targets(path: Path = TARGETS) -> tuple[Target, ...]:
    """Read targets from a file in the form of `targets.yaml`.

    Raises
    ------
    ScenarioError
        With everything that is wrong, each with its place.
    """
    text = read_text(path)
    if not any(
        line.partition("#")[0].strip(" \t\ufeff-") for line in text.splitlines()
    ):  # what parsing says is of scenarios
        what = "the file is empty; targets stand there as `targets: [{key: ..., low: ..., high: ...}]`"
        raise ScenarioError([Problem(displayed(path), what=what)])
    root, problems = parse(text, displayed(path))
    spelled, found = checked(root, _File)
    problems = [*problems, *found, *_unfit(root)]
    if spelled is None or problems:
        raise ScenarioError(problems)
    return tuple(
        Target(one.key, one.outcome, one.statistic, one.low, one.high, one.strength) for one in spelled.targets
    )


def _unfit(root: Mapping) -> list[Problem]:
    """Say which targets have an empty range or stand there twice."""
    entry = root.entries.get("targets")
    items = entry.node.items if entry is not None and isinstance(entry.node, Sequence) else ()
    problems: list[Problem] = []
    known: dict[str, Scalar] = {}
    for number, item in enumerate(items):
        key, low, high = (_scalar(item, name) for name in ("key", "low", "high"))
        if key is not None and key.text in known:
            first = known[key.text].place
            what = f"the target {key.text} is set at line {first.line}, column {first.column} already"
            problems.append(Problem.at(key.place, what=what))
        elif key is not None:
            known[key.text] = key
        ends = [end.value for end in (low, high) if end is not None and isinstance(end.value, int | float)]
        if high is not None and len(ends) == 2 and not ends[0] < ends[1]:
            fields = {"found": f"{ends[1]:g}", "allowed": f"a number above low, {ends[0]:g}"}
            problems.append(Problem.at(high.place, path=shown(("targets", number, "high")), **fields))
    return problems


def _scalar(item: Node, name: str) -> Scalar | None:
    entry = item.entries.get(name) if isinstance(item, Mapping) else None
    return entry.node if entry is not None and isinstance(entry.node, Scalar) else None


__all__ = ["STATISTICS", "TARGETS", "Target", "read_targets"]
