"""How the model was validated: the shipped records of calibration and of waves of data."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from experiments.calibration.record import read_record
from experiments.report.content import Block, Number, Paragraph, Section, Table
from experiments.report.values import counted
from experiments.store.pages import read_json
from experiments.validation import record as waves
from experiments.validation.conclusions import of_right_model
from sim.language import say, term

_FILE: Final = Path(waves.__file__).with_name("record.json")


@cache
def _waves() -> dict[str, Any]:
    return read_json(_FILE)


def validation() -> Section:
    """Return the section on validation."""
    targets = read_record()["targets"]
    met = sum(bool(one["met"]) for one in targets)
    rows = _waves()["waves"]
    free = [one for one in rows if not one["aimed"]]
    blocks: tuple[Block, ...] = (
        Paragraph(
            say(
                "On what evidence: the mechanisms come from interviews with fourteen users of five day-care centres, "
                "which give no rates and no network. The model was tested on published data, gathered by others and "
                "mostly among other people; no day-care centre has supplied data for a test."
            )
        ),
        Paragraph(
            say(
                "Calibration: the baseline meets {met} of {count} targets that were fixed before the fit, in runs "
                "under new seeds. It was fitted to these targets, so this is no independent test.",
                met=counted("calibration/targets:met", met), count=counted("calibration/targets:count", len(targets)),
            )
        ),
        Paragraph(_students(free)),
        _table(rows),
        Paragraph(
            say(
                "Not validated: the size of any policy's effect in a day-care centre. No trial has measured it, so the "
                "sizes rest on the assumptions named above."
            )
        ),
    )  # fmt: skip
    return Section("validation", say("How it was validated"), blocks)


def in_short() -> str:
    """Return on what the model was tested, and how many numbers fit."""
    return say(
        "The model was tested on published data of other people, such as university students: {inside} of {free} "
        "numbers fit, where about {right} would with a right model. No data of a day-care centre were among them.",
        **_students_fit([one for one in _waves()["waves"] if not one["aimed"]]),
    )


def _students_fit(free: list[dict[str, Any]]) -> dict[str, Number]:
    inside = sum(bool(one["inside"]) for one in free)
    right = of_right_model(len(free))
    return {
        "inside": counted("validation/waves:inside", inside),
        "free": counted("validation/waves:free", len(free)),
        "runs": counted("validation/replicates", _waves()["replicates"]),
        "right": counted("validation/waves:right", right),
    }


def _students(free: list[dict[str, Any]]) -> str:
    """Return how many numbers of the students' waves lie within the runs, and whether that falls short."""
    values = _students_fit(free)
    if values["inside"].value < values["right"].value:
        return say(
            "Waves of data of another study: its thirty-two university students, not users of a centre, were asked "
            "several times. Of {free} numbers of their network that are no targets, {inside} lie in the middle 95 % of "
            "{runs} runs. With a right model it would be about {right}, so the model falls short.",
            **values,
        )
    return say(
        "Waves of data of another study: its thirty-two university students, not users of a centre, were asked "
        "several times. Of {free} numbers of their network that are no targets, {inside} lie in the middle 95 % of "
        "{runs} runs; with a right model it would be about {right}.",
        **values,
    )


def _table(rows: list[dict[str, Any]]) -> Table:
    free = [row for row in rows if not row["aimed"]]
    labels = list(dict.fromkeys(str(row["label"]) for row in rows))
    lines = []
    for label in labels:
        mine = [row for row in rows if row["label"] == label]
        inside = sum(bool(row["inside"]) for row in mine)
        lines.append(
            (
                term(label),
                str(counted(f"validation/{mine[0]['number']}:inside", inside)),
                str(counted(f"validation/{mine[0]['number']}:waves", len(mine))),
                _aimed(mine),
            )
        )
    head = (say("Number"), say("Waves inside"), say("Waves"), say("Of these, targets of calibration"))
    note = say(
        "The {free} numbers counted above are the waves that are no targets: {inside} of them are inside.",
        free=counted("validation/waves:free", len(free)),
        inside=counted("validation/waves:inside", sum(bool(row["inside"]) for row in free)),
    )
    return Table("validation", say("Data of the students beside the model"), head, tuple(lines), note=note)


def _aimed(rows: list[dict[str, Any]]) -> str:
    """Return how many waves of a number are targets, and how many of these are inside."""
    aimed = [row for row in rows if row["aimed"]]
    if not aimed:
        return say("none")
    return say(
        "{aimed} ({inside} inside)",
        aimed=counted(f"validation/{rows[0]['number']}:aimed", len(aimed)),
        inside=counted(f"validation/{rows[0]['number']}:aimed_inside", sum(bool(row["inside"]) for row in aimed)),
    )
