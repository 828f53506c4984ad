"""The answer of a comparison claims no more than the verdicts, and says harm beside gain."""

import re

import pytest

from experiments.report.compare import brief as page_one
from experiments.report.compare.answer import answer, leading
from experiments.report.compare.brief import alternatives, chosen, hinges, losers, reading
from experiments.report.compare.certainty import _ignorance, _over_draws
from experiments.report.compare.costs import _worth
from experiments.report.compare.effects import _worse_off, groups
from experiments.report.compare.facts import Facts
from experiments.report.compare.figures import Figures
from experiments.report.content import Bullets, Paragraph, Table, plain
from experiments.store.results import stored_result
from sim.language import Language, speaking
from tests.report.edited_comparison import Edited


def said(facts: Facts) -> list[str]:
    with speaking(Language.en):
        return [plain(sentence) for sentence in answer(facts)]


def test_the_one_that_harms_nothing_and_fits_is_chosen(edited: Edited) -> None:
    facts = edited({
        ("workers", "loneliness_ucla20"): (-4.0, "better"),
        ("workers", "burden"): (2.0, "worse by itself"),
        ("rest", "loneliness_ucla20"): (-1.5, "better"),
    })  # fmt: skip
    assert leading(facts) == "rest"
    gain, doubt, price, harm = said(facts)
    assert "lowers loneliness most" in gain or "has the largest fall" in gain
    assert gain.startswith("With none of the 2 alternatives within the budget is anything seen to get clearly worse; ")
    assert "After 42 days mean loneliness (last four weeks) is " in gain
    assert re.search(r"with the measure: 1.5( \(before rounding\))? lower, on the scale from 20 to 80.", gain)
    assert "That is the mean of 10 simulated pairs (95 % interval 1.0 to 2.0), no measured score." in gain
    assert doubt.startswith("No trial has measured what these measures do in a day-care centre")
    assert "which fits the budget. With a staff hour at 90 yuan it is " in price
    title = facts.short_titles["rest"]
    assert harm == f"With {title} no group of users is clearly worse off, though small groups are hard to judge."


def test_the_price_of_staff_hours_is_in_the_sum(edited: Edited) -> None:
    facts = edited({("rest", "loneliness_ucla20"): (-1.5, "better")})
    mine = facts.runs[facts.runs["scenario"] == "rest"]
    week = mine["money_a_week"].mean() + 90.0 * mine["hours_a_week"].mean()
    assert facts.all_money("rest").value == pytest.approx(week * 365.25 / 12.0 / 7.0, rel=1e-3)
    assert facts.all_money("rest").value > facts.money("rest").value


def test_money_that_is_not_spent_all_the_time_is_said_for_its_busiest_weeks(edited: Edited) -> None:
    facts = edited({("rest", "loneliness_ucla20"): (-1.5, "better")})
    mine = facts.runs["scenario"] == "rest"
    facts.runs.loc[mine, ["money_a_week", "money_busiest"]] = [700.0, 700.0]
    assert "busiest" not in said(facts)[2]
    facts.runs.loc[mine, "money_busiest"] = 1400.0
    assert (
        "That is the mean over the whole run; in its busiest four weeks the money is 6,088 yuan a month."
        in (said(facts)[2])
    )


def test_who_lowers_burden_clearly_more_is_named_beside_the_answer(edited: Edited) -> None:
    facts = edited({
        ("rest", "loneliness_ucla20"): (-1.5, "better"),
        ("workers", "burden"): (-3.0, "better"),
    })  # fmt: skip
    (facts.stored.folder / "budget.parquet").unlink()
    facts = Facts(stored_result(facts.stored.folder))
    assert leading(facts) == "rest"
    runs = facts.runs.set_index(["scenario", "replicate"])
    ours = runs.loc["ours", "burden"]
    steps = 0.1 * (ours.index.to_numpy() % 3)
    for name, change in (("rest", -0.5), ("workers", -3.0)):
        facts.runs.loc[facts.runs["scenario"] == name, "burden"] = (ours + change + steps * (name == "rest")).to_numpy()
    assert f"Burden falls clearly more with {facts.short_titles['workers']}: by 3.0 points." in said(facts)[0]
    facts.runs.loc[facts.runs["scenario"] == "workers", "burden"] = (ours - 0.5 + steps[::-1]).to_numpy()
    assert "Burden falls clearly more" not in said(facts)[0]


