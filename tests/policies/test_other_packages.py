"""Policies by their entry points: ours with and without metadata, those of other packages, and broken ones."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from sim.policies import POLICIES
from sim.scenario.schema.offers import SHIPPED

ROOT = Path(__file__).parents[2]
GARDEN = '''"""A garden."""

from typing import ClassVar, Literal

from pydantic import Field

from sim.policies import PolicyUse
from sim.scenario.schema.quantity import quantity
from sim.sources import ASSUMED


class Garden(PolicyUse):
    """Work in a garden, after which burden falls faster."""

    acts_on: ClassVar = ("user.respite",)

    policy: Literal["garden"] = Field(description="A garden of the house")
    beds: float = quantity(2.0, "1", (0, 10), (1, 4), ASSUMED, "assumed", "Beds for each who takes part")

    def act(self, on):
        """Let burden fall faster."""
        on.add("user.respite", 0.2 * self.beds)
'''
BROKEN = "import no_such_module\n"
NO_POLICY = "class Thing:\n    pass\n"
NAMELESS = "from sim.policies import PolicyUse\nclass Nameless(PolicyUse):\n    pass\n"
IDLE = GARDEN[: GARDEN.index("    def act")].replace("Garden(", "Idle(").replace('Literal["garden"]', 'Literal["idle"]')
TAKEN = GARDEN.replace('Literal["garden"]', 'Literal["respite"]')
ON_A_STATE = GARDEN.replace("user.respite", "user.loneliness")
ON_NOTHING = GARDEN.replace("user.respite", "user.respit")
A_TEXT = GARDEN.replace('("user.respite",)', '"user.respite"')
CHECKS = "from sim.policy_checks import CHECKS, Trial; [check(Trial('garden')) for check in CHECKS]; print(len(CHECKS))"


SHOWN = "from sim.scenario.schema.policy import policies; print(*policies())"


def install(folder: Path, name: str, code: str, what: str) -> None:
    """Put a package with one policy where Python finds it."""
    (folder / f"{name}_package.py").write_text(code, encoding="utf-8")
    about = folder / f"{name}_package-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}-package\nVersion: 1.0\n", encoding="utf-8")
    points = f"[dayroom.policies]\n{name} = {name}_package:{what}\n"
    (about / "entry_points.txt").write_text(points, encoding="utf-8")


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    """Return a folder of packages, one of them sound."""
    folder = tmp_path_factory.mktemp("packages")
    install(folder, "garden", GARDEN, "Garden")
    install(folder, "broken", BROKEN, "Broken")
    install(folder, "thing", NO_POLICY, "Thing")
    install(folder, "nameless", NAMELESS, "Nameless")
    install(folder, "idle", IDLE, "Idle")
    install(folder, "respite", TAKEN, "Garden")
    install(folder, "state", ON_A_STATE, "Garden")
    install(folder, "nothing", ON_NOTHING, "Garden")
    install(folder, "text", A_TEXT, "Garden")
    return folder


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python where it finds the packages."""
    environment = os.environ | {"PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def lived(folder: Path, policy: str, *lines: str) -> subprocess.CompletedProcess[str]:
    """Load a scenario with a policy and live ten days."""
    path = folder / "scenario.yaml"
    text = ["name: x", "policies:", "  mine:", f"    policy: {policy}", *(f"    {line}" for line in lines)]
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    code = (
        "import sys\nfrom sim import load_scenario, run\nfrom sim.scenario.text.errors import ScenarioError\n"
        "try: done = run(load_scenario(sys.argv[1]), 1, days=10)\n"
        "except ScenarioError as error: sys.exit(str(error))\n"
        "print(done.users['respite'].max())"
    )
    return python(folder, "-c", code, str(path))


def test_a_policy_of_another_package_acts(packages):
    done = lived(packages, "garden", "beds: 4", "eligible: all")
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) == pytest.approx(0.8)


def test_its_options_are_checked_like_ours(packages):
    done = lived(packages, "garden", "bedds: 4")
    assert done.returncode == 1
    assert "scenario.yaml:5:5" in done.stderr
    assert "beds" in done.stderr


@pytest.mark.slow
def test_it_passes_the_checks_of_every_policy(packages):
    done = python(packages, "-c", CHECKS)
    assert done.returncode == 0, done.stderr[-1500:]
    assert int(done.stdout) >= 8


@pytest.mark.parametrize(
    ("policy", "why"),
    [
        ("broken", "broken_package:Broken cannot be imported: ModuleNotFoundError: No module named 'no_such_module'"),
        ("thing", "thing_package:Thing is no policy; make it a subclass of sim.policies.PolicyUse"),
        ("state", "state_package:Garden acts on user.loneliness, which is of the kind state"),
        ("nothing", "acts on user.respit, which is no column; did you mean 'user.respite'?"),
        (
            "text",
            'text_package:Garden has no list of columns in acts_on; declare it as a tuple, such as ("user.respite',
        ),
        ("idle", "idle_package:Idle does nothing; define effects(self), or act(self, on)"),
        ("nameless", 'nameless_package:Nameless has no name; declare it as policy: Literal["name"]'),
    ],
)
def test_a_broken_policy_is_explained_where_it_is_used(packages, policy, why):
    done = lived(packages, policy)
    assert done.returncode == 1
    assert "scenario.yaml:4:13" in done.stderr
    assert why in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_broken_policy_is_in_nobody_elses_way(packages):
    done = lived(packages, "respite", "eligible: all", "uptake: 1")
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) == 1.0
    code = "from sim.scenario.schema import policy as p; print(sorted(p.policies()), sorted(p.unusable_policies()))"
    found = python(packages, "-c", code).stdout
    assert "garden" in found.partition("]")[0]
    assert (
        found.rpartition("[")[2].strip()
        == "'broken', 'idle', 'nameless', 'nothing', 'respite', 'state', 'text', 'thing']"
    )


def test_several_policies_may_be_offered_under_one_name(tmp_path):
    both = (
        GARDEN + "\n\nclass Yard(Garden):\n    policy: Literal['yard']\n\n\nBOTH = {'garden': Garden, 'yard': Yard}\n"
    )
    install(tmp_path, "both", both, "BOTH")
    assert python(tmp_path, "-c", SHOWN).stdout.split()[-2:] == ["garden", "yard"]


def test_the_installed_entry_point_is_that_of_a_bare_checkout():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"]["dayroom.policies"] == SHIPPED


@pytest.mark.parametrize("points", [SHIPPED, {}], ids=["with our entry point", "without"])
def test_our_policies_come_first_and_once(tmp_path, points):
    install(tmp_path, "garden", GARDEN, "Garden")
    about = tmp_path / "dayroom-0.1.0.dist-info"  # hides that of an installed dayroom
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: dayroom\nVersion: 0.1.0\n", encoding="utf-8")
    lines = ["[dayroom.policies]", *(f"{name} = {value}" for name, value in points.items())]
    (about / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = python(tmp_path, "-c", f"{SHOWN}; import sim.scenario.schema.policy as p; print(p.unusable_policies())")
    assert done.stdout.splitlines() == [" ".join([*POLICIES, "garden"]), "{}"], done.stderr
