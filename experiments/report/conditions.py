"""Conditions in words: "users whose burden is above 40 points" for ``burden > 40``, in the reader's language.

The words come from the checked steps of a condition, so its constants stand in the unit of the quantity beside them.
What has no words is quoted as the analyst wrote it.
"""

from collections.abc import Callable
from functools import reduce
from itertools import pairwise
from typing import Final

from experiments.report.content import as_written
from experiments.report.phrases import AMOUNTS, CLAUSES, QUANTITIES, Sign, aged, amount, comparison
from sim.language import say, term
from sim.scenario.conditions.condition import Condition
from sim.scenario.conditions.names import CENTRE_ATTRIBUTES, OF_CONDITIONS, TIMES, USER_ATTRIBUTES
from sim.scenario.conditions.numbers import BARE, Step, unit_of
from sim.scenario.text.errors import DayroomError

_ATTRIBUTES: Final = USER_ATTRIBUTES | CENTRE_ATTRIBUTES
_MIRRORED: Final[dict[Sign, Sign]] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_OPPOSITES: Final[dict[Sign, Sign]] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


class _WordlessError(DayroomError):
    """No words exist for a part of a condition."""


def in_words(condition: Condition) -> str:
    """Return a condition in words: the users of whom it holds, or when it holds for a centre.

    A condition without words, such as a denied quotient, stands in quotes as the analyst wrote it.
    """
    try:
        if condition.scope == "user":
            return _users(condition.step)
        whole = _clause(condition.step, _plain)
    except _WordlessError:
        written = as_written(condition.text)
        if condition.scope == "user":
            return say("users of whom this holds: “{condition}”", condition=written)
        return say("this holds: “{condition}”", condition=written)
    if not condition.lasting:
        return whole
    return say("{condition}, for {time} without a break", condition=whole, time=amount(condition.lasting, "day"))


def _users(step: Step) -> str:
    """Return the users of whom a step holds."""
    if step.operation == "everybody":
        return say("all users") if step.numbers[0] else say("no users")
    return say("users {clause}", clause=_clause(step, _of_a_user))


def _plain(text: str) -> str:
    return text


def _of_a_user(text: str) -> str:
    return say("whose {comparison}", comparison=text)


def _clause(step: Step, of_whom: Callable[[str], str], within: str = "") -> str:
    """Return a step that is true or false as a clause; `within` is the conjunction around it."""
    match step.operation:
        case "and" | "or":
            parts = [_clause(one, of_whom, step.operation) for one in step.inputs]
            joined = reduce(_both if step.operation == "and" else _either, parts)
            return say("({condition})", condition=joined) if within not in ("", step.operation) else joined
        case "not":
            (denied,) = step.inputs
            if denied.operation == "truth":
                return str(CLAUSES[denied.words[0], ""][1])
            return _clause(_opposite(denied), of_whom, within)
        case "truth":
            return str(CLAUSES[step.words[0], ""][0])
        case "among":
            return _among(step, of_whom, within)
        case "compared":
            pairs = zip(pairwise(step.inputs), step.words, strict=True)
            parts = [_compared(left, sign, right, of_whom) for (left, right), sign in pairs]  # type: ignore[arg-type]
            joined = reduce(_both, parts)
            return say("({condition})", condition=joined) if len(parts) > 1 and within == "or" else joined
    raise _WordlessError


def _both(first: str, second: str) -> str:
    return say("{first} and {second}", first=first, second=second)


def _either(first: str, second: str) -> str:
    return say("{first} or {second}", first=first, second=second)


def _opposite(step: Step) -> Step:
    """Return the step that holds where another does not; none where a quotient may be missing, which holds for both."""
    match step.operation:
        case "and" | "or":
            return Step("or" if step.operation == "and" else "and", tuple(_opposite(one) for one in step.inputs))
        case "not":
            return step.inputs[0]
        case "truth":
            return Step("not", (step,))
        case "among":
            return Step("among", step.inputs, ("not in" if step.words[0] == "in" else "in",), step.numbers)
        case "compared" if not any(_divides(one) for one in step.inputs):
            pairs = zip(pairwise(step.inputs), step.words, strict=True)
            parts = tuple(Step("compared", pair, (_OPPOSITES[sign],)) for pair, sign in pairs)  # type: ignore[index]
            return parts[0] if len(parts) == 1 else Step("or", parts)
    raise _WordlessError


def _divides(step: Step) -> bool:
    divided = step.operation == "chain" and "/" in step.words
    return divided or any(_divides(one) for one in step.inputs)


