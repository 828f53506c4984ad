"""One layout of frames: what tells rows apart, in one order, and what fills in for a column that is absent."""

import pandas as pd
import pytest

from experiments.store.frames import daily_frame
from experiments.store.protocol import KEYS, keys_of, with_replicates
from sim.run import run
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import InputError


def test_the_days_of_a_run_are_laid_out(small: Scenario) -> None:
    lived = run(small.with_changes(first_date="2027-01-04", days=3), seed=3)
    frame = daily_frame(lived)
    assert keys_of(frame) == ["scenario", "seed", "centre", "day", "date"]
    assert list(frame.columns[:5]) == keys_of(frame)
    assert (frame["scenario"].unique().tolist(), frame["seed"].unique().tolist()) == ([lived.scenario.name], [3])
    assert frame["centre"].unique().tolist() == lived.centres


def test_columns_out_of_order_are_refused() -> None:
    frame = pd.DataFrame({"seed": [1], "point": [0]})
    with pytest.raises(InputError, match="the columns seed, point are out of order, allowed is point, seed"):
        keys_of(frame)
    assert keys_of(frame[["point", "seed"]]) == ["point", "seed"]
    assert list(KEYS).index("replicate") < list(KEYS).index("seed")


def test_without_replicates_each_seed_is_a_replicate() -> None:
    frame = pd.DataFrame({"seed": [7, 7, 2, 7]})
    assert with_replicates(frame)["replicate"].tolist() == [0, 0, 1, 0]
    assert with_replicates(frame.drop(columns="seed").assign(day=0))["replicate"].tolist() == [0, 0, 0, 0]
    own = frame.assign(replicate=5)
    assert with_replicates(own) is own
