"""The table of what the policies of a run did at each review."""

from typing import Final

import pyarrow as pa

from experiments.store.fields import Keys, field, first_columns, key_fields
from sim.run import Run

_REVIEW: Final = (
    ("level", "float64", "1", "Level", "How much of the policy acts, from 0 to 1"),
    ("eligible", "int32", "users", "Eligible", "Users who may take part"),
    ("taking_part", "int32", "users", "Taking part", "Users who take part"),
    ("hours_wanted", "float64", "h/week", "Hours wanted", "Staff hours that the policy asked for"),
    ("hours_served", "float64", "h/week", "Hours served", "Staff hours that it got"),
    ("money", "float64", "CNY/week", "Money", "What it costs, staff hours not included"),
)


def reviews_table(run: Run, keys: Keys) -> pa.Table:
    """Return what the policies of a run did, with a row for each policy, centre and review."""
    rows = run.reviews
    fields = [
        *key_fields(keys),
        field("day", pa.int32(), "day", "Day", "Day of the review; what it finds holds until the next"),
        field("policy", pa.string(), "1", "Policy", "Name of the use of the policy in the scenario"),
        *(field(name, pa.type_for_alias(kind), unit, label, meaning) for name, kind, unit, label, meaning in _REVIEW),
    ]
    columns = first_columns(keys, [run.centres[number] for number in rows["centre"].tolist()])
    columns += [
        pa.array(rows["day"], pa.int32()),
        pa.array([run.policies[use] for use in rows["use"].tolist()], pa.string()),
    ]
    columns += [pa.array(rows[name], pa.type_for_alias(kind)) for name, kind, *_ in _REVIEW]
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))
