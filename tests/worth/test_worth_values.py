"""Values of information against closed forms and against heormodel, and what chance may not do to them."""

import numpy as np
import pandas as pd
import pytest
from heormodel.models import Outcomes
from heormodel.voi import evpi as their_evpi
from heormodel.voi import evppi as their_evppi
from heormodel.voi import evsi_regression as their_evsi
from scipy.stats import norm

from experiments.statistics.verdict import ABOVE_CHANCE, PERHAPS_CHANCE
from experiments.store.protocol import Result
from experiments.worth import information
from experiments.worth.decision import ALONE, Decision, decision
from experiments.worth.information import Value, partial, perfect
from experiments.worth.result import Prices, Worth, worth
from sim.scenario.text.errors import DayroomError


def stream(key: int) -> np.random.Generator:
    """Return a fixed stream."""
    return np.random.Generator(np.random.Philox(key))


def normal_loss(mean: float, sd: float) -> float:
    """Return E max(0, x) - max(0, mean) for a normal x: the value of knowing x for a choice between 0 and x."""
    return float(sd * norm.pdf(mean / sd) - abs(mean) * norm.sf(abs(mean) / sd))


def linear(
    draws: int, slopes: list[float], *, mean: float = 0.2, chance: float = 0.0, key: int = 1, replicates: int = 4
) -> Decision:
    """Return a choice between nothing and a gain that is linear in standard normal parameters, plus chance."""
    g = stream(key)
    points = g.standard_normal((draws, len(slopes)))
    gain = (mean + points @ slopes)[:, None] + chance * g.standard_normal((draws, replicates))
    names = [f"x{k}" for k in range(len(slopes))]
    cost = np.broadcast_to(0.5, (draws, replicates, 1))
    return Decision(("base", "policy"), gain[:, :, None], cost, pd.DataFrame(points, columns=names), 0)


@pytest.fixture(autouse=True)
def _fewer_shuffles(monkeypatch):
    monkeypatch.setattr(information, "SHUFFLES", 99)


def within(value, truth):
    """Return whether a value is within four of its errors of the truth."""
    return abs(value.value - truth) < 4.0 * value.error


def test_values_of_a_linear_normal_choice_are_the_closed_forms():
    choice = linear(1500, [1.0, 0.5], mean=0.2)
    [everything] = perfect(choice, [ALONE])
    assert everything.value == pytest.approx(normal_loss(0.2, 1.25**0.5), rel=0.1)
    assert within(everything, normal_loss(0.2, 1.25**0.5))
    found = partial(choice, {"a": ["x0"], "b": ["x1"]}, {"a": np.array([9.0])}, [ALONE], [3, 9])
    by_name = {(one.group, one.users): one for one in found}
    for key, sd in {("a", 0): 1.0, ("b", 0): 0.5, ("a", 3): 0.25**0.5, ("a", 9): 0.5**0.5}.items():
        assert by_name[key].value == pytest.approx(normal_loss(0.2, sd), rel=0.15), key
        assert within(by_name[key], normal_loss(0.2, sd)), key
        assert by_name[key].verdict == ABOVE_CHANCE


def test_money_weighs_gain_against_cost():
    choice = linear(1500, [1.0], mean=0.2)
    [at_two] = perfect(choice, [2.0])  # net benefit 2 x gain - 0.5: mean -0.1, sd 2
    assert at_two.value == pytest.approx(normal_loss(-0.1, 2.0), rel=0.1)
    [for_nothing] = perfect(choice, [0.0])
    assert (for_nothing.value, for_nothing.verdict) == (0.0, PERHAPS_CHANCE)


def test_chance_in_the_means_of_draws_does_not_raise_a_value():
    """The largest of noisy means is too large; the value is not, whatever the chance."""
    truth, found, naive = normal_loss(0.2, 0.5), [], []
    for key in range(30):
        choice = linear(60, [0.5], mean=0.2, chance=3.0, key=100 + key)
        means = choice.means()[:, 0]
        naive.append(np.maximum(means, 0.0).mean() - max(means.mean(), 0.0))
        values = information._values  # one number for each study, without its error
        chance = information.chance_between(choice.both())
        found.append(values(information.denoised(choice.means(), chance / 4), choice.means(), [ALONE])[0])
    standard = np.std(found, ddof=1) / len(found) ** 0.5
    assert abs(np.mean(found) - truth) < 4.5 * standard
    assert np.mean(naive) > truth + 4.5 * standard


def test_the_error_is_as_large_as_studies_differ():
    studies = [perfect(linear(40, [1.0], chance=1.0, key=200 + key), [ALONE])[0] for key in range(60)]
    spread = np.std([one.value for one in studies], ddof=1)
    assert 0.8 * spread < np.mean([one.error for one in studies]) < 1.5 * spread


