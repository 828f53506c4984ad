"""Comparisons measured by a budget: what fits, by how much, in how many runs; and by groups of one's own."""

import json

import pandas as pd
import pytest
from houses import small

from experiments.compare.runs import compare
from experiments.designs.replicates import replicate_seed
from experiments.measures.runs import GROUP_OUTCOMES
from experiments.plots.compare.budget import budget_bars
from experiments.runs.result import run_replicates
from experiments.statistics.budget import table, uses, words
from experiments.statistics.verdict import FEWEST
from sim.run import run
from sim.scenario.schema.budget import Budget
from sim.scenario.text.errors import ScenarioError
from sim.state.columns import PRESENT

WEEK = {"policy": "supervision", "eligible": "everybody", "staff_hours": 6.0, "staff_hours_each": 0.0, "money": 700.0}
"""Six hours and 700 yuan a week in the house, whoever takes part."""


def runs(**hours: list[float]) -> pd.DataFrame:
    """Return runs of scenarios that take these hours a week, and a hundred yuan for each hour."""
    rows = [
        (name, number, taken, 2.0 * taken, 100.0 * taken, 100.0 * taken)
        for name, values in hours.items()
        for number, taken in enumerate(values)
    ]
    columns = ["scenario", "replicate", "hours_a_week", "hours_busiest", "money_a_week", "money_busiest"]
    return pd.DataFrame(rows, columns=columns)


def test_what_fits_by_how_much_and_in_how_many_runs():
    """By hand: means 8 and 14 of 10 hours; a run in two of the first is over."""
    base, fits, beyond = uses(runs(base=[0.0, 0.0], fits=[5.0, 11.0], beyond=[14.0, 14.0]), Budget(hours=10.0))
    assert (base.mean, base.fits, base.over, base.share_over) == (0.0, True, -10.0, 0.0)
    assert (fits.mean, fits.fits, fits.over, fits.share_over, fits.busiest) == (8.0, True, -2.0, 0.5, 16.0)
    assert (beyond.mean, beyond.fits, beyond.over, beyond.share_over) == (14.0, False, 4.0, 1.0)
    assert words([fits]) == (
        "Fits the budget: 8 of 10 h of staff a week, over in 50% of 2 runs, but 16 in the busiest four weeks."
    )
    assert words([beyond]) == "Does not fit the budget: 14 of 10 h of staff a week, 4 too many."
    assert words([]) == ""


def test_a_run_says_whether_its_own_policies_fit():
    limited = small("limited", days=7, week=WEEK).with_changes(settling=0, budget={"hours": 5.0})
    lines = run_replicates(limited, 2, 1).sentences()
    assert "Does not fit the budget: 6 of 5 h of staff a week, 1 too many." in lines
    assert not any("budget" in line for line in run_replicates(limited.with_changes(budget=None), 1, 1).sentences())


def test_hours_may_fit_where_money_does_not():
    hours, money = uses(runs(mixed=[8.2]), Budget(hours=10.0, money=700.0))
    month = 365.25 / 12 / 7
    assert (hours.unit, money.unit) == ("h/week", "CNY/month")
    assert (money.mean, money.budget) == (pytest.approx(820.0 * month), pytest.approx(700.0 * month))
    assert words([hours, money]) == (
        "Does not fit the budget: 3,566 of 3,044 CNY a month, 522 too many. "
        "Within the budget: 8.2 of 10 h of staff a week, but 16.4 in the busiest four weeks."
    )


def test_a_mean_at_the_limit_fits_whatever_its_last_digit():
    assert uses(runs(a=[0.1 + 0.2]), Budget(hours=0.3))[0].fits
    assert uses(runs(a=[0.1 + 0.2]), Budget(hours=0.3))[0].share_over == 0.0
    assert not uses(runs(a=[0.301]), Budget(hours=0.3))[0].fits


def test_the_figure_has_a_panel_for_each_limit_and_hatches_what_does_not_fit():
    figure = budget_bars(table(uses(runs(base=[0.0], fits=[8.0], beyond=[14.0]), Budget(hours=10.0, money=900.0))))
    hours, money = figure.axes
    assert [bool(bar.get_hatch()) for bar in hours.patches] == [False, False, True]
    assert [bar.get_width() for bar in hours.patches] == [0.0, 8.0, 14.0]
    assert "yuan a month" in money.get_xlabel()
    with pytest.raises(ValueError, match="no limit of a budget"):
        budget_bars(table([]))


