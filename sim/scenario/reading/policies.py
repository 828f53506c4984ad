"""Explain the policies before any stands in a file: what each does, for whom, at what cost, its options, an example."""

import inspect
from collections.abc import Iterator
from typing import Any, Final

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from sim.language import padded, say, term
from sim.scenario.conditions.condition import Condition
from sim.scenario.reading.explain import reference
from sim.scenario.reading.shape import allowed, number, shape
from sim.scenario.reading.show import word
from sim.scenario.schema.policy import POLICIES, PolicyUse, policies, unusable_policies
from sim.scenario.schema.quantity import known
from sim.scenario.text.errors import Problem, ScenarioError
from sim.scenario.text.nodes import quoted
from sim.scenario.text.suggestions import misspelt
from sim.sources import ASSUMED, SOURCES

_DELAY: Final = "4 weeks"
"""The start in examples, to show that a policy need not start on day 0."""


def all_policies() -> str:
    """Return every policy with what it is, a line each; and why those of other packages are unusable, if any are."""
    known_ones = policies()
    wide = max(map(len, known_ones))
    lines = [f"  {name:<{wide}}  {_what(policy)}" for name, policy in known_ones.items()]
    broken = [f"  {name}: {why}" for name, why in unusable_policies().items()]
    unusable = [say("Unusable:"), *broken] if broken else []
    more = say("dayroom explain policy outreach: one of them in full")
    return "\n".join([say("Policies:"), *lines, *unusable, "", more])


def policy(name: str) -> str:
    """Return the explanation of a policy, from its declaration alone.

    Raises
    ------
    ScenarioError
        When there is no such policy; the message names the nearest.
    """
    known_ones = policies()
    if name not in known_ones:
        complaint = misspelt(say("there is no policy {name}", name=quoted(name)), name, known_ones)
        raise ScenarioError([Problem("explain", what=complaint)])
    chosen = known_ones[name]
    own = fields_of(chosen)
    common = {name: field for name, field in PolicyUse.model_fields.items() if name != "policy" and name not in own}
    lines = [f"  {padded(head, 8)} {text}" for head, text in _about(chosen)]
    lines += [f"  {say('its own options and defaults:')}", *map(_option, own.items())] if own else []
    lines += [f"  {say('options of every policy:')}", *map(_option, common.items())]
    lines += [f"  {say('example:')}", *(f"    {line}" for line in example_text(chosen).splitlines())]
    return "\n".join([name, *lines])


def fields_of(chosen: type[PolicyUse]) -> dict[str, FieldInfo]:
    """Return the fields that distinguish a policy: fields of its own, and common fields with another default."""
    common = PolicyUse.model_fields
    return {
        name: field
        for name, field in chosen.model_fields.items()
        if name != "policy" and (name not in common or default_of(field) != default_of(common[name]))
    }


def default_of(field: FieldInfo) -> str:
    """Return the default of a field as it would stand in a scenario; empty if there is none."""
    value = field.default
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float | int):
        return number(value)
    return str(value) if isinstance(value, str) or value else ""


def example(chosen: type[PolicyUse]) -> PolicyUse | None:
    """Return a use of a policy with its defaults and `PolicyUse.example`; None if the policy refuses them."""
    try:
        return chosen.model_validate({"policy": chosen.key(), **chosen.example})
    except ValidationError:
        return None


def example_text(chosen: type[PolicyUse]) -> str:
    """Return a block of YAML with a use of the policy; `dayroom scenario check` passes it."""
    values: dict[str, Any] = {"policy": chosen.key(), **chosen.example, "start": _DELAY}
    use = example(chosen)
    if use is not None:
        values |= {} if chosen.whole_house else {"eligible": str(use.eligible)}
        own = (name for name, field in fields_of(chosen).items() if known(field) and name not in PolicyUse.model_fields)
        values |= {name: getattr(use, name) for name in [*own][:1] if name not in values}
    lines = [f"    {name}: {_written(value)}" for name, value in values.items()]
    return "\n".join(["policies:", f"  {chosen.key().replace('_', '-')}:", *lines])


