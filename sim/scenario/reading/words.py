"""Explain the words of conditions before any stands in a file: meaning, unit, range, exact definition, threshold."""

from collections.abc import Iterator
from typing import Final

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
from sim.scenario.conditions.words import in_quotes, listed
from sim.scenario.reading.explain import reference
from sim.scenario.reading.shape import number
from sim.scenario.schema.scenario import SCENARIO_PARAMETERS
from sim.scenario.text.errors import Problem, ScenarioError
from sim.scenario.text.nodes import quoted
from sim.scenario.text.suggestions import nearest

_EXACT: Final = "the value in the model, which sim/MODEL.md describes"
_KINDS: Final = {"number": "a number", "truth": "true or false", "label": "one of some labels"}


def all_words() -> str:
    """Return every word of conditions with its meaning, a line each."""
    parts = [
        ("Users (in `eligible`, `groups`, and inside aggregates):", _meanings(USER_ATTRIBUTES)),
        ("Everybody or nobody (alone, as a whole condition on users):", [(word, _alone(word)) for word in EVERYBODY]),
        ("Centres (in `when` and `until`):", _meanings(CENTRE_ATTRIBUTES)),
        ("Aggregates over the users of a centre (in `when` and `until`):", list(AGGREGATES.items())),
        ("Operators:", list(OPERATORS.items())),
    ]
    wide = max(len(word) for _, rows in parts for word, _ in rows)
    texts = [f"{head}\n" + "\n".join(f"  {word:<{wide}}  {meaning}" for word, meaning in rows) for head, rows in parts]
    return "\n\n".join([*texts, "dayroom explain word newcomer: one of them in full"])


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
        takes = "a condition on users" if name in OF_CONDITIONS else "a number that users have"
        test = {"share": "share(newcomer) > 20 %", "count": "count(newcomer) > 3"}.get(name, f"{name}(burden) > 40")
        lines = [("kind", f"aggregate of {takes}; for centres"), ("meaning", AGGREGATES[name])]
        lines.append(("example", f"when: {test}"))
    elif name in EVERYBODY:
        lines = [("kind", "a whole condition on users"), ("meaning", _alone(name)), ("example", f"eligible: {name}")]
    elif name in OPERATORS:
        lines = [("kind", "operator"), ("meaning", OPERATORS[name])]
    else:
        labels = [label for one in USER_ATTRIBUTES.values() for label in one.labels]
        words = [*USER_ATTRIBUTES, *CENTRE_ATTRIBUTES, *AGGREGATES, *EVERYBODY, *OPERATORS]
        near = nearest(name, [*words, *labels])
        problem = f"conditions have no word {quoted(name)}"
        raise ScenarioError([Problem("explain", what=problem, suggestion=near, allowed=", ".join(words))])
    return "\n".join([holder, *(f"  {head:<10} {text}" for head, text in lines)])


def described(known: Attribute) -> Iterator[tuple[str, str]]:
    """Yield what is known of a quantity, as pairs of a heading and a text."""
    of_users = known.name in USER_ATTRIBUTES
    yield "kind", f"{_KINDS[known.kind]}; of each {'user' if of_users else 'centre'}"
    yield "meaning", known.meaning
    yield "exactly", known.definition or _EXACT
    yield from _measured(known)
    threshold = next((one for one in SCENARIO_PARAMETERS if one.path == known.threshold), None)
    if threshold is not None:
        low, high = (number(end) for end in threshold.quantity.plausible)
        value = f"{threshold.path}: {number(threshold.default)} {threshold.quantity.unit} by default"
        yield (
            "threshold",
            f"{value} ({threshold.quantity.grade}; plausible {low} to {high}). {threshold.quantity.meaning}",
        )
    source = known.source or (threshold.quantity.source if threshold is not None else "")
    if source:
        yield "source", reference(source)
    yield "example", _example(known)


def _measured(known: Attribute) -> Iterator[tuple[str, str]]:
    """Yield unit and range, or labels."""
    if known.kind == "label":
        yield "labels", listed(known.labels)
    elif known.kind == "number":
        low, high = known.range
        yield "unit", "1 (a share or a plain number)" if known.unit == "1" else known.unit
        yield "range", f"{number(low)} or more" if high == float("inf") else f"{number(low)} to {number(high)}"


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
    return f"{'Every' if EVERYBODY[name] else 'No'} user"
