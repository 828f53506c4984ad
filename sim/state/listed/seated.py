"""Give listed users the seats of a settled centre: their ties and states follow from those who sat there.

A listed user lives nothing before day 0. The centre settles with a double of each listed user: a sampled user of the
same background and traits, who came before settling began and may leave as others do. On day 0 each listed user takes
the seat of a donor: of the own double, or of another settled user who fits the list and the survey (`matched`).

No list gives interests. They are the donor's, because ties between users of like interests are the ones that last: with
other interests, the ties that a listed user takes over would be those of people who do not suit each other.
"""

from typing import Any, Final

import numpy as np

from sim.elementary import Floats, expm1s, log1ps
from sim.scenario.schema.scenario import Centre, Scenario
from sim.scenario.schema.start import network_of
from sim.state.columns import FRIEND, TIE, USER
from sim.state.listed.background import keys
from sim.state.listed.donors import matched
from sim.state.listed.files import Listed
from sim.state.listed.surveyed import Settled, like_as_close, traits_by_ties
from sim.state.starting import introduce_all, set_ties
from sim.state.state import Records, State
from sim.streams import TOLD, uniform

Flags = np.ndarray[Any, np.dtype[np.bool_]]

_INTERESTS: Final = ("interest", "speciality")
_OWN: Final = (
    "uid",
    "arrived",
    *(c.name for c in USER if c.kind in ("background", "trait") and c.name not in _INTERESTS),
)
_SET_POINTS: Final = {
    "mood": "mood_disposition",
    "burden": "outside_burden",
    "identity": "initial_identity",
    "self_stigma": "stigma_disposition",
    "acceptance": "acceptance_disposition",
    "hope": "hope_disposition",
    "threshold": "disclosure_threshold",
}
"""States whose distance from the set point the listed user takes over from the donor."""
SETTLED_WITHIN: Final = 1.0
"""Joint years in the centre beyond which a tie is as close as it stays. In settled centres of 12, 25 and 50 users of
the baseline the mean of -ln(1 - c) rises in proportion to the joint years up to one, and no further."""
_GROWN_FROM: Final = 0.25
"""Years from which what a donor has lived is extended to a listed user of longer standing; shorter ones count as this,
because little of what happened in them lasts. Assumed."""
_GRADUAL: Final = ("identity", "self_stigma", "acceptance", "hope", "self_worth")
"""States that need about as long as ties to move away from their set points."""
_MONTH: Final = 31 / 365.25
"""Years within which nobody becomes a friend, unless the survey says so; assumed."""
_BELOW: Final = 0.999
"""Closeness of a tie that is not named, as a share of the least closeness named, where it would be closer."""
_LIVED: Final = tuple(c.name for c in TIE if c.kind in ("state", "memory"))


def seat_listed(state: State, scenario: Scenario, c: int, spec: Centre, listed: Listed, seed: int) -> Floats:
    """Replace users of the settled centre c by its listed users, and set the ties that were surveyed.

    Each listed user takes the seat of a donor (`matched`). The other seats keep their sampled users. There must be as
    many users in the centre as are listed. Loneliness, and all that summarises ties, is not adjusted here.

    Returns
    -------
    float array, shape (capacity,)
        What is left, by seat, of the distance of loneliness from its target, which loneliness follows slowly: a donor
        who is new is further from it than a user of longer standing.
    """
    centre, network = state.centres[c], network_of(scenario, spec)
    n, halves = int(centre.capacity), np.array(keys(listed.people))
    order = np.argsort(halves)  # so that the order of the file is of no account
    surveyed, most = (of[np.ix_(order, order)] for of in (listed.closeness, listed.most))
    rows = state.users[np.flatnonzero((state.users["centre"] == c) & _is_double(state.users, n, len(order)))].copy()
    rows["uid"] = (int(centre.code) << 16) + halves[order]
    rows["arrived"] = -365.25 * rows["years_in_centre"]
    in_seat = state.seats[centre.first_seat : centre.first_seat + n]
    taken = np.flatnonzero(in_seat >= 0)
    settled, ties = state.users[in_seat[taken]], _block(state, c)[np.ix_(taken, taken)]
    closeness = ties["closeness"]
    doubles = _is_double(settled, n, len(order))
    seats = taken[matched(rows, settled, doubles, surveyed, closeness, scenario.users)]
    left = np.ones(n)
    left[seats] = np.minimum(1.0, _years(state.users[in_seat[seats]]) / _years(rows))
    by_seat, most_by_seat = np.full((n, n), np.nan), np.full((n, n), np.inf)
    by_seat[np.ix_(seats, seats)] = np.where(np.isinf(most), surveyed, np.nan)
    most_by_seat[np.ix_(seats, seats)] = most
    _take_over(state, c, seats, rows, most_by_seat, seed)
    surveyed_by_seat = ~np.isnan(by_seat) | np.isfinite(most_by_seat)
    if surveyed_by_seat.any():
        block, before = _block(state, c), Settled(settled, ties, _joint(settled))
        closeness = np.where(np.isnan(by_seat), block["closeness"], by_seat)
        fitting = traits_by_ties(state.users[in_seat], closeness, surveyed_by_seat, before, seed)
        state.users[in_seat[seats]] = fitting[seats]  # empty seats have no row of their own
        set_ties(state, c, by_seat, network.told_share, np.uint64(seed))
        rows = state.users[in_seat]
        like_as_close(block, rows, _joint(rows), surveyed_by_seat, before, state.p[0], seed)
    return left


