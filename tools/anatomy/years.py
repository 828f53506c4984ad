"""Measure how friendships, roles, identity, loneliness and burden change from year to year.

Run `python -m tools.anatomy.years` to measure and write the page.
"""

import sys
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np

from experiments.calibration.statistics.moments import Moments, cross_products
from experiments.calibration.statistics.snapshots import Array, Snapshot, shared, snapshot
from experiments.designs.replicates import replicate_seed
from experiments.runs.executors import executor, none_lost, warm_up
from experiments.statistics.intervals import bias_corrected
from experiments.store.pages import DOCS, table
from experiments.store.provenance import versions
from sim.engine import Engine
from sim.kernel import sources_digest
from sim.outcomes.ledger import role
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.scenario import Scenario
from sim.state.columns import FRIEND
from tools.anatomy.writing import Document, carried_out

YEARS: Final = 5
YEAR: Final = 365
RUNS: Final = 60
RESAMPLES: Final = 200
SEED: Final = 20240302
STATES: Final = ("identity", "loneliness", "burden")
_PAIRED: Final = tuple(f"{name}_{when}" for name in STATES for when in ("then", "now"))
MEASURES: Final[dict[str, str]] = {
    "friends": "friends a user",
    "kept": "friend ties kept",
    "new": "friend ties that are new",
    "jaccard": "Jaccard index of friend ties",
    "closeness": "correlation of closeness",
    "role": "users in another role",
    "identity": "stability of identity (r)",
    "loneliness": "stability of loneliness (r)",
    "burden": "stability of burden (r)",
    "loneliness_mean": "mean loneliness (20-80)",
    "identity_mean": "mean identity (1-7)",
    "burden_mean": "mean burden (0-100)",
}
"""Rows of the table, in order, with their labels."""


def kept(scenario: Scenario, seed: int) -> dict[str, Array]:
    """Run five years; return what `of_year` gives for each year, stacked to shape (years, ...)."""
    engine = Engine(scenario.with_changes(days=YEARS * YEAR), seed)
    least = float(engine.state.p[0].support_memory_days) / 30.0
    shots = [snapshot(engine)]
    for _ in range(YEARS):
        engine.advance(YEAR)
        shots.append(snapshot(engine))
    years = [of_year(then, now, least) for then, now in pairwise(shots)]
    return {name: np.array([year[name] for year in years]) for name in years[0]}


def of_year(then: Snapshot, now: Snapshot, least: float) -> dict[str, Array]:
    """Return counts and cross products of a year, from which `table_of` makes the table.

    Parameters
    ----------
    then, now : Snapshot
        Users at the beginning and at the end of the year; comparisons cover those who stayed.
    least : float
        Sum of help given and received below which a user counts as uninvolved.
    """
    a, b = shared(then, now)
    first, last = then.closeness[np.ix_(a, a)], now.closeness[np.ix_(b, b)]
    before, after = first >= FRIEND, last >= FRIEND
    apart = then.together[np.ix_(a, a)] & ((first > 0.0) | (last > 0.0))
    roles = [_roles(shot.users[at], least) for shot, at in ((then, a), (now, b))]
    pairs = {f"{name}_then": then.users[name][a] for name in STATES} | {
        f"{name}_now": now.users[name][b] for name in STATES
    }
    return {
        "ties": np.array([(before & after).sum(), before.sum(), after.sum(), (before | after).sum()], float),
        "closeness": cross_products({"then": first[apart], "now": last[apart]}),
        "roles": np.array([(roles[0] != roles[1]).sum(), len(a)], float),
        "states": cross_products({name: pairs[name] for name in _PAIRED}),
        "levels": np.array([now.friends.sum(), *(now.users[name].sum() for name in STATES), len(now.users)], float),
    }


def _roles(users: Any, least: float) -> Array:
    return np.array(
        [role(given, received, least) for given, received in zip(users["given"], users["received"], strict=True)]
    )


def table_of(runs: Mapping[str, Array]) -> dict[str, Array]:
    """Return every measure of the table by year, shape (years,), pooled over runs."""
    total = {name: array.sum(axis=0) for name, array in runs.items()}
    both, before, after, either = total["ties"].T
    friends, identity, loneliness, burden, users = total["levels"].T
    with np.errstate(invalid="ignore"):  # without friend ties there is no share
        table = {"kept": both / before, "new": 1.0 - both / after, "jaccard": both / either}
    table["friends"] = friends / users
    table["closeness"] = _correlations(total["closeness"], ("then", "now"), "then", "now")
    table["role"] = total["roles"][:, 0] / total["roles"][:, 1]
    table |= {name: _correlations(total["states"], _PAIRED, f"{name}_then", f"{name}_now") for name in STATES}
    table["loneliness_mean"] = 20.0 + 60.0 * loneliness / users
    table["identity_mean"] = 1.0 + 6.0 * identity / users
    table["burden_mean"] = 100.0 * burden / users
    return table


def _correlations(products: Array, names: Sequence[str], first: str, second: str) -> Array:
    return np.array([Moments(tuple(names), of_year).correlation(first, second) for of_year in products])


def measured(runs: Mapping[str, Array], resamples: int = RESAMPLES) -> dict[str, list[list[float]]]:
    """Return every measure by year, with its 95 % interval by bootstrap over runs."""
    stream, number = np.random.default_rng(SEED), len(runs["ties"])
    at = [stream.integers(0, number, number) for _ in range(resamples)]
    again = [table_of({name: array[one] for name, array in runs.items()}) for one in at]
    intervals = {}
    for name, values in table_of(runs).items():
        resampled = np.array([one[name] for one in again]).T
        intervals[name] = [
            [float(value), *bias_corrected(value, one)[1:]] for value, one in zip(values, resampled, strict=True)
        ]
    return intervals


def measure(runs: int = RUNS, jobs: int | None = None) -> dict[str, Any]:
    """Run five years of the baseline and return the record that the page shows."""
    warm_up()
    seeds = [replicate_seed(SEED, k) for k in range(runs)]
    results = list(none_lost(executor(jobs).each(partial(kept, load_scenario("baseline")), seeds)))
    stacked = {name: np.array([result[name] for result in results]) for name in results[0]}
    about = {"runs": runs, "years": YEARS, "resamples": RESAMPLES, "seed": SEED, "model_digest": sources_digest()}
    return {**about, "versions": versions(), "measures": measured(stacked)}


def text(record: dict[str, Any]) -> str:
    """Write the table of the page from its record."""
    head = ["", *(f"year {year + 1}" for year in range(record["years"]))]
    rows = [[words, *(_cell(name, one) for one in record["measures"][name])] for name, words in MEASURES.items()]
    caption = (
        f"{record['runs']} runs of the baseline over {record['years']} years after settling, with 95 % intervals "
        "(bootstrap over runs)."
    )
    return f"{caption}\n\n{table(head, rows)}"


def _cell(name: str, values: Sequence[float]) -> str:
    decimals = 1 if name in ("loneliness_mean", "burden_mean") else 2
    value, low, high = (f"{one:.{decimals}f}" for one in values)
    return f"{value} ({low} to {high})"


DOCUMENT: Final = Document("years", Path(__file__).parent / "years.json", DOCS / "years.md", text)


def main(words: Sequence[str]) -> int:
    """Measure and write the page, or check it."""
    return carried_out(DOCUMENT, measure, RUNS, words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
