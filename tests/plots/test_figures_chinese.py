"""Every figure in Chinese: no English words, no letter without a glyph, no word cut off."""

import re
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import comparison_frames as made
import every_figure
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from experiments.plots import COMPARISON_FIGURES, FIGURES, save
from experiments.plots.calibration.figures import POSTERIOR_FIGURES
from experiments.plots.compare.gains import GROUPS
from experiments.plots.portfolio.figures import PORTFOLIO_FIGURES
from experiments.plots.robustness.figures import DISCOVERY_FIGURES, RANKING_FIGURES
from experiments.plots.sensitivity.figures import SENSITIVITY_FIGURES
from experiments.plots.text import lines, width
from experiments.plots.validation.figures import VALIDATION_FIGURES
from sim.language import Language, speaking
from sim.state.columns import SAMPLED_DIAGNOSES

pytest.importorskip("mplfonts")

NAMES = (
    *made.NAMES, *made.GROUPS, "baseline", "usual-care", "attendance", "what the policies do to those who take part",
    "leaks", "a-policy", "burden at the end is not lower than under usual-care", "helpers", "acts", "Acts", "staff",
    "users.n",
    "activity-timetable-with-rotating-tables", "Number", "stigma", "burden_per_act", "my_own",
    "Probability that somebody who has heard of the illness of another passes it on to", "Users enrolled", "users",
    "Probability that somebody who has heard of the illness of…", "Mean empathy",
)  # fmt: skip
"""Names that a scenario, a study or data brings along."""
ALLOWED = {
    "UCLA",
    "PAWN",
    "ST",
    "Kaplan",
    "Meier",
    "solutions",
    "parquet",
    "dayroom",
    "scenario",
    "explain",
    "PARAMETER",
}
"""Words that are no English: acronyms, surnames, files and commands."""


def english(figure: Figure) -> set[str]:
    """Return the English words of a figure, without the names it was given and without paths of parameters."""
    words = " | ".join(text.get_text() for text in figure.findobj(Text) if text.get_visible()).replace("\n", " ")
    words = words.replace("- ", "-")
    for name in sorted(NAMES, key=len, reverse=True):
        words = words.replace(name, "")
    words = re.sub(r"[a-z_]+(\.[a-z_0-9*]+)+\.?|[a-z]+(_[a-z0-9]+)+|quite_a_long_name_\d+", "", words)
    return {word for word in re.findall(r"[A-Za-z]{2,}", words) if word not in ALLOWED}


@pytest.fixture
def drawn(daily: Any, users: Any, network: Any) -> Iterator[dict[str, Callable[[], Figure]]]:
    graphs = {0: network(), 15: network(first=2), 30: network(first=3)}
    with speaking(Language.zh):
        yield every_figure.of_runs(daily(), users(), graphs) | every_figure.of_comparisons() | every_figure.of_studies()


def test_no_figure_in_chinese_has_english_words_or_letters_without_a_glyph(drawn: Any, tmp_path: Path) -> None:
    mixed = {}
    for name, draw in drawn.items():
        figure = draw()
        if words := english(figure):
            mixed[name] = words
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # matplotlib warns of a letter that no typeface has
            save(figure, tmp_path / f"{name}.png", 40)
    assert mixed == {}


@pytest.mark.slow
def test_no_figure_in_chinese_is_cut_off(drawn: Any, misdrawn: Callable[[Figure], list[str]]) -> None:
    wrong = {name: problems for name, draw in drawn.items() if (problems := misdrawn(draw()))}
    assert wrong == {}


def test_titles_and_captions_are_in_chinese() -> None:
    lists = (FIGURES, COMPARISON_FIGURES, PORTFOLIO_FIGURES, POSTERIOR_FIGURES, DISCOVERY_FIGURES, RANKING_FIGURES,
             SENSITIVITY_FIGURES, VALIDATION_FIGURES)  # fmt: skip
    with speaking(Language.zh):
        texts = [str(text) for each in lists for family in each.values() for text in (family.title, family.caption)]
    assert len(texts) > 60
    assert not [text for text in texts if set(re.findall(r"[A-Za-z]{2,}", text)) - ALLOWED]
    assert not [text for text in texts if re.search(r"[,;:()]", text)]


def test_an_english_word_would_be_noticed() -> None:
    figure = Figure()
    figure.text(0.1, 0.1, "孤独感 lower is better")
    assert english(figure) == {"lower", "is", "better"}


def test_chinese_breaks_between_any_letters_and_never_before_a_comma() -> None:
    broken = lines("孤独感，负担感", 6.0)
    assert "".join(broken) == "孤独感，负担感"
    assert len(broken) > 1
    assert not [line for line in broken if line[0] == "，"]
    assert lines("activity-timetable-with-tables", 20.0) == ["activity-timetable-", "with-tables"]
    assert lines("0; -1 and 1", 4.0) == ["0;", "-1", "and", "1"]
    assert lines("a short line of words", 11.0) == ["a short", "line of", "words"]
    assert lines("one two three four", 8.0, 2) == ["one two", "three…"]
    assert width("孤a") == pytest.approx(2.85)


def test_every_group_of_a_comparison_has_a_chinese_name() -> None:
    with speaking(Language.zh):
        assert set(SAMPLED_DIAGNOSES) <= set(GROUPS)
        assert not [name for name in GROUPS.values() if re.search("[A-Za-z]", str(name))]
