"""What the commands about studies, posteriors and validations print and draw in Chinese, from made-up runs."""

import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pytest
import test_figures_chinese as figures_in_chinese
from matplotlib.figure import Figure

from dayroom import define_study, load_scenario
from experiments.calibration.fitted import Fitted
from experiments.calibration.parameters import CALIBRATED
from experiments.calibration.posterior.particles import Generation, Posterior
from experiments.calibration.posterior.result import Calibrated
from experiments.calibration.posterior.schedule import Schedule
from experiments.calibration.verdicts import Verdict
from experiments.designs.factor import Factor
from experiments.plots import save
from experiments.robustness import discovered, ranked
from experiments.robustness.failure_rule import PointsError, condition, too_little
from experiments.runs.failures import FailedAttempt
from experiments.sensitivity.result import of_runs
from experiments.statistics.ranges import Range
from experiments.studies.study import Study
from experiments.validation.fitted_numbers import aimed_at
from experiments.validation.measured import WaveTable
from experiments.validation.record import freshmen
from experiments.validation.result import Validation
from sim.language import Language, speaking
from sim.language.meanings import label_parts, meaning_term, without_references

pytest.importorskip("mplfonts")

PATHS: Final = (
    "rules.encounters.talk_share", "rules.wellbeing.burden_gain", "users.empathy.mean", "rules.support.staff_talk",
    "policies.*.disclosure_circle.uptake",
)  # fmt: skip
NAMES: Final = (
    r"[A-Za-z][A-Za-z0-9_*-]*(?:[./][A-Za-z0-9_*-]+)+|[a-z]+(?:[-_][a-z0-9]+)+|UCLA-20|UCLA|PAWN|Morris|Sobol|Holm|ST|S1|respite|circle|burden"
    r"|density|study|freshmen|design|points|trajectories|p(?= )"
)
"""Names and keys of files, and acronyms; they are the same in all languages."""
MIXED: Final = re.compile(r"[A-Za-z]{2,}|[\u4e00-\u9fff][,;:?!(]|[,;:?!)][\u4e00-\u9fff]|\d -|-\d")


def mixed(lines: list[str]) -> list[str]:
    """Return the lines with words or marks that are not Chinese, names left out."""
    return [line for line in lines if MIXED.search(re.sub(NAMES, "", line))]


def study(**design: Any) -> Study:
    levers = {
        "usual-care": {},
        "respite": {"room": {"policy": "respite"}},
        "circle": {"circle": {"policy": "disclosure_circle"}},
    }
    base = load_scenario("baseline").with_changes(days=3, settling=0)
    return define_study("负担感由什么决定？", base, levers=levers, factors=dict.fromkeys(PATHS, "plausible"),
                        design=design, replicates=2, seed=5)  # fmt: skip


def runs_of(study: Study, replicates: int) -> pd.DataFrame:
    """Return runs in which respite fails where two parameters are high; some fail, some leave an outcome undefined."""
    draws = np.random.Generator(np.random.Philox(3))
    low, high = (np.array([getattr(factor, end) for factor in study.factors]) for end in ("low", "high"))
    rows = []
    for point, values in enumerate(study.points):
        x = (np.array([float(value) for value in values]) - low) / (high - low)
        fails = 2.6 * float(x[0] > 0.5 and x[1] > 0.4)
        for replicate in range(replicates):
            noise = 0.1 * draws.normal()
            for lever, effect in (("usual-care", 0.0), ("respite", fails - 0.8), ("circle", 0.5 * x[2] - 0.3)):
                lonely = 45.0 + 4.0 * x[0] + 2.0 * x[1] + effect + noise
                rows.append({
                    "point": point, "lever": lever, "replicate": replicate, "model": "m", "seed": replicate,
                    "status": "failed" if (point, replicate, lever) == (7, 0, "circle") else "done",
                    "loneliness_ucla20": lonely, "loneliness_ucla20_sd": 9.0, "burden": 30.0 + 5.0 * x[1] + effect,
                    "friend_arc_reciprocity": np.nan if point == 3 else 0.5 + 0.1 * x[3],
                    **dict(zip((factor.path for factor in study.factors), values, strict=True)),
                })  # fmt: skip
    return pd.DataFrame(rows)


def sensitive(
    design: dict[str, Any], replicates: int = 2, against: str = "", outcome: str = "loneliness_ucla20"
) -> Any:
    drawn = study(**design)
    outcomes = [outcome, "friend_arc_reciprocity"]
    runs = runs_of(drawn, replicates)
    lever = "respite" if against else ""
    return of_runs(drawn, runs, outcomes=outcomes, lever=lever, against=against, resamples=20)


def discovery(replicates: int, rule: Any = None) -> Any:
    drawn = study(kind="latin_hypercube", points=90)
    return discovered(drawn, runs_of(drawn, replicates), "respite", rule=rule)


def ranking(replicates: int, base: int = 0) -> Any:
    drawn = study(kind="latin_hypercube", points=60)
    runs = runs_of(drawn, replicates)
    there = runs_of(drawn, base) if base else runs
    return ranked(drawn, runs, at_base=there[there["point"] == 0] if base else None)


