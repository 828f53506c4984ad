"""Made-up runs of a study whose outcomes follow a formula, so that what a finding should find is known."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from experiments.studies.study import Study

Formula = Callable[[pd.DataFrame], pd.Series]


@pytest.fixture
def made_runs() -> Callable[..., pd.DataFrame]:
    """Return a maker of runs: `made_runs(study, replicates, burden=lambda at: 2 * at["factor"])`, plus noise.

    `luck` is the noise of a replicate, the same at all points, which cancels between levels; `own` is that of each run.
    Without `own`, differences do not vary and so have no interval.
    """

    def make(study: Study, replicates: int, luck: float = 0.5, own: float = 0.0, **outcomes: Formula) -> pd.DataFrame:
        points = pd.DataFrame(study.points, columns=[factor.path for factor in study.factors])
        points.insert(0, "point", range(len(points)))
        frames = [points.assign(lever=lever, replicate=k) for lever in study.levers for k in range(replicates)]
        runs = pd.concat(frames).sort_values(["point", "lever", "replicate"], kind="stable").reset_index(drop=True)
        chance = luck * np.random.default_rng(1).normal(size=replicates)
        each = np.random.default_rng(2)
        for name, formula in outcomes.items():
            runs[name] = formula(runs) + chance[runs["replicate"]] + own * each.normal(size=len(runs))
            runs[f"{name}_sd"] = 10.0
        return runs.assign(status="done", model="a" * 32)

    return make
