"""What a survey can measure: groups of parameters, and how well the answers of some users pin each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

import numpy as np

from experiments.statistics.intervals import Array
from experiments.worth.denoised import carried
from sim.scenario.schema.quantity import Parameter
from sim.scenario.schema.scenario import RULE_PARAMETERS
from sim.scenario.schema.users import USER_PARAMETERS

if TYPE_CHECKING:
    import pandas as pd

HOURS: Final = 1.0
"""Staff hours that asking a user takes (assumed: an hour of interview, entry and review); they price a survey."""
SIZES: Final = (10, 30, 100, 300)
"""Numbers of users to ask."""
_SPREADS: Final = 1.0
"""Standard deviation of a user's answers about a parameter that is no trait, in widths of its plausible range.

This is assumed: the answers of twelve users are then as precise as the range itself."""


@dataclass(frozen=True, slots=True)
class Survey:
    """A group of parameters that can be measured together.

    Parameters
    ----------
    name : str
        What is measured, in words that follow "about".
    paths : tuple of str
        Paths of the parameters; `*` stands for any text.
    asks : bool
        Whether users can be asked; otherwise the group takes a trial of the policies.
    """

    name: str
    paths: tuple[str, ...]
    asks: bool = True

    def columns(self, names: Sequence[str]) -> list[str]:
        """Return the names that belong to the group."""
        return [name for name in names if any(fnmatchcase(name, path) for path in self.paths)]


SURVEYS: Final = (
    Survey("disclosure thresholds", ("users.disclosure_threshold.*", "rules.conversation.threshold_*")),
    Survey("wanted closeness", ("users.desired_closeness.*", "users.desired_ties.*", "rules.proximity.band")),
    Survey(
        "friendships",
        (
            "rules.encounters.closeness_weight",
            "rules.encounters.shared_*",
            "rules.encounters.chemistry_*",
            "rules.encounters.interest_liking",
            "rules.encounters.introduced",
            "rules.forgetting.hours_scale",
            "rules.forgetting.fade_weak",
            "rules.forgetting.apart_ratio",
            "rules.proximity.one_way_cooling",
        ),
    ),
    Survey("leaks", ("rules.conversation.leak_*", "rules.conversation.hearsay_*", "users.confidentiality.*")),
    Survey("attendance", ("rules.attendance.*",)),
    Survey(
        "asking for help and giving it",
        (
            "rules.support.ask_*",
            "rules.support.accept_*",
            "rules.support.notice",
            "users.helping_inclination.*",
            "users.support_capacity.*",
        ),
    ),
    Survey("burden", ("rules.wellbeing.burden_*", "rules.wellbeing.unwell_strain", "users.outside_burden.*")),
    Survey(
        "what makes lonely", ("rules.wellbeing.lonely_*", "rules.wellbeing.known_weight", "users.lonely_disposition.*")
    ),
    Survey("stigma", ("rules.identity.stigma_*", "rules.identity.slight_*", "users.stigma_disposition.*")),
    Survey("how conversations go", ("rules.conversation.reception_*", "users.empathy.*", "users.listening_skill.*")),
    Survey("group identity", ("rules.identity.*_gain", "rules.identity.*_loss", "users.initial_identity.*")),
    Survey("contact between sessions", ("rules.contact.*",)),
    Survey("what the policies do to those who take part", ("policies.*",), asks=False),
)
"""Groups of parameters; no parameter is in two. What the others are worth is part of the value of all parameters."""


def variances(names: Sequence[str], means: "pd.Series[float]") -> Array:
    """Return the variance of a single user's answers about each parameter, shape (parameters,).

    Parameters
    ----------
    names : sequence of str
        Paths of parameters.
    means : Series
        By path, the mean over the draws of every drawn parameter.

    Notes
    -----
    The mean of a trait with standard deviation sd over users: sd^2. That standard deviation itself: sd^2 / 2, as for a
    normal trait. Any other parameter: the squared width of its plausible range (assumed).
    """
    return np.array([_variance(name, means) for name in names])


def _variance(name: str, means: "pd.Series[float]") -> float:
    trait, _, part = name.rpartition(".")
    if name.startswith("users.") and part in ("mean", "sd"):
        path = f"{trait}.sd"
        sd = float(means[path]) if path in means.index else _KNOWN[path].default
        return sd**2 if part == "mean" else sd**2 / 2.0
    return (_SPREADS * _width(name, means)) ** 2


def _width(name: str, means: "pd.Series[float]") -> float:
    low, high = _KNOWN[name].quantity.plausible
    return float(high - low)


_KNOWN: Final[dict[str, Parameter]] = {
    (one.path if one.path.startswith(f"{section}.") else f"{section}.{one.path}"): one
    for section, parameters in (("rules", RULE_PARAMETERS), ("users", USER_PARAMETERS))
    for one in parameters
}
"""Parameters of rules and users by their paths."""


def after_asking(points: Array, of_one: Array, users: int) -> Array:
    """Return what each draw's parameters would be expected to be after a survey, shape (draws, parameters).

    With a normal prior of covariance P and answers of covariance N / users, the expected parameters vary between
    surveys by V = P (P + N / users)^-1 P; the draws are carried to that covariance (Jalal and Alarid-Escudero 2018,
    Medical Decision Making 38, 174-188, for one parameter at a time).

    Parameters
    ----------
    points : (draws, parameters) float array
    of_one : (parameters,) float array
        From `variances`; 0 for parameters that a single answer gives away.
    users : int
        Number of users asked; with 0, all draws become their mean.
    """
    centre = points.mean(axis=0)
    if users == 0:
        return np.broadcast_to(centre, points.shape).copy()
    scale = points.std(axis=0, ddof=1)
    scale = np.where(scale > 0.0, scale, 1.0)
    prior = np.atleast_2d(np.cov((points / scale).T))
    known = prior @ np.linalg.pinv(prior + np.diag(of_one / scale**2 / users)) @ prior
    return np.asarray(centre + ((points - centre) / scale) @ carried(prior, known).T * scale)