def costs(use: PolicyUse) -> tuple[str, str]:
    """Return the hours of staff and the money that a use takes a week, as two texts; "none" where it takes none."""
    nobody, somebody = 0, 1
    return (
        _cost(use.weekly_hours(nobody), use.weekly_hours(somebody), "h"),
        _cost(use.weekly_money(nobody), use.weekly_money(somebody), "CNY"),
    )


def _cost(without: float, with_one: float, unit: str) -> str:
    """Write a weekly cost as an amount for a centre and an amount for each user who takes part."""
    centre, each = (
        say("{amount:.4g} {unit}", amount=amount, unit=term(unit)) for amount in (without, with_one - without)
    )
    if without and with_one != without:
        return say("{centre} in each centre and {each} for each who takes part", centre=centre, each=each)
    if without:
        return say("{centre} in each centre", centre=centre)
    return say("{each} for each who takes part", each=each) if with_one else say("none")


def _about(chosen: type[PolicyUse]) -> Iterator[tuple[str, str]]:
    """Yield what a policy does, for whom, at what cost and on what evidence."""
    yield say("what"), say("{title}. {meaning}", title=_what(chosen), meaning=term(meaning_of(chosen)))
    use = example(chosen)
    if use is None:
        yield say("needs"), say("options of its own: its defaults alone are refused")
    else:
        values = {"eligible": use.eligible, "share": number(100 * use.uptake), "stay": term(use.stay)}
        yield (
            say("for"),
            say("the house as a whole; by default eligible: {eligible}; {share} % of them go along", **values)
            if chosen.whole_house
            else say("by default eligible: {eligible}; {share} % of them take part, {stay}", **values),
        )
        hours, money = costs(use)
        yield say("costs"), say("hours of staff a week: {hours}; money a week: {money}", hours=hours, money=money)
    yield say("acts on"), ", ".join(chosen.acts_on) or say("nothing")
    yield say("source"), reference(chosen.source.key) if chosen.source.key in SOURCES else chosen.source.authors
    if (code := POLICIES.code(chosen.key())) is not None:
        package = code.package or say("a package without metadata")  # "from" alone is the lower end of a range
        yield say("from "), f"{chosen.__module__}, {package} {code.version}".rstrip()


def meaning_of(chosen: type[PolicyUse]) -> str:
    """Return the first paragraph of a policy's docstring, on one line."""
    return " ".join(inspect.cleandoc(chosen.__doc__ or "").partition("\n\n")[0].split())


def _what(chosen: type[PolicyUse]) -> str:
    return term(str(chosen.model_fields["policy"].description or chosen.key()))


def _option(named: tuple[str, FieldInfo]) -> str:
    """Write an option on one line: default, what is allowed, plausible range, grade and source, meaning."""
    name, field = named
    at = shape(field.annotation, field)
    default = say("never") if name == "end" else default_of(field) or say("not set")
    parts = [say("{default} by default", default=default), *([] if at.annotation is Condition else [allowed(at)])]
    quantity = at.quantity
    if quantity is not None:
        low, high = map(number, quantity.plausible)
        grade = term(quantity.grade)
        graded = (
            grade if quantity.source == ASSUMED.key else say("{grade} ({source})", grade=grade, source=quantity.source)
        )
        is_end = name == "end"
        parts.append(
            graded if is_end else say("plausible {low} to {high}, {graded}", low=low, high=high, graded=graded)
        )
    whole = say("{facts}. {meaning}", facts=say("; ").join(parts), meaning=term(field.description or ""))
    return f"    {name:<16} {whole}"


def _written(value: Any) -> str:
    return word(value) if isinstance(value, str) else number(value) if isinstance(value, int | float) else str(value)
