"""Every outcome: name, unit, better direction, label and meaning, which states the cut-off if there is one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

from sim.state.columns import Column

Better = Literal["lower", "higher", "neither"]

LONELY_FROM: Final = 0.5
"""Lowest loneliness at which a user counts as lonely: UCLA-20 of 50, an item mean of 2.5."""
SEVERELY_LONELY_FROM: Final = 0.75
"""Lowest loneliness at which a user counts as severely lonely: UCLA-20 of 65, the highest of four common bands."""
BURDENED_FROM: Final = 0.5
"""Lowest burden at which a user counts as burdened: 50 of 100."""
BELONGING_FROM: Final = 0.5
"""Lowest group identity at which a user counts as belonging: 4 of 7, the middle of the scale."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A quantity that a run reports.

    Parameters
    ----------
    name : str
    unit : str
    better : "lower", "higher" or "neither"
    label : str
        Label for tables and axes.
    meaning : str
        What the outcome measures, with its cut-off if it has one.
    group : str
        "primary", "secondary", "network", "count" or "cost".
    """

    name: str
    unit: str
    better: Better
    label: str
    meaning: str
    group: str


def _o(group: str, name: str, unit: str, better: Better, label: str, meaning: str) -> Outcome:
    return Outcome(name, unit, better, label, meaning, group)


DAILY: Final[tuple[Outcome, ...]] = (
    _o("count", "users", "users", "neither", "Users enrolled", "Users enrolled at the end of the day"),
    _o("primary", "loneliness_ucla20", "20-80", "lower", "Loneliness (UCLA-20)", "Mean loneliness on the UCLA-20 scale, 20 + 60 L"),
    _o("primary", "loneliness_ucla20_sd", "20-80", "neither", "Spread of loneliness", "Standard deviation of loneliness between users, UCLA-20"),
    _o("primary", "lonely_share", "share", "lower", "Lonely users", "Share of users at UCLA-20 50 or above (item mean 2.5)"),
    _o("primary", "severely_lonely_share", "share", "lower", "Severely lonely users", "Share of users at UCLA-20 65 or above (the highest of four usual bands)"),
    _o("primary", "burden", "0-100", "lower", "Burden", "Mean burden, 100 B"),
    _o("primary", "burden_sd", "0-100", "neither", "Spread of burden", "Standard deviation of burden between users"),
    _o("primary", "burdened_share", "share", "lower", "Burdened users", "Share of users at burden 50 or above"),
    _o("primary", "group_identity", "1-7", "higher", "Group identity", "Mean group identity on a 1-7 scale, 1 + 6 I"),
    _o("primary", "group_identity_sd", "1-7", "neither", "Spread of group identity", "Standard deviation of group identity between users"),
    _o("primary", "belonging_share", "share", "higher", "Users who belong", "Share of users at group identity 4 or above"),
    _o("secondary", "self_worth", "0-1", "higher", "Self-worth", "Mean self-worth"),
    _o("secondary", "self_stigma", "0-1", "lower", "Self-stigma", "Mean self-stigma"),
    _o("secondary", "hope", "0-1", "higher", "Hope", "Mean hope (personal recovery)"),
    _o("secondary", "acceptance", "0-1", "higher", "Acceptance of the illness", "Mean acceptance of the illness"),
    _o("secondary", "mood", "0-1", "higher", "Mood", "Mean mood"),
    _o("secondary", "threshold", "0-1", "neither", "Disclosure threshold", "Mean current disclosure threshold"),
    _o("secondary", "learned_empathy", "0-1", "higher", "Learned empathy", "Mean empathy learned, as a share of what was missing"),
    _o("secondary", "unwell_share", "share", "lower", "Unwell users", "Share of users in an unwell episode"),
    _o("secondary", "open_needs", "0-1", "lower", "Open needs", "Mean open need over users and kinds"),
    _o("secondary", "public_stigma", "0-1", "lower", "Public stigma", "Public stigma as it reaches users: less the share a campaign keeps from them"),
    _o("secondary", "norm", "0-1", "neither", "Norm of open talk", "Norm of open talk in the centre"),
    _o("secondary", "norm_help", "0-1", "neither", "Norm of help", "Norm of help in the centre"),
    _o("secondary", "norm_welcome", "0-1", "neither", "Norm of welcome", "Norm of welcome in the centre"),
    _o("secondary", "trouble", "0-1", "lower", "Trouble at home", "Mean trouble at home"),
    _o("count", "newcomers", "users", "neither", "Newcomers", "Users within newcomer_days of arrival"),
    _o("count", "arrivals", "users/day", "neither", "Arrivals", "Users enrolled today"),
    _o("count", "leavers", "users/day", "neither", "Leavers", "Users who left today"),
    _o("count", "relapses", "users/day", "lower", "Relapses", "Unwell episodes begun today"),
    _o("count", "newcomers_met", "users/day", "neither", "Newcomers present", "Newcomers present today (0 when closed)"),
    _o("count", "cancelled", "/day", "lower", "Sessions cancelled", "Sessions not held today for want of staff"),
    _o("count", "introductions", "/day", "higher", "Introductions by staff", "Times staff brought two users together today"),
    _o("count", "staff_talks", "/day", "higher", "Talks with staff", "Times staff took time for a user in need today"),
    _o("count", "attended", "users/day", "higher", "Attendance", "Users present today (0 when closed)"),
    _o("count", "talks", "/day", "neither", "Conversations", "Conversations at the centre today"),
    _o("count", "talk_hours", "h/day", "neither", "Hours of conversation", "Hours of conversation at the centre today, over talks"),
    _o("count", "declined", "/day", "neither", "Approaches declined", "Approaches declined today"),
    _o("count", "deep_talks", "/day", "neither", "Talks of distress or illness", "Conversations today with talk of distress or illness"),
    _o("count", "strengths_talks", "/day", "neither", "Talk of strengths", "Times somebody spoke of strengths today"),
    _o("count", "distress_talks", "/day", "neither", "Talk of distress", "Times somebody spoke of distress today"),
    _o("count", "illness_talks", "/day", "neither", "Talk of the illness", "Times somebody spoke of the illness today"),
    _o("count", "well_received", "/day", "higher", "Personal talk well received", "Times personal talk was well received today"),
    _o("count", "questioned", "/day", "lower", "Clinical questioning", "Times somebody was asked like a doctor today"),
    _o("count", "leaks", "/day", "lower", "Confidences passed on", "Confidences passed on today"),
    _o("count", "needs_arisen", "/day", "neither", "Needs arisen", "New needs today"),
    _o("count", "asked", "/day", "neither", "Needs voiced", "Times help was asked for today"),
    _o("count", "granted", "/day", "higher", "Requests granted", "Times help asked for was given today"),
    _o("count", "welcomes", "/day", "higher", "Newcomers shown around", "Times a senior helped a newcomer in passing today"),
    _o("count", "helped", "/day", "higher", "Acts of help", "Acts of help today"),
    _o("count", "helped_emotional", "/day", "neither", "Emotional help", "Acts of emotional help today"),
    _o("count", "helped_informational", "/day", "neither", "Advice", "Acts of informational help today"),
    _o("count", "helped_esteem", "/day", "neither", "Encouragement and teaching", "Acts of esteem help today, teaching included"),
    _o("count", "helped_network", "/day", "neither", "Company", "Acts of network help today"),
    _o("count", "helped_tangible", "/day", "neither", "Practical help", "Acts of tangible help today"),
    _o("count", "helped_beyond", "/day", "neither", "Help beyond friends", "Acts of help today to somebody the helper does not feel to be a friend"),
    _o("count", "teaching", "/day", "neither", "Teaching", "Acts of teaching one's speciality today"),
    _o("count", "reminders", "/day", "neither", "Reminders of medication", "Reminders of medication in passing today"),
    _o("count", "worker_talks", "/day", "neither", "Talks with peer support workers", "Talks of users with peer support workers today"),
    _o("count", "withdrawals", "/day", "neither", "Withdrawals", "Times a user withdrew from a tie today"),
    _o("count", "returns", "/day", "neither", "Returns", "Times a user turned back to a tie today"),
    _o("count", "contacts", "/day", "neither", "Contacts out of hours", "Pairs in touch by phone today, outreach left out"),
    _o("count", "contact_hours", "h/day", "neither", "Hours by phone", "Hours by phone today, over these pairs"),
    _o("count", "advocacy", "/day", "higher", "Acts of advocacy", "Acts of advocacy today"),
    _o("network", "acquaintances", "users", "neither", "Ties at acquaintance or closer", "Mean number of own ties at or above acquaintance"),
    _o("network", "ties_at_or_above_friend_out", "users", "neither", "Close friends", "Mean number of own ties at or above friend"),
    _o("network", "confidants", "users", "neither", "Confidants", "Mean number of own ties at or above confidant"),
    _o("network", "kin_like", "users", "neither", "Kin-like ties", "Mean number of own ties at kin-like"),
    _o("network", "no_friend_share", "share", "lower", "Users without a friend", "Share of users without a tie at or above friend"),
    _o("network", "no_confidant_share", "share", "lower", "Users without a confidant", "Share of users without a tie at or above confidant"),
    _o("network", "density", "share", "neither", "Density", "Friend ties as a share of all possible ties"),
    _o("network", "friend_arc_reciprocity", "share", "neither", "Reciprocity", "Share of friend ties that are returned as friend ties; undefined (NaN) when there are no friend ties"),
    _o("network", "friend_ties_with_illness_talk", "share", "neither", "Friends told of the illness", "Share of friend ties in which the illness has been told; undefined (NaN) when there are no friend ties"),
    _o("network", "users_who_told_a_peer", "share", "neither", "Users who told a peer", "Share of users who have told a present peer of the illness"),
    _o("network", "known_by", "users", "higher", "Peers by whom one is known", "Mean number of present peers by whom a user is known"),
    _o("network", "withdrawn_ties", "users", "neither", "Ties withdrawn from", "Mean number of ties each user keeps away from"),
    _o("secondary", "role_helper", "share", "neither", "Helpers", "Share who gave three acts of help or more for every two received (discounted)"),
    _o("secondary", "role_helped", "share", "neither", "Helped", "Share who received three acts of help or more for every two given (discounted)"),
    _o("secondary", "role_mutual", "share", "neither", "Mutual", "Share who gave and received about as much (neither three for two of the other)"),
    _o("secondary", "role_uninvolved", "share", "neither", "Uninvolved", "Share who gave and received less than one act of help a month together"),
    _o("cost", "staff_hours", "h/day", "lower", "Staff hours", "Hours of staff that policies take today"),
    _o("cost", "staff_hours_unserved", "h/day", "lower", "Staff hours short", "Hours of staff that policies would take today and do not get"),
    _o("cost", "money", "CNY/day", "lower", "Money", "What policies cost today, in yuan, staff hours not included"),
    _o("secondary", "helping_gini", "0-1", "neither", "Concentration of helping", "Gini coefficient of help given (discounted)"),
)
"""The outcomes of every day and centre."""



class _Catalogue(dict[str, Outcome]):
    """Dayroom's outcomes; a look-up finds those of other packages too, which only some runs record."""

    def __missing__(self, name: str) -> Outcome:
        own = _own(name)
        if own is None:
            raise KeyError(name)
        return own

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or (isinstance(name, str) and _own(name) is not None)

    def get(self, name: str, default: Any = None) -> Any:
        try:
            return self[name]
        except KeyError:
            return default