def _among(step: Step, of_whom: Callable[[str], str], within: str) -> str:
    """Return that a label, or a number, is one of some."""
    (one,), wanted = step.inputs, step.words[0] == "in"
    known = _ATTRIBUTES[one.words[0]] if one.operation == "value" else None
    if known is not None and known.kind == "label":
        parts = [_labelled(known.name, known.labels[int(code)], wanted) for code in dict.fromkeys(step.numbers)]
    else:
        unit, sign = _unit(one), "==" if wanted else "!="
        constants = [Step("number", numbers=(number,)) for number in dict.fromkeys(step.numbers)]
        parts = [_compared(one, sign, each, of_whom, unit) for each in constants]  # type: ignore[arg-type]
    joined = reduce(_either if wanted else _both, parts)
    conjunction = "or" if wanted else "and"
    return say("({condition})", condition=joined) if len(parts) > 1 and within not in ("", conjunction) else joined


def _labelled(name: str, label: str, wanted: bool) -> str:
    if (name, label) in CLAUSES:
        return str(CLAUSES[name, label][0 if wanted else 1])
    if name != "diagnosis":
        raise _WordlessError
    if wanted:
        return say("who have {diagnosis}", diagnosis=term(label))
    return say("who do not have {diagnosis}", diagnosis=term(label))


def _compared(left: Step, sign: Sign, right: Step, of_whom: Callable[[str], str], unit: str = "") -> str:
    """Return a comparison of two numbers, the quantity first."""
    if left.operation == "number":
        left, sign, right = right, _MIRRORED[sign], left
    unit = unit or _unit(left) or _unit(right)
    name = left.words[0] if left.operation == "value" else ""
    if right.operation == "number" and name == "age":
        return aged(sign, amount(right.numbers[0], "1"))
    if right.operation == "number" and name == "days_since_arrival" and sign == "<":
        return say("who are in the first {time} after arrival", time=amount(right.numbers[0], unit))
    is_amount = unit in (*TIMES, "users")
    return of_whom(comparison(_number(left, unit), sign, _number(right, unit), is_amount=is_amount))


def _unit(step: Step) -> str:
    """Return the unit of a number, with "share" for a share of users and "0-1" for a state."""
    match step.operation:
        case "value":
            known = _ATTRIBUTES[step.words[0]]
            if known.unit != "1" or known.range != (0.0, 1.0):
                return known.unit
            return "share" if known.name in AMOUNTS else "0-1"
        case "aggregate":
            how, (one,) = step.words[0], step.inputs
            return {"share": "share", "count": "users"}.get(how) or _unit(one)
        case "scaled" if step.numbers == (-1.0,):
            return _unit(step.inputs[0])
        case "scaled":
            return next(unit for unit in TIMES if unit != _unit(step.inputs[0]))
        case "chain" if step.words[0] in "+-":
            return next((unit for one in step.inputs if (unit := _unit(one))), BARE)
        case "chain":
            return reduce(_combined, zip(step.words, step.inputs[1:], strict=True), _unit(step.inputs[0]))
    return BARE


def _combined(unit: str, factor: tuple[str, Step]) -> str:
    sign, one = factor
    plain = {"share": "1", "0-1": "1"}
    other = _unit(one)
    return unit_of(plain.get(unit, unit), sign, plain.get(other, other))


def _number(step: Step, unit: str, within: str = "") -> str:
    """Return a number as a noun; `within` is the operation around it."""
    match step.operation:
        case "number":
            return amount(step.numbers[0], unit)
        case "value":
            return str(QUANTITIES[step.words[0]])
        case "aggregate":
            return _summed(step)
        case "scaled" if step.numbers == (-1.0,):
            return f"−{_number(step.inputs[0], unit, '-')}"
        case "scaled":  # days in years, or years in days: a length of time is the same in both
            return _number(step.inputs[0], _unit(step.inputs[0]), within)
        case "chain":
            return _computed(step, unit, within)
    raise _WordlessError


def _computed(step: Step, unit: str, within: str) -> str:
    """Return a sum or a product with its signs; a factor without a unit is a plain number."""
    is_sum = step.words[0] in "+-"
    parts = [_number(one, unit if is_sum else _unit(one), step.words[0]) for one in step.inputs]
    signs = {"+": "+", "-": "−", "*": "×", "/": "÷"}
    text = parts[0] + "".join(f" {signs[sign]} {part}" for sign, part in zip(step.words, parts[1:], strict=True))
    return say("({condition})", condition=text) if within else text


def _summed(step: Step) -> str:
    """Return an aggregate over the users of a centre."""
    how, (one,) = step.words[0], step.inputs
    if how in OF_CONDITIONS:
        users = _users(one)
        return say("the share of {users}", users=users) if how == "share" else say("the number of {users}", users=users)
    quantity = _number(one, _unit(one))
    match how:
        case "mean":
            return say("the users' mean {quantity}", quantity=quantity)
        case "sd":
            return say("the standard deviation of the users' {quantity}", quantity=quantity)
        case "median":
            return say("the users' median {quantity}", quantity=quantity)
        case "min":
            return say("the users' lowest {quantity}", quantity=quantity)
        case "max":
            return say("the users' highest {quantity}", quantity=quantity)
    raise _WordlessError
