"""Policies, rules and outcomes made in Python, such as in a notebook: offered in this process as packages offer theirs."""

from typing import Any

from sim.language import say
from sim.scenario.schema.own_outcome import OWN_OUTCOMES, OwnOutcome
from sim.scenario.schema.own_rule import RULES, OwnRule
from sim.scenario.schema.policy import POLICIES, PolicyUse
from sim.scenario.text.errors import InputError


def register[Offer](offer: Offer) -> Offer:
    """Offer a policy, a rule or an outcome to the scenarios of this process, under its own name.

    Parameters
    ----------
    offer : subclass of PolicyUse or OwnRule, or OwnOutcome
        The same name again replaces what Python registered before, as when a cell of a notebook runs again.

    Returns
    -------
    object
        The offer itself, so that `register` may stand above a class as a decorator.

    Raises
    ------
    InputError
        When it is none of these, or is unusable.
    """
    chosen: Any = offer
    if isinstance(chosen, OwnOutcome):
        OWN_OUTCOMES.register(chosen)
    elif isinstance(chosen, type) and issubclass(chosen, OwnRule):
        RULES.register(chosen)
    elif isinstance(chosen, type) and issubclass(chosen, PolicyUse):
        POLICIES.register(chosen)
    else:
        raise InputError(
            say("register: {chosen!r} is no subclass of PolicyUse or OwnRule, and no OwnOutcome", chosen=chosen)
        )
    return offer
