"""Checks of a study are like those of a scenario: all mistakes at once, each with its place."""

from pathlib import Path

import pytest

from experiments.studies import load_study
from sim.scenario.text.errors import ScenarioError
from tests.conftest import Dayroom
from tests.sweep.conftest import write_study


def told(folder: Path, text: str) -> list[str]:
    """Load a wrong study and return the lines of the message, without the name of the file."""
    path = write_study(folder, text)
    with pytest.raises(ScenarioError) as caught:
        load_study(path)
    return [str(problem).replace(f"{path}:", "") for problem in caught.value.problems]


HEAD = "question: What is wrong?\nbase: base.yaml\n"
GRID = HEAD + "design: grid\nfactors:\n"

WRONG = {
    "unknown key": (
        HEAD + "design: replicates\nreplicate: 5\n",
        "4:1: unknown key 'replicate'; did you mean 'replicates'?",
    ),
    "no question": ("base: base.yaml\ndesign: replicates\n", "1:1: question: this key is missing"),
    "no base": ("question: What?\ndesign: replicates\n", "1:1: base: this key is missing"),
    "unknown base": (
        "question: What?\nbase: baselin\ndesign: replicates\n",
        "2:7: base: found 'baselin'; no shipped scenario and no file has this name; did you mean 'baseline'?",
    ),
    "base that is no file": (
        "question: What?\nbase: ./none.yaml\ndesign: replicates\n",
        "2:7: base: found './none.yaml'; no such file",
    ),
    "no design": (HEAD, "1:1: design: this key is missing"),
    "unknown design": (HEAD + "design: gird\n", "3:9: design.kind: found 'gird'; did you mean 'grid'? allowed: one of"),
    "design without kind": (HEAD + "design: {levels: 3}\n", "3:1: design.kind: this key is missing, allowed is one of"),
    "setting of another design": (
        HEAD + "design: {kind: grid, points: 3}\n",
        "3:22: unknown key 'points' in design, allowed is kind, levels",
    ),
    "design without its number": (HEAD + "design: {kind: sobol}\n", "3:1: design.points: this key is missing"),
    "levels out of range": (
        HEAD + "design: {kind: grid, levels: 1}\n",
        "3:30: design.levels: found 1, allowed is a whole number, 2 to 1000",
    ),
    "number of replicates": (
        HEAD + "design: replicates\nreplicates: 0\n",
        "4:13: replicates: found 0, allowed is a whole number, 1 to 100000",
    ),
    "null": (
        HEAD + "design: replicates\nreplicates:\n",
        "4:1: replicates: found null (no value), allowed is a whole number, 1 to 100000; leave the key out",
    ),
    "null where there is no default": (
        HEAD + "design:\n",
        "3:1: design: found null (no value), allowed is a mapping with kind: one of replicates, grid, random, "
        "latin_hypercube, sobol, saltelli, morris, points",
    ),
    "name of several words": (
        HEAD + "design: replicates\nname: Up Down\n",
        "4:7: name: found 'Up Down'; did you mean 'up-down'? allowed: a short name of a-z, 0-9, - and _",
    ),
    "no key": (
        "- base\n",
        "1:1: the top of the file is no mapping; a study needs at least the keys question, base and",
    ),
    "replicates as a factor": (
        GRID + "  replicates: [1, 2]\n",
        "5:3: factors.replicates changes nothing in a run, so every value would give the same runs again; "
        "write `replicates: ...` beside factors instead",
    ),
    "survey as a factor": (
        GRID + "  observe.forgetting: [0.1, 0.2]\n",
        "5:3: factors.observe.forgetting changes nothing in a run",
    ),
    "seed as a factor": (GRID + "  seed: [1, 2]\n", "5:3: factors.seed changes nothing in a run"),
    "unknown outcome": (
        HEAD + "design: replicates\noutcomes: [burden, lonelyness_ucla20]\n",
        "4:20: outcomes.2: found 'lonelyness_ucla20'; did you mean 'loneliness_ucla20'?",
    ),
    "no outcome": (
        HEAD + "design: replicates\noutcomes: []\n",
        "4:11: outcomes: found an empty list, allowed is",
    ),
    "storage": (
        HEAD + "design: replicates\nstorage: days\n",
        "4:10: storage: found 'days'; did you mean 'daily'? allowed: one of ends, daily",
    ),
    "days": (HEAD + "design: replicates\ndays: 0\n", "4:7: days: found 0, allowed is a whole number, 1 to 36525 [day]"),
    "unknown parameter": (
        GRID + "  users.disclosure_treshold.mean: plausible\n",
        "5:3: factors: there is no parameter 'users.disclosure_treshold.mean': 'disclosure_treshold' does not exist in "
        "users; did you mean 'users.disclosure_threshold.mean'? allowed: women, ",
    ),
    "section as a factor": (
        GRID + "  users.empathy: plausible\n",
        "5:3: factors.users.empathy is a section, not a number, allowed is one of users.empathy.mean, users.empathy.sd",
    ),
    "text as a factor": (GRID + "  title: plausible\n", "5:3: factors.title changes nothing in a run, so every value"),
    "policy that no lever has": (
        GRID + "  policies.*.buddy_scheme.uptake: plausible\n",
        "5:3: factors: there is no parameter 'policies.*.buddy_scheme.uptake'",
    ),
    "value out of bounds": (
        GRID + "  users.empathy.mean: [0.5, 1.5]\n",
        "5:29: factors.users.empathy.mean.2: found 1.5, allowed is 0.01 to 0.99",
    ),
    "value in a wrong unit": (
        GRID + "  users.empathy.mean: [3 weeks]\n",
        "5:24: factors.users.empathy.mean.1: found '3 weeks', allowed is a plain number, or a percentage",
    ),
    "no finite number": (
        GRID + "  centres.*.users: [.inf]\n",
        "5:21: factors.centres.*.users.1: found .inf, allowed is a finite number; a whole number, 5 to 1000 [users]",
    ),
    "no whole number": (
        GRID + "  centres.*.users: [7.5]\n",
        "5:21: factors.centres.*.users.1: found 7.5, allowed is a whole number, 5 to 1000 [users]",
    ),
    "value twice": (
        GRID + "  centres.*.users: [7, 8, 7]\n",
        "5:27: factors.centres.*.users: found 7 twice, allowed is each value once",
    ),
    "range upside down": (
        GRID + "  users.empathy.mean: {from: 0.6, to: 0.4}\n",
        "5:30: factors.users.empathy.mean: the range ends (to: 0.4) where it begins (from: 0.6) or before",
    ),
    "unknown key of a factor": (
        GRID + "  users.empathy.mean: {frm: 0.4}\n",
        "5:24: unknown key 'frm' in factors.users.empathy.mean; did you mean 'from'? allowed: levels, from, to, values",
    ),
    "values and a range": (
        GRID + "  users.empathy.mean: {values: [0.4], to: 0.5}\n",
        "5:43: factors.users.empathy.mean: `values` replaces the range; leave out to",
    ),
    "switch with a range": (
        GRID + "  mechanisms.group_advocacy: plausible\n",
        "5:30: factors.mechanisms.group_advocacy: found 'plausible', allowed is a list of values among: false, true",
    ),
    "range of what has none": (
        GRID + "  centres.*.copies: plausible\n",
        "5:3: factors.centres.*.copies: there is no plausible range; give from and to, or values",
    ),
    "one parameter twice": (
        GRID + "  centres.*.users: [7, 8]\n  centres.east.users: [9, 10]\n",
        "6:3: factors.centres.east.users sets what centres.*.users sets already",
    ),
    "null for plausible": (
        GRID + "  users.empathy.mean:\n",
        "5:3: factors.users.empathy.mean: found null (no value), allowed is plausible, a list of values, or a mapping",
    ),
    "grid of nothing": (HEAD + "design: grid\n", "3:9: design: grid varies factors, and there are none"),
    "factors of nothing": (
        HEAD + "design: replicates\nfactors: {users.empathy.mean: plausible}\n",
        "3:9: design: replicates varies nothing",
    ),
    "no power of two": (
        HEAD + "design: {kind: sobol, points: 100}\nfactors: {users.empathy.mean: plausible}\n",
        "3:31: design: points: found 100, allowed is a power of 2, such as 64 or 128",
    ),
    "no power of two for Saltelli": (
        HEAD + "design: {kind: saltelli, base_points: 3}\nfactors: {users.empathy.mean: plausible}\n",
        "3:39: design: base_points: found 3, allowed is a power of 2, such as 2 or 4",
    ),
    "listed values for Morris": (
        HEAD + "design: {kind: morris, trajectories: 4}\nfactors: {users.empathy.mean: [0.4, 0.5]}\n",
        "4:31: factors.users.empathy.mean: the design morris takes ranges; give from and to",
    ),
    "odd levels for Morris": (
        HEAD + "design: {kind: morris, trajectories: 4, levels: 5}\nfactors: {users.empathy.mean: plausible}\n",
        "3:49: design.levels: found 5, allowed is a whole number, 2 to 100, a multiple of 2",
    ),
    "levels without a grid": (
        HEAD + "design: {kind: random, points: 4}\nfactors: {users.empathy.mean: {levels: 3}}\n",
        "4:31: factors.users.empathy.mean: levels go with the design grid, not with random",
    ),
    "file of points outside": (
        HEAD + "design: {kind: points, file: ../p.csv}\nfactors: {users.empathy.mean: plausible}\n",
        "3:30: design.file: found '../p.csv', allowed is a file in the folder of the study or below it",
    ),
    "no file of points": (
        HEAD + "design: {kind: points, file: p.csv}\nfactors: {users.empathy.mean: plausible}\n",
        "3:30: design.file: found 'p.csv': no such file",
    ),
    "two levers without policies": (
        HEAD + "design: replicates\nlevers: {usual-care: {}, nothing: {}}\n",
        "4:1: levers: usual-care and nothing are without policies; only one may be",
    ),
    "no usual care": (
        HEAD + "design: replicates\nlevers: {pairs: {policies: {p: {policy: buddy_scheme}}}}\n",
        "4:1: levers: all have policies; one without is needed",
    ),
    "policy misspelt": (
        HEAD + "design: replicates\nlevers: {a: {}, b: {policies: {p: {policy: budy_scheme}}}}\n",
        "4:44: levers.b.policies.p.policy: found 'budy_scheme'; did you mean 'buddy_scheme'?",
    ),
    "option misspelt": (
        HEAD + "design: replicates\nlevers: {a: {}, b: {policies: {p: {policy: buddy_scheme, uptke: 1}}}}\n",
        "4:58: unknown key 'uptke' in levers.b.policies.p; did you mean 'uptake'?",
    ),
    "name of a lever": (
        HEAD + "design: replicates\nlevers: {Usual Care: {}}\n",
        "4:10: key 'Usual Care' in levers; did you mean 'usual-care'? allowed: a short name of a-z",
    ),
    "something else in a lever": (
        HEAD + "design: replicates\nlevers: {a: {}, b: {polices: {}}}\n",
        "4:21: unknown key 'polices' in levers.b; did you mean 'policies'?",
    ),
    "lever that is no mapping": (
        HEAD + "design: replicates\nlevers: {a: {}, b: 3}\n",
        "4:20: levers.b: found 3, allowed is a mapping with keys of: policies",
    ),
    "no lever": (
        HEAD + "design: replicates\nlevers: {}\n",
        "4:9: levers: found an empty mapping, allowed is a mapping",
    ),
    "no factor": (
        HEAD + "design: {kind: saltelli, base_points: 4}\nfactors: {}\n",
        "4:10: factors: found an empty mapping, allowed is a mapping of paths of parameters, such as",
    ),
    "no mapping of factors": (HEAD + "design: grid\nfactors: 3\n", "4:10: factors: found 3, allowed is a mapping of"),
    "plausible misspelt": (
        GRID + "  users.empathy.mean: plausibel\n",
        "5:23: factors.users.empathy.mean: found 'plausibel'; did you mean 'plausible'? allowed: plausible, a list",
    ),
    "no value": (
        GRID + "  users.empathy.mean: {values: []}\n",
        "5:32: factors.users.empathy.mean.values: found an empty list, allowed is a list of 1 or more",
    ),
    "end out of bounds": (
        GRID + "  users.empathy.mean: {to: 3}\n",
        "5:28: factors.users.empathy.mean.to: found 3, allowed is 0.01 to 0.99",
    ),
    "switch with another word": (
        GRID + "  mechanisms.group_advocacy: [on]\n",
        "5:31: factors.mechanisms.group_advocacy.1: found 'on'; did you mean 'true'? allowed: true or false",
    ),
    "precision of no outcome": (
        HEAD + "design: replicates\nprecision: {}\n",
        "4:12: precision: found an empty mapping, allowed is a mapping of outcomes to half-widths",
    ),
    "precision in a wrong unit": (
        HEAD + "design: replicates\nprecision: {lonely_share: 3 weeks}\n",
        "4:27: precision.lonely_share: found '3 weeks', allowed is above 0",
    ),
    "precision of nothing": (
        HEAD + "design: replicates\nprecision: {lonelines_ucla20: 1}\n",
        "4:13: unknown key 'lonelines_ucla20' in precision; did you mean 'loneliness_ucla20'?",
    ),
    "precision of nought": (
        HEAD + "design: replicates\nprecision: {burden: 0}\n",
        "4:21: precision.burden: found 0, allowed is above 0",
    ),
    "precision of one replicate": (
        HEAD + "design: replicates\nreplicates: 1\nprecision: {burden: 1}\n",
        "4:13: replicates: found 1, allowed is 2 to 1000 (most_replicates) where a precision is asked for",
    ),
    "too many runs": (
        HEAD + "design: {kind: random, points: 1000}\nreplicates: 100000\nfactors: {users.empathy.mean: plausible}\n",
        "3:9: design: found 100,000,000 runs, allowed are at most 20,000,000",
    ),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_in_its_place(tmp_path: Path, wrong: tuple[str, str]) -> None:
    text, message = wrong
    lines = told(tmp_path, text)
    assert any(line.startswith(message) for line in lines), lines


def test_all_that_is_wrong_is_told_at_once(
    tmp_path: Path, dayroom: Dayroom, capsys: pytest.CaptureFixture[str]
) -> None:
    text = """\
base: base.yaml
design: {kind: gird}
replicates: -1
factors:
  users.empathy.maen: plausible
  centres.*.users: [2]
outcomes: [burdn]
"""
    path = write_study(tmp_path, text, "extends: baseline\ndays: 6\n")
    assert dayroom("sweep", path, "--dry-run") == 2
    err = capsys.readouterr().err
    assert "Traceback" not in err
    assert [line.split(": ")[0].rpartition("small.yaml:")[2] for line in err.splitlines()] == [
        *("1:1", "2:16", "3:13", "5:3", "6:21", "7:12")
    ]


EVERYTHING_WRONG = """\
question: What is wrong?
base: base.yaml
days: 60 dais
factors:
  users.empathy.maen: plausible
  users.empathy.mean: [3 kg, 2]
levers:
  a: {policies: {p: {policy: budy_scheme}, q: {policy: buddy_scheme, uptke: 1}}}
  b: {policies: {p: {policy: buddy_scheme, uptake: 3}}}
design: {kind: sobol, points: 100}
outcomes: [burdn]
precision: {lonelines_ucla20: 1}
"""


def lines_told(folder: Path, text: str) -> dict[int, str]:
    """Return the message about each line of a study, several complaints about a line joined."""
    said: dict[int, str] = {}
    for one in told(folder, text):
        line, _, complaint = one.partition(":")
        said[int(line)] = said.get(int(line), "") + complaint
    return said


def test_mistakes_everywhere_take_one_round(tmp_path: Path) -> None:
    said = lines_told(tmp_path, EVERYTHING_WRONG)
    assert sorted(said) == [3, 5, 6, 7, 8, 9, 10, 11, 12]
    assert "found '60 dais', allowed is" in said[3]
    assert "found '3 kg', allowed is a plain number" in said[6]
    assert "found 2, allowed is 0.01 to 0.99" in said[6]
    assert "budy_scheme" in said[8]
    assert "uptke" in said[8]
    assert said[9].endswith("found 3, allowed is 0 to 1")
    assert "power of 2" in said[10]
    assert len(said[11]) < 80


def test_a_base_that_is_not_there_hides_nothing_that_does_not_depend_on_it(tmp_path: Path) -> None:
    text = EVERYTHING_WRONG.replace("base.yaml", "baselin").replace(
        "factors:\n", "factors:\n  centres.riverside.users: [20, 30]\n  policies.*.roster.uptake: plausible\n"
    )
    said = lines_told(tmp_path, text)
    assert sorted(said) == [2, 3, 7, 8, 9, 10, 11, 12, 13, 14]  # what may stand in the base is not complained of


def test_what_is_wrong_with_the_base_is_told_too(tmp_path: Path) -> None:
    path = write_study(tmp_path, HEAD + "design: replicates\nfoo: 1\n", "extends: baseline\nusers: {women: 2}\n")
    with pytest.raises(ScenarioError) as caught:
        load_study(path)
    assert [(Path(one.file).name, one.line) for one in caught.value.problems] == [("small.yaml", 4), ("base.yaml", 2)]


def test_an_unknown_study_gets_the_nearest_name() -> None:
    with pytest.raises(ScenarioError, match="no shipped study and no file has this name; did you mean 'centre-size'"):
        load_study("center-size")


POINTS = {
    "a column too many": ("users.empathy.mean,x\n0.5,1\n", "p.csv:1:2: found the column 'x', allowed are the factors"),
    "a column too few": ("users.empathy.mean\n0.5\n", "p.csv:1:1: no column for the factor centres.*.users"),
    "no number": ("centres.*.users,users.empathy.mean\n7,0.5\n7,a\n", "p.csv:3:2: users.empathy.mean: found 'a'"),
    "out of range": (
        "users.empathy.mean,centres.*.users\n0.9,7\n",
        "p.csv:2:1: users.empathy.mean: found '0.9'",
    ),
    "not one of the values": (
        "users.empathy.mean,centres.*.users\n0.5,9\n",
        "p.csv:2:2: centres.*.users: found '9', allowed is one of 7, 8",
    ),
    "a value too few": ("users.empathy.mean,centres.*.users\n0.5\n", "p.csv:2:1: found 1 of 2 values"),
    "empty": ("", "p.csv: the file is empty"),
    "no point": ("users.empathy.mean,centres.*.users\n", "p.csv:1:1: no point is in the file"),
}
OF_FILE = (
    HEAD + "design: {kind: points, file: p.csv}\nfactors: {users.empathy.mean: plausible, centres.*.users: [7, 8]}\n"
)


@pytest.mark.parametrize("wrong", POINTS.values(), ids=POINTS)
def test_a_file_of_points_is_checked_too(tmp_path: Path, wrong: tuple[str, str]) -> None:
    (tmp_path / "p.csv").write_text(wrong[0], encoding="utf-8")
    lines = told(tmp_path, OF_FILE)
    assert any(wrong[1] in line for line in lines), lines


def test_an_empty_file_is_told_what_a_study_needs(tmp_path: Path) -> None:
    (tmp_path / "none.yaml").touch()
    with pytest.raises(
        ScenarioError, match="the file is empty; a study needs at least the keys question, base and design"
    ):
        load_study(tmp_path / "none.yaml")


def test_a_null_without_a_default_is_not_told_to_take_it(tmp_path: Path) -> None:
    assert not [line for line in told(tmp_path, HEAD + "design:\n") if "default" in line]
