"""Compile a parsed condition: look up its words, convert its units, refuse comparisons with only one outcome."""

import math
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from sim.language import say
from sim.scenario.conditions.grammar import KEYWORDS, Part
from sim.scenario.conditions.names import (
    AGGREGATES,
    CENTRE_ATTRIBUTES,
    OF_CONDITIONS,
    TIMES,
    UNIT_WORDS,
    USER_ATTRIBUTES,
    Attribute,
    Scope,
)
from sim.scenario.conditions.numbers import (
    BARE,
    LINE,
    UNITS,
    Number,
    Step,
    counted,
    divided,
    examples_of,
    middle,
    middle_of,
    multiplied,
    outcome,
    short,
    unit_of,
)
from sim.scenario.conditions.words import Words, in_quotes, inner
from sim.scenario.text.nodes import quoted
from sim.scenario.text.suggestions import nearest
from sim.scenario.text.units import UnitError, convert

_MOST_DAYS: Final = 36_525
_MOST_NUMBER: Final = 1e18


@dataclass(frozen=True, slots=True)
class Meaning:
    """How to compute a condition, the days it must last, and the quantities it uses."""

    step: Step
    lasting: int
    names: frozenset[str]


def meaning(whole: Part, text: str, scope: Scope) -> Meaning:
    """Return the meaning of a parsed condition.

    Parameters
    ----------
    whole : Part
        The condition, from `grammar.parsed`.
    text : str
        The text of the condition.
    scope : str
        "user" or "centre".

    Raises
    ------
    ConditionError
        When a word is unknown, units do not agree, or a comparison has only one possible outcome.
    """
    reader = _Reader(text, scope)
    lasting = reader.days(whole.parts[1]) if len(whole.parts) > 1 else 0
    return Meaning(reader.truth(whole.parts[0]), lasting, frozenset(reader.names))


