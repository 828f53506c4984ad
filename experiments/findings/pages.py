"""Write pages of findings: a template puts the numbers from a study's runs into words.

Jinja2 inserts every number by its key, and stops at a missing key.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from experiments.findings import STUDIES, FindingModule, finding
from experiments.findings.fragments import Numbers
from experiments.findings.tables import Tables
from experiments.statistics.intervals import ALONE
from experiments.statistics.numbers import fixed, listed, signed
from experiments.statistics.verdict import FEW, FEWEST, RARE, SAME, most_differing
from experiments.store.folder import ResultError
from experiments.store.provenance import command
from sim.outcomes.catalogue import OUTCOMES

if TYPE_CHECKING:
    import jinja2
    import pandas as pd
    from matplotlib.figure import Figure

    from experiments.studies.study import Study

FORMAT: Final = 1
"""Version of the format of the record beside each page."""
_FINEST: Final = 3
"""Largest number of decimals of a difference."""
_RULE: Final = {"chance_level": ALONE, "fewest": FEWEST}
"""The rule of verdicts, for templates."""
_TEMPLATES: Final = Path(__file__).parent

Record = dict[str, Any]
"""What was run and every number on a page, as JSON holds them; templates read a record by its keys."""


@dataclass(frozen=True)
class Finding:
    """The finding of a study.

    Parameters
    ----------
    record : dict
        What was run, the version of the model, and every number on the page.
    """

    record: Record
    figure: "Figure"


def findings(study: "Study", store: Path, model: str | None = None) -> Finding:
    """Return the finding of a study from its runs.

    Parameters
    ----------
    store : Path
        Folder of the store with the runs.
    model : str, optional
        Digest of another version of the model.

    Raises
    ------
    ResultError
        When the study has no finding, or a run is missing.
    """
    from experiments.store.extensions import described, extensions_of
    from experiments.sweep.results import results

    module = finding_of(study)
    runs = results(study, store, model)
    missing = int((runs["status"] == "missing").sum())
    if missing:
        raise ResultError(
            f"{store} lacks {missing:,} of the {len(runs):,} runs of {study.name}; "
            f"make them with: dayroom sweep {study.reference} --store {store}"
        )
    failed = int((runs["status"] == "failed").sum())
    done = runs[runs["status"] == "done"]
    if done.empty:
        raise ResultError(f"all {len(runs):,} runs of {study.name} failed; `dayroom status` says how")
    whole = Tables(study, store, model)
    numbers = module.numbers(study, runs, whole)
    record = {"format": FORMAT, **_about(study, runs), "failed": failed, "model_digest": str(done["model"].iloc[0])}
    if used := extensions_of(*study.levers.values()):
        record["extensions"] = described(used)
    if both := record.keys() & numbers.keys():
        raise ValueError(f"numbers of {study.name} hide what was run: {', '.join(sorted(both))}")
    return Finding(record | {"numbers": numbers}, module.figure(study, runs, whole))


def finding_of(study: "Study") -> FindingModule:
    """Return the module with the finding of a study.

    Raises
    ------
    ResultError
        When the study has no finding.
    """
    try:
        return finding(study.name)
    except KeyError:
        raise ResultError(
            f"{study.reference}: no finding is written for this study; there are: {', '.join(STUDIES)}"
        ) from None


def _about(study: "Study", runs: "pd.DataFrame") -> Record:
    """Describe the study and its runs, for the record."""
    factors = [
        {
            "path": factor.path,
            "meaning": factor.meaning,
            "unit": factor.unit,
            "levels": _levels(runs, factor.path),
        }
        for factor in study.factors
    ]
    return {
        "study": study.name,
        "title": study.title,
        "question": study.question,
        "factors": factors,
        "levers": list(study.levers),
        "points": len(study.points),
        "replicates": int(runs["replicate"].max()) + 1,
        "runs": len(runs),
        "days": study.days,
        "design": study.design,
        "seed": study.seed,
    }


def _levels(runs: "pd.DataFrame", path: str) -> Numbers:
    values = runs[path].dropna().unique()
    if runs[path].dtype.kind not in "fiu":
        return {"values": sorted(map(str, values))}
    return {"low": float(values.min()), "high": float(values.max()), "number": len(values)}


def page(record: Record) -> str:
    """Return the page that shows a record, as Markdown."""
    template = _environment().get_template(f"{record['study']}.md.j2")
    return str(template.render(record | record["numbers"], outcomes=OUTCOMES, **_RULE)).rstrip() + "\n"


def answer(record: Record, text: str = "") -> str:
    """Return the short answer to the question of a record, from `text` or, without it, from the page of the record."""
    _, _, after = (text or page(record)).partition(f"**{record['question'].strip()}**")
    return after.partition(f"![{record['title']}]")[0].strip()


def index(records: Sequence[Record], texts: Sequence[str] = ()) -> str:
    """Return the page that lists findings by title, question and short answer (read from `texts` where given)."""
    parts = [
        f"## [{record['title']}]({record['study']}.md)\n\n*{record['question'].strip()}*\n\n{answer(record, text)}\n"
        for record, text in zip(records, texts or [""] * len(records), strict=True)
    ]
    head = (
        "# What the shipped studies found\n\n"
        "Each page is written by a program from the runs of its study, with every number in a file beside it.\n"
    )
    return "\n".join([head, *parts])


def write_index(folder: Path) -> Path:
    """Write `index.md`, the list of all findings that have a record and a page in the folder.

    Answers are read from the pages, since a record from an earlier version may lack numbers of the present page.

    Raises
    ------
    ResultError
        When a record cannot be read.
    """
    there = [name for name in STUDIES if (folder / f"{name}.json").exists() and (folder / f"{name}.md").exists()]
    records = []
    for name in there:
        path = folder / f"{name}.json"
        try:
            records.append(json.loads(path.read_text(encoding="utf-8")))
        except ValueError:
            again = command("dayroom", "findings", name, "--out", folder, "--overwrite")
            raise ResultError(f"{path}: no record of a finding; write it anew with: {again}") from None
    texts = [(folder / f"{name}.md").read_text(encoding="utf-8") for name in there]
    path = folder / "index.md"
    path.write_text(index(records, texts), encoding="utf-8")
    return path


def write(written: Finding, folder: Path) -> list[Path]:
    """Write the page, the record and the figure of a finding, and return their paths."""
    from experiments.plots import save

    name = written.record["study"]
    folder.mkdir(parents=True, exist_ok=True)
    record, text = folder / f"{name}.json", folder / f"{name}.md"
    record.write_text(json.dumps(written.record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    # The record is read back, so that page and record always agree.
    text.write_text(page(json.loads(record.read_text(encoding="utf-8"))), encoding="utf-8")
    return [text, record, save(written.figure, folder / f"{name}.png")]


@cache
def _environment() -> "jinja2.Environment":
    import jinja2

    class Keyed(jinja2.Environment):
        """Environment in which a template reads `row.clear` as the key of a record, not as a method of dict."""

        def getattr(self, obj: Any, attribute: str) -> Any:
            has_key = isinstance(obj, dict) and attribute in obj
            return obj[attribute] if has_key else super().getattr(obj, attribute)

    made = Keyed(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # pages are Markdown with our own numbers
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {
        write.__name__: write for write in (fixed, signed, percent, count, listed, either, span, of_hundred, judged)
    }
    return made


def percent(value: float, decimals: int = 0) -> str:
    """Return a share as a percentage; add decimals where rounding would turn it into 0."""
    while value and decimals < _FINEST and float(fixed(100.0 * value, decimals)) == 0.0:
        decimals += 1
    return f"{fixed(100.0 * value, decimals)} %"


def either(words: Sequence[str]) -> str:
    """Join words with commas, and with "or" before the last word."""
    return " or ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def count(value: float) -> str:
    """Return a whole number with commas between thousands."""
    return f"{round(value):,}"


def span(difference: Mapping[str, float], decimals: int = 1) -> str:
    """Return a difference and its 95 % interval as text; add decimals where rounding would turn an end into 0."""
    ends = difference["low"], difference["high"]
    if ends[0] != ends[0]:
        return signed(difference["value"], decimals)
    while (
        (ends[0] > 0.0 or ends[1] < 0.0)
        and decimals < _FINEST
        and any(float(fixed(end, decimals)) == 0.0 for end in ends)
    ):
        decimals += 1
    low, high = (signed(end, decimals) for end in ends)
    return f"{signed(difference['value'], decimals)} ({low} to {high})"


def of_hundred(difference: Mapping[str, float], decimals: int = 0) -> str:
    """Return a difference of shares and its 95 % interval as text, in percentage points."""
    return span({name: 100.0 * difference[name] for name in ("value", "low", "high")}, decimals)


def judged(difference: Mapping[str, Any]) -> str:
    """Return the verdict on a difference in words, and whether its interval lies within a small effect."""
    word, pairs = str(difference["verdict"]), int(difference["pairs"])
    if word == SAME["difference"]:
        return f"{word} in {pairs:,} pairs, of which up to {percent(most_differing(pairs))} might differ"
    if word == RARE:
        return f"{word}: it differs in {difference['differ']:,} of {pairs:,} pairs"
    if word == FEW:
        return f"{word}: {pairs:,} pairs"
    return f"{word}, within a small effect" if difference["small"] else word
