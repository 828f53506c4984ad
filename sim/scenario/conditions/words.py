"""Look up the words of a condition: quantities and labels; refuse all other words."""

from sim.language import say
from sim.scenario.conditions.grammar import ConditionError, Part
from sim.scenario.conditions.names import (
    AGGREGATES,
    CENTRE_ATTRIBUTES,
    EVERYBODY,
    OF_CONDITIONS,
    USER_ATTRIBUTES,
    Attribute,
    Scope,
)
from sim.scenario.text.nodes import quoted
from sim.scenario.text.suggestions import nearest


class Words:
    """Looks up the words of one condition, and collects the quantities it uses."""

    def __init__(self, text: str, scope: Scope) -> None:
        self.text = text
        self.scope = scope
        self.within = ""
        """The aggregate whose argument is being read; empty outside aggregates."""
        self.names: set[str] = set()

    def written(self, part: Part) -> str:
        """Return a part as the text writes it."""
        return self.text[part.start : part.end]

    def refused(self, part: Part, what: str, allowed: str = "", suggestion: str = "") -> ConditionError:
        """Return the error about a part."""
        return ConditionError(part.start, what, quoted(self.written(part)), allowed, suggestion)

    def attribute(self, part: Part) -> Attribute:
        """Look up a quantity."""
        name = part.words[0]
        on_users = self.scope == "user" or bool(self.within)
        known, others = (USER_ATTRIBUTES, CENTRE_ATTRIBUTES) if on_users else (CENTRE_ATTRIBUTES, USER_ATTRIBUTES)
        if name in known:
            self.names.add(name)
            return known[name]
        allowed = ", ".join(known)
        if name in others and on_users:
            where = say("inside {within}()", within=self.within) if self.within else say("in a condition on a user")
            raise self.refused(
                part,
                say("{name} is a quantity of a centre, which has no place {where}", name=name, where=where),
                allowed,
            )
        if name in others:
            raise self.outside(part, others[name])
        if name in AGGREGATES:
            example = f"{name}(newcomer)" if name in OF_CONDITIONS else f"{name}(burden)"
            raise self.refused(part, say("{name} needs brackets", name=name), suggestion=example)
        if name in EVERYBODY:
            what = say("{name} is a whole condition on users and stands alone", name=name)
            raise self.refused(part, what, say("a comparison, or a quantity that is true or false"))
        holder = next((one for one in USER_ATTRIBUTES.values() if name in one.labels), None)
        if holder is not None:
            example = f"{holder.name} == {in_quotes(name)}"
            raise self.refused(
                part,
                say("{name} is a label of {quantity}", name=name, quantity=holder.name),
                say("a comparison of {name}", name=holder.name),
                example,
            )
        raise self.refused(
            part,
            say("unknown name {name}", name=quoted(name)),
            allowed,
            nearest(name, known if on_users else [*known, *AGGREGATES]),
        )

    def outside(self, part: Part, known: Attribute) -> ConditionError:
        """Return the error about a user's quantity outside an aggregate, in a condition on centres."""
        example = f"mean({known.name})" if known.kind == "number" else f"share({known.name})"
        if known.kind == "label":
            example = f"share({known.name} == {in_quotes(known.labels[0])})"
        what = say("{name} is a quantity of each user; write {example}", name=known.name, example=example)
        return self.refused(part, what, say("an aggregate over the users of the centre"))

    def is_label(self, part: Part) -> bool:
        """Return whether a part is a quantity with labels."""
        bare = inner(part)
        known = USER_ATTRIBUTES.get(bare.words[0]) if bare.kind == "name" else None
        return known is not None and known.kind == "label"

    def code(self, part: Part, known: Attribute) -> int:
        """Return the code of a label of a quantity."""
        word = self.written(part)
        if part.kind == "label":
            word = word[1:-1]
        elif part.kind != "name":
            what = say("{name} is compared with {word}, which is no label", name=known.name, word=quoted(word))
            raise self.refused(part, what, listed(known.labels))
        if word not in known.labels:
            what = say("{word} is no label of {name}", word=quoted(word), name=known.name)
            near = nearest(word, known.labels)
            raise self.refused(part, what, listed(known.labels), near)
        return known.labels.index(word)


def inner(part: Part) -> Part:
    """Remove the brackets around a part."""
    while part.kind == "group":
        part = part.parts[0]
    return part


def in_quotes(word: str) -> str:
    """Write a label as a condition writes it, in quotes if necessary."""
    return word if word.isidentifier() else f'"{word}"'


def listed(labels: tuple[str, ...]) -> str:
    """List labels as a condition writes them."""
    return ", ".join(in_quotes(word) for word in labels)
