"""The assumptions that matter, by name and grade: those of the shipped study, and those of the policies in use."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from experiments.report import names
from experiments.report.content import Block, Paragraph, Table, as_written
from experiments.report.values import DECIMALS, Row, computed, counted, decimal, listed, unit_of
from experiments.statistics.numbers import beside
from experiments.studies.evidence import numbers
from sim.language import later, say, term
from sim.outcomes.catalogue import OUTCOMES, PRIMARY
from sim.scenario.schema.quantity import Parameter
from sim.scenario.schema.scenario import RULE_PARAMETERS, SCENARIO_PARAMETERS, Scenario
from sim.sources import SOURCES

RECORD: Final = Path(__file__).with_name("assumptions.json")
"""The leading parameters of the shipped study; `python -m tools.report_record` copies them from docs/findings."""
_REMARK: Final = re.compile(
    r"\s*[(（](?:section |第[0-9.]+节|5天|3 of|完成1 - 1/e|回落到)[^()（）]*[)）]$|, by 1 - 1/e$"
)
"""What a reader of a name can do without: the place in the interview study, an example, and the size of a decay."""
_NAMED: Final = 1
"""Parameters of each outcome that page one names."""
_PLAIN: Final = {
    "rules.attendance.base_share": later("how often users come in an ordinary state"),
    "rules.wellbeing.burden_days": later("how slowly burden fades"),
    "rules.identity.fade_days": later("how slowly group identity fades"),
}
"""Short names of numbers that lead."""


@cache
def record() -> dict[str, Any]:
    """Return the record of the study."""
    read: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    return read


@cache
def _parameters() -> dict[str, Parameter]:
    return {one.path: one for one in (*SCENARIO_PARAMETERS, *RULE_PARAMETERS)}


def meaning(path: str) -> str:
    """Return the meaning of a parameter in the reader's language, without a full stop and without remarks."""
    return _REMARK.sub("", term(_parameters()[path].quantity.meaning))


def leading_numbers(*, is_untested: bool = False) -> str:
    """Return the sentence of page one on the unmeasured numbers that lead for each primary outcome.

    Parameters
    ----------
    is_untested : bool
        Whether the report is about differences between alternatives, and varied no unmeasured number to test them.
    """
    rows = [row for outcome in PRIMARY for row in record()[outcome]["leading"][:_NAMED]]
    clear: dict[str, bool] = {}
    for row in rows:
        clear[row["path"]] = clear.get(row["path"], False) or row["clear"]
    named = [
        say("“{name}”", name=_plainly(path)) if is_clear else say("“{name}” (by itself)", name=_plainly(path))
        for path, is_clear in clear.items()
    ]
    text = say(
        "These unmeasured numbers move the scores of loneliness, burden and group identity most: {parameters}.",
        parameters=listed(named),
    )
    if not is_untested:
        return text
    return beside(text, say("Whether they move the differences between alternatives has not been tested."))


def _plainly(path: str) -> str:
    """Return the name of a parameter for page one, which has no room for a whole meaning."""
    return str(_PLAIN[path]) if path in _PLAIN else meaning(path)


def assumptions(scenarios: Mapping[str, Scenario]) -> tuple[Block, ...]:
    """Return the section's blocks: the parameters that move outcomes most, and the policies' own unmeasured numbers."""
    own = record()
    return (
        Paragraph(
            say(
                "A study varied {parameters} assumed numbers over their plausible ranges, in {trajectories} plausible "
                "centres. Of these, {large} move at least one of loneliness, burden and group identity by more than a "
                "small effect ({small} standard deviations), each taken by itself; {large_among} when all are judged "
                "together. The table asks less: whether a change is clear of chance, however small it is. All this is "
                "about the scores; whether these numbers move the differences between alternatives, only draws can "
                "tell (`--uncertain`).",
                **{
                    name: counted(f"assumptions/{name}", own[name])
                    for name in ("parameters", "trajectories", "large", "large_among")
                },
                small=computed("assumptions/small", own["small"], 1),
            )
        ),
        _leading(),
        _of_policies(scenarios),
    )


def _leading() -> Table:
    rows = []
    for outcome in PRIMARY:
        for entry in record()[outcome]["leading"]:
            path = entry["path"]
            quantity = _parameters()[path].quantity
            row = Row(f"assumptions/{outcome}/{path}", entry)
            change = row.estimate("value", DECIMALS[OUTCOMES[outcome].unit], signed=False)
            rows.append(
                (
                    meaning(path), path, names.outcome(outcome), change, unit_of(OUTCOMES[outcome].unit),
                    say("yes") if entry["clear"] else say("by itself only") if entry["alone"] else say("no"),
                    term(quantity.grade),
                )
            )  # fmt: skip
    return Table(
        "leading",
        say("The assumptions that move outcomes most"),
        (
            say("Assumption"), say("Key"), say("Outcome"), say("Mean size of the change"), say("Unit"),
            say("Clear of chance"), say("Evidence"),
        ),
        tuple(rows),
        note=say("From the low to the high end of the plausible range, with the 95 % interval."),
    )  # fmt: skip


def _of_policies(scenarios: Mapping[str, Scenario]) -> Table:
    chosen: dict[str, tuple[str, ...]] = {}
    for one in scenarios.values():
        for number in numbers(one, ("assumed", "calibrated", "elicited", "measured")):
            if number.names[0] != "policies":
                continue
            parameter = number.parameter
            value, (low, high) = parameter.default, parameter.quantity.plausible
            chosen.setdefault(
                f"{parameter.path} {parameter.default}",
                (
                    as_written(term(number.general[2])), _meaning(parameter), ".".join(number.general[2:]),
                    str(computed(f"scenario/{one.name}/{'.'.join(number.names)}", value, _enough(value))),
                    say("{low} to {high}", low=_bare(low), high=_bare(high)),
                    term(parameter.quantity.grade), _source(parameter),
                ),
            )  # fmt: skip
    return Table(
        "policy_assumptions",
        say("What the policies in use assume about people"),
        (
            say("Policy"), say("Assumption"), say("Key"), say("Value"), say("Plausible range"), say("Evidence"),
            say("Source"),
        ),
        tuple(chosen.values()),
    )  # fmt: skip


def _meaning(parameter: Parameter) -> str:
    return as_written(term(parameter.quantity.meaning))


def _source(parameter: Parameter) -> str:
    source = SOURCES.get(parameter.quantity.source)
    if source is None or source.year is None:
        return say("none")
    first, *works = source.authors.split("; ")
    if works:  # the later works have years of their own
        return "; ".join([first if re.search(r"\d{4}$", first) else f"{first} {source.year}", *works])
    return say("{authors} ({year})", authors=source.authors, year=source.year)


def _enough(value: float) -> int:
    return next((places for places in range(4) if round(value, places) == value), 3)


def _bare(value: float) -> str:
    return decimal(value, _enough(value))