def _is_double(rows: Records, n: int, listed: int) -> Flags:
    """Return which users of a centre of n settled in place of a listed user; doubles have the last sampled numbers."""
    half = rows["uid"] & 0xFFFF
    double: Flags = (half >= n - listed) & (half < n)
    return double


def _block(state: State, c: int) -> Records:
    """Return the ties of a centre, shape (capacity, capacity); a view."""
    first, n = int(state.centres[c].first_tie), int(state.centres[c].capacity)
    return state.ties[first : first + n * n].reshape(n, n)


def _take_over(state: State, c: int, seats: Any, rows: Records, most: Floats, seed: int) -> None:
    """Let the listed users `rows` live on from where the users in `seats` are; `most` is that of `Listed`, by seat."""
    centre, p = state.centres[c], state.p[0]
    n = int(centre.capacity)
    in_seat = state.seats[centre.first_seat : centre.first_seat + n]
    block = _block(state, c)
    ties, before = block.copy(), state.users[in_seat]
    state.users[in_seat[seats]] = _continued(rows, before[seats], float(p.wellbeing_worth_stigma))
    after = state.users[in_seat]
    introduce_all(state, c, np.uint64(seed))
    listed = np.isin(np.arange(n), seats)
    pairs = (listed[:, np.newaxis] | listed) & ((in_seat >= 0)[:, np.newaxis] & (in_seat >= 0))
    for name in _LIVED:
        block[name] = ties[name]
    moved = np.where(pairs, p.encounters_warmth_weight * (after["empathy"] - before["empathy"]), 0.0)
    block["liking_base"], block["liking"] = ties["liking_base"] + moved, ties["liking"] + moved
    together = _joint(after)
    kept = np.where(pairs, _as_long(together, _joint(before)), 1.0)
    most = np.where(pairs & (together <= _MONTH), np.minimum(most, FRIEND), most)
    bounded = np.isfinite(most) & (ties["closeness"] > 0.0)
    within = log1ps(-_BELOW * most[bounded]) / log1ps(-ties["closeness"][bounded])
    kept[bounded] = np.minimum(kept[bounded], within)
    _live_as_long(block, kept, after["uid"], float(p.conversation_trust_start), seed)


def _continued(listed: Records, donors: Records, worth_stigma: float) -> Records:
    """Return the rows of listed users with the donors' past: own set points, and the donors' distances from theirs.

    Gradual distances grow with the years in the centre, as ties do (`_as_long`).
    """
    rows = donors.copy()
    for name in _OWN:
        rows[name] = listed[name]
    share = _as_long(_years(rows), _years(donors))

    def lived(name: str, own: Floats, others: Floats) -> Floats:
        away: Floats = (share if name in _GRADUAL else 1.0) * (donors[name] - others)
        return np.clip(own + away, 0.0, 1.0)

    def worth(of: Records) -> Floats:
        set_point: Floats = of["worth_disposition"] * (1.0 - worth_stigma * of["self_stigma"])
        return set_point

    for name, set_point in _SET_POINTS.items():
        rows[name] = lived(name, listed[set_point], donors[set_point])
    rows["self_worth"] = lived("self_worth", worth(rows), worth(donors))
    return rows


def _years(rows: Records) -> Floats:
    """Return the years that each has been in the centre, from a day to `SETTLED_WITHIN`."""
    years: Floats = np.clip(-rows["arrived"] / 365.25, 1 / 365.25, SETTLED_WITHIN)
    return years


def _joint(rows: Records) -> Floats:
    """Return the years that each two have been in the centre together, as `_years`, shape (seats, seats)."""
    return np.minimum.outer(_years(rows), _years(rows))


def _as_long(years: Floats, donors: Floats) -> Floats:
    """Return what happens in some years as a multiple of what happened in the donors' years, at most four times."""
    return np.where(years < donors, years / donors, np.maximum(1.0, years / np.maximum(donors, _GROWN_FROM)))


def _live_as_long(block: Records, kept: Floats, uids: Any, trust_start: float, seed: int) -> None:
    """Multiply what two have lived together by this; closeness follows from the hours (`hours_behind`)."""
    block["closeness"] = np.where(kept != 1.0, -expm1s(kept * log1ps(-block["closeness"])), block["closeness"])
    trust = np.clip(trust_start + kept * (block["trust"] - trust_start), 0.0, 1.0)
    block["trust"] = np.where(kept != 1.0, trust, block["trust"])
    block["hours"] *= kept
    block["known"] = np.minimum(1.0, kept * block["known"])
    block["help"] *= kept[:, :, np.newaxis]
    for i, j in zip(*np.nonzero((kept < 1.0) & (block["told"] + block["withdrawals"] > 0)), strict=True):
        if uniform(np.uint64(seed), TOLD, 1, 0, uids[i], uids[j]) >= kept[i, j]:
            block["told"][i, j] = block["withdrawn"][i, j] = block["withdrawals"][i, j] = 0