def test_single_centres_vary_more_than_their_mean(edited: Edited) -> None:
    facts = edited({("rest", "loneliness_ucla20"): (-1.5, "better")})
    wide = facts.runs.pivot(index="replicate", columns="scenario", values="loneliness_ucla20")
    changes = wide["rest"] - wide["ours"]
    is_middle, low, high = facts.most_pairs("rest", "loneliness_ucla20", 1)
    assert not is_middle
    assert (low.value, high.value) == pytest.approx((changes.min(), changes.max()))
    gain, *_ = said(facts)
    assert f"A single centre in the same time varies more: by {low.text} to {high.text} over all pairs." in gain


def test_the_rival_that_is_not_clearly_behind_has_its_distance(edited: Edited) -> None:
    facts = edited({("rest", "loneliness_ucla20"): (-1.5, "better")})
    gain, *_ = said(facts)
    if "not clearly larger" not in gain:
        assert "behind by" not in gain
        return
    wide = facts.runs.pivot(index="replicate", columns="scenario", values="loneliness_ucla20")
    row = facts.behind("rest", "workers", "loneliness_ucla20")
    assert row.value("difference") == pytest.approx((wide["workers"] - wide["rest"]).mean())
    assert "behind by " in gain


@pytest.mark.parametrize(
    ("difference", "end"),
    [
        (
            -1.0,
            " The mean difference is below 2.0 points (a fifth of the standard deviation between users), where a small "
            "effect begins: very small.",
        ),
        (
            -1.8,
            " The mean difference, though not its whole interval, is below 2.0 points (a fifth of the standard "
            "deviation between users), where a small effect begins.",
        ),
        (-4.0, " over all pairs."),
    ],
)
def test_a_small_effect_is_called_small(difference: float, end: str, edited: Edited) -> None:
    first, *_ = said(edited({("rest", "loneliness_ucla20"): (difference, "better")}))
    assert first.endswith(end)


def test_a_gain_with_harm_is_called_mixed(edited: Edited) -> None:
    facts = edited({
        ("rest", "loneliness_ucla20"): (-4.0, "better"),
        ("rest", "group_identity"): (-0.7, "worse by itself"),
    })  # fmt: skip
    first, *_ = said(facts)
    assert first.startswith("Mixed: ")
    assert "improves loneliness, but makes group identity (by itself) worse. After 42 days mean loneliness" in first
    assert "with the measure: 4.0 " in first


def test_a_harmed_group_makes_the_answer_mixed_and_is_named(edited: Edited) -> None:
    facts = edited({("rest", "loneliness_ucla20"): (-4.0, "better")}, harmed="rest")
    first, *_, harm = said(facts)
    assert first.startswith("Mixed: ")
    assert "but some groups of users are worse off. After" in first
    assert harm == "Worse off are: 年轻学员."
    with speaking(Language.en):
        (block,) = losers(facts, facts.others)
    assert isinstance(block, Bullets)
    change = facts.harmed("rest")[0].number("difference", 1, signed=True).text
    assert sum(f"worse off are 年轻学员 (burden {change})" in plain(item) for item in block.items) == 1
    with speaking(Language.en):
        table = next(one for one in groups(facts, Figures(facts)).blocks if getattr(one, "key", "") == "worse_off")
    assert [(row[1], row[3], row[6]) for row in table.rows] == [("年轻学员", "Burden", "worse")]
    assert plain(table.rows[0][4]).startswith(change)


