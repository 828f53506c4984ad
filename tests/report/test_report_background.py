"""What a report says beside its result: records are those of the pages, names are translated, diffs are complete."""

import re

from experiments.report.background.assumptions import leading_numbers, record
from experiments.report.background.differences import differences
from experiments.report.background.validation import validation
from experiments.report.content import Number, Table, as_written, parts, plain
from experiments.report.names import cut, short, titles
from experiments.report.values import day, decimal, listed
from experiments.store.pages import read_json
from experiments.validation import record as waves
from sim.language import Language, speaking
from sim.scenario.reading.load import load_scenario
from tools import report_record
from tools.messages import translations


def test_the_leading_assumptions_are_those_of_the_shipped_study() -> None:
    assert record() == report_record.record()


def test_the_leading_assumptions_have_chinese_names() -> None:
    with speaking(Language.zh):
        names = re.findall("“(.*?)”", leading_numbers())
    assert len(names) == 3
    assert not any("1/e" in name for name in names)
    assert [name for name in names if re.search("[a-zA-Z]{2}", name) or not re.search("[一-鿿]", name)] == []


def test_the_validation_counts_the_shipped_waves() -> None:
    with speaking(Language.en):
        section = validation()
    rows = read_json(waves.FRESHMEN.with_name("record.json"))["waves"]
    free = [row for row in rows if not row["aimed"]]
    found = {
        one.key: one.value
        for block in section.blocks
        for one in parts(getattr(block, "text", ""))
        if isinstance(one, Number)
    }
    assert found["validation/waves:inside"] == sum(row["inside"] for row in free)
    assert found["validation/waves:free"] == len(free)
    assert found["validation/replicates"] == 200.0


def test_the_table_of_the_validation_adds_up_to_the_sentence() -> None:
    """Waves of the table, less those that are targets, are the numbers of the sentence; likewise those inside."""
    with speaking(Language.en):
        (table,) = [block for block in validation().blocks if isinstance(block, Table)]
    rows = read_json(waves.FRESHMEN.with_name("record.json"))["waves"]
    counts = [[int(number) for number in re.findall(r"\d+", plain(" ".join(row[1:])))] for row in table.rows]
    aimed = [row[2:] for row in counts if len(row) == 4]
    assert sum(row[1] for row in counts) - sum(row[0] for row in aimed) == sum(not row["aimed"] for row in rows)
    assert sum(row[0] for row in counts) - sum(row[1] for row in aimed) == sum(
        row["inside"] and not row["aimed"] for row in rows
    )
    assert any(row[1] > waved[0] for row, waved in zip([one for one in counts if len(one) == 4], aimed, strict=True))


def test_every_changed_key_is_in_the_differences() -> None:
    base = load_scenario("baseline")
    other = base.with_changes(name="other", days=90, policies={"r": {"policy": "respite", "rest": 0.5}})
    both = {base.name: base, "other": other}
    with speaking(Language.zh):
        section = differences(both, titles(both))
    (table,) = [block for block in section.blocks if isinstance(block, Table)]
    rows = {row[0]: row[1:] for row in table.rows}
    assert rows["days"][:3] == ("365", "90", "天")
    assert rows["policies.r.rest"][:2] == ("–", "0.5")
    assert rows["policies.r.rest"][3] == translations()["How much faster burden falls, as a share of its usual pace"]
    assert "name" not in rows
    assert rows["policies.r.policy"][:2] == ("–", "respite")
    assert "policies.r.end" not in rows  # a default of the policy


def test_numbers_and_dates_are_written_as_the_language_does() -> None:
    with speaking(Language.zh):
        assert decimal(-1234.5, 1) == "−1,234.5"
        assert day(load_scenario("baseline").with_changes(first_date="2027-03-01").first_date) == "2027年3月1日"  # type: ignore[arg-type]
        assert listed(["甲", "乙", "丙"]) == "甲、乙和丙"
    with speaking(Language.en):
        assert decimal(0.25, 1, signed=True) == "+0.2"
        assert decimal(-0.01, 1) == "0.0"
        assert decimal(float("nan"), 1) == "–"
        assert listed(["a", "b", "c"]) == "a, b and c"


def test_a_text_cannot_forge_a_number_or_turn_the_line() -> None:
    forged = as_written(f"x{Number('a', 1.0, '2')}\u202e\x1b[31m\nnext")
    assert not any(isinstance(one, Number) for one in parts(forged))
    assert "\u202e" not in forged
    assert "\x1b" not in forged
    assert "\n" not in forged
    assert plain(f"a {Number('k', 2.5, '2.5')} b") == "a 2.5 b"


def test_names_in_figures_are_short_and_unlike_each_other() -> None:
    made = short({"a": "很长的标题" * 8, "b": "很长的标题" * 8 + "二", "c": "ok"})
    assert len(set(made.values())) == 3
    assert cut("很长的标题", 6) == "很长的…"
