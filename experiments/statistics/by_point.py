"""Effects of levers at each point of a study: paired differences from usual care, with intervals."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from experiments.statistics.differences import by_scenario, complete
from experiments.statistics.intervals import Array
from experiments.statistics.paired import differences_of
from experiments.statistics.verdict import sound_interval, verdicts_among
from experiments.studies.study import USUAL_CARE
from sim.outcomes.catalogue import OUTCOMES, PRIMARY, Outcome
from sim.outcomes.measures import mean_of
from sim.scenario.text.errors import InputError
from sim.scenario.text.suggestions import misspelt, nearest, with_suggestion

if TYPE_CHECKING:
    import pandas as pd

FIRST = ("point", "lever", "replicate")
"""Columns of a table of results that come before the factors; `seed` follows the factors."""


def lever_effects(runs: "pd.DataFrame", outcomes: Sequence[str] = PRIMARY, base: str = USUAL_CARE) -> "pd.DataFrame":
    """Compare each lever with usual care at each point, replicate by replicate under the same seeds.

    Parameters
    ----------
    runs : DataFrame
        From `experiments.sweep.results`. A pair with a failed or missing run is left out.
    outcomes : sequence of str
        Names in `sim.outcomes.catalogue.OUTCOMES`, or other columns of numbers, of which no direction is better.
    base : str
        The lever to compare the others with.

    Returns
    -------
    DataFrame
        One row for each point, lever and outcome: `point`, the factors, `lever`, `base`, `outcome`, `label`, `unit`,
        `better`, `n` (pairs), `base_mean`, `mean`, `difference`, `low`, `high` (95 % interval of the mean difference;
        NaN as in `verdict.sound_interval`) and `verdict`. A plain "better" or "worse" is
        clear among all rows (Holm's rule); the intervals are single ones, of which one in twenty excludes 0 by chance.

    Raises
    ------
    ValueError
        When the base, another lever, an outcome or a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from dayroom import lever_effects
    >>> rows = [(0, "usual-care", n, n, 50.0 + n % 5) for n in range(12)]
    >>> rows += [(0, "pairs", n, n, 48.0 + n % 5 - n / 9) for n in range(12)]
    >>> runs = pd.DataFrame(rows, columns=["point", "lever", "replicate", "seed", "loneliness_ucla20"])
    >>> lever_effects(runs, ["loneliness_ucla20"])[["lever", "n", "verdict"]].values.tolist()
    [['pairs', 12, 'better']]
    """
    import pandas as pd

    levers = _levers(runs, base)
    factors = factor_columns(runs)
    about = {name: _outcome(name, runs) for name in outcomes}
    rows: list[dict[str, object]] = []
    differences = []
    for point, here in runs.groupby("point", sort=True):
        for lever in levers:
            for name in outcomes:
                row, values = _effect(here, base, lever, about[name])
                rows.append({"point": point, **{name: here[name].iloc[0] for name in factors}, **row})
                differences.append(values)
    return pd.DataFrame(rows).assign(verdict=verdicts_among(differences, [str(row["better"]) for row in rows]))


def factor_columns(runs: "pd.DataFrame") -> list[str]:
    """Return the names of the factor columns of a table of results.

    Raises
    ------
    ValueError
        When the frame is not a table of results.
    """
    names = list(runs.columns)
    if missing := [name for name in (*FIRST, "seed") if name not in names]:
        raise InputError(f"no column {', '.join(missing)}; give what experiments.sweep.results gives")
    return names[len(FIRST) : names.index("seed")]


def _outcome(name: str, runs: "pd.DataFrame") -> Outcome:
    """Return what is known of an outcome: of another column of numbers, its name alone."""
    if name in OUTCOMES:
        return OUTCOMES[name]
    if name in runs.columns and name not in (*FIRST, "seed") and runs[name].dtype.kind in "biuf":
        return Outcome(name, "1", "neither", name.replace("_", " ").capitalize(), "", "own")
    raise InputError(with_suggestion(f"no outcome is named {name}", nearest(name, OUTCOMES)))


def _levers(runs: "pd.DataFrame", base: str) -> list[str]:
    """Return all levers but the base."""
    factor_columns(runs)
    names = [str(name) for name in runs["lever"].unique()]
    if base not in names:
        raise InputError(misspelt(f"there are no runs of the lever {base!r}", base, names))
    if len(names) < 2:
        raise InputError(f"{base} has nothing to be compared with: runs of one lever only")
    return [name for name in names if name != base]


def _effect(here: "pd.DataFrame", base: str, lever: str, outcome: Outcome) -> tuple[dict[str, object], Array]:
    """Return the row of a lever and outcome without its verdict, from the runs at a point, and the differences."""
    if outcome.name not in here.columns:
        raise InputError(f"no column {outcome.name}; give what experiments.sweep.results gives")
    named = here[["lever", "replicate", outcome.name]].rename(columns={"lever": "scenario"})
    wide = by_scenario(named, outcome.name).reindex(columns=[base, lever])
    before, after, _ = complete(wide)
    differences = differences_of(before, after)
    low, high = sound_interval(differences)
    row: dict[str, object] = {
        "lever": lever,
        "base": base,
        "outcome": outcome.name,
        "label": outcome.label,
        "unit": outcome.unit,
        "better": outcome.better,
        "n": len(differences),
        "base_mean": mean_of(before),
        "mean": mean_of(after),
        "difference": mean_of(differences),
        "low": low,
        "high": high,
    }
    return row, differences
