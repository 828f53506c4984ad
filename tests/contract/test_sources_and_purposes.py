"""The model uses every source and draws for every purpose of chance."""

import re

import pytest
from reading import ROOT, names

from sim.scenario.schema.scenario import SCENARIO_PARAMETERS
from sim.sources import SOURCES
from sim.streams import PURPOSES
from tools.model_document import MODEL

GRADED = {parameter.quantity.source for parameter in SCENARIO_PARAMETERS}
TARGETS = "\n".join(
    path.read_text(encoding="utf-8") for path in sorted((ROOT / "experiments" / "calibration").glob("targets*.yaml"))
)


def said_elsewhere() -> str:
    """Return the texts, besides parameters, that cite sources: equations, prose of the ODD, targets."""
    rules = [
        path.read_text(encoding="utf-8")
        for folder in ("rules", "state", "outcomes")
        for path in (ROOT / "sim" / folder).rglob("*.py")
    ]
    model = "\n".join(path.read_text(encoding="utf-8") for path in MODEL)
    prose = re.sub(r"<!-- begin sources -->.*?<!-- end -->", "", model, flags=re.DOTALL)
    return "\n".join([*rules, prose, TARGETS])


@pytest.mark.parametrize("source", SOURCES.values(), ids=list(SOURCES))
def test_the_source_is_used(source):
    author = re.split(r"[ ,;(]", source.authors)[0]
    assert source.key in GRADED or author in said_elsewhere()


@pytest.mark.parametrize("source", SOURCES.values(), ids=list(SOURCES))
def test_the_source_is_named_whole(source):
    assert SOURCES[source.key] is source
    assert source.authors
    assert source.note.endswith(".")
    assert source.doi is None or re.fullmatch(r"10\.\d{4,9}/\S+", source.doi)
    assert source.year is None or 1900 < source.year <= 2026


def test_there_are_sources():
    assert len(SOURCES) > 10
    assert {"assumed", "calibrated", "fan-2024"} <= SOURCES.keys()
    assert len({source.doi for source in SOURCES.values() if source.doi}) == sum(1 for s in SOURCES.values() if s.doi)


@pytest.mark.parametrize("purpose", list(PURPOSES))
def test_the_purpose_is_drawn_for(purpose):
    assert purpose in names("rules", "state", "policies", "outcomes")
