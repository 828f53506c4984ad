"""Reasons for surprising directions of parameters, as the page of directions shows them."""

from typing import Final

_NEED: Final = (
    "Needs are the occasions of help. By themselves they make lonely, burden and take hope, as they "
    "do where `helping` is switched off; where there is help, what helper and helped gain by it, and "
    "the closeness it leaves, can outweigh that."
)
_CLOSER: Final = "Closer ties ask more of users: more help, more calls, and more peers who come nearer than they want."
_OF_NEED: Final = (
    "rules.episodes.need_emotional",
    "rules.episodes.need_informational",
    "rules.episodes.need_esteem",
    "rules.episodes.need_network",
    "rules.episodes.need_tangible",
    "rules.episodes.need_size",
    "rules.episodes.need_fade_days",
)
_OF_CLOSENESS: Final = (
    "users.desired_closeness.mean",
    "users.sociability.mean",
    "rules.encounters.shared_liking",
    "rules.encounters.interest_liking",
    "rules.encounters.leisure_weight",
    "rules.encounters.copresence_weight",
    "rules.support.liking_help",
    "rules.proximity.band",
    "rules.proximity.return_rate",
    "rules.contact.daily_rate",
)

NOTES: Final[dict[str, str]] = {
    **dict.fromkeys(_OF_NEED, _NEED),
    **dict.fromkeys(_OF_CLOSENESS, _CLOSER),
    "rules.attendance.habit_slope": (
        "At middling habit nothing changes. Most users come less than that, and for them a habit that "
        "counts for more keeps away; who comes less is asked less."
    ),
    "rules.attendance.base_share": (
        "Who comes more often is less lonely and belongs more, and is asked for help more often, which burdens."
    ),
    "rules.attendance.burden_slope": ("The burdened stay away, which rests them, and leaves them with less company."),
    "rules.conversation.noise": (
        "What users are ready to say lies mostly below what personal talk asks; more chance lets it pass more often."
    ),
    "rules.conversation.trust_weight": (
        "With more openness users tell more and are received well; that relieves more than hearing it burdens."
    ),
    "rules.support.staff_talk": (
        "Staff meet needs that peers would have met: burden falls, and so does a little of what "
        "helping each other gives."
    ),
    "rules.support.ask_stigma": ("Who is ashamed asks less; helpers have less to carry."),
    "rules.proximity.withdraw_rate": ("To withdraw sooner spares the burden of unwanted nearness and costs ties."),
}
"""Reason for each surprising direction, by path of the parameter."""
