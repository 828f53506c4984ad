"""The records of measurements: all are known, and a stamp changes digests alone."""

import json
import re
import shutil
from pathlib import Path

import pytest

from sim.kernel import sources_digest
from tools import records

ROOT = Path(__file__).parents[2]


def test_every_record_in_the_checkout_that_names_a_model_is_known():
    found = {
        path
        for folder in ("experiments", "tools", "docs")
        for path in (ROOT / folder).rglob("*.json")
        if '"model_digest"' in path.read_text(encoding="utf-8")
    }
    assert found == set(records.RECORDS)
    assert len(found) == 16
    assert all(len(records.digest_of(path)) == 32 for path in found)


def test_a_stamp_changes_digests_and_nothing_else(tmp_path, monkeypatch):
    old = "0123456789abcdef" * 2
    record, page = tmp_path / "record.json", tmp_path / "page.md"
    record.write_text(json.dumps({"about": {"model_digest": old}, "value": 1.5}), encoding="utf-8")
    page.write_text(f"Made by `{old[:16]}`, not by `0123`.\n", encoding="utf-8")
    monkeypatch.setattr(records, "RECORDS", (record,))
    monkeypatch.setattr(records, "DOCS", tmp_path)
    assert records.stale() == [record]
    assert records.main([]) == 1
    assert records.main(["--stamp"]) == 0
    assert json.loads(record.read_text()) == {"about": {"model_digest": sources_digest()}, "value": 1.5}
    assert page.read_text() == f"Made by `{sources_digest()[:16]}`, not by `0123`.\n"


@pytest.mark.parametrize("path", records.RECORDS, ids=lambda path: path.name)
def test_records_are_of_one_version(path):
    assert records.digest_of(path) == records.digest_of(records.RECORDS[0])


def test_pages_are_written_anew_from_their_records(tmp_path, monkeypatch):
    shipped = ROOT / "docs"
    folder = Path(shutil.copytree(shipped / "findings", tmp_path / "findings"))
    names = sorted(path.name for path in folder.glob("*.md"))
    for name in names:
        (folder / name).write_text("stale\n", encoding="utf-8")
    validated = tmp_path / "validation.md"
    text = (shipped / "validation.md").read_text(encoding="utf-8")
    validated.write_text(re.sub(r"(<!-- begin validation waves -->\n).*?(?=<!-- end)", r"\1", text, flags=re.DOTALL))
    monkeypatch.setattr(records, "DOCS", tmp_path)
    monkeypatch.setattr(records, "VALIDATED", validated)
    assert records.main(["--pages"]) == 0
    assert validated.read_text(encoding="utf-8") == text
    assert [(folder / name).read_text(encoding="utf-8") for name in names] == [
        (shipped / "findings" / name).read_text(encoding="utf-8") for name in names
    ]