def _own(name: str) -> Outcome | None:
    from sim.scenario.schema.own_outcome import OWN_OUTCOMES  # few runs record other outcomes than Dayroom's

    offer = OWN_OUTCOMES.usable().get(name)
    return None if offer is None else Outcome(name, offer.unit, offer.better, offer.label, offer.meaning, offer.group)


OUTCOMES: Final[dict[str, Outcome]] = _Catalogue({outcome.name: outcome for outcome in DAILY})
"""Every outcome by name. To go through it gives Dayroom's own; `recorded` gives those of a run."""


def refusal_of_name(name: str) -> str:
    """Return why an outcome of another package may not have a name; an empty text when it may."""
    return "Dayroom has an outcome of this name" if dict.__contains__(OUTCOMES, name) else ""


def recorded(names: Iterable[str]) -> tuple[Outcome, ...]:
    """Return the outcomes among the names of columns: Dayroom's own in their order, then those of other packages."""
    there = dict.fromkeys(names)
    own = (one for name in there if not dict.__contains__(OUTCOMES, name) and (one := OUTCOMES.get(name)) is not None)
    return (*(outcome for outcome in DAILY if outcome.name in there), *own)


COSTS: Final = ("staff_hours", "staff_hours_unserved", "money")
"""The costs of policies; the engine fills them in."""
PRIMARY: Final = ("loneliness_ucla20", "burden", "group_identity")
"""The three outcomes of the study."""

DAILY_COLUMNS: Final[tuple[Column, ...]] = tuple(
    Column(o.name, "f8", o.unit, (-float("inf"), float("inf")), o.meaning, "tally") for o in DAILY
)
