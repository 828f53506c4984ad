"""Whether a policy does as much for lonely users as for the others is said only where it is clear."""

import pytest

from experiments.report.compare import lonely
from experiments.report.compare.answer import answer
from experiments.report.compare.facts import Facts
from experiments.report.content import plain
from experiments.store.results import stored_result
from sim.language import Language, speaking
from tests.report.edited_comparison import Edited


def _with_changes(facts: Facts, of_lonely: float, of_others: float) -> Facts:
    """Return a copy in which respite moves the loneliness of lonely users and of the others by about so many points."""
    users = facts.stored.table("user_changes")
    rest = users["scenario"] == "rest"
    noise = 0.01 * (users["replicate"] % 3 - 1.0)
    base = 40.0 + 20.0 * (users["uid"] % 2)
    change = (of_lonely * (base > 50.0) + of_others * (base < 50.0) + noise).where(rest, noise)
    users.assign(loneliness=change, base_loneliness_at_entry=base).to_parquet(
        facts.stored.folder / "user_changes.parquet"
    )
    return Facts(stored_result(facts.stored.folder))


@pytest.mark.parametrize(
    ("of_lonely", "of_others", "sentence"),
    [
        (-0.9, -1.9, "{} does less for users lonely at the start than for the others. Their mean loneliness changes by "
         "−0.9 points, that of the others by −1.9."),
        (-3.0, -1.0, "{} does more for users lonely at the start than for the others. Their mean loneliness changes by "
         "−3.0 points, that of the others by −1.0."),
    ],
)  # fmt: skip
def test_for_whom_of_lonely_users_and_others_a_policy_does_more(
    of_lonely: float, of_others: float, sentence: str, edited: Edited
) -> None:
    facts = _with_changes(edited({("rest", "loneliness_ucla20"): (-1.5, "better")}), of_lonely, of_others)
    with speaking(Language.en):
        first, rest = (plain(line) for line in lonely.sentences(facts))
    assert first == sentence.format(facts.titles["rest"])
    assert rest.startswith("No clear difference between users lonely at the start and the others is seen with ")
    with speaking(Language.en):
        *_, harm = (plain(sentence) for sentence in answer(facts))
    assert harm.endswith(sentence.format(facts.short_titles["rest"]))


def test_equal_changes_of_lonely_users_and_others_claim_nothing(edited: Edited) -> None:
    facts = _with_changes(edited({("rest", "loneliness_ucla20"): (-1.5, "better")}), -1.5, -1.5)
    with speaking(Language.en):
        (line,) = lonely.sentences(facts)
        assert facts.titles["rest"] in plain(line)
        assert lonely.sentence(facts, "rest") == ""


def test_a_result_without_loneliness_at_the_start_says_nothing_of_it(edited: Edited) -> None:
    facts = edited({("rest", "loneliness_ucla20"): (-1.5, "better")})
    users = facts.stored.table("user_changes").drop(columns="base_loneliness_at_entry")
    users.to_parquet(facts.stored.folder / "user_changes.parquet")
    assert lonely.contrasts(Facts(stored_result(facts.stored.folder))) == {}
