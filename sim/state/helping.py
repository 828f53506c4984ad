"""The effects and costs of an act of help, from a peer or a peer support worker, and burden after a day."""

from typing import Any

import numpy as np

from sim.kernel import kernel
from sim.state.disclosure import take_heart
from sim.state.scales import reached

EMOTIONAL, INFORMATIONAL, ESTEEM, NETWORK, TANGIBLE = (np.int64(kind) for kind in range(5))


@kernel
def largest_need(u: Any) -> int:
    """Kind of the largest open need, the first of equals."""
    kind = 0
    for k in range(1, 5):
        if u.needs[k] > u.needs[kind]:
            kind = k
    return kind


@kernel
def load_of_help(kind: int, helped: Any, p: Any) -> float:
    """Load of an act of help: load_<kind>, times unwell_load_ratio if the helped user is unwell (3.2.2, P12)."""
    load = p.support_load_emotional
    if kind == INFORMATIONAL:
        load = p.support_load_informational
    elif kind == ESTEEM:
        load = p.support_load_esteem
    elif kind == NETWORK:
        load = p.support_load_network
    elif kind == TANGIBLE:
        load = p.support_load_tangible
    return load * (p.support_unwell_load_ratio if helped.unwell == 1 else 1.0)


@kernel
def share_met(v: Any, u: Any, p: Any) -> float:
    """Share f of a need that help meets: effect (effect_floor + (1 - effect_floor) k_j) (1 - profit_stigma s_i).

    k_j listening skill of the helper; s_i self-stigma of the helped user, which reduces the benefit (Verhaeghe 2008).
    """
    skill = p.support_effect_floor + (1.0 - p.support_effect_floor) * v.listening_skill
    return p.support_effect * skill * (1.0 - p.support_profit_stigma * u.self_stigma)


@kernel
def bond_of_help(kind: int, p: Any) -> float:
    """Effective hours toward closeness that an act of help counts for, in h: bond_<kind>."""
    bond = p.support_bond_emotional
    if kind == INFORMATIONAL:
        bond = p.support_bond_informational
    elif kind == ESTEEM:
        bond = p.support_bond_esteem
    elif kind == NETWORK:
        bond = p.support_bond_network
    elif kind == TANGIBLE:
        bond = p.support_bond_tangible
    return bond


@kernel
def helped_well(u: Any, p: Any, share: float) -> None:
    """Apply effective help to the helped user, f the share of the need that the help met.

    [binding_help] burden B *= 1 - relief_burden f; then `take_heart` by hope_help.
    """
    if p.binding_help == 1:
        u.burden *= 1.0 - p.support_relief_burden * share
    take_heart(u, p, p.support_hope_help)


@kernel
def burdened(burden: float, outside: float, rest: float, dose: float, p: Any) -> float:
    """Burden after a day, in [0, 1]: rest acts first, then the day's dose.

    B1 = B - (B - B0) min(1, rest / burden_days); B' = B1 + (1 - B1) reached(dose). B0: burden that rest does not
    remove.
    """
    rested = burden - (burden - outside) * min(1.0, rest / p.wellbeing_burden_days)
    return rested + (1.0 - rested) * reached(dose)
