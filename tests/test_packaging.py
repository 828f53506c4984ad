"""What ships: no file names a machine or index, the locks are complete, the wheel carries the scenarios."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ["requirements.lock", ".ci/bootstrap.lock"]
TARGETS = ["help", "setup", "demo", "test", "test-slow", "lint", "types", "layers", "bench", "docs", "lock", "clean"]

# Written in pieces: this file is searched too.
HOSTS = [
    ".".join(pieces)
    for pieces in [
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("anaconda", "org"),
        ("deb", "debian", "org"),
        ("crates", "io"),
        ("proxy", "golang", "org"),
    ]
]
FORBIDDEN = {
    "package index": re.compile("|".join(rf"\b{re.escape(host)}\b" for host in HOSTS), re.IGNORECASE),
    "machine's folder": re.compile(r"(?<![\w.~-])/(?:work|root|home|Users)/(?=\w)"),
    "ticket number": re.compile(r"\bissue\s+#\d+", re.IGNORECASE),
}


def files_for_git() -> list[Path]:
    """Return every file that is, or is about to be, in version control."""
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("needs a git checkout")
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    paths = [ROOT / os.fsdecode(name) for name in listing.stdout.split(b"\0") if name]
    found = [path for path in paths if path.is_file()]
    assert found
    return found


def locked(path: str) -> dict[str, tuple[str, str]]:
    """Return each package of a lock with its pinned version and the rest of its entry."""
    entries = re.split(r"\n(?=\S)", (ROOT / path).read_text(encoding="utf-8").strip())
    parsed = [re.fullmatch(r"([\w.-]+)==(\S+)(.*)", entry, re.DOTALL) for entry in entries]
    assert None not in parsed, "a requirement is not pinned with =="
    return {canonicalize_name(found[1]): (found[2], found[3]) for found in parsed if found}


def direct_requirements() -> list[Requirement]:
    """Return every requirement of pyproject.toml, extras and dependency groups included."""
    project = PYPROJECT["project"]
    groups = [*project["optional-dependencies"].values(), *PYPROJECT["dependency-groups"].values()]
    return [Requirement(line) for line in [*project["dependencies"], *(line for group in groups for line in group)]]


def build_wheel(project: Path, into: Path) -> subprocess.CompletedProcess[str]:
    """Build as pip would, with the locked build backend and so without the network."""
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(into)]
    return subprocess.run(build, cwd=project, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("kind", "text", "caught"),
    [
        ("package index", f"see https://{HOSTS[0]}/project/dayroom", True),
        ("package index", f"https://files.{HOSTS[1]}/a.whl", True),
        ("package index", "pip install dayroom", False),
        ("machine's folder", "cd /{}/main".format("work"), True),
        ("machine's folder", "file:///{}/results".format("home"), True),
        ("machine's folder", "frame/work/hours and https://example.org/home/page", False),
        ("ticket number", "fixes issue {}12".format("#"), True),
        ("ticket number", "an issue of 12 users", False),
    ],
)
def test_the_search_catches_what_it_should(kind: str, text: str, caught: bool) -> None:
    assert bool(FORBIDDEN[kind].search(text)) is caught


def test_no_file_names_an_index_a_machine_or_a_ticket() -> None:
    offences = []
    for path in files_for_git():
        content = path.read_bytes()
        if b"\0" in content:
            continue  # a picture or a table of numbers
        for number, line in enumerate(content.decode("utf-8").splitlines(), start=1):
            offences += [
                f"{path.relative_to(ROOT)}:{number}: {kind}: {line.strip()[:100]}"
                for kind, pattern in FORBIDDEN.items()
                if pattern.search(line)
            ]
    assert not offences, "\n".join(offences)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_requirement_is_hashed_and_comes_from_nowhere_in_particular(lock: str) -> None:
    assert "://" not in (ROOT / lock).read_text(encoding="utf-8")
    requirements = locked(lock)
    assert requirements
    bare = [name for name, (_, rest) in requirements.items() if not re.search(r"--hash=sha256:[0-9a-f]{64}\b", rest)]
    assert not bare


@pytest.mark.parametrize("requirement", direct_requirements(), ids=str)
def test_each_direct_dependency_is_locked_at_a_version_it_allows(requirement: Requirement) -> None:
    versions = {name: version for name, (version, _) in locked("requirements.lock").items()}
    name = canonicalize_name(requirement.name)
    assert name in versions, "run `make lock`"
    assert requirement.specifier.contains(versions[name]), "run `make lock`"


@pytest.mark.parametrize("target", TARGETS)
def test_the_makefile_has_the_target_and_lists_it(target: str) -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:.*## \w", text, re.MULTILINE)
    assert re.search(rf"^\.PHONY:.* {target}\b", text, re.MULTILINE)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permission")
@pytest.mark.parametrize("script", ["run", "setup", "find-python", "find-uv"])
def test_the_ci_scripts_can_be_run(script: str) -> None:
    assert os.access(ROOT / ".ci" / script, os.X_OK)


def test_the_oldest_python_is_the_same_everywhere() -> None:
    oldest = re.fullmatch(r">=3\.(\d+)", PYPROJECT["project"]["requires-python"])
    assert oldest
    for script in ["find-python", "setup"]:
        assert f"sys.version_info < (3, {oldest[1]})" in (ROOT / ".ci" / script).read_text(encoding="utf-8")
    assert PYPROJECT["tool"]["ruff"]["target-version"] == f"py3{oldest[1]}"
    assert PYPROJECT["tool"]["mypy"]["python_version"] == f"3.{oldest[1]}"


def test_building_on_a_python_that_is_too_old_says_so(tmp_path: Path) -> None:
    hook = shutil.copy(ROOT / ".ci" / "check_python.py", tmp_path)
    (tmp_path / "pyproject.toml").write_text(
        "\n".join(
            [
                "[build-system]",
                'requires = ["hatchling"]',
                'build-backend = "hatchling.build"',
                "[project]",
                'name = "dayroom"',
                'version = "0"',
                'requires-python = ">=99"',
                "[tool.hatch.build.targets.wheel]",
                "bypass-selection = true",
                "[tool.hatch.build.targets.wheel.hooks.custom]",
                f'path = "{Path(hook).name}"',
            ]
        ),
        encoding="utf-8",
    )
    built = build_wheel(tmp_path, tmp_path)
    assert built.returncode != 0
    assert built.stderr.strip().startswith("dayroom needs Python >=99, but this is Python 3.")


def test_the_wheel_holds_the_packages_and_the_scenarios_inside_sim(tmp_path: Path) -> None:
    packages = {name: name for name in ("dayroom", "sim", "experiments")}
    assert all((ROOT / name / "py.typed").is_file() for name in packages)
    folders = {**packages, "scenarios": "sim/_shipped_scenarios"}
    shipped = [path.relative_to(ROOT) for path in files_for_git() if path.relative_to(ROOT).parts[0] in folders]
    expected = {Path(folders[path.parts[0]], *path.parts[1:]).as_posix() for path in shipped}

    built = build_wheel(ROOT, tmp_path)
    assert built.returncode == 0, built.stderr
    [wheel] = tmp_path.glob("dayroom-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert packed == expected


def test_every_description_of_the_project_says_the_same() -> None:
    project = PYPROJECT["project"]
    cited = YAML(typ="safe").load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    codemeta, zenodo = (
        json.loads((ROOT / name).read_text(encoding="utf-8")) for name in ("codemeta.json", ".zenodo.json")
    )
    [study] = cited["references"]
    assert {project["version"]} == {str(one["version"]) for one in (cited, codemeta, zenodo)}
    assert {project["license"]} == {cited["license"], codemeta["license"].rpartition("/")[2], zenodo["license"]}
    names = [one["name"] for one in project["authors"]]
    assert [one["name"] for one in cited["authors"]] == names
    assert [one["name"] for one in codemeta["author"]] == names
    assert [one["name"] for one in zenodo["creators"]] == names
    assert {cited["title"]} == {codemeta["name"], zenodo["title"]}
    assert {" ".join(cited["abstract"].split())} == {codemeta["description"], zenodo["description"]}
    assert cited["keywords"] == codemeta["keywords"] == zenodo["keywords"]
    assert codemeta["citation"][0]["@id"] == f"https://doi.org/{study['doi']}"
    assert zenodo["related_identifiers"][0]["identifier"] == study["doi"]
