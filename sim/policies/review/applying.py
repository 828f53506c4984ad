"""What a policy changes at a review, compiled: each effect (`sim.scenario.schema.effects`), and putting back.

Before every review, all changes by policies are undone; then the policies that act change the state again. So a policy
leaves nothing behind after its end, and a policy of zero strength changes nothing.
"""

from typing import Any

from sim.kernel import kernel
from sim.policies.review.pairs import fill_caseloads, pair_up, release
from sim.policies.review.programme import CENTRES, SOCIETIES, USERS, WORKERS, Programme
from sim.scenario.schema.effects import KINDS
from sim.state.state import State
from sim.streams import ROTA, uniform

_TOWARD, _ADD, _ASSIGN, _CIRCLE, _PAIRS, _CASELOADS, _STAFF, _PLACES, _SOCIETY, _TIMETABLE = range(len(KINDS))


@kernel
def _word(q: Programme, table: int, row: int, place: int) -> int:
    """Return the bits of an element of a table."""
    if table == USERS:
        return q.user_counts[row, place]
    if table == CENTRES:
        return q.centre_counts[row, place]
    if table == SOCIETIES:
        return q.society_counts[row, place]
    return q.worker_counts[row, place]


@kernel
def _rows(s: State, table: int) -> int:
    if table == USERS:
        return len(s.users)
    if table == CENTRES:
        return len(s.centres)
    return len(s.society) if table == SOCIETIES else len(s.workers)


@kernel
def put_back(s: State, q: Programme) -> None:
    """Undo the policies' changes; values that anything else has written since then stay."""
    for k in range(len(q.words)):
        word = q.words[k]
        table, place, number = word.table, word.place, _rows(s, word.table)
        for row in range(number):
            bits = _word(q, table, row, place)
            if row < word.known and bits == q.moved[k, row]:
                bits = q.plain[k, row]
                if table == USERS:
                    q.user_counts[row, place] = bits
                elif table == CENTRES:
                    q.centre_counts[row, place] = bits
                elif table == SOCIETIES:
                    q.society_counts[row, place] = bits
                elif table == WORKERS:
                    q.worker_counts[row, place] = bits
            q.plain[k, row] = bits
        word.known = number
    if q.clock[0].arranges == 1:
        for tie in range(len(s.ties)):
            s.ties[tie].arranged = 0.0


@kernel
def note(s: State, q: Programme) -> None:
    """Record the values of the columns after the policies acted."""
    for k in range(len(q.words)):
        word = q.words[k]
        for row in range(word.known):
            q.moved[k, row] = _word(q, word.table, row, word.place)


@kernel
def _moved(value: float, effect: Any, strength: float) -> float:
    """Return a value after an effect of this strength, within the column's range."""
    if effect.kind == _TOWARD:
        value += strength * effect.amount * (effect.target - value)
    else:
        value += strength * effect.amount
    return min(effect.high, max(effect.low, value))


@kernel
def _on_users(s: State, q: Programme, k: int, effect: Any) -> None:
    for row in range(len(s.users)):
        strength = q.parts[k, row].strength
        if strength > 0.0:
            if effect.kind == _ASSIGN:
                q.user_numbers[row, effect.place] = effect.amount
            elif effect.kind == _CIRCLE:
                s.users[row].circle = q.standing[k, s.users[row].centre].circle
                s.users[row].circle_share = strength
            else:
                q.user_numbers[row, effect.place] = _moved(q.user_numbers[row, effect.place], effect, strength)


@kernel
def _on_society(q: Programme, k: int, effect: Any) -> None:
    """Add to a column of society, times the policy's mean level over centres, weighted by users."""
    weighed, users = 0.0, 0
    for c in range(len(q.houses)):
        weighed += q.standing[k, c].whole * q.houses[c].here
        users += q.houses[c].here
    reached = effect.amount * weighed / max(users, 1)
    if reached > 0.0:
        value = q.society_numbers[0, effect.place] + reached
        q.society_numbers[0, effect.place] = min(effect.high, max(effect.low, value))


@kernel
def _on_today(s: State, q: Programme, k: int, c: int, share: float, seed: Any) -> bool:
    """Decide by chance, with probability `share`, whether an all-or-nothing measure takes place now."""
    return share >= 1.0 or uniform(seed, ROTA, q.uses[k].code, q.uses[k].decided, s.centres[c].code, 0) < share


@kernel
def _on_house(s: State, q: Programme, k: int, c: int, effect: Any, is_again: bool, seed: Any) -> None:
    """Apply an effect on a centre as a whole, or on pairs and caseloads within it."""
    centre, one = s.centres[c], q.standing[k, c]
    if effect.kind == _PAIRS:
        pair_up(s, q, k, c, effect, is_again, seed)
    elif effect.kind == _CASELOADS:
        fill_caseloads(s, q, k, c, effect, is_again, seed)
    elif effect.kind == _STAFF:
        coverage = centre.coverage + effect.amount * one.whole * q.houses[c].coverage_of_one
        centre.coverage = max(centre.coverage, min(1.0, coverage))
    elif effect.kind == _PLACES:
        centre.closed_places = min(centre.closed_places + int(effect.number * one.whole + 0.5), centre.capacity)
    elif one.of_house > 0.0:
        if effect.kind != _TIMETABLE:
            value = q.centre_numbers[c, effect.place]
            q.centre_numbers[c, effect.place] = _moved(value, effect, one.of_house)
        elif _on_today(s, q, k, c, one.of_house, seed):
            centre.first_session, centre.sessions = one.first_session, one.sessions


@kernel
def apply(s: State, q: Programme, k: int, day: int, seed: Any) -> None:
    """Apply all effects of a use that acts at this review."""
    use = q.uses[k]
    is_again = use.decided != day
    for at in range(use.first_effect, use.last_effect):
        effect = q.effects[at]
        if effect.kind in (_PAIRS, _CASELOADS):
            release(s, q, k)
        if effect.kind == _SOCIETY:
            _on_society(q, k, effect)
        elif effect.table == USERS and effect.kind in (_TOWARD, _ADD, _ASSIGN, _CIRCLE):
            _on_users(s, q, k, effect)
        else:
            for c in range(len(s.centres)):
                _on_house(s, q, k, c, effect, is_again, seed)
