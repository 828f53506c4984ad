"""Tables of the surveys of a run: a row for each nomination, and a row of answers for each user and wave."""

from typing import Final

import numpy as np
import pyarrow as pa

from experiments.store.columns import Keys, date_field, field, first_columns, key_fields
from sim.outcomes.observation import QUESTIONNAIRES, Survey
from sim.run import Run
from sim.state.columns import LEVELS

_DAY: Final = field("day", pa.int32(), "day", "Day", "Day at whose start the survey was held; 0 is the first")


def _date(run: Run, survey: Survey) -> pa.Scalar:
    """Return the date of a survey, in a run that has dates."""
    return pa.scalar(np.datetime64(run.scenario.first_date, "D") + survey.day)


def nominations_table(run: Run, keys: Keys) -> pa.Table:
    """Return who named whom in the surveys of a run, with a row for each nomination."""
    return pa.concat_tables([_nominations(run, survey, keys) for survey in run.surveys])


def _nominations(run: Run, survey: Survey, keys: Keys) -> pa.Table:
    dates = [date_field()] if run.scenario.first_date is not None else []
    fields = [
        *key_fields(keys),
        _DAY,
        *dates,
        field("from", pa.int64(), "1", "From", "Who names: `uid` of the user"),
        field("to", pa.int64(), "1", "To", "Who is named: `uid` of the user"),
        field("level", pa.string(), "1", "Level", "What the user who names calls the tie"),
    ]
    centres = [run.centres[number] for number in survey.centre[survey.namer].tolist()]
    columns = [
        *first_columns(keys, centres),
        pa.repeat(pa.scalar(survey.day, _DAY.type), len(centres)),
        *(pa.repeat(_date(run, survey), len(centres)) for _ in dates),
        pa.array(survey.users[survey.namer], pa.int64()),
        pa.array(survey.users[survey.named], pa.int64()),
        pa.array([LEVELS[code] for code in survey.level.tolist()], pa.string()),
    ]
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))


def answers_table(run: Run, keys: Keys) -> pa.Table:
    """Return the answers in the surveys of a run: a row for each enrolled user and wave, null without an answer."""
    return pa.concat_tables([_answers(run, survey, keys) for survey in run.surveys])


def _answers(run: Run, survey: Survey, keys: Keys) -> pa.Table:
    dates = [date_field()] if run.scenario.first_date is not None else []
    fields = [
        *key_fields(keys),
        _DAY,
        *dates,
        field("user", pa.int64(), "1", "User", "`uid` of the user"),
        field("answered", pa.bool_(), "1", "Answered", "Whether the user answered this wave"),
    ]
    columns = [
        *first_columns(keys, [run.centres[number] for number in survey.centre.tolist()]),
        pa.repeat(pa.scalar(survey.day, _DAY.type), len(survey.users)),
        *(pa.repeat(_date(run, survey), len(survey.users)) for _ in dates),
        pa.array(survey.users, pa.int64()),
        pa.array(survey.answered),
    ]
    for scale in QUESTIONNAIRES:
        column = field(
            scale.name, pa.float64(), scale.unit, scale.meaning, f"{scale.meaning}, as the questionnaire says"
        )
        fields.append(column.with_nullable(True))
        values = survey.answers[scale.name]
        columns.append(pa.array(values, pa.float64(), mask=np.isnan(values)))
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))
