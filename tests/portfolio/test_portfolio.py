"""Search over portfolios: known fronts, no reward for luck, the same result after any number of interruptions."""

import json

import numpy as np
import pytest
from scipy import stats

from experiments.portfolio.front import OUTCOMES, Front, Samples, judged, optimism_of, row_of
from experiments.portfolio.levers import Lever
from experiments.portfolio.search import search
from experiments.portfolio.terminal import lines_of
from sim.scenario.schema.budget import Budget

pytest.importorskip("pymoo")

RELIEF = np.array([-4.0, -3.0, -2.0, 0.0])
STRAIN = np.array([-0.1, 3.0, -1.0, -0.5])
HOURS = np.array([6.0, 1.0, 2.0, 1.0])
LEVERS = [Lever("training"), Lever("buddies"), Lever("respite"), Lever("cap")]
MANY = [Lever(lever.policy, 100) for lever in LEVERS]


class Linear:
    """Portfolios whose effects add up, with normal noise keyed by portfolio and replicate."""

    def __init__(self, noise=0.5, relief=RELIEF):
        self.signature = {"model": "linear"}
        self.noise, self.relief = noise, relief
        self.runs = []

    def __call__(self, portfolios, replicates):
        """Return the pairs of portfolios."""
        self.runs += [(one, replicates.start) for one in portfolios]
        return [self._samples(np.array(one), replicates) for one in portfolios]

    def _samples(self, one, replicates):
        key = int(np.dot(np.rint(100 * one), [1, 1000, 10**6, 10**9]))
        drawn = np.array([np.random.Generator(np.random.Philox(key=[key, k])).normal(size=2) for k in replicates])
        drawn *= self.noise * (one.sum() > 0)  # nothing differs from the base by exactly nothing
        hours = np.full(len(replicates), HOURS @ one)
        return Samples(self.relief @ one + drawn[:, 0], STRAIN @ one + drawn[:, 1], hours, 10.0 * hours)


def found(evaluate=None, **options):
    chosen = {"budget": 8.0, "generations": 12, "population": 12, "replicates": 8, "fresh": 40, "seed": 1} | options
    return search(evaluate or Linear(), LEVERS, chosen.pop("budget"), **chosen)


@pytest.fixture(scope="module")
def front():
    return found()


def portfolios(frame):
    return {tuple(row) for row in frame[[lever.policy for lever in LEVERS]].to_numpy().astype(int)}


def test_the_front_is_the_known_one():
    """By hand: of the 16 portfolios, the allowed ones that no other dominates."""
    front = found(Linear(0.001), population=16, generations=3)
    every = [np.array([k >> 3 & 1, k >> 2 & 1, k >> 1 & 1, k & 1]) for k in range(16)]
    within = [one for one in every if HOURS @ one <= 8.0 and STRAIN @ one <= 0.0]
    scores = np.array([[RELIEF @ one, STRAIN @ one, HOURS @ one] for one in within])
    best = {
        tuple(int(bit) for bit in one)
        for one, row in zip(within, scores, strict=True)
        if not ((scores <= row).all(axis=1) & (scores < row).any(axis=1)).any()
    }
    assert portfolios(front.solutions[front.solutions["efficient"]]) == best
    kept = front.kept()
    assert portfolios(kept) == {one for one in best if np.dot(STRAIN, one) < 0.0 or sum(one) == 0}
    assert portfolios(kept[:1]) == {(1, 0, 1, 0)}
    assert kept.loc[0, "loneliness"] == pytest.approx(-6.0, abs=0.01)
    assert kept.loc[0, "loneliness_low"] < -6.0 < kept.loc[0, "loneliness_high"]


def _constant(n, *values):
    return Samples(*(np.full(n, value) for value in (*values, 0.0)))


