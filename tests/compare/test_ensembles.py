"""Ensembles of parameters: read from files, and refused with the place of the mistake."""

import re

import numpy as np
import pandas as pd
import pytest
from houses import CIRCLE, small

from experiments.compare.draws import drawn, with_draw
from experiments.compare.ensembles import EnsembleError, read_ensemble
from experiments.compare.runs import compare
from experiments.designs.replicates import draw_seed
from experiments.measures.runs import measured
from sim.run import run
from sim.scenario.schema.scenario import RULE_PARAMETERS

SCENARIOS = [small("base"), small("circle", it=CIRCLE)]
GOOD = {"rules.contact.relief": [0.1, 0.2], "users.empathy.mean": [0.5, 0.6]}


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_an_ensemble_is_read_from_a_file(tmp_path, ending):
    draws = drawn(RULE_PARAMETERS[:2], 4, 1)
    draws.columns = ["rules.turnover.leaving_rate", "rules.turnover.newcomer_ratio"]
    path = tmp_path / f"e.{ending}"
    draws.to_csv(path, index=False) if ending == "csv" else draws.to_parquet(path)
    read = read_ensemble(path, SCENARIOS)
    assert np.allclose(read, draws)
    found = compare(SCENARIOS[0], SCENARIOS[1:], replicates=2, seed=2, jobs=1, uncertain=read)
    assert found.uncertain.rankings["burden"].draws == 4


def test_empty_lines_are_no_draws(tmp_path):
    path = tmp_path / "e.csv"
    path.write_text("rules.contact.relief, users.empathy.mean\n\n0.1,0.5\n\n0.2,0.6\n", encoding="utf-8")
    assert read_ensemble(path, SCENARIOS).equals(pd.DataFrame(GOOD))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rules.contact.releif\n0.1\n", "e.csv:1:1: found the column 'rules.contact.releif'"),
        ("rules.contact.releif\n0.1\n", "did you mean 'rules.contact.relief'?"),
        ("policies.*.disclosure_circle.facilitatoin\n1\n", "mean 'policies.*.disclosure_circle.facilitation'?"),
        ("policies.*.respite.relief\n1\n", "e.csv:1:1: found the column 'policies.*.respite.relief'"),
        ("users.empathy.mean,users.empathy.mean\n0.5,0.5\n", "e.csv:1:2: the column 'users.empathy.mean' appears"),
        ("users.empathy.mean\n", "e.csv:1:1: no draw follows"),
        ("users.empathy.mean\n0.5\n", "e.csv:2:1: found one draw, allowed are 2 or more"),
        ("", "e.csv: no table of parameters"),
        ("rules.contact.relief,users.empathy.mean\n0.1,0.5\nx,0.4\n", "e.csv:3:1: rules.contact.relief: found 'x'"),
        ("rules.contact.relief,users.empathy.mean\n0.1,0.5\n\n0.1,50\n", "e.csv:4:2: users.empathy.mean: found '50', "
         "allowed is 0.01 to 0.99"),
        ("rules.contact.relief,users.empathy.mean\n0.1,\n", "e.csv:2:2: users.empathy.mean: found ''"),
        ("users.empathy.mean\nnan\n", "e.csv:2:1: users.empathy.mean: found 'nan'"),
        ("users.empathy.mean\ninf\n", "e.csv:2:1: users.empathy.mean: found 'inf'"),
        ("policies.it.group_size\n5.5\n", "e.csv:2:1: policies.it.group_size: found '5.5', allowed is a whole number"),
    ],
)  # fmt: skip
def test_what_is_no_ensemble_is_refused_where_it_stands(tmp_path, text, said):
    path = tmp_path / "e.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EnsembleError, match=re.escape(said)):
        read_ensemble(path, SCENARIOS)


def test_a_long_value_or_name_is_cut_in_the_message(tmp_path):
    path = tmp_path / "long.csv"
    for text in (f"rules.contact.relief\n{'9' * 200_000}\n", f"{'x' * 200_000}\n0.1\n"):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(EnsembleError) as caught:
            read_ensemble(path, SCENARIOS)
        assert 50 < len(str(caught.value)) - len(str(path)) < 400


def test_a_compressed_or_too_wide_ensemble_is_refused_before_it_is_unpacked(tmp_path):
    path = tmp_path / "e.csv.gz"
    pd.DataFrame(GOOD).to_csv(path, index=False)
    with pytest.raises(EnsembleError, match=r"e\.csv\.gz: no table .*: the file is compressed \(gzip\)"):
        read_ensemble(path, SCENARIOS)
    path = tmp_path / "wide.csv"
    path.write_text("a," * 20_000, encoding="utf-8")
    with pytest.raises(EnsembleError, match="found more than 10,000 columns"):
        read_ensemble(path, SCENARIOS)


def test_of_parquet_the_draw_is_told(tmp_path):
    path = tmp_path / "e.parquet"
    pd.DataFrame(GOOD | {"users.empathy.mean": [0.5, None]}).to_parquet(path)
    with pytest.raises(EnsembleError, match=r"e\.parquet, draw 2 of 2: users\.empathy\.mean: found nan"):
        read_ensemble(path, SCENARIOS)


def test_draws_given_from_python_are_checked_before_anything_is_run(monkeypatch):
    monkeypatch.setattr("experiments.compare.runs._made", None)
    with pytest.raises(EnsembleError, match=r"draw 1 of 2: users\.empathy\.mean: found 5"):
        compare(SCENARIOS[0], SCENARIOS[1:], uncertain=pd.DataFrame(GOOD | {"users.empathy.mean": [5.0, 0.5]}))


def test_a_number_of_one_use_of_a_policy_is_set_where_it_is_used():
    draws = pd.DataFrame({"policies.it.group_size": [4, 8]})
    found = compare(SCENARIOS[0], SCENARIOS[1:], replicates=2, seed=2, jobs=1, uncertain=draws)
    values = found.uncertain.values.set_index(["scenario", "draw", "replicate"])["burden"]
    assert values["base"].nunique() == len(values["base"])  # every draw has seeds of its own
    again = with_draw(SCENARIOS[1], {"policies.it.group_size": 8.0})
    assert values["circle"][1][2] == measured(run(again, draw_seed(2, 1, 2))).ends["burden"]
