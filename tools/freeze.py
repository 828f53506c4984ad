"""Record what the program produces, and compare two records, for changes that must change no result.

`python tools/freeze.py record before.json` runs every shipped scenario, a small study and every command, in a temporary
folder, and writes a digest of each file and output. `python tools/freeze.py compare before.json after.json` lists what
differs, and ends with status 1 if anything does. `--keep DIR` keeps the outputs, for `diff`.

The digests leave out times, durations, places on this machine, versions, and the digest of the model's sources.
"""

import argparse
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

CITIES: Final = {"city": "28", "district": "56", "large-urban-centre": "112"}
"""Days to run the scenarios with many users; all others run in full."""
STUDY: Final = """\
title: A small study
question: What moves loneliness in a small house?
base: house.yaml
factors:
  users.empathy.mean: {from: 0.4, to: 0.6}
  rules.wellbeing.lonely_base: {from: 0.30, to: 0.42}
levers:
  usual-care: {}
  circle:
    policies:
      circle: {policy: disclosure_circle}
  buddies:
    policies:
      buddies: {policy: buddy_scheme}
design: {kind: saltelli, base_points: 16}
replicates: 2
seed: 5
storage: daily
"""
HOUSE: Final = "title: A small house\ndays: 56\nsettling: 0\ncentres: {house: {users: 10}}\n"
CIRCLE: Final = "extends: ./house.yaml\ntitle: With a circle\npolicies: {circle: {policy: disclosure_circle}}\n"
WRONG: Final = {
    "misspelt.yaml": "days: 56\ncentres: {house: {user: 10}}\n",
    "range.yaml": "days: 56\ncentres: {house: {users: -3}}\n",
    "unit.yaml": "days: 56 parsecs\n",
    "twice.yaml": "days: 56\ndays: 57\n",
    "policy.yaml": "policies: {circle: {policy: disclosure_cirkle}}\n",
    "condition.yaml": "policies: {circle: {policy: disclosure_circle, eligible: lonelyness > 40}}\n",
}
TIMES: Final = (
    (re.compile(rb"(?<![.\w])(?=[0-9a-f]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{12,64}\b"), b"DIGEST"),
    (re.compile(rb"\d{4}-\d\d-\d\dT[\d:.]+(?:[+-][\d:]+|Z)?"), b"TIME"),
    (re.compile(rb"\b\d+(?:\.\d+)? ?(?:ms|s|seconds?|min|minutes?)\b"), b"DURATION"),
)


def commands() -> list[tuple[str, list[str]]]:
    """Return the name and arguments of calls of every command, in the order in which they must run.

    `app` has none, as it does not end. `findings` needs the runs of a shipped study, so only its refusal is recorded.
    """
    commands: list[tuple[str, list[str]]] = [
        ("sweep", ["sweep", "small.yaml", "--jobs", "1"]),
        ("sweep again", ["sweep", "small.yaml", "--jobs", "1"]),
        ("sweep dry", ["sweep", "small.yaml", "--dry-run"]),
        ("status", ["status"]),
        ("export", ["export", "small.yaml", "--csv", "--parquet", "--out", "export"]),
        ("query", ["query", "SELECT lever, count(*) AS n FROM small GROUP BY lever ORDER BY lever"]),
        ("query wrong", ["query", "SELECT nothing FROM small"]),
        ("sensitivity", ["sensitivity", "small.yaml", "--out", "sensitivity", "--csv"]),
        ("discover", ["discover", "small.yaml", "--lever", "circle", "--out", "discover", "--csv"]),
        ("regret", ["regret", "small.yaml", "--out", "regret", "--csv"]),
        ("live", ["live", "circle.yaml", "--replicates", "2", "--days", "28", "--out", "live.html"]),
        ("trace", ["trace", "house.yaml", "circle.yaml", "--most", "5"]),
        ("scenario new", ["scenario", "new", "started"]),
        ("scenario schema", ["scenario", "schema", "--out", "schema.json"]),
        ("scenario template", ["scenario", "template", "--users", "12", "--out", "template.xlsx"]),
        ("scenario check", ["scenario", "check", "circle.yaml"]),
        ("scenario show", ["scenario", "show", "circle.yaml"]),
        ("scenario explain", ["scenario", "explain", "circle.yaml", "users.women"]),
        ("explain policies", ["explain", "policy"]),
        ("explain words", ["explain", "word"]),
        ("explain value", ["explain", "circle.yaml", "centres.house.users"]),
        ("findings without runs", ["findings", "centre-size"]),
    ]
    commands += searches()
    for name in WRONG:
        commands += [(f"check {name}", ["scenario", "check", name]), (f"run {name}", ["run", name])]
    commands += [("no such command", ["rum"]), ("no such scenario", ["run", "basline"]), ("version", ["--version"])]
    return commands


