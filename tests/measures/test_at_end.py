"""Texts say over which days an outcome at the end is averaged: over all days where a run is short."""

import pytest

from experiments.compare.runs import compare
from experiments.compare.tables import summary
from experiments.measures.runs import at_end
from sim.language import Language, speaking
from sim.scenario.reading import scenario_of


@pytest.mark.parametrize(("days", "words"), [(7, "all 7 days"), (27, "all 27 days"), (28, "the last four weeks")])
def test_words_name_no_more_days_than_there_are(days: int, words: str) -> None:
    with speaking(Language.en):
        assert at_end(days) == words


def test_a_short_comparison_names_its_own_days() -> None:
    tiny = scenario_of("baseline").with_changes(days=3, settling=0)
    found = compare(tiny, tiny.with_changes(name="staffed", centres={"park": {"staff": 4}}), replicates=2, jobs=1)
    with speaking(Language.en):
        said = " ".join(" ".join(found.sentences()).split())
    assert "Means of all 3 days; " in said
    assert "four weeks" not in said
    assert summary(found)["end_days"] == 3
