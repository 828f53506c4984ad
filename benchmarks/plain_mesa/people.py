"""Who the users are: background as in Table 2 of the study, and traits, sampled at set-up and for newcomers."""

from typing import Any

import numpy as np
from scipy.special import betaincinv, ndtr

from sim.scenario.schema import ACTIVITIES
from sim.scenario.users import Spread, Users

AGE, YEARS_ILL, YEARS_IN_CENTRE = (18.0, 65.0), (1.0, 45.0), (0.5, 14.5)
YOUNGEST_ILL, YOUNGEST_USER = 10.0, 18.0
MOST_REDRAWS = 64
DIAGNOSES = ("schizophrenia", "bipolar", "ocd", "epileptic")
TRAITS = tuple(name for name, value in Users() if isinstance(value, Spread) and name != "interest")


def draw(trait: Spread, rng: np.random.Generator) -> float:
    """Draw a trait: beta on (0, 1) or gamma above 0, with its mean and standard deviation."""
    if trait.sd == 0:
        return trait.mean
    if trait.law == "gamma":
        return float(rng.gamma((trait.mean / trait.sd) ** 2, trait.sd**2 / trait.mean))
    return float(rng.beta(*_beta(trait.mean, trait.sd)))


def _beta(mean: float, sd: float) -> tuple[float, float]:
    size = mean * (1.0 - mean) / sd**2 - 1.0
    return mean * size, (1.0 - mean) * size


def _scaled(quantile: float, mean: float, sd: float, limits: tuple[float, float]) -> float:
    """Give a quantile of the beta law that has this mean and deviation between two limits."""
    low, width = limits[0], limits[1] - limits[0]
    return low + width * float(betaincinv(*_beta((mean - low) / width, sd / width), quantile))


def years(laws: Users, rng: np.random.Generator) -> tuple[float, float, float, float]:
    """Draw age, years ill and years in the centre together; give them with the place of the age in its law."""
    r_ai, r_at, r_it = laws.age_ill_r, laws.age_tenure_r, laws.ill_tenure_r
    root = np.linalg.cholesky(np.array([[1.0, r_ai, r_at], [r_ai, 1.0, r_it], [r_at, r_it, 1.0]]))
    for _ in range(MOST_REDRAWS):
        places = ndtr(root @ rng.standard_normal(3))
        age = _scaled(places[0], laws.age_mean, laws.age_sd, AGE)
        ill = _scaled(places[1], laws.ill_mean, laws.ill_sd, YEARS_ILL)
        tenure = _scaled(places[2], laws.tenure_mean, laws.tenure_sd, YEARS_IN_CENTRE)
        if tenure <= ill and age - ill >= YOUNGEST_ILL and age - tenure >= YOUNGEST_USER:
            break
    return age, ill, tenure, float(places[0])


def sample(laws: Users, rng: np.random.Generator) -> dict[str, Any]:
    """Sample one user's background and traits.

    Returns
    -------
    dict
        Attribute by name, as `User` takes them.
    """
    age, ill, tenure, place = years(laws, rng)
    shares = [laws.schizophrenia, laws.bipolar, laws.ocd]
    retired = place > 1.0 - laws.retired
    traits = {name: draw(getattr(laws, name), rng) for name in TRAITS}
    return traits | {
        "sex": "woman" if rng.random() < laws.women else "man",
        "diagnosis": DIAGNOSES[int(np.searchsorted(np.cumsum(shares), rng.random()))],
        "age": age,
        "years_ill": ill,
        "years_in_centre": tenure,
        "works": not retired and rng.random() < laws.part_time / (1.0 - laws.retired),
        "interest": [draw(laws.interest, rng) for _ in ACTIVITIES],
    }


def newcomer(laws: Users, rng: np.random.Generator) -> dict[str, Any]:
    """Sample a user and put the years back to the day of enrolment."""
    person = sample(laws, rng)
    tenure = person["years_in_centre"]
    return person | {"age": person["age"] - tenure, "years_ill": person["years_ill"] - tenure, "years_in_centre": 0.0}