def searches() -> list[tuple[str, list[str]]]:
    """Return the calls that compare, search and fit, with the reports and figures of the comparison."""
    compare = ["compare", "house.yaml", "circle.yaml", "--seed", "3", "--jobs", "1", "--csv"]
    return [
        ("compare", [*compare, "--replicates", "6", "--decompose", "--out", "compare"]),
        ("plot list", ["plot", "compare", "--list"]),
        ("plot", ["plot", "compare", "--figure", "effects", "--out", "effects.png"]),
        ("report", ["report", "compare", "--out", "compare.html"]),
        ("report brief in Chinese", ["report", "compare", "--brief", "--lang", "zh", "--out", "brief.html"]),
        ("run with report", shlex.split("run circle.yaml --replicates 2 --seed 3 --jobs 1 --report --out run/circle")),
        ("compare until", [*compare, "--until", "burden ±4", "--min", "4", "--max", "12", "--out", "until"]),
        ("compare uncertain", [*compare, "--replicates", "2", "--uncertain", "4", "--out", "uncertain"]),
        (
            "portfolio",
            shlex.split(
                "portfolio house.yaml --budget 8 --lever disclosure_circle --lever buddy_scheme --steps 1 "
                "--replicates 2 --fresh 4 --population 4 --generations 2 --seed 2 --jobs 1 --out portfolio"
            ),
        ),
        (
            "posterior",
            shlex.split(
                "posterior house.yaml --targets targets.yaml --parameter rules.wellbeing.lonely_base --particles 10 "
                "--generations 2 --replicates 1 --draws 4 --seed 2 --jobs 1 --out posterior"
            ),
        ),
        ("calibrate", shlex.split("calibrate house.yaml --targets targets.yaml --check 2,2,2 --jobs 1")),
        ("validate", shlex.split("validate --replicates 4 --seed 1 --jobs 1 --out validate")),
    ]


def helps() -> Iterator[tuple[str, list[str]]]:
    """Yield the name and arguments of every `--help`."""
    for words in [(), *subcommands()]:
        yield " ".join(("help", *words)), [*words, "--help"]