@pytest.mark.parametrize("studies", [10, pytest.param(400, marks=pytest.mark.long)])
def test_a_group_that_explains_nothing_cannot_be_told_from_0(studies):
    g, wrong = stream(7), 0
    for key in range(studies):
        choice = linear(40, [1.0], mean=0.0, key=300 + key)
        points = pd.DataFrame(g.standard_normal((40, 4)), columns=list("abcd"))
        idle = Decision(choice.options, choice.gains, choice.costs, points, 0)
        [value] = partial(idle, {"idle": list("abcd")}, {}, [ALONE], [])
        wrong += value.verdict == ABOVE_CHANCE
        assert value.verdict in (ABOVE_CHANCE, PERHAPS_CHANCE)
    assert wrong / studies <= 0.05 + 3.0 * (0.05 * 0.95 / studies) ** 0.5


@pytest.mark.parametrize("studies", [20, pytest.param(400, marks=pytest.mark.long)])
@pytest.mark.parametrize("mean", [0.0, 0.3])
def test_all_parameters_are_seldom_told_from_0_where_draws_differ_by_chance_alone(mean, studies):
    """The policies gain the same at all parameter values: the error alone would tell 9 to 26 % of studies from 0."""
    g, wrong = stream(31), 0
    for _ in range(studies):
        gains = mean + g.standard_normal((40, 4, 3))
        points = pd.DataFrame(g.random((40, 1)), columns=["a"])
        choice = Decision(("base", "p", "q", "r"), gains, np.zeros_like(gains), points, 0)
        [value] = perfect(choice, [ALONE])
        wrong += value.verdict == ABOVE_CHANCE
        assert 0.0 < value.p <= 1.0
    assert wrong / studies <= 0.05 + 3.0 * (0.05 * 0.95 / studies) ** 0.5


def test_all_parameters_are_told_from_0_where_the_choice_hangs_on_them():
    told = [perfect(linear(60, [1.0], mean=0.2, chance=1.0, key=600 + key), [ALONE])[0].verdict for key in range(10)]
    assert told.count(ABOVE_CHANCE) >= 9


def test_an_estimate_of_0_from_few_draws_is_not_called_0():
    """The group is worth .05 points; 20 draws shrink it to 0 in some studies."""
    estimates = []
    for key in range(12):
        choice = linear(20, [0.3], mean=0.2, chance=1.0, key=500 + key)
        [value] = partial(choice, {"a": ["x0"]}, {}, [ALONE], [])
        estimates.append(value.value)
        assert value.verdict == (ABOVE_CHANCE if value.low > 0.0 and value.p <= 0.05 else PERHAPS_CHANCE)
    assert 0.0 in estimates
    assert normal_loss(0.2, 0.3) == pytest.approx(0.046, abs=0.005)


def always(draws: int, gain: float = 2.0, low: int = 0) -> Worth:
    """Return the worth of a choice in which `b` gains in all draws but the first `low`, in which it loses a little."""
    g = stream(17)
    rows = [
        (draw, replicate, name, (name == "b") * (-0.01 if draw < low else gain) + 0.1 * g.standard_normal(), 3.0)
        for draw in range(draws)
        for replicate in range(4)
        for name in ("a", "b")
    ]
    values = pd.DataFrame(rows, columns=["draw", "replicate", "scenario", "gain", "cost"])
    parameters = pd.DataFrame({"rules.attendance.base_share": g.uniform(size=draws)})
    return worth(values, parameters, Prices(50.0, 50.0, 20.0), willingness=[1000.0], sizes=[30])


def test_worth_is_a_result_as_others_are():
    found: Result = always(12, gain=0.4, low=5)
    assert list(found.tables()) == ["value_of_information", "expected_loss"]
    assert " ".join(line.strip() for line in found.sentences(width=60)) == " ".join(found.summary()["sentences"])
    assert max(map(len, found.sentences(width=60))) <= 60
    assert list(found.figures()) == ["information"]
    assert len(found.plot().axes) == 2
    with pytest.raises(DayroomError, match="no figure 'informaton'; did you mean 'information'"):
        found.plot("informaton")
    assert (always(4).figures(), always(4).failures()) == ({}, [])


def test_a_choice_that_no_draw_turns_has_a_bound_and_not_0():
    text = " ".join(always(12).words())
    assert (
        text.count("worth nothing that these draws show: no draw of 12 favours another scenario; up to 22 % might.")
        == 2
    )
    assert "0.00" not in text
    assert "0.0 staff" not in text
    assert "in any of the draws" not in text
    assert "Not distinguishable from 0 with 12 draws: attendance." in text
    assert always(12).losses.query("chosen")["behind"].tolist() == [0, 0]