def posterior(tolerance: float, stopped: str, failed: int = 0) -> Calibrated:
    """Return a posterior in which a parameter is narrow, two are tied, and a target is missed."""
    draws = np.random.Generator(np.random.Philox(1))
    factors = tuple(Factor(one.path, *map(float, one.quantity.plausible)) for one in CALIBRATED[:5])
    shares = draws.random((200, len(factors)))
    shares[:, 0] = np.clip(0.4 + 0.05 * draws.standard_normal(200), 0.0, 1.0)
    shares[:, 2] = np.clip(shares[:, 1] + 0.05 * draws.standard_normal(200), 0.0, 1.0)
    targets = (Range("loneliness_mean", 40.0, 50.0), Range("density", 0.05, 0.15))
    last = Generation(tolerance, shares, np.full(200, 1 / 200), np.zeros(200), np.tile([45.0, 0.1], (200, 1)), 200)
    search = Posterior(factors, targets, (last,), stopped, tolerance > 1.0)
    runs = pd.DataFrame({"loneliness_mean": draws.normal(45.0, 2.0, 40), "density": draws.normal(0.4, 0.02, 40)})
    lost = tuple(FailedAttempt(k, k, {"rules.a": 0.5}, "ZeroDivisionError") for k in range(failed))
    return Calibrated(load_scenario("baseline"), search, Schedule(), 1, 0, search.ensemble(5), runs, lost)


def validated(aimed: bool) -> Validation:
    """Return runs that scatter around the freshmen."""
    draws = np.random.Generator(np.random.Philox(4))
    data = freshmen()

    def scattered(table: Any) -> Any:
        numbers = {name: value * (1.0 + 0.1 * draws.normal()) for name, value in table.numbers.items()}
        if not isinstance(table, WaveTable):
            return replace(table, numbers=numbers)
        counts = {name: tuple(int(k + draws.integers(0, 4)) for k in of) for name, of in table.distributions.items()}
        return replace(table, numbers=numbers, distributions=counts)

    runs = tuple(
        replace(data, waves=tuple(map(scattered, data.waves)), changes=tuple(map(scattered, data.changes)))
        for _ in range(30)
    )
    title = {"title": "data.csv"} if aimed else {}
    return Validation(load_scenario("freshmen"), 3, data, runs, aimed_at() if aimed else frozenset(), **title)


RESULTS: Final[dict[str, Callable[[], Any]]] = {
    "morris": lambda: sensitive({"kind": "morris", "trajectories": 8}),
    "morris, one replicate": lambda: sensitive({"kind": "morris", "trajectories": 6}, 1, outcome="burden"),
    "morris, a difference": lambda: sensitive({"kind": "morris", "trajectories": 6}, against="usual-care"),
    "sobol": lambda: sensitive({"kind": "saltelli", "base_points": 32, "second_order": True}),
    "pawn": lambda: sensitive({"kind": "latin_hypercube", "points": 80}),
    "discover": lambda: discovery(10),
    "discover, few": lambda: discovery(1, too_little("burden", 0.5)),
    "discover, a level": lambda: discovery(2, condition("burden > 33")),
    "regret": lambda: ranking(4),
    "regret, base": lambda: ranking(1, base=12),
    "posterior": lambda: posterior(0.5, "已达到最小容差"),
    "posterior, cut short": lambda: posterior(float("inf"), "唯一的一代已完成", 2),
    "validate": lambda: validated(aimed=True),
    "validate, free": lambda: validated(aimed=False),
}


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    with speaking(Language.zh):
        yield


@pytest.mark.parametrize("name", RESULTS)
def test_the_sentences_and_the_figures_of_a_result_are_chinese(
    name: str, tmp_path: Path, misdrawn: Callable[[Figure], list[str]]
) -> None:
    result = RESULTS[name]()
    lines = result.sentences()
    assert len(lines) > 3
    assert mixed(lines) == []
    drawings = result.figures()
    assert drawings
    assert mixed([drawing.title for drawing in drawings.values()]) == []
    wrong = {}
    for file, drawing in drawings.items():
        figure = drawing.draw()
        words = figures_in_chinese.english(figure) - {"study", "respite", "circle", "Morris", "Sobol"}
        if problems := [*words, *misdrawn(figure)]:
            wrong[file] = problems
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # matplotlib warns of a letter that no typeface has
            save(figure, tmp_path / f"{file}.png", 40)
    assert wrong == {}


def test_the_verdicts_of_a_calibration_are_chinese() -> None:
    rows = [
        Verdict("lonely_share", [0.3], [0.5], [0.4], [0.0], [0.38], [0.42], [], True, True),
        Verdict("stigma_loneliness_r", [-0.1, 0.2], [0.1, 0.4], [-0.3, 0.3], [0.0, 0.0], [-0.4, 0.2], [-0.2, 0.4], [],
                False, False),
    ]  # fmt: skip
    lines = [line for line in Fitted([], {}, rows).sentences() if line]
    assert mixed(lines) == []
    assert lines[0].endswith("达到  孤独学员比例（50分及以上）")
    assert "未达到" in lines[1]
    assert lines[-1] == "2个目标中达到1个"


def test_a_mistake_is_chinese() -> None:
    for mistake in (
        lambda: condition("burden"),
        lambda: too_little("open_days"),
        lambda: too_little("x"),
    ):
        with pytest.raises(PointsError) as problem:
            mistake()
        assert re.search("[\u4e00-\u9fff]", str(problem.value))


def test_an_english_sentence_would_be_noticed() -> None:
    assert mixed(["孤独感：at the end", "孤独感 -1.5", "措施(respite)", "respite：孤独感"]) == [
        "孤独感：at the end",
        "孤独感 -1.5",
        "措施(respite)",
    ]


def test_a_shortened_meaning_finds_its_chinese() -> None:
    whole = "Mean empathy (section 3.3.2 affirms it, without a number)"
    assert without_references(whole) == "Mean empathy"
    assert {meaning_term(text) for text in (whole, "Mean empathy", "mean empathy")} == {"共情的平均值"}
    assert label_parts("mean empathy (users.empathy.mean)") == ("共情的平均值", "users.empathy.mean")
    assert label_parts("users.empathy.mean") == ("", "users.empathy.mean")
    assert meaning_term("of a package of somebody else") == "of a package of somebody else"
    with speaking(Language.en):
        assert meaning_term("mean empathy") == "mean empathy"
