"""What an act of help does and costs, the same when a peer helps and when a peer support worker does."""

from typing import Any

import numpy as np

from sim.kernel import kernel
from sim.state.scales import reached

EMOTIONAL, INFORMATIONAL, ESTEEM, NETWORK, TANGIBLE = (np.int64(kind) for kind in range(5))


@kernel
def largest_need(u: Any) -> int:
    """Kind of the largest open need."""
    kind = 0
    for k in range(1, 5):
        if u.needs[k] > u.needs[kind]:
            kind = k
    return kind


@kernel
def load_of_help(kind: int, helped: Any, p: Any) -> float:
    """Load of an act of help: load_<kind>, times unwell_load_ratio for one who is unwell (section 3.2.2, P12)."""
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
def share_met(v: Any, p: Any) -> float:
    """Share of a need that help meets: effect (effect_floor + (1 - effect_floor) k), k listening skill of a helper."""
    return p.support_effect * (p.support_effect_floor + (1.0 - p.support_effect_floor) * v.listening_skill)


@kernel
def burdened(burden: float, outside: float, rest: float, dose: float, p: Any) -> float:
    """Burden after a day, in [0, 1]: rest first, then what the day has added.

    B1 = B - (B - B0) min(1, rest / burden_days); B' = B1 + (1 - B1)(1 - exp(-dose)). B0: burden that stays whatever the
    rest.
    """
    rested = burden - (burden - outside) * min(1.0, rest / p.wellbeing_burden_days)
    return rested + (1.0 - rested) * reached(dose)