def test_among_thousands_the_search_comes_near_the_best():
    relief = np.array([-3.0, -2.0, -4.0, -1.0, -0.5, -2.5])
    strain = np.array([1.0, -0.5, 3.0, -1.0, 0.2, 0.5])
    hours = np.array([2.0, 2.0, 1.0, 3.0, 0.5, 4.0])

    class Six:
        def __init__(self):
            self.signature = {"model": "six"}

        def __call__(self, portfolios, replicates):
            return [_constant(len(replicates), relief @ one, strain @ one, hours @ one) for one in portfolios]

    every = np.stack(np.meshgrid(*[np.arange(5) / 4] * 6), axis=-1).reshape(-1, 6)
    allowed = every[(every @ hours <= 6.0) & (every @ strain <= 0.0)]
    best = (allowed @ relief).min()
    levers = [Lever(f"p{k}", 4) for k in range(6)]
    front = search(Six(), levers, 6.0, replicates=3, fresh=10, population=40, generations=40, seed=1)
    assert front.evaluated < 1600 < len(every)
    assert front.kept().loc[0, "loneliness"] < 0.9 * best
    assert front.kept().loc[0, "loneliness"] >= best - 1e-9


def test_the_budget_holds_and_burden_is_said(front):
    rows = front.solutions
    assert (rows["hours"] <= 8.0).all()
    verdicts = dict(
        zip(map(tuple, rows[[lever.policy for lever in LEVERS]].to_numpy()), rows["burden_verdict"], strict=True)
    )
    assert verdicts[0.0, 0.0, 1.0, 0.0] == "does not rise"
    assert verdicts[0.0, 0.0, 0.0, 0.0] == "does not rise"
    without = (rows[[lever.policy for lever in LEVERS]] == 0.0).all(axis=1)
    assert ((rows["burden_high"] <= 0.0) | without)[rows["burden_verdict"] == "does not rise"].all()
    assert (rows["burden_low"] > 0.0)[rows["burden_verdict"] == "rises"].all()
    assert not rows[rows["burden_verdict"] != "does not rise"]["kept"].any()
    assert (rows["searched_burden"] <= 0.0).all()


def test_it_is_said_in_words(front):
    text = front.words()
    assert "training at 100 %, respite at 100 %" in text[0]
    assert "8.0 hours a week" in text[0]
    assert text[1].startswith("Under fresh seeds loneliness is ")


def test_luck_is_found_out_by_fresh_runs():
    """No policy has an effect: the search likes luck, and fresh runs show it."""
    levers = [Lever(f"p{k}", 4) for k in range(4)]

    class Noise(Linear):
        def _samples(self, one, replicates):
            lucky = super()._samples(one, replicates)
            return Samples(lucky.loneliness, lucky.burden, lucky.hours * 0.0, lucky.money)

    lucky = search(Noise(3.0, np.zeros(4)), levers, 100.0, replicates=4, fresh=60, population=16, generations=8, seed=2)
    row = lucky.optimism.set_index("outcome").loc["loneliness"]
    assert row["mean"] > 1.0
    assert row["low"] > 0.0
    assert lucky.solutions["searched_loneliness"].min() < -2.5
    assert lucky.solutions["loneliness"].mean() == pytest.approx(0.0, abs=0.5)


def test_luck_of_the_seeds_that_all_portfolios_share_widens_the_interval_of_the_search_s_optimism():
    """All portfolios have the same gaps: as independent ones they would have no spread at all."""
    gaps = np.array([-1.0, 2.0, 0.5, -0.5, 1.5])
    portfolios = np.linspace(-0.1, 0.1, 20)
    searched = [np.full(4, -3.0 - each) for each in portfolios]
    fresh = [Samples(*(gaps - 3.0 for _ in range(4))) for _ in portfolios]
    row = optimism_of(searched, fresh).set_index("outcome").loc["burden"]
    half = stats.t.ppf(0.975, 4) * stats.sem(gaps)
    assert row["mean"] == pytest.approx(gaps.mean())
    assert (row["low"], row["high"]) == pytest.approx((gaps.mean() - half, gaps.mean() + half), abs=0.05)
    assert row["portfolios"] == 20


def test_no_portfolio_is_run_twice_and_fresh_seeds_are_fresh():
    evaluate = Linear()
    found(evaluate)
    assert len(set(evaluate.runs)) == len(evaluate.runs)
    assert {start for _, start in evaluate.runs} == {0, 8}


