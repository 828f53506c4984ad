"""Find where a policy fails: judge the points of a study by a rule, and find boxes in which failures are dense.

Both `dayroom discover` and notebooks call `discovered`.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from experiments.plots.family import drawings
from experiments.plots.robustness.figures import DISCOVERY_FIGURES
from experiments.robustness.box import nothing, unseen
from experiments.robustness.boxes import LEAST_DRAWS, LEAST_OF_EACH, Discovery, discover
from experiments.robustness.failure_rule import Failing, too_little
from experiments.robustness.runs import (
    check_lever,
    check_points,
    ends,
    failed_runs,
    label,
    label_words,
    numbers_of,
    runs_of,
    unit,
)
from experiments.robustness.unlike_points import Unlike
from experiments.statistics.complete_points import Points, PointsError, complete
from experiments.statistics.intervals import ALONE
from experiments.statistics.numbers import beside, commas, percent
from experiments.statistics.terminal import wrapped
from experiments.statistics.verdict import FEWEST
from experiments.store.protocol import WIDTH, Drawing, Plotted
from sim.language import say

if TYPE_CHECKING:
    import pandas as pd

    from experiments.studies.reference import StudyLike
    from experiments.studies.study import Study

_NAMED: Final = 5
"""Most factors left out that a sentence names."""


@dataclass(frozen=True)
class Discovered(Plotted):
    """Where a lever fails over the points of a study.

    Parameters
    ----------
    study, lever, against : str
    rule : Failing
    judged : DataFrame
        A row for each point: `point`, the factors by path, the columns of `Failing.judge`, and `held_out` (whether the
        point was held out of the search, to test its boxes).
    discovery : Discovery
        The boxes.
    points : Points
        The points used, and how many are left out.
    factors : DataFrame
        A row for each factor that a box may restrict: `parameter`, `label`, `unit`, `from`, `to`.
    left_out : list of str
        Paths of factors that no box may restrict: words, and options of policies that neither lever has.
    unlike : Unlike
        Whether points differ by more than chance, and how many fail by chance alone.
    failed_runs : tuple of dict
        What `failures` returns.
    """

    study: str
    lever: str
    against: str
    rule: Failing
    judged: "pd.DataFrame"
    discovery: Discovery
    points: Points
    factors: "pd.DataFrame"
    left_out: list[str]
    unlike: Unlike
    failed_runs: tuple[dict[str, object], ...] = ()

    @property
    def failing(self) -> int:
        """Number of points at which the lever fails."""
        return int(self.judged["fails"].sum())

    @property
    def unclear(self) -> int:
        """Number of points where chance may decide: the side of the limit is not clear among all points."""
        return int((~self.judged["clear"]).sum())

    def boxes(self) -> "pd.DataFrame":
        """Return a table with a row for each restriction, with the label, unit and range of its factor."""
        table = self.discovery.table().merge(self.factors, on="parameter", how="left")
        for name in ("fresh_coverage", "fresh_density", "fresh_draws", "p"):
            table[name] = [getattr(self.discovery.boxes[number - 1], name) for number in table["box"]]
        return table

    def box_words(self) -> list[str]:
        """Return, for each box, sentences on where the lever fails, with the labels and units of the factors."""
        rows = self.factors.to_dict("records")
        labels = {row["parameter"]: label_words(row["label"]) for row in rows}
        units = {row["parameter"]: row["unit"] for row in rows}
        return [box.words(labels, units, "points") for box in self.discovery.boxes]

    def words(self) -> list[str]:
        """Return sentences on where the lever fails, how sure that is, and what was left out."""
        number = len(self.judged)
        first = say(
            "{lever} fails in {failing} of {number} points ({share}): {rule}.",
            lever=self.lever,
            failing=self.failing,
            number=number,
            share=percent(self.failing / number),
            rule=self.rule.words(self.against),
        )
        first = beside(first, unseen(self.failing, number, "points"), self._equal())
        return [line for line in [first, self._noise(), *self._where(), self.points.words(), self._left()] if line]

    def _equal(self) -> str:
        """Return that at some points no run differs, so that a failure there is only an effect not seen."""
        equal = int((self.judged["differ"] == 0).sum()) if self.rule.judged == "difference" else 0
        if not equal:
            return ""
        return say(
            "At {equal} of {number} points no run differs from that under {against}: no effect is seen there, which "
            "is not to say that there is none.",
            equal=equal,
            number=len(self.judged),
            against=self.against,
        )

    def sentences(self, *, width: int = WIDTH, styled: bool = False) -> list[str]:
        """Return the lines that `dayroom discover` prints."""
        return wrapped(self.words(), width)

    def tables(self) -> "dict[str, pd.DataFrame]":
        """Return the tables by the names of their files."""
        tables = {"points": self.judged, "boxes": self.boxes(), "trajectory": self.discovery.trajectory}
        return tables | {"factors": self.factors}

    def figures(self) -> dict[str, Drawing]:
        """Return the figures by name: all if a box was found, otherwise only the differences."""
        rule = self.rule
        there: dict[str, object] = {"judged": self.judged, "outcome": rule.outcome, "limit": rule.limit}
        there["words"] = (self.lever, rule.words(self.against), rule.judged)
        if self.discovery.boxes:
            box = self.discovery.boxes[0]
            there |= {"boxes": self.boxes(), "factors": self.factors, "trajectory": self.discovery.trajectory}
            there |= {"chosen": (box.coverage, box.density), "fresh": (box.fresh_coverage, box.fresh_density)}
            there["base"] = self.failing / len(self.judged)
        return drawings(DISCOVERY_FIGURES, there)

    def _noise(self) -> str:
        count = self.points.replicates
        if count < 2:
            return say("With one replicate per point, chance may have put any number of points on the wrong side.")
        if count < FEWEST:
            text = say(
                "Each point has {count} replicates; it takes {fewest} to say which points are clear.",
                count=count,
                fewest=FEWEST,
            )
        else:
            text = say(
                "Each point has {count} replicates: {unclear} of {number} points are not clear among all, so chance "
                "may have decided there.",
                count=count,
                unclear=self.unclear,
                number=len(self.judged),
            )
        return beside(text, self._by_chance())

    def _by_chance(self) -> str:
        about = self.unlike
        if about.by_chance != about.by_chance:
            return say("The replicates are too few to say how many points fail by chance.")
        values = {"failing": f"{about.by_chance:.0f}", "number": len(self.judged), "p": f"{about.p:.2g}"}
        if about.p > ALONE:
            return say(
                "If all points were alike, chance would make about {failing} of {number} fail; that they differ by "
                "more than chance is not shown (p = {p}).",
                **values,
            )
        return say(
            "If all points were alike, chance would make about {failing} of {number} fail; they differ by more than "
            "chance (p = {p}), and by a normal law about {likely} truly fail.",
            **values,
            likely=f"{about.likely:.0f}",
        )

    def _where(self) -> list[str]:
        least = min(self.failing, len(self.judged) - self.failing)
        if 0 < least < LEAST_OF_EACH:
            counts = {"least": least, "fewest": LEAST_OF_EACH}
            if self.failing == least:
                return [say("{least} failures are too few to look for a box, which takes at least {fewest}.", **counts)]
            return [
                say(
                    "{least} points without failure are too few to look for a box, which takes at least {fewest}.",
                    **counts,
                )
            ]
        if not least:
            return []
        return self.box_words() if self.discovery.boxes else [nothing(self.discovery.refused, "points")]

    def _left(self) -> str:
        number = len(self.left_out)
        names = commas(self.left_out[:_NAMED])
        if number > _NAMED:
            names = say("{names} ...", names=names)
        if number == 1:
            return say("No box can restrict 1 factor that is a word or concerns neither lever: {names}.", names=names)
        if not number:
            return ""
        return say(
            "No box can restrict {number} factors that are words or concern neither lever: {names}.",
            number=number,
            names=names,
        )

    def failures(self) -> list[dict[str, object]]:
        """Return a row for each failed run of the two levers, with its error if the runs come from a store."""
        return list(self.failed_runs)

    def summary(self) -> dict[str, object]:
        """Return a summary of the result for programs."""
        return {
            "study": self.study,
            "lever": self.lever,
            "against": self.against,
            "fails_where": self.rule.words(self.against),
            "rule": asdict(self.rule),
            "points": len(self.judged),
            "points_left_out": self.points.planned - self.points.number,
            "failed_runs": self.points.failed,
            "missing_runs": self.points.missing,
            "undefined_runs": self.points.blank,
            "replicates": self.points.replicates,
            "failures": self.failing,
            "unclear": self.unclear,
            "unlike": asdict(self.unlike),
            "factors_left_out": self.left_out,
            "boxes": [asdict(box) for box in self.discovery.boxes],
            "refused_box": asdict(self.discovery.refused) if self.discovery.refused else None,
            "sentences": self.words(),
        }


def _check_enough(study: str, points: int, factors: int) -> None:
    """Refuse a search over too few points, or over no factor."""
    if points < LEAST_DRAWS or not factors:
        raise PointsError(
            say(
                "{study}: found {points} points with all runs, and {factors} factors that are numbers; boxes take at "
                "least {fewest} and 1",
                study=study,
                points=points,
                factors=factors,
                fewest=LEAST_DRAWS,
            )
        )


def discovered(
    study: "StudyLike",
    runs: "pd.DataFrame | Path | str",
    lever: str,
    *,
    against: str | None = None,
    rule: Failing | None = None,
    boxes: int = 3,
) -> Discovered:
    """Look for conditions under which a lever fails, over the points of a study.

    Parameters
    ----------
    study : Study, str or path
    runs : DataFrame, Path or str
        Results of the study (`experiments.sweep.results.results`), or the store that holds them.
    lever : str
    against : str, optional
        The lever to compare with; by default the lever without policies.
    rule : Failing, optional
        The rule by which the lever fails; by default, that it does not lower loneliness.
    boxes : int
        Most boxes to find.

    Raises
    ------
    PointsError
        When there is no such lever, both levers are the same, or there are too few points or factors.

    Examples
    --------
    >>> import pandas as pd
    >>> from dayroom import define_study, discover, load_scenario
    >>> tiny = load_scenario("baseline").with_changes(days=3, settling=0)
    >>> study = define_study(
    ...     "Where does respite fail?",
    ...     tiny,
    ...     levers={"usual-care": {}, "respite": {"respite": {"policy": "respite"}}},
    ...     factors={"rules.encounters.talk_share": "plausible"},
    ...     design={"kind": "latin_hypercube", "points": 60},
    ...     replicates=1,
    ... )
    >>> effects = [1.0 if talk > 0.4 else -1.0 for (talk,) in study.points]  # in the place of `results(study)`
    >>> rows = [(p, "usual-care", 0, "done", 45.0) for p in range(60)]
    >>> rows += [(p, "respite", 0, "done", 45.0 + effect) for p, effect in enumerate(effects)]
    >>> runs = pd.DataFrame(rows, columns=["point", "lever", "replicate", "status", "loneliness_ucla20"])
    >>> found = discover(study, runs, "respite")
    >>> (limit,) = found.discovery.boxes[0].restrictions
    >>> limit.parameter, round(limit.low, 2)
    ('rules.encounters.talk_share', 0.4)
    """
    import pandas as pd

    from experiments.studies.reference import study_of

    study = study_of(study)
    rule = rule or too_little("loneliness_ucla20")
    against = against or study.usual_care
    _check_levers(study, lever, against)
    points = complete(runs_of(study, runs), (lever, against), rule.outcome)
    judged = rule.judge(points, lever, against)
    chosen, left = numbers_of(study, (lever, against))
    _check_enough(study.name, points.number, len(chosen))
    places = {factor.path: place for place, factor in enumerate(study.factors)}
    rows = [study.points[point] for point in judged["point"]]
    drawn = pd.DataFrame({factor.path: [row[places[factor.path]] for row in rows] for factor in chosen})
    factors = pd.DataFrame(
        [(factor.path, label(factor), unit(factor), *ends(factor)) for factor in chosen],
        columns=["parameter", "label", "unit", "from", "to"],
    )
    boxed = discover(drawn, judged["fails"].tolist(), boxes)
    table = pd.concat([judged[["point"]], drawn, judged.drop(columns="point")], axis=1).assign(held_out=boxed.held)
    unlike = rule.unlike(points, lever, against)
    failed = tuple(failed_runs(study, runs, (lever, against))) if points.failed else ()
    return Discovered(study.name, lever, against, rule, table, boxed, points, factors, left, unlike, failed)


def _check_levers(study: "Study", lever: str, against: str) -> None:
    check_points(study)
    for name in (lever, against):
        check_lever(study, name)
    if lever == against:
        raise PointsError(
            say("{lever} is compared with itself; choose another lever, or another to compare it with", lever=lever)
        )
