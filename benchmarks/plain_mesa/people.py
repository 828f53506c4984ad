"""Sample the background of users (as in Table 2 of the study) and their traits, at set-up and for newcomers."""

from functools import cache
from typing import Any

import numpy as np
from scipy.special import betaincinv, ndtr

from sim.scenario.schema.scenario import ACTIVITIES
from sim.scenario.schema.users import Spread, Users

AGE, YEARS_ILL, YEARS_IN_CENTRE = (18.0, 65.0), (1.0, 45.0), (0.5, 14.5)
YOUNGEST_ILL, YOUNGEST_USER = 10.0, 18.0
MOST_REDRAWS, SHIFTS = 64, 10
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


def _scaled(quantile: np.ndarray, mean: float, sd: float, limits: tuple[float, float]) -> np.ndarray:
    """Return quantiles of the beta distribution with this mean and standard deviation between two limits."""
    low, width = limits[0], limits[1] - limits[0]
    return low + width * betaincinv(*_beta((mean - low) / width, sd / width), quantile)


def _drawn(law: tuple[float, ...], normal: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Turn three normal draws per user into age, years ill and years in the centre; also return who is possible."""
    r_ai, r_at, r_it = law[6:]
    root = np.linalg.cholesky(np.array([[1.0, r_ai, r_at], [r_ai, 1.0, r_it], [r_at, r_it, 1.0]]))
    places = ndtr(root @ normal)
    limits = (AGE, YEARS_ILL, YEARS_IN_CENTRE)
    age, ill, tenure = found = np.array([_scaled(places[k], law[k], law[3 + k], limits[k]) for k in range(3)])
    return found, (tenure <= ill) & (age - ill >= YOUNGEST_ILL) & (age - tenure >= YOUNGEST_USER)


@cache
def shifted(stated: tuple[float, ...], retired: float) -> tuple[tuple[float, ...], float]:
    """Adjust the laws until possible users have the stated moments; also return the age of retirement."""
    normal = np.random.default_rng(1).standard_normal((3, 20_000))
    normal = np.concatenate((normal, -normal), axis=1)
    law = np.array(stated)
    for _ in range(SHIFTS):
        users, possible = _drawn(tuple(law), normal)
        users = users[:, possible]
        r = np.corrcoef(users)
        law += np.array(stated) - np.array([*users.mean(axis=1), *users.std(axis=1), r[0, 1], r[0, 2], r[1, 2]])
    users, possible = _drawn(tuple(law), normal)
    return tuple(law), float(np.quantile(users[0, possible], 1.0 - retired))


def years(laws: Users, rng: np.random.Generator) -> tuple[float, float, float, bool]:
    """Draw age, years ill and years in the centre together; also return whether a user of that age is retired."""
    moments = (laws.age_mean, laws.ill_mean, laws.tenure_mean, laws.age_sd, laws.ill_sd, laws.tenure_sd)
    law, oldest = shifted((*moments, laws.age_ill_r, laws.age_tenure_r, laws.ill_tenure_r), laws.retired)
    for _ in range(MOST_REDRAWS):
        found, possible = _drawn(law, rng.standard_normal((3, 1)))
        if possible[0]:
            break
    age, ill, tenure = (float(value[0]) for value in found)
    return age, ill, tenure, age > oldest


def sample(laws: Users, rng: np.random.Generator) -> dict[str, Any]:
    """Sample one user's background and traits.

    Returns
    -------
    dict
        Attributes by name, for `User`.
    """
    age, ill, tenure, retired = years(laws, rng)
    shares = [laws.schizophrenia, laws.bipolar, laws.ocd]
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
    """Sample a user and set the years back to the day of enrolment."""
    person = sample(laws, rng)
    tenure = person["years_in_centre"]
    return person | {"age": person["age"] - tenure, "years_ill": person["years_ill"] - tenure, "years_in_centre": 0.0}
