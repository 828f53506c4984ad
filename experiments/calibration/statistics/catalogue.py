"""List every statistic that a target may name, with its function and the set-ups that it needs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Final

from experiments.calibration.statistics import (
    disclosure,
    effects,
    helping,
    house,
    identity,
    strangers,
    ties,
    traits,
    wellbeing,
)
from experiments.calibration.statistics.runs import BASELINE, FRESHMEN, Estimate, Runs


@dataclass(frozen=True)
class Statistic:
    """A statistic of the model.

    Parameters
    ----------
    take : callable
        Function that computes the statistic from runs; its docstring describes the statistic.
    setups : tuple of str
        Set-ups whose runs the statistic needs.
    """

    take: Callable[[Runs], Estimate]
    setups: tuple[str, ...] = (BASELINE,)

    @property
    def is_paired(self) -> bool:
        """Whether the statistic needs variants of the baseline."""
        return bool(set(self.setups) - {BASELINE, FRESHMEN})


def _paired(take: Callable[[Runs], Estimate], *setups: str) -> Statistic:
    return Statistic(take, (BASELINE, *setups))


STATISTICS: Final[dict[str, Statistic]] = {
    "loneliness_mean": Statistic(wellbeing.loneliness_mean),
    "loneliness_sd": Statistic(wellbeing.loneliness_sd),
    "lonely_share": Statistic(wellbeing.lonely_share),
    "close_friends_mean": Statistic(ties.friends_mean),
    "close_friends_median": Statistic(ties.friends_median),
    "no_friend_share": Statistic(ties.no_friend_share),
    "friend_reciprocity": Statistic(ties.reciprocity_measured),
    "friend_reciprocity_true": Statistic(ties.reciprocity_true),
    "density": Statistic(ties.density),
    "tie_illness_talk_share": Statistic(wellbeing.tie_illness_talk),
    "user_illness_talk_share": Statistic(wellbeing.user_illness_talk),
    "stigma_loneliness_r": Statistic(disclosure.stigma_loneliness),
    "friend_transitivity": Statistic(ties.transitivity),
    "mutual_outlive_oneway": Statistic(ties.mutual_outlive_oneway),
    "friend_reciprocity_measured": Statistic(ties.reciprocity_measured),
    "friend_kept_1y": Statistic(ties.kept_year),
    "friend_jaccard_6w": Statistic(ties.jaccard_six_weeks),
    "freshmen_growth": Statistic(strangers.growth, (FRESHMEN,)),
    "freshmen_first_friend": Statistic(strangers.first_friend, (FRESHMEN,)),
    "newcomer_first_friend": Statistic(strangers.newcomers),
    "freshmen_closure": Statistic(strangers.closure, (FRESHMEN,)),
    "threshold_loneliness": Statistic(disclosure.threshold_loneliness),
    "disclosure_mediated": Statistic(disclosure.mediated),
    "known_loneliness": Statistic(disclosure.known_loneliness),
    "giving_over_receiving": _paired(helping.giving_over_receiving, "giving_off", "receiving_off"),
    "receiving_alone": Statistic(helping.receiving_alone),
    "no_help_no_cure": _paired(helping.no_help_no_cure, "nobody_helps"),
    "ill_helpers_strained": Statistic(helping.ill_helpers_strained),
    "helpers_not_strained": Statistic(helping.helpers_not_strained),
    "identity_over_coming": Statistic(identity.identity_over_coming),
    "belonging_beats_opportunity": _paired(identity.belonging_beats_opportunity, "codesign", "more_free_time"),
    "trait_share_loneliness": Statistic(traits.share_loneliness),
    "trait_share_burden": Statistic(traits.share_burden),
    "trait_share_identity": Statistic(traits.share_identity),
    "trait_share_stigma": Statistic(traits.share_stigma),
    "house_matters": _paired(house.house_matters, "no_staff", "full_staff"),
    "opportunity_only": _paired(house.opportunity_only, "more_free_time"),
    "attendance_effect": _paired(house.attendance_effect, "coming_seldom", "coming_often"),
    "seldom_comers_have_friends": _paired(house.seldom_comers_have_friends, "coming_seldom"),
    "paths_alive": _paired(effects.paths_alive, *(effects.without(name) for name in effects.SWITCHES)),
}
"""Statistics by their keys in targets."""


PATHS: Final[dict[str, Statistic]] = {
    f"path of {name}": _paired(partial(effects.path, switch=name), effects.without(name)) for name in effects.SWITCHES
}
"""Statistics of the effect of switching off each sub-theme on the primary outcomes."""

SURVEYED: Final = (
    "loneliness_sd",
    "lonely_share",
    "close_friends_mean",
    "close_friends_median",
    "no_friend_share",
    "stigma_loneliness_r",
    "friend_transitivity",
    "mutual_outlive_oneway",
    "friend_kept_1y",
    "friend_jaccard_6w",
    "freshmen_growth",
    "freshmen_first_friend",
    "freshmen_closure",
    "known_loneliness",
    "identity_over_coming",
)
"""Statistics whose ranges come from surveys of people: a survey in the model measures them too."""


def setups_of(keys: Iterable[str]) -> tuple[str, ...]:
    """Return the set-ups that these statistics need, without duplicates."""
    return tuple(dict.fromkeys(setup for key in keys for setup in (STATISTICS | PATHS)[key].setups))