def test_what_a_survey_leaves_has_a_sign_only_beyond_chance():
    made = always(12)
    for low, high, left in (
        (200.0, 400.0, "so +4,500 (+2,500 to +6,500)"), (10.0, 590.0, "so -1,300 to +10,300, gain or loss"),
    ):  # fmt: skip
        value = Value("attendance", 30, 1000.0, 300.0, 1.0, low, high, 0.01, ABOVE_CHANCE)
        assert made._net(value).endswith(f": 6,000 CNY for all users over the run, and it costs 1,500, {left}")
        row = made._row(value)
        assert f"{row['net_low']:+,.0f} to {row['net_high']:+,.0f}" in left
    tiny = Value("attendance", 0, ALONE, 0.001, 0.001, 0.0, 0.003, 0.01, PERHAPS_CHANCE)
    assert made._amount(tiny) == (
        "under 0.01 points of loneliness for each user (0 to under 0.01), not distinguishable from 0"
    )


def test_a_survey_is_worth_more_the_more_are_asked_and_never_more_than_the_answer():
    choice = linear(200, [1.0, 0.7], chance=1.0)
    found = partial(choice, {"a": ["x0", "x1"]}, {"a": np.array([4.0, 4.0])}, [ALONE], [1, 10, 100, 10_000])
    exact, *asked = [one.value for one in found]
    assert asked == sorted(asked)
    assert asked[-1] == pytest.approx(exact, rel=0.01)
    assert max(asked) <= exact


def test_heormodel_agrees():
    """Another library: exactly on the value of all parameters, and on groups and surveys up to its plain regression."""
    g = stream(11)
    points = pd.DataFrame(
        g.uniform(-1.0, 1.0, (1500, 2)), columns=["a", "b"], index=pd.RangeIndex(1500, name="iteration")
    )
    gains = np.column_stack([0.1 + points["a"] + 0.8 * points["b"] ** 2, 0.3 - 0.5 * points["a"] * points["b"]])
    costs = np.column_stack([np.full(1500, 60.0), 20.0 + 10.0 * points["b"]])
    names = ["base", "one", "two"]
    zero = np.zeros((1500, 1))
    theirs = Outcomes.from_wide(
        *(pd.DataFrame(np.hstack([zero, side]), columns=names, index=points.index) for side in (costs, gains))
    )
    choice = Decision(tuple(names), np.repeat(gains[:, None], 2, 1), np.repeat(costs[:, None], 2, 1), points, 0)
    for willingness in (100.0, 300.0):
        [everything] = perfect(choice, [willingness])
        assert everything.value == pytest.approx(their_evpi(theirs, willingness), rel=1e-6)
        for group in (["a"], ["b"], ["a", "b"]):
            [mine] = partial(choice, {"group": group}, {}, [willingness], [])
            # Its splines are additive, so a product of two parameters is beyond them: compare singles.
            if len(group) == 1:
                assert mine.value == pytest.approx(their_evppi(theirs, points, group, willingness), rel=0.25)
            else:
                assert mine.value == pytest.approx(everything.value, rel=0.02)
    answers = points[["a"]] + 1.0 / 20**0.5 * g.standard_normal((1500, 1))  # 20 users, of variance 1 each
    mine = partial(choice, {"a": ["a"]}, {"a": np.array([1.0])}, [300.0], [20])[1]
    assert mine.value == pytest.approx(their_evsi(theirs, answers, 300.0), rel=0.12)


def frame(draws: int = 12, replicates: int = 2) -> pd.DataFrame:
    """Return runs of two scenarios over draws."""
    rows = [
        (draw, replicate, name, float(name == "b") * (draw - 5.0), 3.0)
        for draw in range(draws)
        for replicate in range(replicates)
        for name in ("a", "b")
    ]
    return pd.DataFrame(rows, columns=["draw", "replicate", "scenario", "gain", "cost"])


def test_a_draw_with_a_missing_run_is_left_out_with_its_parameters():
    values = frame().query("not (draw == 3 and replicate == 1 and scenario == 'b')")
    choice = decision(values, pd.DataFrame({"x": np.arange(12.0)}))
    assert (choice.draws, choice.replicates, choice.dropped) == (11, 2, 1)
    assert choice.parameters["x"].tolist() == [0, 1, 2, *range(4, 12)]
    assert choice.gains[:, 0, 0].tolist() == [draw - 5.0 for draw in (0, 1, 2, *range(4, 12))]
    with pytest.raises(ValueError, match="no parameters of draw 11"):
        decision(frame(), pd.DataFrame({"x": np.arange(11.0)}))
