"""A rule of another package, or of a notebook: a section of `rules` that only scenarios with its name have.

The class declares what the rule reads as parameters, after which phase it acts, what it writes and what it remembers;
`act` is its kernel. `sim.own` compiles it into the day.
"""

import re
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal

from sim.language import say
from sim.scenario.schema import parameters
from sim.scenario.schema.offers import REFUSALS
from sim.scenario.schema.parameters import PHASES
from sim.scenario.schema.quantity import Section, known
from sim.scenario.schema.registry import REGISTRIES, Registry
from sim.scenario.text.suggestions import nearest, with_suggestion
from sim.sources import ASSUMED, Source

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,60}")


@dataclass(frozen=True, slots=True)
class OwnColumn:
    """A number that an own rule remembers of each user, tie or centre.

    Parameters
    ----------
    table : "user", "tie" or "centre"
    name : str
        Field of `own.users`, `own.ties` or `own.centres`.
    unit : str
        "1" is dimensionless.
    bounds : tuple of float
        Lowest and highest value; `sim.rule_checks` watches them.
    meaning : str
        One sentence.
    start : float or tuple of float
        Value of everybody at the start and of every newcomer; for users also a range, from which each draws evenly.
    """

    table: Literal["user", "tie", "centre"]
    name: str
    unit: str
    bounds: tuple[float, float]
    meaning: str
    start: float | tuple[float, float] = 0.0


class OwnRule(Section):
    """A rule of one's own: its parameters are fields declared by `quantity()`, as those of Dayroom's rules.

    It acts in scenarios with its name under `rules` (`rules: {mood_contagion: {}}`), and in no other.
    """

    rule: ClassVar[str] = ""
    """The name under `rules`, such as "mood_contagion"."""
    after: ClassVar[str] = ""
    """The phase after which it acts, in each centre; rules after the same phase act in the order of their names."""
    acts_on: ClassVar[tuple[str, ...]] = ()
    """The only columns of the state that `act` may write, such as `user.mood`; the rule's own columns need no mention."""
    columns: ClassVar[tuple[OwnColumn, ...]] = ()
    """What the rule remembers."""
    draws: ClassVar[tuple[str, ...]] = ()
    """Names of its kinds of chance; `own.draws[0].NAME` is the purpose with which `uniform` and `normal` draw."""
    source: ClassVar[Source] = ASSUMED
    """The evidence for the rule."""

    @staticmethod
    def act(s: Any, c: int, day: int, seed: Any, own: Any) -> None:
        """Act on centre c; compiled by numba, so plain loops over records, and no memory is allocated.

        Parameters
        ----------
        s : State
            `sim.state.state.State`: users, ties, seats, centres and the parameters of Dayroom's rules.
        c : int
            Number of the centre; the rule touches no other.
        day : int
            Negative while the centre settles.
        seed : uint64
        own : Own
            `sim.own.rules.Own`: `own.p[0]` holds the rule's parameters, `own.draws[0]` the purposes of its draws,
            `own.users[row]`, `own.ties[tie]`, `own.centres[c]` its columns, in the rows of the state.
        """
        raise NotImplementedError

    @classmethod
    def key(cls) -> str:
        """The name by which scenarios select the rule."""
        return cls.rule


def _refusal(chosen: Any, value: str) -> str:
    """Return why an object is no usable rule, or an empty text if it is usable."""
    if not (isinstance(chosen, type) and issubclass(chosen, OwnRule)):
        return say("{value} is no rule; make it a subclass of dayroom.OwnRule", value=value)
    if not isinstance(chosen.rule, str) or not _NAME.fullmatch(chosen.rule):
        return say('{value} has no name; declare it as rule = "my_rule", of a-z, 0-9 and _', value=value)
    if chosen.rule in _taken():
        return say(
            "{value}: a section of rules is named {rule} already; choose another name", value=value, rule=chosen.rule
        )
    if chosen.after not in PHASES:
        why = with_suggestion(say("after is {after!r}", after=chosen.after), nearest(str(chosen.after), PHASES))
        return say("{value}: {why}; phases of the day are {phases}", value=value, why=why, phases=", ".join(PHASES))
    if "act" not in {name for one in chosen.__mro__[: chosen.__mro__.index(OwnRule)] for name in vars(one)}:
        return say(
            "{value} does nothing; define its kernel as @staticmethod def act(s, c, day, seed, own)", value=value
        )
    for name in ("acts_on", "columns", "draws"):
        if not isinstance(getattr(chosen, name), tuple):
            return say("{value}: {name} is no tuple; a tuple of one ends with a comma", value=value, name=name)
    if wrong := [name for name, field in chosen.model_fields.items() if known(field) is None]:
        return say(
            "{value}: {wrong} has no unit, bounds and source; declare it by quantity()",
            value=value,
            wrong=", ".join(wrong),
        )
    for column in chosen.acts_on:
        if why := REFUSALS["writes"](column):
            return say("{value} acts on {column}, {why}", value=value, column=column, why=why)
    return _unfit_columns(chosen, value)


def _unfit_columns(chosen: type[OwnRule], value: str) -> str:
    for column in chosen.columns:
        if not isinstance(column, OwnColumn) or column.table not in ("user", "tie", "centre"):
            return say(
                '{value}: {column} is no column; write OwnColumn("user", "name", "1", (0, 1), "Meaning")',
                value=value,
                column=column,
            )
        if isinstance(column.start, tuple) and column.table != "user":
            return say(
                "{value}: column {name} of a {table} starts at one number, not in a range",
                value=value,
                name=column.name,
                table=column.table,
            )
    names = [*(f"{column.table}.{column.name}" for column in chosen.columns), *chosen.draws]
    wrong = [name for name in names if not _NAME.fullmatch(name.rpartition(".")[2]) or names.count(name) > 1]
    return (
        say("{value}: {wrong} must be a name of a-z, 0-9 and _, given once", value=value, wrong=wrong[0])
        if wrong
        else ""
    )


def _taken() -> set[str]:
    """Return the names of Dayroom's own sections of rules: those of their classes."""
    return {
        name.lower() for name, one in vars(parameters).items() if isinstance(one, type) and issubclass(one, Section)
    }


RULES: Final[Registry[type[OwnRule]]] = Registry("rule", lambda chosen: chosen.key(), _refusal)
"""The rules that other packages, or Python, offer."""
REGISTRIES["rule"] = RULES


def absent(name: str) -> str:
    """Return why a scenario cannot name an own rule."""
    if why := RULES.unusable().get(name):
        return say("a package offers it, but it cannot be used: {why}", why=why)
    return say("no package that offers it is installed")