def test_without_a_clear_gain_nothing_is_praised(edited: Edited) -> None:
    facts = edited({("rest", "loneliness_ucla20"): (-0.7, "better by itself")})
    first, _, second, _ = said(facts)
    assert first == "No alternative clearly improves loneliness, burden or group identity."
    assert second.startswith("The alternatives cost ")


@pytest.mark.parametrize(
    ("rest", "workers", "end"),
    [
        ("worse", "worse by itself", ". Something gets worse with {rest}; by itself only, with {workers}."),
        ("worse", "worse", ", and something gets worse with {workers} and {rest}."),
        ("worse by itself", "worse by itself", ", and something is worse by itself with {workers} and {rest}."),
        ("worse by itself", "no clear difference", ", and something is worse by itself with {rest}."),
    ],
)
def test_harm_by_itself_is_told_from_harm_among_all(rest: str, workers: str, end: str, edited: Edited) -> None:
    facts = edited({("rest", "burden"): (2.0, rest), ("workers", "burden"): (2.0, workers)})
    first, *_ = said(facts)
    both = [facts.short_titles[name] for name in facts.others if name in ("rest", "workers")]
    end = end.replace("{workers} and {rest}", " and ".join(both)).format(**facts.short_titles)
    assert first == f"No alternative clearly improves loneliness, burden or group identity{end}"


def test_a_harmed_group_counts_as_harm_among_all(edited: Edited) -> None:
    facts = edited({("rest", "burden"): (2.0, "worse by itself")}, harmed="rest")
    first, *_ = said(facts)
    assert first.endswith(f"and something gets worse with {facts.short_titles['rest']}.")


def test_burden_is_named_where_loneliness_does_not_fall(edited: Edited) -> None:
    first, *_ = said(edited({("rest", "burden"): (-3.0, "better")}))
    assert first.startswith("No alternative within the budget clearly lowers loneliness without harm; ")
    assert "improves burden. After 42 days mean burden (last four weeks) is " in first
    assert "with the measure: 3.0 " in first
    assert " on the scale from 0 to 100. " in first


def test_few_pairs_say_nothing(edited: Edited) -> None:
    first, _, third = said(edited({}, pairs=4))
    assert first == "The 4 pairs of runs are too few to say what any alternative changes."
    assert third == "Nothing can be said about who is worse off."


@pytest.mark.parametrize(("p", "turns"), [(1e-6, True), (0.9, False)])
def test_a_sign_that_turns_is_said_first(p: float, turns: bool, edited: Edited) -> None:
    facts = edited({("rest", "burden"): (-3.0, "better")}, turned=p)
    _, doubt, *_ = said(facts)
    assert doubt.startswith("A sign turns") is turns
    assert doubt.endswith("no sign was seen to turn.") is not turns
    with speaking(Language.en):
        (block,) = hinges(facts)
    assert isinstance(block, Bullets)
    assert plain(block.items[0]).startswith("The sign turns" if turns else "No sign was seen to turn") is True


def test_few_draws_say_nothing_about_signs_and_show_no_share(edited: Edited) -> None:
    facts = edited({}, turned=float("nan"), draws=3, differ=3, p_effect=float("nan"), p_both=float("nan"))
    _, doubt, *_ = said(facts)
    assert doubt == "Fewer than 10 draws are too few to say whether a sign turns."
    with speaking(Language.en):
        (block,) = hinges(facts)
        _, bullets, table = _ignorance(facts, Figures(facts))[:3]
    assert isinstance(block, Bullets)
    assert isinstance(bullets, Bullets)
    assert isinstance(table, Table)
    too_few = "Fewer than 10 draws are too few to say whether a sign turns."
    assert plain(block.items[0]) == too_few
    assert [plain(item) for item in bullets.items] == [too_few]
    assert [plain(cell) for cell in table.rows[0][3:]] == ["+0.8", "scale points", "–", "–"]


