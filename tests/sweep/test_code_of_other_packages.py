"""A policy of another package is part of a run's address: other code or another version makes other runs."""

import importlib
import json
import pickle
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from experiments.runs.executors import InProcess
from experiments.store import extensions
from experiments.store.named_files import OtherFileError, SameFiles, simulated
from experiments.store.runs.query import query
from experiments.studies import load_study
from experiments.sweep.make import Swept, sweep
from experiments.sweep.results import results
from sim import load_scenario
from sim.scenario.schema import policy
from tests.conftest import Dayroom
from tests.policies.test_other_packages import GARDEN, install

STUDY = """\
question: Does a garden help?
base: base.yaml
levers:
  usual-care: {}
  garden:
    policies:
      garden: {policy: garden, eligible: all}
design: replicates
replicates: 2
seed: 3
"""
BASE = """\
extends: baseline
days: 6
settling: 0
replace: [centres]
centres:
  east: {users: 5}
network: {kind: none}
"""

Change = Callable[[Callable[[str], str]], None]


def _forget() -> None:
    for name in [name for name in sys.modules if name.startswith("garden_")]:
        del sys.modules[name]
    policy.POLICIES.forget()
    importlib.invalidate_caches()


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Install the garden; return the folder of packages."""
    folder = tmp_path / "packages"
    folder.mkdir()
    code = GARDEN.replace('"""A garden."""', '"""A garden."""\n\nfrom garden_soil import SHARE')
    install(folder, "garden", code.replace("0.2 * self.beds", "SHARE * self.beds"), "Garden")
    (folder / "garden_soil.py").write_text("SHARE = 0.2\n", encoding="utf-8")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    _forget()
    yield folder
    _forget()


@pytest.fixture
def study(tmp_path: Path) -> Path:
    for name, text in {"base.yaml": BASE, "small.yaml": STUDY}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / "small.yaml"


def edited(path: Path, old: str, new: str) -> None:
    """Edit a file of the package, and let the next process load it."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    _forget()


def swept(study: Path, alarms: list[str] | None = None) -> Swept:
    heard = [] if alarms is None else alarms
    return sweep(load_study(study), study.parent / "store", InProcess(), report=heard.append)


CODE = ("garden_package.py", "SHARE * self.beds", "2 * SHARE * self.beds")
IMPORTED = ("garden_soil.py", "SHARE = 0.2", "SHARE = 0.3")
VERSION = ("garden_package-1.0.dist-info/METADATA", "Version: 1.0", "Version: 1.1")


@pytest.mark.parametrize(("file", "old", "new"), [CODE, IMPORTED, VERSION], ids=["code", "imported code", "version"])
def test_an_edited_policy_makes_other_runs_and_the_old_ones_count_as_another_version(
    packages: Path, study: Path, dayroom: Dayroom, capsys: pytest.CaptureFixture[str], file: str, old: str, new: str
) -> None:
    store = study.parent / "store"
    assert (swept(study).made, swept(study).stored) == (4, 4)
    before = results(load_study(study), store)
    [first] = extensions.extensions_of(*load_study(study).levers.values())
    edited(packages / file, old, new)
    assert (results(load_study(study), store)["status"] == ["done", "done", "missing", "missing"]).all()
    told: list[str] = []
    again = swept(study, told)
    assert (again.planned, again.stored, again.made) == (4, 2, 2)
    assert f"2 with {first}" in next(line for line in told if "another version of what other packages bring" in line)
    after = results(load_study(study), store)
    assert set(before["settings"]) & set(after["settings"]) == {before["settings"][0]}
    [now] = extensions.extensions_of(*load_study(study).levers.values())
    assert after["extensions"].isna().tolist() == [True, True, False, False]
    assert after["extensions"][3] == extensions.text_of([now])
    capsys.readouterr()
    assert dayroom("status", "--store", store) == 0
    lines = capsys.readouterr().out
    assert f"  {first}: 2 runs, another version than the present {now}\n" in lines
    assert f"  {now}: 2 runs, present\n" in lines
    counted = query(store, "SELECT extensions, count(*) AS n FROM runs GROUP BY extensions ORDER BY n")
    assert counted["n"].tolist() == [2, 2, 2]


