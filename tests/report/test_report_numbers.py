"""Every number of a report is one of the result's, found again by its key."""

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from experiments.calibration.record import read_record
from experiments.measures.runs import EVERYBODY, GUARDED_FROM
from experiments.report.background.assumptions import record
from experiments.report.checklists.stress import ITEMS
from experiments.statistics.verdict import FEWEST, RARE
from sim.scenario.reading.load import load_scenario
from sim.scenario.text.units import DAYS_PER_MONTH
from tests.report.conftest import HOSTILE, LONG
from tests.report.reading import read
from tools.messages import terms, translations

FACTORS = (1.0, 100.0, -1.0, -100.0, DAYS_PER_MONTH / 7.0, 60.0)
"""A number is shown as it is, in percent, without its sign, for a month, or in minutes."""
COLUMNS = {
    "contrasts": ("scenario", "outcome"),
    "groups": ("scenario", "group", "outcome"),
    "costs": ("scenario",),
    "budget": ("scenario", "limit"),
}


class Values:
    """Look up the value of a key in the files of a result."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.frames = {path.stem: pd.read_parquet(path) for path in folder.glob("*.parquet")}
        self.summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
        self.provenance = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))

    def of(self, key: str) -> float:
        """Return the value of a key."""
        table, *rest = key.split("/")
        if rest[-1] == "small":  # test_report_answer looks at it
            return float("nan")
        if table in COLUMNS and not rest[0].startswith("#"):
            return self._row(table, rest)
        if rest and rest[0].startswith("#"):
            return float(self.frames[table].loc[int(rest[0][1:]), rest[1]])
        if table == "runs" and rest[1] == "all_money":
            mine = self.frames["runs"].query("scenario == @rest[0]")
            return float(mine["money_a_week"].mean() + 90.0 * mine["hours_a_week"].mean())
        if table == "pairs":
            changes = self._wide(rest[1])[rest[0]] - self._wide(rest[1])["ours"]
            return float(changes.min() if rest[2] == "low" else changes.max())
        if table == "behind":
            changes = self._wide(rest[2])[rest[1]] - self._wide(rest[2])[rest[0]]
            return float(changes.mean()) if rest[3] == "difference" else float("nan")
        if table == "policies":
            mine = self.frames["policies"].query("scenario == @rest[0] and policy == @rest[1]")
            return float(mine[rest[2]].mean())
        if table == "runs":
            column = rest[1].removesuffix(":mean")
            frame = self.frames["runs"]
            return float(frame.loc[frame["scenario"] == rest[0], column].mean())
        return self._single(key, table, rest)

    def _row(self, table: str, rest: list[str]) -> float:
        frame, column = self.frames[table], rest[-1]
        names = COLUMNS[table]
        values = [rest[0], "/".join(rest[1:-2]), rest[-2]] if table == "groups" else rest[:-1]
        for name, value in zip(names, values, strict=True):
            frame = frame[frame[name] == value]
        assert len(frame) == 1, (table, rest)
        return float(frame[column].iloc[0])

    def _wide(self, outcome: str) -> Any:
        return self.frames["runs"].pivot(index="replicate", columns="scenario", values=outcome)

    def _of_kind(self, scenario: str, kind: str) -> float:
        """Return the mean over replicates of the mean change of lonely or of other users."""
        users = self.frames["user_changes"]
        is_lonely = users["base_loneliness_at_entry"] >= 50.0
        mine = users[(users["scenario"] == scenario) & (is_lonely == kind.startswith("lonely"))]
        return float(mine.groupby("replicate")["loneliness"].mean().mean())

    def _single(self, key: str, table: str, rest: list[str]) -> float:
        if table == "unjudged":
            rows = self.frames["groups"]
            rows = rows[rows["scenario"].isin(rest[0].split("+")) & (rows["group"] != EVERYBODY)]
            few = rows["flag"] != ""
            return float(rows[few]["group"].nunique() if rest[1] == "groups" else (rows[~few]["verdict"] == RARE).sum())
        if table == "assumptions":
            found: Any = record()[rest[0]]
            if len(rest) == 1:
                return float(found)
            (row,) = [row for row in found["leading"] if row["path"] == rest[1]]
            return float(row[rest[2]])
        if table == "scenario":
            return self._of_scenario(rest)
        if table == "calibration":
            targets = read_record()["targets"]
            return float(len(targets) if rest[0].endswith("count") else sum(bool(one["met"]) for one in targets))
        if table == "user_changes":
            return self._of_kind(*rest)
        if table in ("validation", "scale"):
            return float("nan")  # test_report_background looks these up
        return float(
            {
                "summary/pairs": self.summary["pairs"],
                "summary/others:count": len(self.summary["others"]),
                "provenance/days": self.provenance["days"],
                "provenance/replicate_seeds": len(self.provenance["replicate_seeds"]),
                "rule/fewest": FEWEST,
                "rule/guarded": GUARDED_FROM,
                "budget/within:count": float("nan"),
                "command/discount": 3.0,
                "groups:more": float("nan"),
                "cheers/item": float("nan"),
            }[key]
        )

    def _of_scenario(self, rest: list[str]) -> float:
        scenario = load_scenario(self.folder / "scenarios" / rest[0] / "scenario.yaml")
        if rest[1] in ("users", "centres"):
            centres = scenario.centres.values()
            return float(sum(one.users * one.copies if rest[1] == "users" else one.copies for one in centres))
        value: Any = scenario
        for name in rest[1].split("."):
            value = value[name] if isinstance(value, dict) else getattr(value, name)
        return float(value)


def written(text: str) -> tuple[float, int]:
    """Return a number as a reader reads it, and its decimals."""
    plain = text.replace("−", "-").replace("+", "").replace(",", "")
    return float(plain), len(plain.partition(".")[2])


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_number_is_that_of_its_key(language: str, pages: dict[str, str], results: Path) -> None:
    numbers = read(pages[language]).numbers
    values = Values(results)
    assert len(numbers) > 300
    wrong = []
    for key, value, text in numbers:
        raw = values.of(key)
        if text == "–":
            assert value != value
            continue
        shown, decimals = written(text)
        if abs(shown - value) > 0.5001 * 10.0**-decimals:
            wrong.append((key, value, text))
        elif raw == raw and not any(abs(factor * raw - value) <= 1e-9 * (1.0 + abs(value)) for factor in FACTORS):
            wrong.append((key, value, raw))
    assert wrong == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_words_hold_no_number_of_their_own(language: str, pages: dict[str, str], results: Path) -> None:
    known = [*translations(), *translations().values(), *terms(), *ITEMS, HOSTILE, LONG]
    known += [path.read_text(encoding="utf-8") for path in results.glob("scenarios/*/scenario.yaml")]
    known.append((results / "provenance.json").read_text(encoding="utf-8"))
    digits = re.compile(r"\d+(?:\.\d+)*")
    allowed = {found for text in known for found in digits.findall(text)}
    allowed |= {found.removesuffix(".0") for found in allowed}
    texts = [re.sub(r"https://doi\.org/\S+", "", text) for text in read(pages[language]).words]
    here = {found for text in texts for found in digits.findall(text)}
    years = {found for found in here if re.fullmatch(r"(19|20)\d\d", found)}  # of sources
    ranges = {found for found in here if float(found.split(".")[0]) <= 5.0}  # plausible ranges of policies' numbers
    assert here - allowed - years - ranges == set()
