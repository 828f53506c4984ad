"""Phase 6, acts of help: their effects on both users and their load."""

from benchmarks.plain_mesa.agents import User
from benchmarks.plain_mesa.tie import FRIEND
from benchmarks.plain_mesa.ties import touch


def load_of_help(kind: str, helped: User) -> float:
    """Return the load of an act of help."""
    p = helped.model.rules.support
    load = getattr(p, f"load_{kind}")
    return load * p.unwell_load_ratio if helped.unwell else load


def share_met(helper: User, helped: User) -> float:
    """Return the share of a need that help meets; self-stigma reduces it."""
    p = helper.model.rules.support
    effect = p.effect * (p.effect_floor + (1.0 - p.effect_floor) * helper.listening_skill)
    return effect * (1.0 - p.profit_stigma * helped.self_stigma)


def has_helped(user: User, other: User) -> bool:
    """Return whether a user remembers having helped the other."""
    return sum(user.ties[other].help.values()) > user.model.rules.support.returned_from


def give(helper: User, helped: User, kind: str, load: float) -> None:
    """Let a user help another once, and apply all effects to both."""
    p, today = helper.model.rules.support, helper.model.today
    met, returns = share_met(helper, helped), has_helped(helped, helper)
    helped.needs[kind] *= 1.0 - met
    helper.load += load
    helped.load += p.helped_load
    _feel_worth(helper, helped, met, returns)
    _take_relief(helper, helped, met)
    _bind(helper, helped, kind)
    if kind == "tangible":
        helped.reminded = 1.0
    if helper.model.on.expanding_love and returns:
        for user in (helper, helped):
            user.learned_empathy += p.empathy_gain * (1.0 - user.learned_empathy)
    _remember(helper, helped, kind)
    today["helped"] += 1
    today[f"helped_{kind}"] += 1
    today["helped_beyond"] += helper.ties[helped].closeness < FRIEND


def _feel_worth(helper: User, helped: User, met: float, returns: bool) -> None:
    """Raise the helper's self-worth; raise that of the helped user if the help returns help, else lower it."""
    p = helper.model.rules.support
    if not helper.model.on.helping_empowers:
        return
    helper.self_worth += p.helper_worth * met * (1.0 - helper.self_worth)
    if returns:
        helped.self_worth += p.helped_worth * (1.0 - helped.self_worth)
    else:
        helped.self_worth *= 1.0 - p.unreturned_worth


def _take_relief(helper: User, helped: User, met: float) -> None:
    """Lower the burden of the helped user, and give hope to both."""
    p = helper.model.rules.support
    if helper.model.on.binding_help:
        helped.burden *= 1.0 - p.relief_burden * met
    helped.take_heart(p.hope_help)
    helper.take_heart(p.hope_help)


def _bind(helper: User, helped: User, kind: str) -> None:
    """Let an act of help bring both users closer."""
    model = helper.model
    p, tie, back = model.rules.support, helper.ties[helped], helped.ties[helper]
    for each in (tie, back):
        if model.on.binding_help:
            each.today += getattr(p, f"bond_{kind}")
        if model.on.learned_liking:
            each.liking += p.liking_help
        touch(each, p.act_hours, model.day)
    back.trust += p.trust_gain * (1.0 - back.trust)


def _remember(helper: User, helped: User, kind: str) -> None:
    """Count an act of help on both sides."""
    memory = helper.ties[helped].help
    memory[kind] = memory.get(kind, 0.0) + 1.0
    helper.given += 1.0
    helped.received += 1.0
    for user in (helper, helped):
        user.helping += 1
