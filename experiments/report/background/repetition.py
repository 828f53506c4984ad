"""How to repeat a result: command, seed, versions, digests."""

from datetime import datetime
from typing import Any

from experiments.report.content import Block, Code, Paragraph, Section, Table, as_written, kept
from experiments.report.values import MISSING, counted, day
from experiments.store.results import StoredResult
from sim.language import say


def repetition(stored: StoredResult) -> Section:
    """Return the section on how to repeat the result."""
    origin = stored.provenance
    rows = [
        (say("Made on"), _date(origin.get("finished"))),
        (say("Seed"), as_written(origin.get("seed", MISSING))),
        (say("Days of a run"), str(counted("provenance/days", _number(origin.get("days"))))),
        (say("Digest of the model"), as_written(origin.get("model_digest", MISSING))),
        (say("Digest of the scenario"), as_written(origin.get("scenario_digest", MISSING))),
    ]
    versions = origin.get("versions")
    if isinstance(versions, dict):
        rows += [
            (say("Version of {package}", package=as_written(name)), as_written(value))
            for name, value in versions.items()
        ]
    platform = origin.get("platform")
    if isinstance(platform, dict):
        rows.append((say("Machine"), as_written(" ".join(map(str, platform.values())))))
    other = stored.remark
    blocks: tuple[Block, ...] = kept(
        Paragraph(
            as_written(
                say(
                    "{remark}. The numbers of this report are of that model; what it says about the model is of this "
                    "one.",
                    remark=f"{other[:1].upper()}{other[1:]}",
                )
            ),
            strong=True,
        )
        if other
        else None,
        Paragraph(
            say(
                "With the same version of Dayroom this command gives the same numbers, on any number of processes. The "
                "folder of the result holds the scenarios in full."
            )
        ),
        Code(as_written(stored.command)),
        Table("provenance", say("Where the result comes from"), (say("Item"), say("Value")), tuple(rows)),
    )
    return Section("repeat", say("How to repeat it"), blocks)


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")


def _date(text: Any) -> str:
    try:
        return day(datetime.fromisoformat(str(text)).date())
    except ValueError:
        return MISSING
