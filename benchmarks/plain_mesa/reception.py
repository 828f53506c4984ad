"""Phase 5, reception: how listeners receive personal talk, the effects on both users, and what leaks."""

from math import exp

from benchmarks.plain_mesa.agents import User
from benchmarks.plain_mesa.scales import logistic

ORDINARY, STRENGTHS, DISTRESS, ILLNESS = range(4)


def reception_chance(listener: User, questioned: bool) -> float:
    """Return the chance that a listener receives personal talk well."""
    model = listener.model
    p = model.rules.conversation
    odds = p.reception_base + p.reception_skill * listener.listening_skill
    odds += p.reception_empathy * listener.empathy_now - p.reception_burden * listener.burden
    odds -= p.reception_shortage * (1.0 - model.coverage) + p.questioning_penalty * questioned
    return logistic(odds)


def well_received(user: User, listener: User, depth: int) -> None:
    """Let good reception bring the two closer."""
    model = user.model
    p, on = model.rules.conversation, model.on
    tie, back = user.ties[listener], listener.ties[user]
    tie.trust += p.trust_good * (1.0 - tie.trust)
    back.trust += p.trust_listener * p.trust_good * (1.0 - back.trust)
    heard_well(user, depth)
    if on.learned_liking:
        tie.liking += p.liking_good
        back.liking += p.liking_good
    if depth == STRENGTHS:
        return
    if on.being_known:
        tie.closeness += p.bond_gain * (1.0 - tie.closeness)
        back.closeness += p.bond_listener * p.bond_gain * (1.0 - back.closeness)
        tie.known += (p.known_illness if depth == ILLNESS else p.known_distress) * (1.0 - tie.known)
    if on.group_advocacy:
        listener.identity += p.fate_gain * (1.0 - listener.identity)
    if depth == ILLNESS:
        listener.take_heart(p.hope_story)


def heard_well(user: User, depth: int) -> None:
    """Let the teller feel understood; each effect moves a state by a share of its remaining distance."""
    p, on = user.model.rules.conversation, user.model.on
    user.mood += p.lift * (1.0 - user.mood)
    if depth == STRENGTHS:
        if on.becoming_oneself:
            user.self_worth += p.worth_gain * (1.0 - user.self_worth)
        return
    user.needs["emotional"] *= 1.0 - p.relief
    user.threshold *= 1.0 - p.threshold_good
    user.self_stigma *= 1.0 - p.stigma_relief
    if on.group_advocacy:
        user.identity += p.fate_gain * (1.0 - user.identity)
    if depth == ILLNESS:
        if on.adaptation_with_peers:
            user.acceptance += p.acceptance_gain * (1.0 - user.acceptance)
        user.take_heart(p.hope_story)


def badly_received(user: User, listener: User) -> None:
    """Let the teller feel hurt and grow more careful; the pair quarrels as far as staff do not calm it."""
    model, tie = user.model, user.ties[listener]
    p = model.rules.conversation
    tie.trust *= 1.0 - p.trust_bad
    user.mood *= 1.0 - p.hurt
    user.threshold += p.threshold_bad * (1.0 - user.threshold)
    user.self_stigma += p.stigma_hurt * (1.0 - user.self_stigma)
    user.conflicts += 1
    left = 1.0 - p.calming * model.staffed
    if model.on.moving_ties:
        tie.closeness *= 1.0 - p.quarrel * left
    if model.on.learned_liking:
        tie.liking -= p.liking_bad * left


def may_leak(user: User, listener: User, present: list[User]) -> None:
    """Let the listener pass a confidence on to somebody present; the betrayed user may learn of it."""
    model = user.model
    p, chance = model.rules.conversation, model.random
    if chance.random() >= p.leak_rate * (1.0 - listener.confidentiality):
        return
    others = [other for other in present if other is not user and other is not listener]
    if not others:
        return
    weights = [exp(model.closeness_pull * listener.ties[other].closeness) for other in others]
    hearer = chance.choices(others, weights)[0]
    hearer.threshold += p.hearsay_threshold * (1.0 - hearer.threshold)
    model.today["leaks"] += 1
    if chance.random() < p.leak_learned:
        betrayed(user, listener)


def betrayed(user: User, listener: User) -> None:
    """Let a user learn that a listener passed a confidence on."""
    p, tie = user.model.rules.conversation, user.ties[listener]
    tie.trust *= 1.0 - p.leak_trust
    if user.model.on.moving_ties:
        tie.closeness *= 1.0 - p.leak_closeness
    user.self_stigma += p.leak_stigma * (1.0 - user.self_stigma)
    user.threshold += p.leak_threshold * (1.0 - user.threshold)
    user.conflicts += 1