@pytest.fixture(scope="module")
def made():
    base = small("base").with_changes(budget={"hours": "5 h/week", "money": 700}, groups={"young": "age < 45"})
    other = small("other", circle=WEEK).with_changes(groups={"else": "age > 60"}, budget={"hours": 99})
    return compare(base, [other], replicates=FEWEST, seed=5, jobs=1, groups={"老学员": "years_in_centre > 1"})


def test_an_alternative_beyond_the_budget_is_marked_everywhere_and_not_hidden(made):
    rows = made.tables()["budget"].set_index(["scenario", "limit"])
    assert rows.loc[("other", "hours"), "mean"] == pytest.approx(6.0)
    assert not rows.loc[("other", "hours"), "fits"]
    assert rows.loc[("other", "money"), "fits"]
    assert rows.loc[("base", "hours"), "mean"] == 0.0
    text = " ".join(" ".join(made.sentences()).split())
    assert "Does not fit the budget: 6 of 5 h of staff a week, 1 too many. Within the budget: 3,044 of 3,044" in text
    assert "base itself: Fits the budget: 0 of 5 h of staff a week; 0 of 3,044 CNY a month." in text
    assert "All are measured by the budget of base; other states another." in text
    assert "budget" in made.figures()
    assert json.loads(json.dumps(made.summary()["budget"], default=bool))[0]["scenario"] == "base"
    assert "other" in set(made.table()["scenario"])


def test_groups_of_one_s_own_stand_beside_the_shipped_ones_and_are_judged_with_them(made):
    assert {"young", "老学员", "women"} <= set(made.groups["group"])
    assert "else" not in set(made.groups["group"])
    assert {row.group for row in made.group_contrasts} >= {"young", "老学员"}
    assert [list(one.groups) for one in made.scenarios.values()] == [["young", "老学员"]] * 2
    here = made.groups[(made.groups["scenario"] == "other") & (made.groups["replicate"] == 2)]
    result = run(made.scenarios["other"], replicate_seed(5, 2))
    users = result.users[result.users["status"] == PRESENT]
    of_young = here[(here["group"] == "young") & (here["outcome"] == "burden")].iloc[0]
    young = users["age"] < 45
    assert of_young["users"] == young.sum()
    assert of_young["value"] == pytest.approx(100.0 * users["burden"][young].mean())
    assert set(here["outcome"]) == set(GROUP_OUTCOMES)


def test_groups_are_judged_as_users_were_on_day_0_or_on_arrival():
    states = {"quiet": "mood < 0.5", "new": "newcomer", "helpers": "helper", "old hands": "days_since_arrival > 1 year"}
    scenario = small("base", days=120).with_changes(
        settling=90, groups=states, rules={"turnover": {"leaving_rate": 2.0}}
    )
    result = run(scenario, 7)
    arrived = result.users["arrived"]
    assert (arrived >= 0).any()
    assert result.groups["new"][arrived >= 0].all()
    assert (result.groups["new"] == (arrived > -180)).all()
    assert (result.groups["old hands"] == (-arrived > 365.25)).all()
    assert (result.groups["helpers"] == ((result.users["role_at_entry"] == 1) & (arrived < 0))).all()
    start = run(scenario, 7, days=1)
    at_start = dict(zip(start.users["uid"].tolist(), start.groups["quiet"].tolist(), strict=True))
    assert any(at_start.values())
    for uid, belongs, day in zip(result.users["uid"].tolist(), result.groups["quiet"], arrived, strict=True):
        assert day >= 0 or at_start[uid] == belongs
    plain = run(scenario.with_changes(groups={"none": "none"}), 7)
    assert (plain.daily == result.daily).all()
    assert not plain.groups["none"].any()


@pytest.mark.parametrize(("name", "text"), [("women", "age < 30"), ("young", "agee < 30")])
def test_a_group_that_cannot_be_is_refused(name, text):
    with pytest.raises(ScenarioError):
        compare(small("a"), [small("b")], replicates=1, groups={name: text})
