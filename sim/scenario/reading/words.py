"""Explain the words of conditions before any stands in a file: meaning, unit, range, exact definition, threshold."""

from collections.abc import Iterator
from typing import Final

from sim.language import later, padded, say, term
from sim.scenario.conditions.names import (
    AGGREGATES,
    CENTRE_ATTRIBUTES,
    EVERYBODY,
    OF_CONDITIONS,
    OPERATORS,
    USER_ATTRIBUTES,
    Attribute,
)
from sim.scenario.conditions.numbers import middle_of
from sim.scenario.conditions.words import in_quotes
from sim.scenario.reading.explain import reference
from sim.scenario.reading.shape import number
from sim.scenario.schema.scenario import SCENARIO_PARAMETERS
from sim.scenario.text.errors import Problem, ScenarioError
from sim.scenario.text.nodes import quoted
from sim.scenario.text.suggestions import nearest

_EXACT: Final = later("the value in the model, which sim/MODEL.md describes")
_OF_USERS: Final = {
    "number": later("a number; of each user"),
    "truth": later("true or false; of each user"),
    "label": later("one of some labels; of each user"),
}
_OF_CENTRES: Final = {
    "number": later("a number; of each centre"),
    "truth": later("true or false; of each centre"),
    "label": later("one of some labels; of each centre"),
}


def all_words() -> str:
    """Return every word of conditions with its meaning, a line each."""
    parts = [
        (say("Users (in `eligible`, `groups`, and inside aggregates):"), _meanings(USER_ATTRIBUTES)),
        (
            say("Everybody or nobody (alone, as a whole condition on users):"),
            [(word, _alone(word)) for word in EVERYBODY],
        ),
        (say("Centres (in `when` and `until`):"), _meanings(CENTRE_ATTRIBUTES)),
        (say("Aggregates over the users of a centre (in `when` and `until`):"), list(AGGREGATES.items())),
        (say("Operators:"), list(OPERATORS.items())),
    ]
    wide = max(len(word) for _, rows in parts for word, _ in rows)
    texts = [
        f"{head}\n" + "\n".join(f"  {word:<{wide}}  {term(meaning)}" for word, meaning in rows) for head, rows in parts
    ]
    return "\n\n".join([*texts, say("dayroom explain word newcomer: one of them in full")])


def word(name: str) -> str:
    """Return the explanation of a word of conditions, a label or an operator.

    Raises
    ------
    ScenarioError
        When conditions have no such word; the message names the nearest.
    """
    holder = next((one.name for one in USER_ATTRIBUTES.values() if name in one.labels), name)
    known = USER_ATTRIBUTES.get(holder) or CENTRE_ATTRIBUTES.get(holder)
    if known is not None:
        lines = list(described(known))
    elif name in AGGREGATES:
        of_conditions = say("aggregate of a condition on users; for centres")
        kind = of_conditions if name in OF_CONDITIONS else say("aggregate of a number that users have; for centres")
        test = {"share": "share(newcomer) > 20 %", "count": "count(newcomer) > 3"}.get(name, f"{name}(burden) > 40")
        lines = [(say("kind"), kind), (say("meaning"), term(AGGREGATES[name]))]
        lines.append((say("example"), f"when: {test}"))
    elif name in EVERYBODY:
        lines = [(say("kind"), say("a whole condition on users")), (say("meaning"), _alone(name))]
        lines.append((say("example"), f"eligible: {name}"))
    elif name in OPERATORS:
        lines = [(say("kind"), say("operator")), (say("meaning"), term(OPERATORS[name]))]
    else:
        labels = [label for one in USER_ATTRIBUTES.values() for label in one.labels]
        words = [*USER_ATTRIBUTES, *CENTRE_ATTRIBUTES, *AGGREGATES, *EVERYBODY, *OPERATORS]
        near = nearest(name, [*words, *labels])
        problem = say("conditions have no word {name}", name=quoted(name))
        raise ScenarioError([Problem("explain", what=problem, suggestion=near, allowed=", ".join(words))])
    return "\n".join([holder, *(f"  {padded(head, 10)} {text}" for head, text in lines)])


def described(known: Attribute) -> Iterator[tuple[str, str]]:
    """Yield what is known of a quantity, as pairs of a heading and a text."""
    yield say("kind"), str((_OF_USERS if known.name in USER_ATTRIBUTES else _OF_CENTRES)[known.kind])
    yield say("meaning"), term(known.meaning)
    yield say("exactly"), term(known.definition) if known.definition else str(_EXACT)
    yield from _measured(known)
    threshold = next((one for one in SCENARIO_PARAMETERS if one.path == known.threshold), None)
    if threshold is not None:
        quantity = threshold.quantity
        low, high = (number(end) for end in quantity.plausible)
        yield (
            say("threshold"),
            say(
                "{path}: {value} {unit} by default ({grade}; plausible {low} to {high}). {meaning}",
                path=threshold.path, value=number(threshold.default), unit=term(quantity.unit),
                grade=term(quantity.grade), low=low, high=high, meaning=term(quantity.meaning),
            ),
        )  # fmt: skip
    source = known.source or (threshold.quantity.source if threshold is not None else "")
    if source:
        yield say("source"), reference(source)
    yield say("example"), _example(known)


def _measured(known: Attribute) -> Iterator[tuple[str, str]]:
    """Yield unit and range, or labels."""
    if known.kind == "label":
        yield say("labels"), say(", ").join(map(_labelled, known.labels))
    elif known.kind == "number":
        low, high = map(number, known.range)
        yield say("unit"), say("1 (a share or a plain number)") if known.unit == "1" else term(known.unit)
        is_open = known.range[1] == float("inf")
        yield say("range"), say("{low} or more", low=low) if is_open else say("{low} to {high}", low=low, high=high)


def _labelled(label: str) -> str:
    """Write a label as a condition does, with its meaning behind it in another language."""
    meaning = term(label)
    return in_quotes(label) + ("" if meaning == label else say(" ({meaning})", meaning=meaning))


def _example(known: Attribute) -> str:
    """Return a condition with the quantity, in the key where it belongs."""
    test = known.name
    if known.kind == "label":
        test = f"{known.name} == {in_quotes(known.labels[0])}"
    elif known.kind == "number":
        test = f"{known.name} > {middle_of(*known.range)}"
    return f"eligible: {test}" if known.name in USER_ATTRIBUTES else f"when: {test}"


def _meanings(known: dict[str, Attribute]) -> list[tuple[str, str]]:
    return [(one.name, one.meaning) for one in known.values()]


def _alone(name: str) -> str:
    return say("Every user") if EVERYBODY[name] else say("No user")