def test_shares_over_draws_say_their_law_and_interval(edited: Edited) -> None:
    facts = edited({}, turned=0.9)
    with speaking(Language.en):
        table = _over_draws(facts)
    assert [plain(cell) for cell in table.rows[0][5:]] == ["10", "50 (20 to 80)"]
    assert all("by a normal law" in plain(head) for head in (table.head[3], table.head[5]))


@pytest.mark.parametrize("p", [1e-6, 0.9])
def test_harm_over_the_draws_makes_the_answer_mixed(p: float, edited: Edited) -> None:
    """As in the terminal: burden is no worse at the defaults, but over draws of the unmeasured numbers."""
    facts = edited({("rest", "loneliness_ucla20"): (-4.0, "better")}, turned=0.9, p_effect=p)
    assert facts.losses_over_draws("rest") == ({"burden": "worse"} if p < 0.05 else {})
    assert facts.is_harmless("rest") is (p > 0.05)
    first, *_ = said(facts)
    assert first.startswith("Mixed: ") is (p < 0.05)
    assert ("it makes burden worse in the mean" in first) is (p < 0.05)


def test_the_table_has_the_verdicts_of_the_comparison(edited: Edited) -> None:
    facts = edited({("rest", "burden"): (-3.0, "better"), ("workers", "hope"): (0.1, "worse by itself")})
    with speaking(Language.zh):
        table = alternatives(facts, facts.others)
    words = {row[0]: [plain(cell) for cell in row[1:6]] for row in table.rows}
    assert words[facts.short_titles["rest"]][1] == "改善 −3.0"
    assert words[facts.short_titles["workers"]][3] == "单独看变差 +0.100"
    assert {row[4] for row in words.values()} == {"是", "否"}


