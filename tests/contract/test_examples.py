"""The examples in the docstrings of the most used names run as they stand, in an empty folder."""

import doctest
from pathlib import Path

import pytest

import dayroom
from sim.scenario.schema.scenario import Scenario

EXAMPLES = {
    **{
        name: getattr(dayroom, name)
        for name in (
            *(
                "DayCentre",
                "Calibrated",
                "Comparison",
                "Portfolios",
                "compare",
                "contrasts",
                "daily",
                "daily_frame",
                "define_study",
                "design",
                "discover",
            ),
            *("experiment", "explain", "interval", "lever_effects", "load_scenario", "load_study"),
            *("query", "regret", "results", "run", "run_replicates", "sensitivity", "summarise"),
            *("sweep", "trace", "users_frame", "validate", "worth"),
        )
    },
    "Scenario.with_changes": Scenario.with_changes,
    "plots.effect_curves": dayroom.plots.effect_curves,
    "plots.outcome_curves": dayroom.plots.outcome_curves,
}
"""Each public name with an example."""


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_of_a_name_runs(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    finder = doctest.DocTestFinder(recurse=False)
    (example,) = finder.find(EXAMPLES[name], name, globs={"__name__": "__main__"})
    assert len(example.examples) >= 2
    report: list[str] = []
    results = doctest.DocTestRunner(verbose=False).run(example, out=report.append)
    assert results.failed == 0, "".join(report)