class _Reader(Words):
    """Reads the parts of a condition and turns them into steps."""

    def truth(self, part: Part) -> Step:
        """Read a part that must be true or false."""
        match part.kind:
            case "group":
                return self.truth(part.parts[0])
            case "either" | "both":
                joined = tuple(self.truth(one) for one in part.parts)
                return Step("or" if part.kind == "either" else "and", joined)
            case "negation":
                return Step("not", (self.truth(part.parts[0]),))
            case "comparison":
                return self.comparison(part)
            case "membership":
                return self.membership(part)
            case "name":
                return self.named_truth(part)
            case "label":
                raise self.refused(
                    part,
                    say("{part} is a label, not a condition", part=self.written(part)),
                    say("a comparison, such as sex == woman"),
                )
        number = self.number(part)
        example = f"{self.written(part)} > {middle(number)}"
        raise self.refused(
            part,
            say("{part} is a number, not a condition", part=quoted(self.written(part))),
            say("a comparison"),
            example,
        )

    def named_truth(self, part: Part) -> Step:
        """Read a name that must itself be true or false."""
        known = self.attribute(part)
        if known.kind == "truth":
            return Step("truth", words=(known.name,))
        word = known.labels[0] if known.kind == "label" else str(middle_of(*known.range))
        example = f"{known.name} == {in_quotes(word)}" if known.kind == "label" else f"{known.name} > {word}"
        kind = say("a label") if known.kind == "label" else say("a number")
        raise self.refused(
            part, say("{name} is {kind}, not a condition", name=known.name, kind=kind), say("a comparison"), example
        )

    def comparison(self, part: Part) -> Step:
        """Read a comparison, or a chain of comparisons: 20 < burden < 50."""
        labelled = [one for one in part.parts if self.is_label(one)]
        if labelled:
            return self.labels_compared(part, labelled[0])
        found = self.alike([self.number(one) for one in part.parts])
        for (left, right), sign in zip(pairwise(found), part.words, strict=True):
            self.undecided(left, sign, right)
        return Step("compared", tuple(one.step for one in found), part.words)

    def labels_compared(self, part: Part, quantity: Part) -> Step:
        """Read a comparison with a label: sex == woman."""
        known = self.attribute(inner(quantity))
        if len(part.parts) != 2 or part.words[0] not in ("==", "!="):
            what = say("{name} is a label, which is compared once and with == or != only", name=known.name)
            raise self.refused(quantity, what, say("==, != or in"), f"{known.name} == {in_quotes(known.labels[0])}")
        other = part.parts[1] if quantity is part.parts[0] else part.parts[0]
        code = self.code(inner(other), known)
        return self.among(known, [code], part.words[0] == "==")

    def membership(self, part: Part) -> Step:
        """Read a choice from a list: diagnosis in (schizophrenia, "bipolar disorder")."""
        subject, *choices = part.parts
        wanted = "not" not in part.words
        if self.is_label(subject):
            known = self.attribute(inner(subject))
            codes = [self.code(choice, known) for choice in choices]
            if len(set(codes)) == len(known.labels):
                always = say("{part} is always {wanted}", part=quoted(self.written(part)), wanted=str(wanted).lower())
                raise self.refused(
                    part,
                    say("{always}: it names every label of {name}", always=always, name=known.name),
                    say("some of the labels"),
                )
            return self.among(known, codes, wanted)
        first = self.number(subject)
        numbers = []
        for choice in choices:
            one, other = self.alike([first, self.number(choice)])
            self.undecided(one, "==", other)
            first = one
            numbers.append(other.step.numbers[0])
        return Step("among", (first.step,), ("in" if wanted else "not in",), tuple(numbers))

    def among(self, known: Attribute, codes: list[int], wanted: bool) -> Step:
        """Return the step that tests whether a label is (or is not, if not `wanted`) one of these codes."""
        value = Step("value", words=(known.name,))
        return Step("among", (value,), ("in" if wanted else "not in",), tuple(float(code) for code in codes))

    def undecided(self, left: Number, sign: str, right: Number) -> None:
        """Refuse a comparison with only one possible outcome."""
        decided = outcome(left, sign, right)
        if decided is None:
            return
        constant, other = (left, right) if left.is_constant and not right.is_constant else (right, left)
        comparison = f"{self.written(left.part)} {sign} {self.written(right.part)}"
        what = say("{comparison} is always {decided}", comparison=quoted(comparison), decided=str(decided).lower())
        if other.is_constant:
            raise self.refused(constant.part, what, say("a comparison with a quantity"))
        unit = UNITS.get(other.unit, "")
        scale = say(
            "{part} runs from {low} to {high}{unit}",
            part=self.written(other.part),
            low=short(other.low),
            high=short(other.high),
            unit=unit,
        )
        if math.isinf(other.high) and math.isfinite(other.low):
            scale = say("{part} is {low}{unit} or more", part=self.written(other.part), low=short(other.low), unit=unit)
        raise self.refused(constant.part, f"{what}: {scale}", say("a number that lets it come out either way"))

    def number(self, part: Part) -> Number:
        """Read a part that must be a number."""
        match part.kind:
            case "group":
                return replace(self.number(part.parts[0]), part=part)
            case "amount":
                return self.amount(part)
            case "name":
                return self.named_number(part)
            case "call":
                return self.aggregate(part)
            case "negative":
                one = self.number(part.parts[0])
                step = (
                    Step("number", numbers=(-one.low,)) if one.is_constant else Step("scaled", (one.step,), (), (-1.0,))
                )
                amount = f"-{one.amount}" if one.amount and one.amount[0] != "-" else ""
                return Number(step, one.unit, -one.high, -one.low, part, amount)
            case "sum":
                return self.sum(part)
            case "product":
                return self.product(part)
            case "label":
                raise self.refused(
                    part,
                    say("{part} is a label where a number belongs", part=self.written(part)),
                    say("a number or a quantity"),
                )
        raise self.refused(
            part,
            say("{part} is a condition where a number belongs", part=quoted(self.written(part))),
            say("a number or a quantity"),
        )

    def named_number(self, part: Part) -> Number:
        """Read a name that must be a number."""
        known = self.attribute(part)
        if known.kind == "truth":
            what = say("{name} is true or false by itself, and is compared with nothing", name=known.name)
            raise self.refused(part, what, f"{known.name} or not {known.name}")
        if known.kind == "label":
            what = say("{name} is a label where a number belongs", name=known.name)
            raise self.refused(part, what, say("==, != or in"), f"{known.name} == {in_quotes(known.labels[0])}")
        return Number(Step("value", words=(known.name,)), known.unit, *known.range, part)

    def amount(self, part: Part) -> Number:
        """Read a number, with or without a unit."""
        number, *unit = part.words
        written = " ".join(part.words)
        try:
            value = convert(number, "1")
        except UnitError:
            allowed = say("a number of at most {most}", most=short(_MOST_NUMBER))
            raise self.refused(part, say("found {part}", part=quoted(self.written(part))), allowed) from None
        if not unit:
            return self.constant(value, BARE, part, written)
        for known in ("1", "day", "users"):
            with suppress(UnitError):
                return self.constant(convert(written, known), known, part, written)
        near = nearest(unit[0], (*UNIT_WORDS, *KEYWORDS))
        raise self.refused(part, say("unknown unit {unit}", unit=quoted(unit[0])), ", ".join(UNIT_WORDS), near)

    def constant(self, value: float, unit: str, part: Part, amount: str = "") -> Number:
        """Return the number of a constant."""
        if not abs(value) <= _MOST_NUMBER:
            what = say("{part} comes to too large a number", part=quoted(self.written(part)))
            raise self.refused(part, what, say("a number of at most {most}", most=short(_MOST_NUMBER)))
        return Number(Step("number", numbers=(value,)), unit, value, value, part, amount)

    def made(self, step: Step, unit: str, bounds: tuple[float, float], part: Part, constant: bool) -> Number:
        """Return a computed number; it is a constant if all its inputs are."""
        return self.constant(bounds[0], unit, part) if constant else Number(step, unit, *bounds, part)

    def sum(self, part: Part) -> Number:
        """Read a sum or difference."""
        terms = self.alike([self.number(one) for one in part.parts])
        low, high = terms[0].low, terms[0].high
        for sign, term in zip(part.words, terms[1:], strict=True):
            low, high = (low + term.low, high + term.high) if sign == "+" else (low - term.high, high - term.low)
        bounds = LINE if math.isnan(low) or math.isnan(high) else (low, high)
        step = Step("chain", tuple(term.step for term in terms), part.words)
        return self.made(step, terms[0].unit, bounds, part, all(term.is_constant for term in terms))

    def product(self, part: Part) -> Number:
        """Read a product or quotient."""
        first, *others = (self.number(one) for one in part.parts)
        bounds, unit, steps, constant = (first.low, first.high), first.unit, [first.step], first.is_constant
        for sign, factor in zip(part.words, others, strict=True):
            if sign == "/" and factor.low == factor.high == 0:
                raise self.refused(factor.part, say("division by zero"), say("a number other than 0"))
            if sign == "/" and unit in TIMES and factor.unit in TIMES:
                factor = self.in_unit(factor, unit, first)
            unit = unit_of(unit, sign, factor.unit)
            bounds = multiplied(bounds, (factor.low, factor.high)) if sign == "*" else divided(bounds, factor)
            steps.append(factor.step)
            constant = constant and factor.is_constant
        return self.made(Step("chain", tuple(steps), part.words), unit, bounds, part, constant)

    def alike(self, numbers: list[Number]) -> list[Number]:
        """Convert numbers to the unit of the first quantity among them, or of the first constant with a unit."""
        with_unit = [one for one in numbers if one.unit != BARE]
        pattern = next((one for one in with_unit if not one.is_constant), with_unit[0] if with_unit else None)
        return numbers if pattern is None else [self.in_unit(one, pattern.unit, pattern) for one in numbers]

    def in_unit(self, one: Number, unit: str, pattern: Number) -> Number:
        """Convert a number to `unit`, the unit of `pattern`."""
        if one.unit in (unit, BARE):
            return replace(one, unit=unit)
        if one.unit not in TIMES or unit not in TIMES:
            what = f"{self.measured(one)}, {self.measured(pattern)}"
            raise self.refused(
                one.part, what, examples_of(unit) if one.is_constant else say("a quantity {unit}", unit=counted(unit))
            )
        if one.amount:
            value = convert(one.amount, unit)
            return replace(one, unit=unit, step=Step("number", numbers=(value,)), low=value, high=value)
        factor = convert(f"1 {one.unit}", unit)
        step = Step("scaled", (one.step,), (), (factor,))
        if one.is_constant:
            step = Step("number", numbers=(one.low * factor,))
        return Number(step, unit, one.low * factor, one.high * factor, one.part)

    def measured(self, one: Number) -> str:
        """Describe a number and its unit in words, for a message."""
        return say("{part} is {unit}", part=quoted(self.written(one.part)), unit=counted(one.unit))

    def aggregate(self, part: Part) -> Number:
        """Read an aggregate over the users of a centre."""
        how = part.words[0]
        if how not in AGGREGATES:
            known = how in USER_ATTRIBUTES or how in CENTRE_ATTRIBUTES
            what = say("{how} takes no brackets", how=how) if known else say("unknown aggregate {how}", how=quoted(how))
            raise self.refused(part, what, ", ".join(AGGREGATES), how if known else nearest(how, AGGREGATES))
        if self.within or self.scope == "user":
            where = say("inside {within}()", within=self.within) if self.within else say("in a condition on a user")
            raise self.refused(
                part,
                say("{how}() sums up the users of a centre, which has no place {where}", how=how, where=where),
                say("quantities of one user"),
            )
        self.within = how
        try:
            return self.truths_summed(part) if how in OF_CONDITIONS else self.numbers_summed(part)
        finally:
            self.within = ""

    def truths_summed(self, part: Part) -> Number:
        """Read the share or the number of users that fulfil a condition."""
        how, argument = part.words[0], part.parts[0]
        step = Step("aggregate", (self.truth(argument),), (how,))
        return Number(step, "1", 0.0, 1.0, part) if how == "share" else Number(step, "users", 0.0, math.inf, part)

    def numbers_summed(self, part: Part) -> Number:
        """Read a mean, or another aggregate of numbers."""
        how, argument = part.words[0], part.parts[0]
        bare = inner(argument)
        known = USER_ATTRIBUTES.get(bare.words[0]) if bare.kind == "name" else None
        if bare.kind in ("either", "both", "negation", "comparison", "membership") or (known and known.kind == "truth"):
            what = say(
                "{how}() takes a number, and {argument} is a condition",
                how=how,
                argument=quoted(self.written(argument)),
            )
            raise self.refused(argument, what, say("a number"), f"share({self.written(argument)})")
        one = self.number(argument)
        if one.is_constant:
            raise self.refused(
                argument,
                say("{argument} is the same for all users", argument=quoted(self.written(argument))),
                say("a quantity of users"),
            )
        step = Step("aggregate", (one.step,), (how,))
        low, high = (0.0, (one.high - one.low) / 2) if how == "sd" else (one.low, one.high)
        return Number(step, one.unit, low, high, part)

    def days(self, part: Part) -> int:
        """Read the days that a condition must last."""
        if self.scope == "user":
            what = say("`for` belongs to conditions on centres: a user is looked at on one day")
            raise self.refused(part, what, say("a condition without `for`"))
        found = self.amount(part)
        allowed = say('whole days from 1 to {most}, or a text such as "3 weeks"', most=_MOST_DAYS)
        if found.unit not in (BARE, "day"):
            raise self.refused(part, say("found {part}", part=quoted(self.written(part))), allowed)
        days = float(round(found.low)) if found.low >= 28 else found.low  # a month has no whole number of days
        if not days.is_integer() or not 1 <= days <= _MOST_DAYS:
            raise self.refused(part, say("found {part}", part=quoted(self.written(part))), allowed)
        return int(days)
