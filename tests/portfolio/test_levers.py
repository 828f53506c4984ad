"""Levers with choices of start and users, files of levers, and budgets of hours and money."""

import numpy as np
import pytest

from experiments.portfolio.budget import in_words, is_within, read_budget, written
from experiments.portfolio.front import Samples
from experiments.portfolio.levers import Lever, PortfolioError, by_lever, columns_of, described, portfolio_in
from experiments.portfolio.reading import levers_in, read_lever
from experiments.portfolio.result import portfolios, without_levers
from experiments.portfolio.runs import with_portfolio
from experiments.portfolio.search import search
from experiments.portfolio.terminal import lines_of
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.budget import Budget
from sim.scenario.text.errors import DayroomError

FILE = """\
levers:
  respite:
    steps: 2
    start: [0, 8 week]
    eligible: [everybody, newcomer, burden > 50]
    staff_hours: 3
  help_cap:
"""
CHOOSES = Lever("respite", 2, {}, {"start": (0, "8 week"), "eligible": ("everybody", "newcomer")})
PLAIN = Lever("help_cap", 1)


def test_a_file_of_levers_has_steps_options_and_choices(folder):
    (folder / "mine.yaml").write_text(FILE, encoding="utf-8")
    respite, cap = levers_in("mine.yaml", 4)
    assert respite.steps == 2
    assert respite.options == {"staff_hours": 3}
    assert respite.choices == {"start": (0, "8 week"), "eligible": ("everybody", "newcomer", "burden > 50")}
    assert (cap.steps, cap.options, cap.choices) == (4, {}, {})
    assert respite.variants == 1 + 2 * 2 * 3
    assert [lever.policy for lever in levers_in("levers.yaml")] == ["help_cap", "respite", "disclosure_circle"]


def test_a_word_of_the_command_line_has_them_too():
    lever = read_lever("respite:2, start: [0, 8 week], eligible: newcomer, uptake: 50 %")
    assert lever == Lever("respite", 2, {"eligible": "newcomer", "uptake": "50 %"}, {"start": (0, "8 week")})


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("respit:2, start: [0, 7]", "did you mean 'respite'"),
        ("respite, start: [0, 0]", "a value stands there twice"),
        ("respite, start: []", "1 to 20 values"),
        ("respite, intensity: 0.5", "the search sets the intensity"),
        ("respite, steps: 0", "a whole number from 1 to 100"),
        ("respite, start: [", "this is no YAML"),
    ],
)
def test_a_wrong_lever_is_refused(text, problem):
    with pytest.raises(DayroomError, match=problem):
        read_lever(text)


def test_every_choice_is_checked_before_anything_is_run(folder):
    base = load_scenario("small.yaml")
    with pytest.raises(PortfolioError, match=r"respite as it is set: .*lonliness"):
        without_levers(base, [read_lever("respite, eligible: [everybody, lonliness > 3]")])


def test_a_portfolio_with_choices_is_a_scenario_a_row_and_words(folder):
    levers = [CHOOSES, PLAIN]
    portfolio = (0.5, 1.0, 1.0, 1.0)
    use = with_portfolio(load_scenario("small.yaml"), levers, portfolio).policies["respite"]
    assert (use.start, str(use.eligible), use.intensity) == (56, "newcomer", 0.5)
    row = columns_of(levers, portfolio)
    assert row == {"respite": 0.5, "respite_start": "8 week", "respite_eligible": "newcomer", "help_cap": 1.0}
    assert portfolio_in(levers, row) == portfolio
    assert described(levers, portfolio) == "respite at 50 % (start 8 week; eligible newcomer), help_cap"
    assert [chosen for _, _, chosen in by_lever(levers, (0.0, 0.0, 0.0, 1.0))] == [{}, {}]
    assert CHOOSES.setting((0, 1, 1)) == (0.0, 0.0, 0.0)  # nothing is chosen of a policy that is left out


class Later:
    """A start in the eighth week relieves more; respite costs money, the cap costs hours."""

    def __init__(self):
        self.signature = {"model": "later"}

    def __call__(self, portfolios, replicates):
        """Return the pairs of portfolios, with a little noise."""
        for respite, start, users, cap in portfolios:
            noise = 0.01 * np.arange(len(replicates)) * (respite + cap > 0.0)
            relief = -3.0 * respite * (1.0 + start) * (1.0 - 0.5 * users) - 2.0 * cap
            burden = np.full(len(replicates), -1.0 * (respite + cap > 0.0)) - noise
            yield Samples(relief + noise, burden, 4.0 * cap + 0.0 * noise, 1000.0 * respite + 0.0 * noise)


@pytest.mark.parametrize(
    ("budget", "best"),
    [
        (Budget(hours=5.0), (1.0, "8 week", "everybody", 1.0)),
        (Budget(hours=3.0), (1.0, "8 week", "everybody", 0.0)),
        (Budget(money=600.0), (0.5, "8 week", "everybody", 1.0)),
        (Budget(hours=3.0, money=600.0), (0.5, "8 week", "everybody", 0.0)),
    ],
)
def test_the_search_finds_the_best_start_and_users_within_hours_and_money(budget, best):
    pytest.importorskip("pymoo")
    front = search(
        Later(), [CHOOSES, PLAIN], budget, replicates=4, fresh=20, population=24, generations=6, seed=1
    )  # fmt: skip
    row = front.kept().iloc[0]
    assert (row["respite"], row["respite_start"], row["respite_eligible"], row["help_cap"]) == best
    rows = front.solutions
    assert rows["within_budget"].all()
    over = rows["over_money"] if budget.money is not None else rows["over_hours"]
    assert (over <= 0.0).all()
    assert rows["over_money"].isna().all() == (budget.money is None)
    assert "8 week" in front.words()[0]
    assert ("CNY a month:" in front.words()[0]) == (budget.money is not None)
    assert in_words(budget, "hours of staff a week") in " ".join(" ".join(lines_of(front, "base", 20, 365)).split())


@pytest.mark.parametrize(
    ("text", "hours", "money"),
    [
        ("12", 12.0, None),
        ("90 min/week", 1.5, None),
        ("7 CNY/week", None, 7.0),
        ("12 h/week, ￥365.25/year", 12.0, 7.0),
        ("365.25 元/year; 2 h/week", 2.0, 7.0),
    ],
)
def test_a_budget_is_read_and_written(text, hours, money):
    budget = read_budget(text)
    assert budget.hours == pytest.approx(hours) if hours is not None else budget.hours is None
    assert budget.money == pytest.approx(money) if money is not None else budget.money is None
    assert read_budget(written(budget)) == budget


@pytest.mark.parametrize("text", ["", "-1", "-1 CNY/week", "5 users", "2 h/week, 3 h/week", "nan"])
def test_no_budget_is_refused(text):
    with pytest.raises(PortfolioError):
        read_budget(text)


def test_a_limit_itself_is_within():
    hours = np.array([0.1 + 0.2, 0.31])
    assert is_within(Budget(hours=0.3), hours, hours).tolist() == [True, False]


def test_without_any_budget_the_search_is_refused(folder):
    with pytest.raises(PortfolioError, match="small has no budget"):
        portfolios(load_scenario("small.yaml"), [PLAIN])
