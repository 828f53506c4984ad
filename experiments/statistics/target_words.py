"""The targets of the calibration in words."""

from typing import Final

from sim.language import Language, language, later, say

_WORDS: Final = {
    "loneliness_mean": later("mean loneliness (UCLA-20)"),
    "loneliness_sd": later("spread of loneliness between users (SD)"),
    "lonely_share": later("share of users who are lonely (50 or more)"),
    "close_friends_mean": later("mean number of friends in the centre"),
    "close_friends_median": later("median number of friends"),
    "no_friend_share": later("share of users without a friend"),
    "friend_reciprocity": later("share of friendships that both feel"),
    "tie_illness_talk_share": later("share of friendships with talk of the illness"),
    "user_illness_talk_share": later("share of users who told a peer of it"),
    "stigma_loneliness_r": later("correlation of self-stigma and loneliness"),
    "density": later("share of all possible ties there are"),
    "friend_transitivity": later("friends of friends who are friends"),
    "mutual_outlive_oneway": later("odds of lasting, mutual against one-way ties"),
    "friend_reciprocity_measured": later("nominations that are returned"),
    "friend_kept_1y": later("friendships kept over a year"),
    "friend_jaccard_6w": later("overlap of friendships six weeks apart"),
    "freshmen_growth": later("freshmen: ties as a share of week 27"),
    "freshmen_first_friend": later("freshmen with a friend"),
    "freshmen_closure": later("freshmen: friends of friends who are friends"),
    "newcomer_first_friend": later("newcomers who have had a friend"),
    "threshold_loneliness": later("correlation of threshold and loneliness"),
    "disclosure_mediated": later("effect of the threshold that goes through ties"),
    "known_loneliness": later("correlation of being known and loneliness"),
    "giving_over_receiving": later("self-worth by giving over that by receiving"),
    "receiving_alone": later("self-worth of those who only receive (SD)"),
    "no_help_no_cure": later("loneliness when nobody helps (SD)"),
    "ill_helpers_strained": later("burden of helpers who are unwell (SD)"),
    "helpers_not_strained": later("burden of those who help most (SD)"),
    "identity_over_coming": later("partial correlation of identity, less loneliness"),
    "belonging_beats_opportunity": later("co-design over one more hour of free time"),
    "trait_share_loneliness": later("loneliness: share decided by fixed traits"),
    "trait_share_burden": later("burden: share decided by fixed traits"),
    "trait_share_identity": later("group identity: share decided by fixed traits"),
    "trait_share_stigma": later("self-stigma: share decided by fixed traits"),
    "house_matters": later("loneliness without staff (SD)"),
    "opportunity_only": later("loneliness with one more hour of free time (SD)"),
    "attendance_effect": later("loneliness of coming often (SD)"),
    "seldom_comers_have_friends": later("friends of those who come seldom"),
    "paths_alive": later("weakest of the sub-themes, switched off (SD)"),
}


def target_words(name: str) -> str:
    """Return a target in words, with its week where the target has several; another one by its name."""
    key, _, week = name.partition(".week")
    words = str(_WORDS.get(key, key))
    return say("{target}, week {week}", target=words, week=week) if week else words


def spoken(name: str) -> list[str]:
    """Return what a table of targets has at the end of a row: nothing in English, else the target in words."""
    words = target_words(name)
    return [] if language() is Language.en or words == name else [f"  {words}"]
