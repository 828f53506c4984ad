"""Scenarios compared: the same seeds, the same users, nothing where nothing was changed."""

import json
import math
import pickle
import re
from types import SimpleNamespace

import numpy as np
import pytest
from houses import CIRCLE, WORKERS, small
from matplotlib.figure import Figure

from experiments.compare.runs import compare
from experiments.compare.terminal import _amount, _pairing, lines_of
from experiments.designs.paired import UncomparableError, paired
from experiments.designs.replicates import replicate_seed
from experiments.measures.runs import FIRST_SHOWN, measured
from experiments.statistics.verdict import FEWEST
from sim.language import Language, speaking, term
from sim.outcomes.catalogue import OUTCOMES, PRIMARY
from sim.run import run
from sim.scenario.text.errors import InputError


def test_scenarios_of_a_replicate_share_their_seed_and_stand_beside_each_other():
    runs = list(paired({"a": small("a"), "b": small("b")}, 9, range(2, 4)))
    assert [(one.name, one.replicate) for one in runs] == [("a", 2), ("b", 2), ("a", 3), ("b", 3)]
    assert [one.seed for one in runs] == [replicate_seed(9, 2)] * 2 + [replicate_seed(9, 3)] * 2


def test_usual_care_by_another_name_is_the_same_in_every_outcome(made):
    rows = [row for row in made.contrasts if row.scenario == "as-ever"]
    assert len(rows) > 50
    known = [row for row in rows if row.n > 0]
    assert {row.verdict for row in known} == {"no difference seen"}
    assert {row.difference for row in known} == {0.0}


def test_workers_talk_with_users_and_nobody_else_does(made):
    talks = made.contrast("workers", "worker_talks")
    assert talks.base_mean == 0.0
    assert talks.low > 0.5


def test_loneliness_falls_with_workers(made):
    assert made.contrast("workers", "loneliness_ucla20").high < 0.0


def test_a_difference_is_that_of_the_runs_themselves(made):
    ends = {}
    for name, scenario in made.scenarios.items():
        daily = run(scenario, replicate_seed(5, 3)).daily[-28:]
        ends[name] = (daily["burden"] * daily["users"]).sum() / daily["users"].sum()
    rows = made.values[made.values["replicate"] == 3].set_index("scenario")
    for name, value in ends.items():
        assert rows.loc[name, "burden"] == pytest.approx(value, rel=1e-12)


def test_users_are_set_beside_themselves(made):
    assert set(made.changes["scenario"]) == {"workers", "as-ever"}
    same = made.changes[made.changes["scenario"] == "as-ever"]
    assert len(same) > 100
    assert not same[["loneliness", "burden", "identity"]].to_numpy().any()
    theirs = made.changes[made.changes["scenario"] == "workers"]
    assert (theirs["loneliness"] < 0).mean() > 0.7


def test_groups_are_of_what_users_were_before(made):
    sizes = made.groups.drop_duplicates(["scenario", "replicate", "group"]).pivot_table(
        index=["replicate", "group"], columns="scenario", values="users"
    )
    assert (sizes["as-ever"] == sizes["base"]).all()
    whole = made.groups[(made.groups["outcome"] == "burden") & made.groups["group"].isin(["women", "men"])]
    assert whole.groupby(["scenario", "replicate"])["users"].sum().between(6, 12).all()


def test_costs_are_those_of_the_policies(made):
    wages, supervision = 1200.0 * 6, 90.0 * 6
    dear = made.values[made.values["scenario"] == "workers"]
    assert dear["money_total"].to_numpy() == pytest.approx(np.full(12, wages))
    assert dear["cost"].to_numpy() == pytest.approx(np.full(12, wages + supervision))
    assert not made.values[made.values["scenario"] == "base"]["cost"].any()


def test_pairing_is_worth_much(made):
    assert made.contrast("workers", "loneliness_ucla20").pairing > 5.0


def test_sentences_name_what_changes(made):
    said = " ".join(made.sentences("workers"))
    assert "oneliness falls by" in said
    assert "workers: an effect on severe loneliness too rare to say, clearly dearer, so nothing can be priced." in said
    assert "no difference seen" in " ".join(made.sentences("as-ever"))
    with speaking(Language.zh):
        title = term(made.scenarios["workers"].title)
        assert f"{title}：" in " ".join(made.sentences("workers"))


def test_a_comparison_draws_its_figures_and_names_those_it_has(made):
    drawn = made.plot("effects")
    assert isinstance(drawn, Figure)
    assert any(axes.has_data() for axes in drawn.axes)
    with pytest.raises(InputError, match=r"no figure 'decomposition'.*effects"):
        made.plot("decomposition")


def test_the_summary_is_json_and_whole(made):
    told = made.summary()
    assert {row["outcome"] for row in told["contrasts"]} == {n for n, o in OUTCOMES.items() if o.group != "cost"}
    assert set(told["sentences"]) == {"workers", "as-ever"}


def test_the_summary_can_be_read_back(made, tmp_path):
    from experiments.store.documents import write_json

    write_json(tmp_path / "s.json", made.summary())
    read = json.loads((tmp_path / "s.json").read_text(encoding="utf-8"))
    assert read["base"] == "base"
    assert len(read["contrasts"]) == len(made.contrasts)


def test_tables_hold_every_run(made):
    found = made.tables()
    assert len(found["runs"]) == 36
    assert len(found["daily"]) == 36 * 42
    assert set(FIRST_SHOWN) <= set(found["contrasts"]["outcome"])
    assert list(found["policies"]["policy"].unique()) == ["workers", "nothing"]


