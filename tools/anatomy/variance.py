"""Divide the variance between users among traits, self, ties, help, being known, belonging, coming, events and house.

The variance of an outcome splits into variance between runs (shared by all users of a house) and within runs (between
the users of a house). Within runs, each group of columns gets the adjusted R2 that it adds, averaged over all orders of
entry (Lindeman, Merenda & Gold 1980; Shapley). The table also shows what traits explain when they enter first, and what
they add when they enter last. Run `python -m tools.anatomy.variance` to measure and write the page.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import combinations
from math import factorial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from experiments.calibration.statistics.moments import Moments, cross_products
from experiments.calibration.statistics.people import FIXED, fixed_columns, settled
from experiments.calibration.statistics.snapshots import Array, snapshot
from experiments.designs.replicates import replicate_seed
from experiments.plots import save, variance_by_source
from experiments.runs.executors import executor, none_lost, warm_up
from experiments.statistics.intervals import bias_corrected
from experiments.statistics.numbers import enough
from experiments.store.pages import DOCS, read_json, table
from experiments.store.provenance import versions
from sim.engine import Engine
from sim.kernel import sources_digest
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.scenario import Scenario
from sim.state.state import Records
from tools.anatomy.writing import Document, carried_out

OUTCOMES: Final = ("loneliness", "burden", "identity", "hope", "self_stigma")
GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "traits": FIXED,
    "self": ("self_stigma", "self_worth", "acceptance"),
    "ties": ("friends", "closest", "longing", "company"),
    "helping": ("given", "received", "open_needs"),
    "being known": ("known_by", "known_closest", "told_peers"),
    "belonging": ("identity",),
    "coming": ("attendance",),
    "events": ("unwell", "trouble"),
}
"""Groups of columns, with values of the last day. The group that holds an outcome is not used to explain it."""
COLUMNS: Final = tuple(dict.fromkeys((*OUTCOMES, *(name for names in GROUPS.values() for name in names))))
RUNS: Final = 200
RESAMPLES: Final = 100
SEED: Final = 20240301
PICTURE: Final = DOCS / "pictures" / "variance.png"
REST: Final = "not explained"
DIVIDED: Final = (*GROUPS, "house", REST)
"""Names of the shares that add up to 1."""
FIRST, LAST = "traits entered first", "traits entered last"


def kept(scenario: Scenario, seed: int) -> dict[str, Array]:
    """Run a scenario; return the cross products, the number and the mean outcomes of its settled users."""
    engine = Engine(scenario, seed)
    engine.advance(scenario.days)
    shot = snapshot(engine)
    return of_users(settled(shot.users, shot.day))


def of_users(users: Records) -> dict[str, Array]:
    """Return the cross products of all columns, the number of users, and the mean of each outcome."""
    columns = fixed_columns(users)
    columns["open_needs"] = users["needs"].mean(axis=1)
    columns["attendance"] = users["days_attended"] / np.maximum(users["open_days"], 1)
    columns |= {name: users[name] for name in COLUMNS if name not in columns}
    means = [float(users[name].mean()) if len(users) else float("nan") for name in OUTCOMES]
    return {
        "products": cross_products({name: columns[name] for name in COLUMNS}),
        "users": np.array(float(len(users))),
        "means": np.array(means),
    }


def divided(share_of: Mapping[frozenset[str], float], groups: Sequence[str]) -> dict[str, float]:
    """Divide the share that all groups explain together: each gets the share it adds, averaged over orders of entry.

    Parameters
    ----------
    share_of : mapping of frozenset to float
        Share that each set of groups explains.
    groups : sequence of str
    """
    number, shares = len(groups), {}
    for group in groups:
        others = [other for other in groups if other != group]
        total = 0.0
        for size in range(number):
            weight = factorial(size) * factorial(number - size - 1) / factorial(number)
            for chosen in combinations(others, size):
                before = frozenset(chosen)
                total += weight * (share_of[before | {group}] - share_of[before])
        shares[group] = total
    return shares


def used(outcome: str) -> dict[str, tuple[str, ...]]:
    """Return the groups that explain an outcome: all except the group that holds it."""
    return {name: columns for name, columns in GROUPS.items() if outcome not in columns}


def explained(moments: Moments, outcome: str, chosen: Iterable[str]) -> float:
    """Return the adjusted R2, within runs, of an outcome regressed on the columns of the chosen groups."""
    among = frozenset(chosen)
    return moments.adjusted(
        outcome, [column for name, columns in GROUPS.items() if name in among for column in columns]
    )


def within(moments: Moments, outcome: str) -> dict[str, float]:
    """Divide the variance of an outcome within runs among groups and an unexplained rest."""
    present = tuple(used(outcome))
    sets = [frozenset(chosen) for size in range(len(present) + 1) for chosen in combinations(present, size)]
    share_of = {chosen: explained(moments, outcome, chosen) for chosen in sets}
    return {**divided(share_of, present), REST: 1.0 - share_of[frozenset(present)]}


def traits_first_and_last(moments: Moments, outcome: str) -> dict[str, float]:
    """Return the share of an outcome within runs that traits alone explain, and the share they add to all other groups.

    The first share is the calibration statistic `trait_share_...` (`experiments.calibration.statistics.traits`).
    """
    others = [name for name in used(outcome) if name != "traits"]
    added = explained(moments, outcome, used(outcome)) - explained(moments, outcome, others)
    return {FIRST: explained(moments, outcome, ["traits"]), LAST: added}


def between(outcome: str, runs: Mapping[str, Array]) -> float:
    """Return the share of variance between runs: the intraclass correlation of a one-way analysis of variance.

    The share is at least 0. It includes what users of a house have in common by chance and what the house does to them.
    """
    at, users = OUTCOMES.index(outcome), runs["users"]
    means, number = runs["means"][:, at], len(users)
    grand = float(users @ means / users.sum())
    column = COLUMNS.index(outcome)
    inside = float(runs["products"][:, column, column].sum() / (users.sum() - number))
    outside = float(users @ (means - grand) ** 2 / (number - 1))
    size = (users.sum() - (users**2).sum() / users.sum()) / (number - 1)
    variance = max(0.0, (outside - inside) / size)
    return float(variance / (variance + inside))


def shares(runs: Mapping[str, Array]) -> dict[str, dict[str, float]]:
    """Divide the variance of every outcome. The shares `DIVIDED` add up to 1; `FIRST` and `LAST` are within runs."""
    moments = Moments(COLUMNS, runs["products"].sum(axis=0))
    by_outcome = {}
    for outcome in OUTCOMES:
        house = between(outcome, runs)
        inside = {name: (1.0 - house) * share for name, share in within(moments, outcome).items()}
        by_outcome[outcome] = {**inside, "house": house, **traits_first_and_last(moments, outcome)}
    return by_outcome


def measured(runs: Mapping[str, Array], resamples: int = RESAMPLES) -> dict[str, dict[str, list[float]]]:
    """Return every share with its 95 % interval, by bootstrap over runs."""
    stream, number = np.random.default_rng(SEED), len(runs["users"])
    at = [stream.integers(0, number, number) for _ in range(resamples)]
    again = [shares({name: array[one] for name, array in runs.items()}) for one in at]
    return {
        outcome: {name: _with_ends(share, [one[outcome][name] for one in again]) for name, share in by_name.items()}
        for outcome, by_name in shares(runs).items()
    }


def _with_ends(share: float, again: Sequence[float]) -> list[float]:
    return [share, *bias_corrected(share, np.array(again))[1:]]


def measure(runs: int = RUNS, jobs: int | None = None) -> dict[str, Any]:
    """Run the baseline and return the record that the page shows."""
    warm_up()
    scenario = load_scenario("baseline")
    seeds = [replicate_seed(SEED, k) for k in range(runs)]
    results = list(none_lost(executor(jobs).each(partial(kept, scenario), seeds)))
    stacked = {name: np.array([result[name] for result in results]) for name in results[0]}
    about = {"runs": runs, "resamples": RESAMPLES, "seed": SEED, "model_digest": sources_digest()}
    return {**about, "versions": versions(), "outcomes": measured(stacked)}


def frame(record: dict[str, Any]) -> pd.DataFrame:
    """Return the shares of the record that add up to 1, for `experiments.plots.variance_by_source`."""
    rows = [
        (outcome, name, *record["outcomes"][outcome][name])
        for name in DIVIDED
        for outcome in OUTCOMES
        if name in record["outcomes"][outcome]
    ]
    made = pd.DataFrame(rows, columns=["outcome", "source", "share", "low", "high"])
    return made.sort_values("outcome", key=lambda names: names.map(OUTCOMES.index), kind="stable", ignore_index=True)


def draw() -> Path:
    """Draw the picture of the page from its record."""
    return save(variance_by_source(frame(read_json(DOCUMENT.record))), PICTURE)


def text(record: dict[str, Any]) -> str:
    """Write the table of the page from its record."""
    head = ["", *(name.replace("_", "-") for name in OUTCOMES)]
    names = (*DIVIDED, FIRST, LAST)
    rows = [[name, *(_cell(record["outcomes"][outcome].get(name)) for outcome in OUTCOMES)] for name in names]
    caption = (
        f"Percent of the variance between users, settled users of {record['runs']} runs of the baseline at the end of "
        f"a year, with 95 % intervals (bootstrap over runs). The rows down to *{REST}* add up to 100. The last two "
        "belong to no sum: they are of the variance within runs."
    )
    picture = f"![Where differences between users come from]({PICTURE.relative_to(DOCS).as_posix()})"
    return f"{picture}\n\n{caption}\n\n{table(head, rows)}"


def _cell(values: Sequence[float] | None) -> str:
    if values is None:
        return "-"
    three = [100.0 * value for value in values]
    share, low, high = (f"{value:z.{enough(three, 0)}f}" for value in three)
    return f"{share} ({low} to {high})"


DOCUMENT: Final = Document("shares", Path(__file__).parent / "variance.json", DOCS / "variance.md", text)


def main(words: Sequence[str]) -> int:
    """Measure and write the page with its picture, or check it."""
    status = carried_out(DOCUMENT, measure, RUNS, words)
    if "--check" not in words:
        draw()
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