def subcommands() -> list[tuple[str, ...]]:
    """Return the words of every command that the program has, such as `("scenario", "check")`."""
    from typer.main import get_command

    from experiments.cli.app import application

    def below(command: Any, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        for name, inner in getattr(command, "commands", {}).items():
            yield (*words, name)
            yield from below(inner, (*words, name))

    return list(below(get_command(application()), ()))


def scenarios() -> Iterator[tuple[str, list[str]]]:
    """Yield the commands that run and show each shipped scenario."""
    for name in sorted(path.stem for path in (Path(__file__).parents[1] / "scenarios").glob("*.yaml")):
        options = shlex.split("--replicates 2 --seed 7 --csv --jobs 1")
        options += ["--days", CITIES[name]] if name in CITIES else []
        yield f"run {name}", ["run", name, *options, "--out", f"run/{name}"]
        yield f"show {name}", ["scenario", "show", name]


def prepare(folder: Path) -> None:
    """Write the files that the commands read."""
    texts = {"house.yaml": HOUSE, "circle.yaml": CIRCLE, "small.yaml": STUDY, **WRONG}
    texts["targets.yaml"] = "targets:\n  - {key: loneliness_mean, low: 42, high: 50}\n"
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def carried_out(name: str, arguments: list[str], folder: Path) -> dict[str, Any]:
    """Run a command, write what it prints into `printed/`, and return its exit status."""
    environment = os.environ | {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
    command = [str(Path(sys.executable).parent / "dayroom"), *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, env=environment, check=False)  # noqa: S603 our own
    place = folder / "printed" / re.sub(r"\W+", "-", name)
    place.with_suffix(".txt").write_bytes(done.stdout)
    place.with_suffix(".err").write_bytes(done.stderr)
    return {"status": done.returncode}


def digests(folder: Path) -> dict[str, str]:
    """Return the digest of every file, leaving out contents that differ between equal runs."""
    digests_of = {}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).as_posix()
        if path.is_file() and not inside.startswith(("results/store", ".")):
            digests_of[inside] = hashlib.blake2b(plain(path, folder), digest_size=10).hexdigest()
    return digests_of


def plain(path: Path, folder: Path) -> bytes:
    """Return the contents of a file without times, digests and places."""
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        table = pq.read_table(path)
        text = f"{[(f.name, str(f.type), f.metadata) for f in table.schema]}{table.to_pydict()}".encode()
    elif path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as parts:  # docProps holds the time
            inside = sorted(name for name in parts.namelist() if not name.startswith("docProps/"))
            text = b"".join(name.encode() + parts.read(name) for name in inside)
    else:
        text = path.read_bytes()
    if path.suffix in {".png"}:
        return text
    text = text.replace(str(folder).encode(), b"FOLDER")
    if path.name == "provenance.json":
        text = json.dumps(_undated(json.loads(text)), sort_keys=True, indent=1).encode()
    if path.suffix == ".csv":
        text = TIMES[0][0].sub(TIMES[0][1], text)
    if path.suffix in {".txt", ".err", ".json", ".parquet", ".html"}:
        for pattern, put in TIMES:
            text = pattern.sub(put, text)
    return text


def _undated(tree: Any) -> Any:
    """Remove the entries of a provenance that depend on the time or the machine."""
    left_out = {"started", "finished", "seconds", "duration", "machine", "versions", "python", "host", "cpu", "jobs"}
    if isinstance(tree, dict):
        return {key: _undated(value) for key, value in tree.items() if key not in left_out}
    return tree


def record(to: Path, keep: Path | None) -> None:
    """Run all commands, and write their exit statuses and the digests of all files."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = (keep or Path(temporary)).resolve()
        (folder / "printed").mkdir(parents=True, exist_ok=True)
        prepare(folder)
        apart = [*helps(), *scenarios()]
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            done = threads.map(lambda one: carried_out(one[0], one[1], folder), apart)
            outputs = dict(zip([name for name, _ in apart], done, strict=True))
        for name, arguments in commands():
            outputs[name] = carried_out(name, arguments, folder)
        whole = {"commands": outputs, "files": digests(folder)}
    to.write_text(json.dumps(whole, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def compare(before: Path, after: Path) -> int:
    """Print each difference between two records; return 1 if there is any, else 0."""
    old, new = (json.loads(path.read_text(encoding="utf-8")) for path in (before, after))
    count = 0
    for part in ("commands", "files"):
        for key in sorted(old[part] | new[part]):
            if old[part].get(key) != new[part].get(key):
                what = "new" if key not in old[part] else "gone" if key not in new[part] else "other"
                print(f"{what}: {part[:-1]} {key}")
                count += 1
    print(f"{count} of {len(new['commands']) + len(new['files'])} differ")
    return 1 if count else 0


def main() -> int:
    """Record or compare, as the arguments say; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parts = parser.add_subparsers(required=True, dest="part")
    one = parts.add_parser("record")
    one.add_argument("to", type=Path)
    one.add_argument("--keep", type=Path)
    two = parts.add_parser("compare")
    two.add_argument("before", type=Path)
    two.add_argument("after", type=Path)
    given = parser.parse_args()
    if given.part == "compare":
        return compare(given.before, given.after)
    record(given.to, given.keep)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