@pytest.mark.slow
def test_workers_processes_change_nothing(made):
    again = compare(small("base"), [small("workers", workers=WORKERS)], replicates=12, seed=5, jobs=2)
    mine = made.values[made.values["scenario"] != "as-ever"].reset_index(drop=True)
    assert again.values.equals(mine)


def test_more_replicates_leave_the_first_ones_alone(made):
    fewer = compare(small("base"), [small("workers", workers=WORKERS)], replicates=3, seed=5, jobs=1)
    kept = made.values[(made.values["replicate"] < 3) & (made.values["scenario"] != "as-ever")].reset_index(drop=True)
    assert fewer.values.equals(kept)


def test_until_runs_as_many_as_it_takes():
    found = compare(
        small("base"), [small("circle", circle=CIRCLE)], replicates=6, seed=2, until="burden ±0.05", most=40, jobs=1
    )
    (reached,) = found.reached
    assert found.replicates > 6
    assert reached.met or found.replicates == 40
    assert reached.low <= found.contrast("circle", "burden").difference <= reached.high


def test_scenarios_of_other_lengths_cannot_be_compared():
    with pytest.raises(UncomparableError, match=r"run for different times \(a 42 days, b 30 days\)"):
        compare(small("a"), [small("b", days=30)])


def test_scenarios_of_one_name_cannot_be_told_apart():
    with pytest.raises(UncomparableError, match="two scenarios are named 'a'"):
        compare(small("a"), [small("a")])


def test_a_base_alone_is_no_comparison():
    with pytest.raises(UncomparableError, match="at least one other"):
        compare(small("a"), [])


def test_what_is_kept_of_a_run_travels_between_processes():
    kept = measured(run(small("x", workers=WORKERS), 3))
    again = pickle.loads(pickle.dumps(kept))  # noqa: S301 - our own bytes
    assert again.ends == kept.ends
    assert np.array_equal(again.curves, kept.curves)
    assert kept.curves.shape == (42, len(PRIMARY))


def test_hours_of_staff_are_priced_at_what_an_hour_is_worth():
    course = {"policy": "communication_training", "money": 0, "staff_hours": 7}
    dear = small("dear", course=course)
    house = dear.centres["house"].model_copy(update={"hour_cost": 200.0})
    found = compare(small("base"), [dear.with_changes(centres={"house": house})], replicates=2, seed=1, jobs=1)
    priced = found.values[found.values["scenario"] == "dear"]
    assert priced["staff_hours_total"].to_numpy() == pytest.approx(42.0)
    assert priced["cost"].to_numpy() == pytest.approx(200.0 * 42.0)
    assert not priced["money_total"].any()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"replicates": 0}, "allowed is 1 or more"),
        ({"replicates": 1, "until": "burden ±1"}, "takes 2 pairs to begin with"),
        ({"replicates": 20, "until": "burden ±1", "most": 5}, "are fewer than those to begin with"),
        ({"uncertain": 1}, "allowed is 0, or 2 to 100000"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_run(asked, said):
    with pytest.raises(UncomparableError, match=said):
        compare(small("a"), [small("b")], **asked)


def test_few_pairs_have_no_plane_no_curve_and_no_share_of_pairs():
    few = compare(small("base"), [small("workers", workers=WORKERS)], replicates=2, seed=5, jobs=1)
    assert not {"cost_quadrants", "acceptability"} & set(few.tables())
    with pytest.raises(InputError, match="no figure 'plane'"):
        few.plot("plane")
    table = [line for line in lines_of(few, 100) if "Loneliness" in line or "Burden" in line]
    assert table
    assert not any("100 %" in line or "50 %" in line for line in table)


def test_the_table_has_shares_of_pairs_and_rough_pairing_from_ten(made):
    assert {"cost_quadrants", "acceptability"} <= set(made.tables())
    text = lines_of(made, 100)
    shown = next(line for line in text if line.startswith("Severely lonely users"))
    differ = made.contrast(made.others[0], "severely_lonely_share").differ
    assert bool(re.search(r"\d%", shown)) == (differ >= FEWEST)  # levels have a space before their %
    assert "-0.00" not in "\n".join(text)
    assert any("roughly" in line for line in text if line.startswith("Pairing"))


def test_a_narrow_terminal_cuts_no_verdict(made):
    lines = lines_of(made, 90)
    assert not [line for line in lines if "…" in line]
    assert max(map(len, lines)) <= 90


def test_what_pairing_saves_has_no_upper_end_and_two_figures():
    """With few pairs the largest of several ratios is mostly luck."""
    rows = [
        SimpleNamespace(scenario="p", outcome=outcome, label="", n=12, differ=differ, pairing=pairing)
        for outcome, differ, pairing in (
            ("loneliness_ucla20", 10, 5.63), ("burden", 12, 171_234.0), ("group_identity", 9, 1.2)
        )
    ]  # fmt: skip
    assert _pairing(SimpleNamespace(contrasts=rows)) == [
        "Pairing: without the same seeds roughly at least 5.6 times as many runs would be needed."
    ]
    assert _pairing(SimpleNamespace(contrasts=rows[:1])) == [
        "Pairing: without the same seeds roughly 5.6 times as many runs would be needed."
    ]
    assert _pairing(SimpleNamespace(contrasts=rows[2:])) == []  # of 12 pairs too few differ


def test_an_amount_has_no_interval_without_width():
    assert _amount([2.0, 1.96, 2.04], 48.0, 2) == "+0.042 (+0.041 to +0.043)"
    assert _amount([2.0, 2.0, 2.0], 48.0, 2) == "+0.04"
    assert _amount([2.0, math.nan, math.nan], 1.0, 1) == "+2.0"
