"""The Python of docs/validation.md runs on tables of a run with surveys."""

import re
from pathlib import Path
from typing import Any

from experiments.statistics.verdict import FEWEST
from experiments.validation.page import PAGE
from tests.conftest import Dayroom

DAYS = (6, 20)
"""Days of the surveys here; those of the page are half a year apart."""
SCENARIO = f"""\
extends: baseline
days: {DAYS[-1] + 1}
settling: 30
replace: [centres]
centres: {{park: {{users: 12}}}}
observe: {{waves: {list(DAYS)}, level: friend}}
"""


def test_the_python_of_the_page_separates_selection_from_influence(tmp_path: Path, dayroom: Dayroom) -> None:
    (tmp_path / "ours.yaml").write_text(SCENARIO, encoding="utf-8")
    out = tmp_path / "out"
    assert dayroom("run", tmp_path / "ours.yaml", "--replicates", FEWEST, "--seed", 1, "--out", out) == 0
    [code] = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert "(182, 364)" in code
    there: dict[str, Any] = {}
    exec(code.replace("(182, 364)", repr(DAYS)), there)  # noqa: S102 - our own document
    found = there["loneliness_among_friends"](out)
    assert found.groups == FEWEST
    low, high = found.influence_low, found.influence_high
    assert low < found.influence < high