def test_page_one_names_the_first_few_alternatives(edited: Edited, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = edited({("hostile", "hope"): (-0.6, "worse"), ("rest", "loneliness_ucla20"): (-4.0, "better")})
    assert sorted(chosen(facts)) == sorted(facts.others)
    assert chosen(facts) == facts.others  # in the order of the command, whatever they change
    monkeypatch.setattr(page_one, "MOST", 2)
    assert chosen(facts) == ["rest", "hostile"]
    with speaking(Language.en):
        assert plain(reading(facts)).startswith("Left out here, and under “What would happen”: 1 alternatives.")
        assert len(alternatives(facts, chosen(facts)).rows) == 2


def test_alternatives_that_harm_nobody_share_a_line(edited: Edited) -> None:
    facts = edited({}, harmed="rest")
    with speaking(Language.en):
        (harmed,) = losers(facts, facts.others)
    assert isinstance(harmed, Bullets)
    assert [plain(item).startswith("No group of users is clearly worse off with ") for item in harmed.items[:2]] == [
        False,
        True,
    ]
    assert plain(harmed.items[2]).startswith("Groups of few users are hard to judge: the smallest, ")


def test_without_a_budget_no_column_speaks_of_it(edited: Edited) -> None:
    facts = edited({})
    with speaking(Language.en):
        head = alternatives(facts, facts.others).head
        (facts.stored.folder / "budget.parquet").unlink()
        without = alternatives(Facts(stored_result(facts.stored.folder)), facts.others).head
    assert [name for name in head if name not in without] == ["Fits the budget"]


def test_a_fall_of_hope_is_said_beside_the_gain(edited: Edited) -> None:
    first, *_ = said(edited({("rest", "loneliness_ucla20"): (-4.0, "better"), ("rest", "hope"): (-0.6, "worse")}))
    assert first.startswith("Mixed: ")
    assert "but makes hope worse. After" in first


def test_what_is_worse_for_all_users_stands_under_who_loses(edited: Edited) -> None:
    facts = edited({("rest", "hope"): (-0.1, "worse"), ("rest", "loneliness_ucla20"): (-1.5, "better")})
    with speaking(Language.en):
        (bullets,) = losers(facts, ["rest"])
        lines = [plain(str(item)) for item in bullets.items]
    assert f"{facts.short_titles['rest']}: worse for users as a whole: hope." in lines


def test_a_group_is_named_once_with_its_outcomes(edited: Edited) -> None:
    facts = edited({}, harmed="rest")
    frame = facts.stored.table("groups")
    rows = (frame["scenario"] == "rest") & (frame["group"] == "年轻学员") & (frame["outcome"] != "hope")
    frame.loc[rows & (frame["outcome"] == "loneliness_ucla20"), "difference"] = 0.03
    frame.assign(verdict=frame["verdict"].where(~rows, "worse by itself")).to_parquet(
        facts.stored.folder / "groups.parquet"
    )
    with speaking(Language.en):
        (block,) = losers(Facts(stored_result(facts.stored.folder)), ["rest"])
    assert isinstance(block, Bullets)
    lines = [plain(item) for item in block.items]
    assert lines[0].count("年轻学员") == 1
    assert "burden" in lines[0]
    assert "loneliness +0.03" in lines[0]  # what is worse does not look like nothing
    assert lines[-1].startswith(
        "By themselves: where nothing truly differs, chance alone makes about one comparison in "
    )


def test_the_note_of_the_table_states_the_budget_and_what_burden_is(edited: Edited) -> None:
    facts = edited({})
    with speaking(Language.en):
        note = plain(alternatives(facts, facts.others).note)
    assert note.startswith("The budget for measures is 4,000 yuan a month and 3 staff hours a week.")
    assert "in all centres" not in note
    assert note.endswith("from 0 to 100. The base has none of these measures; two at once were not simulated.")


def test_a_price_stands_only_beside_verdicts_that_are_clear_among_all(edited: Edited) -> None:
    facts = edited({})
    frame = facts.stored.table("costs").assign(
        ratio=27_490.0,
        ratio_low=15_474.0,
        ratio_high=108_771.0,
        effect_verdict="better by itself",
        cost_verdict="higher",
    )
    frame.to_parquet(facts.stored.folder / "costs.parquet")
    with speaking(Language.en):
        assert {plain(row[-1]) for row in _worth(Facts(stored_result(facts.stored.folder))).rows} == {"–"}
        frame.assign(effect_verdict="better").to_parquet(facts.stored.folder / "costs.parquet")
        clear = _worth(Facts(stored_result(facts.stored.folder)))
        assert {plain(row[-1])[:6] for row in clear.rows} == {"27,490"}


def test_no_group_is_called_unharmed_by_few_pairs(edited: Edited) -> None:
    facts = edited({}, pairs=4)
    with speaking(Language.en):
        block = _worse_off(facts)
    assert isinstance(block, Paragraph)
    assert plain(block.text) == "The runs are too few to say who is worse off."


def test_groups_that_cannot_be_judged_are_counted_where_none_is_seen_worse(edited: Edited) -> None:
    facts = edited({("rest", "burden"): (-3.0, "better")})
    for number, row in enumerate(facts.groups("rest", "burden")):
        about = {"flag": "too few users"} if number == 0 else {"verdict": "too rare to say"}
        row.values.update(about)  # type: ignore[attr-defined]
    rare = len(facts.groups("rest", "burden")) - 1
    words = f"For 1 group the runs are too few to say. {rare} differences of groups are too rare to say."
    with speaking(Language.en):
        block = _worse_off(facts)
        assert isinstance(block, Paragraph)
        assert plain(str(block.text)).endswith(f"not even by itself. {words}")
        (bullets,) = losers(facts, facts.others)
        assert isinstance(bullets, Bullets)
        assert (
            plain(str(bullets.items[0]))
            == f"No group of users is seen to be worse off in loneliness, burden or group identity. {words}"
        )