def test_the_same_seed_gives_the_same_front_and_another_may_not(front):
    again = found()
    assert again.solutions.equals(front.solutions)
    assert again.history.equals(front.history)
    other, same = (search(Linear(), MANY, 8.0, population=8, generations=2, seed=k).history for k in (2, 3))
    assert not other.equals(same)


class Stopped(Linear):
    """An evaluation that stops after some calls."""

    def __init__(self, calls):
        super().__init__()
        self.calls = calls

    def __call__(self, portfolios, replicates):
        """Return the pairs of portfolios, or stop."""
        self.calls -= 1
        if self.calls < 0:
            raise KeyboardInterrupt
        return super().__call__(portfolios, replicates)


@pytest.mark.slow
def test_a_search_that_was_stopped_goes_on_to_the_same_end(tmp_path, front):
    path = tmp_path / "deep" / "search.json"
    first, second = Stopped(2), Linear()
    with pytest.raises(KeyboardInterrupt):
        found(first, checkpoint=path)
    resumed = found(second, checkpoint=path)
    assert resumed.solutions.equals(front.solutions)
    assert resumed.evaluated == front.evaluated
    assert first.runs
    assert not set(first.runs) & set(second.runs)
    third = Linear()
    assert found(third, checkpoint=path).solutions.equals(front.solutions)
    assert third.runs == []
    assert list(path.parent.iterdir()) == [path]


def test_a_checkpoint_of_another_search_is_refused(tmp_path):
    path = tmp_path / "search.json"
    found(checkpoint=path, generations=1)
    other = Linear()
    other.signature = {"model": "another"}
    with pytest.raises(ValueError, match=r"the model differs\. It is left as it is"):
        found(other, checkpoint=path)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(ValueError, match="cannot be read as a checkpoint"):
        found(checkpoint=path)
    path.write_text(json.dumps({"a": 1}), encoding="utf-8")
    with pytest.raises(ValueError, match="no checkpoint of a search"):
        found(checkpoint=path)


