"""Read the frames of figures: required columns, rows, enrolled users, scales, roles."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from experiments.statistics.numbers import many
from sim.errors import InputError
from sim.language import later, say
from sim.outcomes.catalogue import BELONGING_FROM, BURDENED_FROM, LONELY_FROM
from sim.scenario.schema.parameters import Support

ROLES: Final = ("uninvolved", "helper", "helped", "mutual")
"""Names of the roles, in the order of the codes of `sim.outcomes.ledger.role`."""
ROLE_NAMES: Final = {
    "uninvolved": later("uninvolved"),
    "helper": later("helper"),
    "helped": later("helped"),
    "mutual": later("mutual"),
}
"""The roles in words."""
LEVEL_NAMES: Final = {
    "stranger": later("stranger"),
    "acquaintance": later("acquaintance"),
    "friend": later("friend"),
    "confidant": later("confidant"),
    "kin-like": later("kin-like"),
}
"""The levels of a tie in words."""
RATIO: Final = 1.5
"""Least ratio of help given to help received that makes a user a helper; the reverse ratio makes a user helped."""


def least_help(memory_days: float) -> float:
    """Return the acts, given and received together, below which a user is uninvolved: one per 30 days of memory."""
    return memory_days / 30.0


LEAST: Final = least_help(Support().memory_days)
"""`least_help` of a scenario with the default memory_days."""


def ucla20[Numbers: (float, np.ndarray, pd.Series)](loneliness: Numbers) -> Numbers:
    """Convert loneliness L in [0, 1] to the UCLA-20 scale: 20 + 60 L."""
    return 20.0 + 60.0 * loneliness


CUTOFFS: Final = {
    "loneliness_ucla20": (ucla20(LONELY_FROM), later("lonely")),
    "burden": (100.0 * BURDENED_FROM, later("burdened")),
    "group_identity": (1.0 + 6.0 * BELONGING_FROM, later("belonging")),
}
"""Cut-off for a single user, on the scale of the outcome, and the word for users at or above it."""
LONELY_SCORE: Final = CUTOFFS["loneliness_ucla20"][0]
"""Score on the UCLA-20 scale from which a user counts as lonely."""


def records(frame: pd.DataFrame) -> Iterator[Any]:
    """Iterate over the rows as named tuples, typed as Any, since the type stubs know no columns."""
    return iter(frame.itertuples())


def require(frame: pd.DataFrame, columns: Iterable[str], row: str = "") -> None:
    """Check that a frame has these columns and, where `row` says what a row is, that it has a row.

    Raises
    ------
    InputError
        When a column or every row is missing; the message names them.
    """
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise InputError(f"the frame has no column {', '.join(missing)}; it has {', '.join(map(str, frame.columns))}")
    if row and frame.empty:
        raise InputError(f"there is no {row} to draw")


def enrolled(users: pd.DataFrame) -> pd.DataFrame:
    """Return the users still enrolled (column `status`); all users if the frame has no such column."""
    return users[users["status"] == "present"] if "status" in users.columns else users


def roles(given: ArrayLike, received: ArrayLike, least: float = LEAST) -> NDArray[np.str_]:
    """Return each user's role from help given and received (both discounted), as `sim.outcomes.ledger.role` does.

    Uninvolved: given and received together below `least`. Helper: given at least `RATIO` times received. Helped:
    received at least `RATIO` times given. Mutual: all others.

    Returns
    -------
    array of str
        Elements of `ROLES`.
    """
    given, received = np.asarray(given, float), np.asarray(received, float)
    rules = [given + received < least, given >= RATIO * received, received >= RATIO * given]
    return np.select(rules, ["uninvolved", "helper", "helped"], "mutual")


def whose(users: pd.DataFrame) -> str:
    """Return the number of users and replicates in a frame, in words."""
    if users.empty:
        return say("nobody enrolled")
    replicates = many(users["replicate"].nunique(), "replicate")
    return say("{users} of {replicates}", users=many(len(users), "user"), replicates=replicates)


_KINDS: Final = ("point", "lever", "scenario")
"""Columns whose values are different scenarios, so that no mean and no band may run over them."""


def kinds_of(frame: pd.DataFrame, by: str | None = None) -> list[str]:
    """Return the columns by which a frame holds several scenarios, besides `by`: "point", "lever", "scenario"."""
    return [name for name in _KINDS if name in frame and name != by and frame[name].nunique() > 1]


def require_one_scenario(frame: pd.DataFrame) -> None:
    """Check that a frame holds the runs of one scenario: a figure of its replicates would mix several.

    Raises
    ------
    InputError
        When it holds several; the message says how to choose one.
    """
    if kinds := kinds_of(frame):
        first = kinds[0]
        raise InputError(
            f"the frame holds {many(frame[first].nunique(), first)}, and their mean is of no scenario; "
            f"choose one, such as frame[frame[{first!r}] == {frame[first].iloc[0]!r}]"
        )
