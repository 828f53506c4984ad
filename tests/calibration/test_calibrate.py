"""`dayroom calibrate`: targets judged with intervals, a fit that is stored and resumed, and refusals."""

import json

import pytest

from dayroom import Fitted
from experiments.calibration.verdicts import Verdict

BASE = "rules.wellbeing.lonely_base"
CALL = ["calibrate", "small.yaml", "--targets", "aims.yaml", "--check", "2,2,2", "--jobs", "1"]
FIT = [*CALL, "--generations", "2", "--runs", "2,2,2", "--population", "4", "--parameters", BASE, "--parameters"]
FIT += ["users.empathy.*", "--checkpoint", "fit.json", "--seed", "3"]


@pytest.fixture(autouse=True)
def aims(folder):
    text = "targets: [{key: density, low: 0, high: 1}, {key: loneliness_mean, low: 1, high: 2}]\n"
    (folder / "aims.yaml").write_text(text, encoding="utf-8")


def test_targets_of_ones_own_are_judged(told):
    status, out, _ = told(*CALL)
    assert status == 0
    *_, density, lonely, _, met = out.splitlines()
    assert density.startswith("density ")
    assert density.endswith("0 to 1   met")
    assert lonely.endswith("1 to 2   NOT met")
    assert met == "1 of 2 targets are met"


def test_what_is_printed_comes_from_a_result_of_python():
    def verdict(key, value, holds=True):
        inside = all(0.0 <= one <= 1.0 for one in value)
        return Verdict(key, [0.0], [1.0], value, [0.1], [value[0] - 0.2], [value[0] + 0.2], [], holds, inside and holds)

    fitted = Fitted((), {}, [verdict("density", [0.4]), verdict("mood", [1.5]), verdict("trust", [0.5], holds=False)])
    assert fitted.met == 1
    assert fitted.sentences() == [
        "",
        "density                        0.400  (   0.200 to    0.600)   0 to 1   met",
        "mood                           1.500  (   1.300 to    1.700)   0 to 1   NOT met",
        "trust                          0.500  (   0.300 to    0.700)   0 to 1   NOT met   "
        "(what it asks besides does not hold)",
        "",
        "1 of 3 targets are met",
    ]


def test_several_files_of_targets_may_be_given(folder, told):
    more = "targets: [{key: freshmen_first_friend, weeks: [3, 9, 27], low: [0, 0, 0], high: 1, set: freshmen}]\n"
    (folder / "more.yaml").write_text(more.replace("high: 1", "high: [1, 1, 1]"), encoding="utf-8")
    status, out, _ = told(*CALL, "--targets", "more.yaml")
    assert status == 0
    assert [line.split()[0] for line in out.splitlines()[-7:-2]][:3] == [
        "density",
        "loneliness_mean",
        "freshmen_first_friend",
    ]
    assert out.splitlines()[-1].endswith("of 3 targets are met")


@pytest.mark.parametrize("method", ["descent", "cma"])
def test_a_fit_is_kept_and_taken_up_to_the_same_end(folder, told, method):
    call = [*FIT, "--method", method]
    status, out, err = told(*call)
    assert status == 0, err
    assert "2: loss" in err
    kept = json.loads((folder / "fit.json").read_text(encoding="utf-8"))
    assert list(kept["best"]) == ["users.empathy.mean", "users.empathy.sd", BASE]
    again, same, err = told(*call)
    assert (again, same) == (0, out)
    status, _, err = told(*[word if word != "3" else "4" for word in call])
    assert status == 2
    assert "fit.json: this is the checkpoint of another fit: seed differs" in err
    assert json.loads((folder / "fit.json").read_text(encoding="utf-8")) == kept


def test_a_fit_that_is_stopped_says_where_it_is_kept(folder, told, monkeypatch):
    def stopped(search, workers, checkpoint, report):
        checkpoint.write_text("{}", encoding="utf-8")
        raise KeyboardInterrupt

    monkeypatch.setattr("experiments.calibration.descent.descend", stopped)
    status, _, err = told(*FIT)
    assert status == 130
    assert "stopped; the best values so far are in fit.json; the same command goes on" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--check", "2"], "found '2', allowed are three whole numbers of 2 or more, such as 24,12,8"),
        (["--runs", "2,2,1"], "found '2,2,1'"),
        (["--parameters", "rules.wellbeing.lonely_bas"], "did you mean 'rules.wellbeing.lonely_base'?"),
        (["--method", "guess"], "found 'guess', allowed are descent and cma"),
        (["--write"], "leave out --targets"),
        (["--targets", "nowhere.yaml"], "nowhere.yaml: no such file"),
    ],
)
def test_what_cannot_be_done_is_said(told, words, said):
    status, out, err = told(*CALL, *words)
    assert (status, out) == (2, "")
    assert said in " ".join(err.replace("│", " ").split())
    assert "Traceback" not in err
