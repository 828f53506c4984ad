"""Whether a condition holds, for each user or for a centre: a machine with a stack carries out its steps."""

import math
from typing import Any, Final

from sim.kernel import kernel, phase
from sim.policies.review import postfix as do
from sim.policies.review.programme import EVERY, Programme
from sim.state.columns import ROLES
from sim.state.state import State, sort

_UNINVOLVED, _HELPER, _HELPED, _MUTUAL = range(len(ROLES))
_YEAR: Final = 365.25


@kernel
def years_run(arrived: float, day: int) -> float:
    """Return the years since day 0, or since arrival if later; they are added to age and tenure."""
    return max(0.0, day - max(arrived, 0.0)) / _YEAR


@kernel
def _role(u: Any, p: Any) -> int:
    """Return the number of a user's role in helping (`sim.outcomes.ledger.role`)."""
    if u.given + u.received < p.support_memory_days / 30.0:
        return _UNINVOLVED
    if u.given >= 1.5 * u.received:
        return _HELPER
    if u.received >= 1.5 * u.given:
        return _HELPED
    return _MUTUAL


@kernel
def _attendance(ledger: Any, opening: Any, c: int, enrolled: int, day: int) -> Any:
    """Return the share of enrolled users who came, over last week's opening days; NaN if there were none."""
    origin = ledger.shape[0] - opening.shape[0]
    came, opened = 0.0, 0
    for before in range(max(0, day - EVERY), day):
        came += ledger[before, c].attended
        opened += opening[before - origin, c]
    asked = opened * enrolled
    return came / asked if asked > 0 else math.nan


@kernel
def _pushed(s: State, q: Programme, step: Any, c: int, row: int, day: int) -> Any:
    """Return the value that a step pushes."""
    operation, place = step.operation, step.place
    if operation == do.NUMBER:
        return step.number
    if operation == do.SLOT:
        return q.aggregates[place].value
    if operation == do.USER_NUMBER:
        return q.user_numbers[row, place]
    if operation == do.USER_COUNT:
        return float(q.user_counts[row, place])
    if operation == do.CENTRE_NUMBER:
        return q.centre_numbers[c, place]
    if operation == do.CENTRE_COUNT:
        return float(q.centre_counts[c, place])
    if operation == do.DAY:
        return float(day)
    if operation == do.YEARS:
        return years_run(s.users[row].arrived, day)
    if operation == do.ROLE:
        return float(_role(s.users[row], s.p[0]))
    if operation == do.NEWCOMER_DAYS:
        return s.p[0].episodes_newcomer_days
    if operation == do.STIGMA:
        return s.society[0].public_stigma
    return _attendance(s.ledger, s.open, c, s.centres[c].capacity - s.centres[c].vacant, day)


@kernel
def _compared(operation: int, left: float, right: float) -> bool:
    """Compare; a missing value (NaN) makes any comparison false, also "!="."""
    if operation == do.BELOW:
        return left < right
    if operation == do.AT_MOST:
        return left <= right
    if operation == do.ABOVE:
        return left > right
    if operation == do.AT_LEAST:
        return left >= right
    if operation == do.EQUAL:
        return left == right
    if operation == do.UNEQUAL:
        return left < right or left > right
    if operation == do.AND:
        return left != 0.0 and right != 0.0
    return left != 0.0 or right != 0.0


@kernel
def _combined(operation: int, left: float, right: float) -> float:
    """Combine two values; a quotient by 0 is missing."""
    if operation == do.PLUS:
        return left + right
    if operation == do.MINUS:
        return left - right
    if operation == do.TIMES:
        return left * right
    if operation == do.OVER:
        return left / right if right != 0.0 else math.nan
    return 1.0 if _compared(operation, left, right) else 0.0


@phase
def compute(s: State, q: Programme, first: int, last: int, c: int, number: int, day: int) -> None:
    """Carry out steps first to last - 1 for the first `number` users of a centre; write the results to `values`."""
    stack = q.stack
    for place in range(number):
        row = q.present[s.centres[c].first_seat + place]
        top = -1
        for at in range(first, last):
            step = q.steps[at]
            operation = step.operation
            if operation <= do.ATTENDANCE:
                top += 1
                stack[top] = _pushed(s, q, step, c, row, day)
            elif operation == do.NOT:
                stack[top] = 1.0 if stack[top] == 0.0 else 0.0
            elif operation == do.TRUE:
                stack[top] = 1.0 if stack[top] != 0.0 else 0.0
            elif operation >= do.IN:  # a missing value fails both "in" and "not in"
                top -= step.place
                is_known, is_in = stack[top] == stack[top], False
                for other in range(step.place):
                    is_in = is_in or stack[top] == stack[top + 1 + other]
                stack[top] = 1.0 if is_known and is_in == (operation == do.IN) else 0.0
            else:
                top -= 1
                stack[top] = _combined(operation, stack[top], stack[top + 1])
        q.values[place] = stack[0]


@kernel
def _total(values: Any, number: int) -> float:
    """Return the sum of the first `number` values, one after the other."""
    total = 0.0
    for one in range(number):
        total += values[one]
    return total


@kernel
def _aggregated(values: Any, items: Any, how: int, number: int) -> Any:
    """Return an aggregate of the first `number` values; a missing value makes it missing. It may reorder them."""
    if number == 0:
        return math.nan
    if how == do.COUNT:
        return _total(values, number)
    if how == do.SD:
        mean = _total(values, number) / number
        for one in range(number):
            values[one] = (values[one] - mean) * (values[one] - mean)
        return math.sqrt(_total(values, number) / number)
    if how in (do.MEAN, do.SHARE):
        return _total(values, number) / number
    low, high = values[0], values[0]
    for one in range(number):
        if values[one] != values[one]:
            return math.nan
        low, high = min(low, values[one]), max(high, values[one])
    if how == do.MIN:
        return low
    if how == do.MAX:
        return high
    sort(values, items, number)
    return (values[(number - 1) // 2] + values[number // 2]) / 2


@kernel
def holds_in(s: State, q: Programme, condition: Any, c: int, day: int) -> Any:
    """Return whether a condition on centres holds in a centre."""
    for at in range(condition.first_aggregate, condition.last_aggregate):
        one = q.aggregates[at]
        number = q.houses[c].here
        compute(s, q, one.first, one.last, c, number, day)
        one.value = _aggregated(q.values, q.picked, one.how, number)
    compute(s, q, condition.first, condition.last, c, 1, day)
    return q.values[0] != 0.0
