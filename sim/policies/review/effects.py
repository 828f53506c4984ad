"""What a policy changes at a review, compiled: each effect (`sim.scenario.schema.effects`), and putting back.

Before every review, all changes by policies are undone; then the policies that act change the state again. So a policy
leaves nothing behind after its end, and a policy of zero strength changes nothing.
"""

from typing import Any

from sim.kernel import kernel
from sim.policies.review.pairs import fill_caseloads, pair_up, queue_up, release
from sim.policies.review.programme import CENTRES, SOCIETIES, USERS, Programme
from sim.scenario.schema.effects import KINDS
from sim.state.state import State
from sim.streams import ROTA, uniform

_TOWARD, _ADD, _ASSIGN, _CIRCLE, _PAIRS, _CASELOADS, _STAFF, _PLACES, _SOCIETY, _TIMETABLE = range(len(KINDS))


@kernel
def _put_back(word: Any, plain: Any, moved: Any, table: Any) -> None:
    """Give a column the bits that it would have without policies, except where it is no longer as they left it."""
    for row in range(len(table)):
        if row < word.known and table[row, word.place] == moved[row]:
            table[row, word.place] = plain[row]
        plain[row] = table[row, word.place]
    word.known = len(table)


@kernel
def put_back(q: Programme) -> None:
    """Undo the policies' changes; values that anything else has written since then stay."""
    for k in range(len(q.words)):
        word, plain, moved = q.words[k], q.plain[k], q.moved[k]
        if word.table == USERS:
            _put_back(word, plain, moved, q.user_counts)
        elif word.table == CENTRES:
            _put_back(word, plain, moved, q.centre_counts)
        elif word.table == SOCIETIES:
            _put_back(word, plain, moved, q.society_counts)
        else:
            _put_back(word, plain, moved, q.worker_counts)


@kernel
def _note(word: Any, moved: Any, table: Any) -> None:
    for row in range(word.known):
        moved[row] = table[row, word.place]


@kernel
def note(q: Programme) -> None:
    """Record the values of the columns after the policies acted."""
    for k in range(len(q.words)):
        word, moved = q.words[k], q.moved[k]
        if word.table == USERS:
            _note(word, moved, q.user_counts)
        elif word.table == CENTRES:
            _note(word, moved, q.centre_counts)
        elif word.table == SOCIETIES:
            _note(word, moved, q.society_counts)
        else:
            _note(word, moved, q.worker_counts)


@kernel
def _moved(value: float, effect: Any, strength: float) -> Any:
    """Return a value after an effect of this strength, within the column's range."""
    if effect.kind == _TOWARD:
        value += strength * effect.amount * (effect.target - value)
    else:
        value += strength * effect.amount
    return min(effect.high, max(effect.low, value))


@kernel
def _on_users(users: Any, numbers: Any, standing: Any, parts: Any, k: int, effect: Any) -> None:
    """Apply an effect on everybody who takes part; `numbers` are the users as rows of float64."""
    for row in range(len(users)):
        strength = parts[k, row].strength
        if strength > 0.0:
            if effect.kind == _ASSIGN:
                numbers[row, effect.place] = effect.amount
            elif effect.kind == _CIRCLE:
                users[row].circle = standing[k, users[row].centre].circle
                users[row].circle_share = strength
            else:
                numbers[row, effect.place] = _moved(numbers[row, effect.place], effect, strength)


@kernel
def _on_society(numbers: Any, standing: Any, houses: Any, k: int, effect: Any) -> None:
    """Add to a column of society, times the policy's mean level over centres, weighted by users."""
    weighed, users = 0.0, 0
    for c in range(len(houses)):
        weighed += standing[k, c].whole * houses[c].here
        users += houses[c].here
    reached = effect.amount * weighed / max(users, 1)
    if reached > 0.0:
        value = numbers[0, effect.place] + reached
        numbers[0, effect.place] = min(effect.high, max(effect.low, value))


@kernel
def _on_today(use: Any, code: int, share: float, seed: Any) -> bool:
    """Decide by chance, with probability `share`, whether an all-or-nothing measure takes place now."""
    return share >= 1.0 or uniform(seed, ROTA, use.code, use.decided, code, 0) < share


@kernel
def _on_house(use: Any, one: Any, centre: Any, house: Any, numbers: Any, c: int, effect: Any, seed: Any) -> None:
    """Apply an effect on a centre as a whole; `numbers` are the centres as rows of float64."""
    if effect.kind == _STAFF:
        coverage = centre.coverage + effect.amount * one.whole * house.coverage_of_one
        centre.coverage = max(centre.coverage, min(1.0, coverage))
    elif effect.kind == _PLACES:
        centre.closed_places = min(centre.closed_places + int(effect.number * one.whole + 0.5), centre.capacity)
    elif one.of_house > 0.0:
        if effect.kind != _TIMETABLE:
            numbers[c, effect.place] = _moved(numbers[c, effect.place], effect, one.of_house)
        elif _on_today(use, centre.code, one.of_house, seed):
            centre.first_session, centre.sessions = one.first_session, one.sessions


@kernel
def _assign(s: State, q: Programme, k: int, c: int, effect: Any, is_again: bool, seed: Any) -> None:
    """Pair users of a centre with seniors, or assign them to workers."""
    use, one, centre, number = q.uses[k], q.standing[k, c], s.centres[c], q.houses[c].here
    if effect.kind == _PAIRS:
        pair_up(s.users, s.ties, centre, q.parts, q.present, number, k, use, effect, is_again, seed)
    elif one.first_worker > 0:
        for worker in range(one.first_worker - 1, one.first_worker - 1 + effect.number):
            s.workers[worker].at_work = min(1.0, one.whole)
        sent = queue_up(s.users, q.parts, q.present, q.values, q.picked, centre, number, k, use, is_again, seed)
        fill_caseloads(s.users, q.parts, q.present, q.picked, centre, number, sent, k, one.first_worker, effect)


@kernel
def apply(s: State, q: Programme, k: int, day: int, seed: Any) -> None:
    """Apply all effects of a use that acts at this review."""
    use = q.uses[k]
    for at in range(use.first_effect, use.last_effect):
        effect = q.effects[at]
        if effect.kind in (_PAIRS, _CASELOADS):
            release(q.parts, k, len(s.users))
            for c in range(len(s.centres)):
                _assign(s, q, k, c, effect, use.decided != day, seed)
        elif effect.kind == _SOCIETY:
            _on_society(q.society_numbers, q.standing, q.houses, k, effect)
        elif effect.table == USERS:
            _on_users(s.users, q.user_numbers, q.standing, q.parts, k, effect)
        else:
            for c in range(len(s.centres)):
                _on_house(use, q.standing[k, c], s.centres[c], q.houses[c], q.centre_numbers, c, effect, seed)
