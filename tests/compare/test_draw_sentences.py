"""What is printed on draws: turns first, all primary outcomes, and no two sentences that contradict each other."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd

from experiments.compare.draw_sentences import harms, lines, turns
from experiments.compare.draws import Uncertain
from experiments.statistics.orders import ranking
from experiments.statistics.uncertainty import split
from sim.outcomes.catalogue import OUTCOMES, PRIMARY

DRAWS, REPLICATES, PAIRS = 40, 4, 50


def stream(key: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(key))


def uncertain(effects: dict[str, np.ndarray], at_defaults: dict[str, float], draws: int = DRAWS) -> Uncertain:
    """Return draws with an effect of `p` in each (0 unless given), and chance of SD 1 on top, for each outcome."""
    g, frames, splits, rankings = stream(3), [], {}, {}
    parameters = pd.DataFrame({"a": np.arange(float(draws)), "b": g.uniform(size=draws)})
    k, r = (each.ravel() for each in np.indices((draws, REPLICATES)))
    for name in PRIMARY:
        effect = np.broadcast_to(effects.get(name, np.zeros((draws, 1))), (draws, REPLICATES)).ravel()
        here = {"draw": k, "replicate": r}
        noise = g.standard_normal(len(k)) if name in effects else 0.0
        values = pd.concat(
            [pd.DataFrame(here | {"scenario": "base", "value": 50.0}),
             pd.DataFrame(here | {"scenario": "p", "value": 50.0 + effect + noise})]
        )  # fmt: skip
        there = at_defaults.get(name, 0.0) + (0.2 * g.standard_normal(PAIRS) if name in effects else 0.0)
        default = pd.concat(
            [pd.DataFrame({"replicate": range(PAIRS), "scenario": "base", "value": 50.0}),
             pd.DataFrame({"replicate": range(PAIRS), "scenario": "p", "value": 50.0 + there})]
        )  # fmt: skip
        splits[name] = split(values, OUTCOMES[name].better, "base", default)
        rankings[name] = ranking(values, default, parameters, OUTCOMES[name].better, len(PRIMARY))
        frames.append(values)
    return Uncertain(
        parameters, pd.concat(frames), splits, rankings, 0, 0, SimpleNamespace(words=lambda: ["Worth it."])
    )


def test_a_sign_that_turns_from_the_defaults_is_said_first():
    over = uncertain({"burden": np.full((DRAWS, 1), 1.5)}, {"burden": -0.8})
    first = lines(over)[1]
    assert first.startswith("  The sign turns: p, burden: -0.")
    assert "at the defaults, +1." in first


def test_a_sign_that_depends_on_the_draw_is_said_first():
    effect = np.linspace(-4.0, 2.0, DRAWS)[:, None]
    over = uncertain({"loneliness_ucla20": effect}, {"loneliness_ucla20": -1.0})
    share = over.splits["loneliness_ucla20"][0].share_better
    assert 0.6 < share < 0.8
    assert any(line.endswith("most by a.") for line in lines(over))
    assert lines(over)[1] == (
        f"  The sign depends on unmeasured numbers: p, loneliness: by a normal law better at {100 * share:.0f} % of "
        f"parameter values, worse at {100 * (1 - share):.0f} %."
    )


def test_a_range_that_reaches_past_every_draw_is_no_sign_that_turns():
    effect = np.where(np.arange(DRAWS) < DRAWS - 2, -2.0, -9.0)[:, None]
    over = uncertain({"burden": effect}, {"burden": -2.0})
    row = over.splits["burden"][0]
    assert row.predicted_high > 0.0
    assert turns(over)[0].startswith("No sign turns beyond chance")


def test_chance_alone_turns_no_sign():
    over = uncertain({name: np.full((DRAWS, 1), -0.1) for name in PRIMARY}, dict.fromkeys(PRIMARY, -0.1))
    assert turns(over) == ["No sign turns beyond chance, neither from the defaults to the draws nor between draws."]
    text = "\n".join(lines(over))
    assert "more than chance" not in text.replace("no more than chance", "")


def test_every_primary_outcome_of_every_policy_is_shown_with_its_ranking():
    text = "\n".join(lines(uncertain({name: np.full((DRAWS, 1), -2.0) for name in PRIMARY}, {})))
    for name in ("loneliness", "burden", "group identity"):
        assert f"p, {name}: -" in text
        assert f"The ranking by {name} differs" in text
    assert "  Worth it.\n" in text


def test_a_ranking_that_differs_beyond_chance_does_not_stand_beside_no_sign_of_the_parameters():
    """The effect is the same in all draws, but another than at the defaults."""
    over = uncertain({"burden": np.full((DRAWS, 1), 1.5)}, {"burden": -0.8})
    burden = next(line for line in lines(over) if line.startswith("  p, burden"))
    assert ", more than chance away" in burden
    assert any(line.endswith(": more than chance.") and "by burden" in line for line in lines(over))
    assert "No sign" not in "\n".join(lines(over))


def test_few_pairs_at_the_defaults_tell_nothing_of_a_ranking_there():
    over = uncertain({"burden": np.full((DRAWS, 1), 1.5)}, {"burden": -0.8})
    few = over.rankings | {"burden": replace(over.rankings["burden"], at_defaults=2)}
    line = next(line for line in lines(replace(over, rankings=few)) if "ranking by burden" in line)
    assert line.endswith("; 2 pairs at the defaults are too few to say whether that is more than chance.")
    assert over.rankings["burden"].at_defaults == PAIRS


def test_few_draws_show_numbers_and_no_verdict():
    over = uncertain({"burden": np.full((4, 1), 1.5)}, {"burden": -0.8}, draws=4)
    assert turns(over) == ["Fewer than 10 draws are too few to say whether a sign turns."]
    text = "\n".join(lines(over))
    assert "than chance." not in text
    assert "better at" not in text
    assert "% of the spread" not in text
    assert "% of draws" not in text
    assert "  Fewer than 10 draws are too few to say how often a ranking changes.\n" in text


def test_no_difference_seen_has_a_bound_and_no_range():
    """Burden and identity do not differ in any pair: no zero of no width, and no share of 50 %."""
    text = "\n".join(lines(uncertain({"loneliness_ucla20": np.full((DRAWS, 1), -1.0)}, {})))
    assert (
        "p, burden: no difference seen in 40 draws (in up to 7 % of draws there might be one); at the defaults +0.00.\n"
    ) in text
    assert "50 % of them" not in text
    assert "neither chance" not in text


def test_what_few_draws_change_is_too_rare_to_say():
    over = uncertain({}, {})
    g, rare = stream(4), np.zeros((DRAWS, REPLICATES))
    rare[[3, 9, 14, 22, 30], 0] = 0.4 + 0.1 * g.random(5)
    k, r = (each.ravel() for each in np.indices(rare.shape))
    parts = [
        pd.DataFrame({"draw": k, "replicate": r, "scenario": name, "value": 50.0 + effect})
        for name, effect in (("base", 0.0), ("p", rare.ravel()))
    ]
    over.splits["burden"] = split(pd.concat(parts), "lower", "base")
    assert harms(over, "p") == []
    burden = next(line for line in lines(over) if line.startswith("  p, burden"))
    assert "(too rare to say, differs in 5 of 40 draws); at the defaults -. Too few draws differ" in burden


def test_a_harm_over_the_draws_is_named_whatever_the_defaults_say():
    over = uncertain({"burden": np.full((DRAWS, 1), 1.5), "loneliness_ucla20": np.full((DRAWS, 1), -1.5)}, {})
    assert harms(over, "p") == ["burden worse over the draws"]
    assert harms(over, "another") == []
    assert harms(uncertain({"burden": np.full((4, 1), 1.5)}, {}, draws=4), "p") == []