def test_an_edit_after_the_import_changes_no_address_until_the_next_import(packages: Path, study: Path) -> None:
    loaded = load_study(study)  # imports the package
    [imported] = extensions.extensions_of(*loaded.levers.values())
    code = packages / "garden_package.py"
    code.write_text(code.read_text(encoding="utf-8").replace("SHARE * self.beds", "2 * SHARE * self.beds"), "utf-8")
    assert extensions.extensions_of(*load_study(study).levers.values()) == (imported,)
    first = swept(study)
    assert (first.made, first.stored) == (4, 0)
    _forget()  # as a new process does
    [edited_code] = extensions.extensions_of(*load_study(study).levers.values())
    assert edited_code.sources != imported.sources
    again = swept(study)
    assert (again.stored, again.made) == (2, 2)


def test_the_version_of_a_package_that_the_policys_package_requires_is_part_of_the_address(
    packages: Path, study: Path
) -> None:
    for name, version, requires in [("worms", "2.0", ""), ("unused", "1.0", ""), ("soil", "1.0", "worms")]:
        about = packages / f"{name}-{version}.dist-info"
        about.mkdir()
        lines = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        (about / "METADATA").write_text(f"{lines}Requires-Dist: {requires}\n" if requires else lines, "utf-8")
    own = "Requires-Dist: Soil>=1\nRequires-Dist: numpy\nRequires-Dist: unused; extra == 'more'\nRequires-Dist: gone\n"
    edited(packages / "garden_package-1.0.dist-info" / "METADATA", "Version: 1.0\n", f"Version: 1.0\n{own}")
    [first] = extensions.extensions_of(*load_study(study).levers.values())
    assert first.requires == "soil 1.0, worms 2.0"
    assert "(garden-package 1.0 with soil 1.0, worms 2.0, sources " in str(first)
    assert extensions.from_text(extensions.text_of([first])) == (first,)
    swept(study)
    edited(packages / "soil-1.0.dist-info" / "METADATA", "Version: 1.0", "Version: 1.1")
    again = swept(study)
    assert (again.stored, again.made) == (2, 2)


def test_comments_and_prose_make_no_other_runs(packages: Path, study: Path) -> None:
    swept(study)
    edited(packages / "garden_package.py", '"""A garden."""', '"""A garden of the house."""  # with roses')
    assert swept(study).stored == 4


def test_a_package_that_is_gone_is_named_by_status(
    packages: Path, study: Path, dayroom: Dayroom, capsys: pytest.CaptureFixture[str]
) -> None:
    swept(study)
    (packages / "garden_package-1.0.dist-info" / "entry_points.txt").unlink()
    _forget()
    capsys.readouterr()
    assert dayroom("status", "--store", study.parent / "store") == 0
    assert "2 runs, no longer installed" in capsys.readouterr().out


def test_a_process_with_other_code_makes_no_run(packages: Path, study: Path) -> None:
    files = SameFiles.of(load_study(study).levers["garden"])
    pickle.loads(pickle.dumps(files)).require()  # noqa: S301 - our own bytes
    edited(packages / "garden_package.py", "SHARE * self.beds", "SHARE + self.beds")
    with pytest.raises(OtherFileError, match="planned with policy garden"):
        pickle.loads(pickle.dumps(files)).require()  # noqa: S301 - our own bytes


def test_the_provenance_of_a_result_names_the_code(packages: Path, tmp_path: Path, dayroom: Dayroom) -> None:
    text = f"name: gardened\n{BASE}policies:\n  garden: {{policy: garden, eligible: all}}\n"
    (tmp_path / "gardened.yaml").write_text(text, encoding="utf-8")
    place = tmp_path / "gardened.yaml"
    out = tmp_path / "out"
    assert dayroom("run", place, "--replicates", 1, "--out", out, "--jobs", 1) == 0
    written = json.loads((out / "provenance.json").read_text(encoding="utf-8"))
    [row] = written["extensions"]
    assert (row["kind"], row["name"], row["package"], row["version"]) == ("policy", "garden", "garden-package", "1.0")
    before = simulated(load_scenario(place))
    edited(packages / "garden_soil.py", "0.2", "0.25")
    assert simulated(load_scenario(place)) != before


def test_dayrooms_own_policies_are_no_extensions() -> None:
    scenario = load_scenario("respite")
    assert extensions.extensions_of(scenario) == ()
    assert SameFiles.of(scenario).extensions == ()
