"""Phase 10: group identity, advocacy and stigma."""

from benchmarks.plain_mesa.agents import Centre, User
from benchmarks.plain_mesa.scales import reached, shifted
from benchmarks.plain_mesa.tie import DAYS_PER_YEAR, FRIEND


def identity(model: Centre) -> None:
    """Let identity grow, fade, move toward that of friends and turn into advocacy; let friends' loneliness spread."""
    users = list(model.agents)
    pulled = [_of_friends(user, "identity") for user in users]
    for user, other in zip(users, pulled, strict=True):
        if model.on.group_advocacy:
            _grow(user, other)
            _speak_up(user)
        _drift(user)
    share = min(1.0, model.rules.identity.contagion)
    if share > 0.0:
        felt = [_of_friends(user, "loneliness") for user in users]
        for user, other in zip(users, felt, strict=True):
            user.loneliness += share * (other - user.loneliness)


def _of_friends(user: User, state: str) -> float:
    """Return the mean of a state over friends, weighted by closeness; the user's own state without friends."""
    total = weights = 0.0
    for other, tie in user.ties.items():
        if tie.closeness >= FRIEND:
            weights += tie.closeness
            total += tie.closeness * getattr(other, state)
    return total / weights if weights > 0.0 else getattr(user, state)


def _grow(user: User, of_friends: float) -> None:
    """Let identity grow by today's belonging, shrink by today's hurts, and move toward that of friends."""
    model = user.model
    p, now = model.rules.identity, user.identity
    missed = model.is_open and not user.attends
    alone = user.attends and user.partners == 0
    loss = p.absence_loss * missed + p.conflict_loss * user.conflicts + p.alone_loss * alone
    user.identity += (1.0 - now) * reached(identity_gain(user)) - now * reached(loss) + (of_friends - now) / p.pull_days


def identity_gain(user: User) -> float:
    """Return the dose of belonging that a user gets today."""
    model = user.model
    p = model.rules.identity
    breadth = reached(user.partners / p.breadth_partners)
    dose = (p.breadth_gain + p.voice_gain * model.house.voice) * breadth + p.welcome_gain * user.welcomed
    dose += p.doing_gain * user.doing + p.help_gain * user.helping
    return dose + user.attends * p.activity_gain


def _speak_up(user: User) -> None:
    """Let a user who identifies strongly speak up, by chance."""
    model = user.model
    p = model.rules.identity
    if model.random.random() < reached(p.advocacy_rate * max(0.0, user.identity - p.advocacy_from)):
        user.self_stigma *= 1.0 - p.advocacy_relief
        model.today["advocacy"] += 1


def _drift(user: User) -> None:
    """Let identity fade toward its starting value, and self-stigma rise by prejudice or move to its set point."""
    model = user.model
    p = model.rules.identity
    fade = (1.0 if user.attends else p.apart_fade) / p.fade_days
    user.identity -= (user.identity - user.initial_identity) * min(1.0, fade)
    user.identity = min(1.0, max(0.0, user.identity))
    if model.random.random() < reached(p.slight_rate * model.public_stigma / DAYS_PER_YEAR):
        user.self_stigma += p.slight_size * (1.0 - user.self_stigma)
    user.self_stigma += (stigma_target(user) - user.self_stigma) / p.stigma_days


def stigma_target(user: User) -> float:
    """Return the set point toward which self-stigma moves."""
    model = user.model
    p, society = model.rules.identity, model.scenario_given.society
    by = p.stigma_public * (model.public_stigma - society.public_stigma_reference)
    by -= p.stigma_identity * (user.identity - 0.5) + p.stigma_acceptance * (user.acceptance - 0.5)
    return shifted(user.stigma_disposition, by)


def public_opinion(model: Centre) -> None:
    """Lower public stigma by the day's acts of advocacy."""
    acts = model.today["advocacy"]
    if acts:
        model.public_stigma *= 1.0 - min(1.0, model.rules.identity.advocacy_public * acts / len(model.agents))