def test_a_checkpoint_with_one_digit_changed_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "search.json"
    found(checkpoint=path, generations=1)
    document = json.loads(path.read_text(encoding="utf-8"))
    next(iter(document["portfolios"].values()))[0][0] = -9.0
    path.write_text(json.dumps(document), encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(ValueError, match=r"it is damaged or was edited\. It is left as it is"):
        found(checkpoint=path, generations=1)
    del document["digest"]
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(ValueError, match="it was written by an earlier dayroom"):
        found(checkpoint=path, generations=1)
    assert path.read_bytes() != before


def test_what_is_surely_beyond_the_budget_is_not_run():
    evaluate = Linear()
    assert found(evaluate, budget=3.0, least=lambda one: (float(HOURS @ one), 0.0)).evaluated <= 8
    assert all(HOURS @ one <= 3.0 for one, _ in evaluate.runs)


class Failing(Linear):
    """An evaluation in which every run of one lever fails, and some runs of another."""

    def _samples(self, one, replicates):
        found = super()._samples(one, replicates)
        gone = np.full(len(replicates), bool(one[0])) | ((np.array(replicates) % 5 == 0) & bool(one[1]))
        return Samples(*(np.where(gone, np.nan, getattr(found, name)) for name in OUTCOMES))


def test_failed_runs_are_no_merit():
    front = found(Failing())
    assert (front.solutions["training"] == 0.0).all()
    assert front.failed > 0
    some = front.solutions[front.solutions["buddies"] == 1.0]
    assert (some["pairs"] == 32).all()
    assert (front.solutions[front.solutions["buddies"] == 0.0]["pairs"] == 40).all()


def portfolio_rows(burdens):
    """Return a row for each burden, of a portfolio that holds a policy if its burden is not all 0."""
    zeros, searched = np.zeros(len(burdens[0])), np.zeros(len(OUTCOMES))
    return [
        row_of(LEVERS[:1], (float(burden.any()),), searched, Samples(burden - 1.0, burden, zeros, zeros))
        for burden in burdens
    ]


def test_burden_is_clear_among_all_portfolios_or_by_itself_only():
    unit = np.tile([-1.0, 1.0], 10) / np.std(np.tile([-1.0, 1.0], 10), ddof=1)
    falls = unit - stats.t.ppf(1 - 0.02 / 2, 19) / 20**0.5  # p = .02
    alone = judged(portfolio_rows([falls]), LEVERS[:1], Budget(hours=8.0))
    assert alone["burden_verdict"].tolist() == ["does not rise"]
    many = judged(portfolio_rows([falls, *[unit] * 4]), LEVERS[:1], Budget(hours=8.0))
    assert sorted(many["burden_verdict"]) == ["does not rise by itself", *["not clear"] * 4]
    assert not many["kept"].any()
    few = judged(portfolio_rows([np.array([-0.50, -0.51]), np.zeros(2)]), LEVERS[:1], Budget(hours=8.0))
    assert few.set_index("training")["burden_verdict"].to_dict() == {1.0: "too few to say", 0.0: "does not rise"}
    assert few["kept"].sum() == 1


def test_the_base_alone_is_kept_and_has_no_interval():
    rows = judged(portfolio_rows([np.zeros(100), np.tile([-1.0, 1.0], 50)]), LEVERS[:1], Budget(hours=8.0))
    optimism = optimism_of([np.zeros(4)], [_constant(2, 0, 0, 0)])
    front = Front(rows, optimism, rows, (LEVERS[0],), Budget(hours=8.0), 2, 0)
    told, seen = front.words()
    assert told == (
        "Of none of 2 portfolios is it clear that it lowers loneliness within 8 hours a week and without more burden; "
        "1 of 1 judged by fresh runs are not clear. The search keeps the base, without any of these policies."
    )
    assert "has no interval" in seen
    assert "+0.00 points" not in seen
    [line] = [line for line in lines_of(front, "base", 100, 365) if line.strip().startswith("A ")]
    assert "nan" not in line


@pytest.mark.parametrize(("searches", "tolerance"), [(60, 0.13), pytest.param(500, 0.04, marks=pytest.mark.long)])
def test_where_no_portfolio_changes_burden_one_search_in_twenty_finds_a_harmless_one(searches, tolerance):
    stream = np.random.default_rng(11)
    harmless, alone = [], []
    for _ in range(searches):
        words = judged(portfolio_rows(stream.normal(size=(48, 100))), LEVERS[:1], Budget(hours=8.0))["burden_verdict"]
        harmless.append((words == "does not rise").any())
        alone.append(words.str.startswith("does not rise").any())
    assert np.mean(harmless) < 0.05 + tolerance
    assert np.mean(alone) > 0.5  # so single intervals would not do


def test_when_nothing_is_clearly_harmless_it_is_said():
    class Straining(Linear):
        def _samples(self, one, replicates):
            found = super()._samples(one, replicates)
            return Samples(found.loneliness, found.burden + 5.0, found.hours, found.money)

    front = found(Straining())
    assert front.kept().empty
    [told] = front.words()
    assert told.startswith("No portfolio within 8 hours a week clearly leaves burden where it is: of 16 that were run")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"budget": -1.0}, "found -1.0 hours a week"),
        ({"budget": float("nan")}, "found nan hours"),
        ({"replicates": 1}, "replicates: found 1"),
        ({"fresh": 1}, "fresh: found 1"),
        ({"population": 3}, "population: found 3"),
        ({"generations": 0}, "generations: found 0, allowed is a whole number from 1"),
        ({"generations": -1}, "generations: found -1"),
    ],
)
def test_numbers_that_are_not_allowed_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        found(**options)


def test_levers_that_are_not_allowed_are_refused():
    with pytest.raises(ValueError, match="each once"):
        search(Linear(), [LEVERS[0], LEVERS[0]], 1.0)
    with pytest.raises(ValueError, match="found 0 steps"):
        search(Linear(), [Lever("training", 0)], 1.0)
