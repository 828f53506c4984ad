"""The digest of sources: prose, layout and place leave it unchanged; code changes it."""

import shutil
from pathlib import Path

import pytest

from sim import cache
from sim.digest import syntax_digest
from sim.kernel import sources_digest

SIM = Path(cache.__file__).parent

RULE = '''"""A rule."""

from model.scales import share

RATE = 0.25
"""A quarter."""


def rule(x: float) -> float:
    """Return less."""
    # why
    return share(x) * RATE
'''
SCALES = "def share(x: float) -> float:\n    return x / 2.0\n"
OTHERS = "def share(x: float) -> float:\n    return x / 3.0\n"


def digest(folder: Path, files: dict[str, str]) -> str:
    root = folder / str(len(list(folder.iterdir())))
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return syntax_digest(root, root.rglob("*.py"))


@pytest.fixture
def of(tmp_path):
    return lambda rule=RULE, **more: digest(tmp_path, {"model/rule.py": rule, "model/scales.py": SCALES} | more)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ('"""A rule."""', '"""What lessens: a rule."""'),
        ('"""A quarter."""', '"""One in four."""'),
        ('    """Return less."""\n', ""),
        ("# why", "# because"),
        ("share(x) * RATE", "(share(x)  *  RATE)"),
        ("RATE = 0.25", "RATE = 0.250"),
    ],
)
def test_prose_and_layout_do_not_count(of, now, then):
    assert RULE.replace(now, then) != RULE
    assert of(RULE.replace(now, then)) == of()


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("RATE = 0.25", "RATE = 0.26"),
        ("share(x) * RATE", "share(x) + RATE"),
        ("share(x) * RATE", "RATE * share(x)"),
        ("RATE", "PACE"),
        ("x: float", "x: int"),
        ("import share", "import share as half"),
        ("    return share", "    x += 1\n    return share"),
        ("model.scales", "elsewhere.scales"),
    ],
)
def test_code_counts(of, now, then):
    assert RULE.replace(now, then) != RULE
    assert of(RULE.replace(now, then)) != of()


def test_a_module_that_moves_does_not_count(of, tmp_path):
    moved = {
        "model/deep/rule.py": RULE.replace("model.scales", "model.state.size"),
        "model/state/size.py": SCALES,
        "model/deep/__init__.py": '"""Deep."""\n',
    }
    assert digest(tmp_path, moved) == of()


def test_a_function_of_the_same_name_from_another_module_counts(of):
    both = {"model/others.py": OTHERS}
    assert of(RULE.replace("model.scales", "model.others"), **both) != of(**both)


def test_the_digest_of_the_model_is_kept_by_the_bytes_of_its_sources(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "_places", lambda: [tmp_path])
    fresh = sources_digest.__wrapped__()
    [kept] = (tmp_path / "sources").iterdir()
    assert kept.read_text(encoding="ascii") == fresh == sources_digest()
    kept.write_text("0" * 32, encoding="ascii")
    assert sources_digest.__wrapped__() == "0" * 32
    kept.write_text("cut", encoding="ascii")
    assert sources_digest.__wrapped__() == fresh


LATE = """HOMES = {{"rule": "{place}", "scale": "{place}:share"}}
"""


def test_a_text_that_names_a_module_counts_with_the_module_and_not_with_its_place(of):
    here = of(**{"model/late.py": LATE.format(place="model.scales")})
    moved = {"model/size.py": SCALES, "model/scales.py": "", "model/late.py": LATE.format(place="model.size")}
    assert of(RULE.replace("model.scales", "model.size"), **moved) == here
    assert of(**{"model/late.py": LATE.format(place="model.rule")}) != here
    assert of(**{"model/late.py": LATE.format(place="model.scales").replace(":share", ":part")}) != here


def test_no_module_of_the_model_is_tied_to_its_place(tmp_path):
    copied = tmp_path / "before" / "sim"
    shutil.copytree(SIM, copied, ignore=shutil.ignore_patterns("__pycache__", "language"))
    moved = tmp_path / "after" / "sim"
    shutil.copytree(copied, moved)
    for name in ("sim.model", "sim.scenario.reading.load", "sim.state.columns"):
        (moved / "elsewhere").mkdir(exist_ok=True)
        place = moved.joinpath(*name.split(".")[1:]).with_suffix(".py")
        other = f"sim.elsewhere.{place.stem}"
        place.rename(moved / "elsewhere" / place.name)
        parent, _, last = name.rpartition(".")
        for path in moved.rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            text = text.replace(f"from {parent} import {last}\n", f"from sim.elsewhere import {last}\n")
            path.write_text(text.replace(name, other), encoding="utf-8")
    before, after = (syntax_digest(each.parent, each.rglob("*.py")) for each in (copied, moved))
    assert after == before
