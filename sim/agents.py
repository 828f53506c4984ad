"""A day-care user as a Mesa agent: a view of a row of the state, without a state of its own."""

from collections.abc import Callable
from typing import Any, Final

import mesa
import numpy as np

from sim.outcomes.catalogue import BELONGING_FROM, BURDENED_FROM, LONELY_FROM, SEVERELY_LONELY_FROM
from sim.scenario.text.errors import InputError, MisspeltAttributeError
from sim.scenario.text.suggestions import misspelt
from sim.state.columns import LEFT, STATUSES, USER, Column, label

_MESA_SETS: Final = ("meta_agent", "meta_agents")
"""Attributes that Mesa sets on agents after their creation."""


class _Sealed(type):
    """Metaclass that fixes an agent's attributes after its creation, including those a subclass sets in `__init__`."""

    def __call__(cls, *arguments: Any, **options: Any) -> Any:
        agent = super().__call__(*arguments, **options)
        agent._is_made = True
        return agent


class DayCareUser(mesa.Agent, metaclass=_Sealed):
    """A user; every column of `sim.state.columns.USER` is a property that reads and writes the row.

    Agents also have Mesa's attributes, those that a subclass declares in its body or sets in its `__init__`, and any
    that begin with an underscore. Writing to any other name raises AttributeError, because it is probably a typing
    error.

    Parameters
    ----------
    model : DayCentre
    row : int
        Row in the arrays of the state; not the same as Mesa's `unique_id`.

    Raises
    ------
    InputError
        When the row has an agent already, or is not that of an enrolled user. The model makes an agent for everybody
        enrolled; `DayCentre(agent_class=...)` makes them of a subclass.

    Examples
    --------
    >>> from dayroom import DayCentre
    >>> model = DayCentre("strangers", rng=1)
    >>> user = model.agents[0]
    >>> user.loneliness = 0.5  # from 0 to 1
    >>> user.loneliness_ucla20  # the same on the scale of the outcome, from 20 to 80
    50.0
    """

    def __init_subclass__(cls, **options: Any) -> None:
        """Refuse a subclass with an attribute that would hide a column or an outcome.

        Raises
        ------
        InputError
            When there is such an attribute.
        """
        super().__init_subclass__(**options)
        for name in vars(cls):
            if name in _SCALES or any(column.name == name for column in USER):
                way = f"give your attribute another name, or write user.{name} = ... in step"
                raise InputError(f"{cls.__name__}.{name} would hide the state column {name!r}; {way}")

    def __init__(self, model: Any, row: int | None = None) -> None:
        if row is None:
            raise InputError(_MADE)
        _require_free(model, row)
        self._row = int(row)
        super().__init__(model)

    @property
    def row(self) -> int:
        """Row of the user in the arrays of the state; it never changes."""
        return self._row

    @property
    def name(self) -> str:
        """Name of a listed user; "user" and a number for a sampled one."""
        return label(self.uid, self.model.engine.names)

    def remove(self) -> None:
        """Remove the agent from Mesa after its user has left; the model calls this method.

        Raises
        ------
                InputError
            While the user is enrolled: everybody in the centre must have an agent.
        """
        require_gone(self)
        super().remove()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(unique_id={self.unique_id}, uid={self.uid}, row={self.row})"

    def __setattr__(self, name: str, value: Any) -> None:
        if not self._knows(name):
            columns = [column.name for column in USER if column.kind != "key"]
            own = "an attribute of the model, or of your own in a subclass"
            complaint = misspelt(f"{type(self).__name__} has no attribute {name!r}", name, columns, own)
            raise MisspeltAttributeError(complaint, name=name, obj=self)
        super().__setattr__(name, value)

    def _knows(self, name: str) -> bool:
        declared = name in self.__dict__ or name.startswith("_") or name in _MESA_SETS or hasattr(type(self), name)
        return (
            declared
            or "_is_made" not in self.__dict__
            or any(name in vars(kind).get("__annotations__", ()) for kind in type(self).__mro__)
        )

    def set_element(self, column: str, element: str | int, value: float) -> None:
        """Write an element of a vector column.

        Parameters
        ----------
        column : str
            "needs" or "interest".
        element : str or int
            Name, such as "tangible", or index from 0.
        value : float
            New value, in the column's range.

        Raises
        ------
                InputError
            When there is no such column or element, the value is out of range, or the user has left.
        """
        if column not in _VECTORS:
            raise InputError(misspelt(f"found column {column!r}", column, _VECTORS))
        declared = _VECTORS[column]
        number = declared.labels.index(element) if element in declared.labels else element
        if isinstance(number, bool) or not isinstance(number, int | np.integer) or not 0 <= number < declared.shape[0]:
            allowed = f"one of {', '.join(declared.labels)}, or a number from 0 to {declared.shape[0] - 1}"
            complaint = f"{column}: found element {element!r}"
            raise InputError(misspelt(complaint, str(element), declared.labels, allowed))
        changed = np.array(getattr(self, column), dtype=object)
        changed[number] = value
        setattr(self, column, changed)


_MADE: Final = (
    "a user's agent needs the row of the user: the model makes an agent for everybody enrolled, and "
    "DayCentre(agent_class=...) makes them of a class of your own"
)


def require_gone(user: "DayCareUser") -> None:
    """Refuse to take the agent of an enrolled user out of the model.

    Raises
    ------
    InputError
        While the user is enrolled: everybody in the centre must have an agent.
    """
    if user.status == "present" and user.row in user.model._agent_of_row:
        raise InputError(f"user {user.uid} is enrolled and leaves by the model's turnover only, not by remove()")


def _require_free(model: Any, row: Any) -> None:
    """Refuse a row without an enrolled user, or whose user has an agent."""
    users = model.engine.state.users
    if isinstance(row, bool) or not isinstance(row, int | np.integer) or not 0 <= row < len(users):
        raise InputError(f"row: found {row!r}, allowed is a whole number from 0 to {len(users) - 1}")
    user, status = users[row], STATUSES[users["status"][row]]
    if status != "present":
        raise InputError(f"row {row}: user {user['uid']} is {status}, allowed are users who are present")
    if row in model._agent_of_row:
        way = "DayCentre(agent_class=...) makes all agents of a class of your own"
        raise InputError(f"row {row}: user {user['uid']} has an agent already; {way}")


_VECTORS: Final = {column.name: column for column in USER if column.shape}


def _property(column: Column) -> property:
    """Return the property for a column: labels for codes, floats for numbers, a read-only view for vectors.

    Writing into a view would bypass all checks, so write a whole vector or use `DayCareUser.set_element`.
    """

    def read(self: DayCareUser) -> Any:
        value = self.model.engine.state.users[column.name][self.row]
        if column.shape:
            view = value.view()
            view.flags.writeable = False
            return view
        return column.labels[value] if column.labels else value.item()

    def write(self: DayCareUser, value: Any) -> None:
        users = self.model.engine.state.users
        if users["status"][self.row] == LEFT:
            raise InputError(
                f"{column.name}: user {self.uid} left on day {self.left:g} and can be read but no longer written"
            )
        users[column.name][self.row] = _checked(column, value)

    doc = f"{column.meaning} [{column.unit}]"
    if column.labels and not column.shape:
        doc += f"; one of {', '.join(column.labels)}"
    elif column.kind != "key":
        doc += f"; {column.range[0]:g} to {column.range[1]:g}"
    if column.shape:
        doc += f"; one number each for {', '.join(column.labels)}; read-only, written whole or with set_element"
    return property(read, None if column.kind == "key" else write, doc=doc)


def _checked(column: Column, value: Any) -> Any:
    """Convert a value to the form in which the column stores it.

    Raises
    ------
    InputError
        When the value is out of the column's range, has another shape, or is not one of its labels.
    """
    if isinstance(value, str):
        if column.shape or value not in column.labels:
            known = () if column.shape else column.labels
            raise InputError(misspelt(f"{column.name}: found {value!r}", value, known, _allowed(column)))
        return column.labels.index(value)
    try:
        numbers = np.asarray(value, dtype=float)
    except (TypeError, ValueError):  # not a number, or lists of different lengths
        numbers = None
    if numbers is None or numbers.shape != column.shape:
        raise InputError(f"{column.name}: found {value!r}, allowed is {_allowed(column)}")
    low, high = column.range
    if not np.all(np.isfinite(numbers) & (numbers >= low) & (numbers <= high)):
        unit = "" if column.unit == "1" else f" [{column.unit}]"
        raise InputError(f"{column.name}: found {_shown(value)}, allowed is {low:g} to {high:g}{unit}")
    if np.dtype(column.dtype).kind == "i" and np.any((numbers != np.floor(numbers)) | (np.abs(numbers) > 2.0**53)):
        allowed = f"{_allowed(column)}, or its whole number" if column.labels else "a whole number"
        raise InputError(f"{column.name}: found {value!r}, allowed is {allowed}")
    return numbers


def _allowed(column: Column) -> str:
    if column.shape:
        return f"{column.shape[0]} numbers, in the order {', '.join(column.labels)}"
    return f"one of {', '.join(column.labels)}" if column.labels else "a number"


def _shown(value: Any) -> str:
    """Write a vector as a plain list, without numpy's notation."""
    return repr(value.tolist() if isinstance(value, np.ndarray) else value)


_SCALES: Final = {
    "loneliness_ucla20": (
        lambda u: 20.0 + 60.0 * u.loneliness,
        f"Loneliness on the UCLA-20 scale, 20 to 80: 20 + 60 loneliness; lonely from {20 + 60 * LONELY_FROM:g}, "
        f"severely from {20 + 60 * SEVERELY_LONELY_FROM:g}",
    ),
    "burden_100": (
        lambda u: 100.0 * u.burden,
        f"Burden, 0 to 100, as outcomes give it; burdened from {100 * BURDENED_FROM:g}",
    ),
    "group_identity": (
        lambda u: 1.0 + 6.0 * u.identity,
        f"Group identity, 1 to 7: 1 + 6 identity; belongs from {1 + 6 * BELONGING_FROM:g}",
    ),
    "is_lonely": (lambda u: u.loneliness >= LONELY_FROM, "Whether the outcome lonely_share counts the user"),
    "is_severely_lonely": (
        lambda u: u.loneliness >= SEVERELY_LONELY_FROM,
        "Whether the outcome severely_lonely_share counts the user",
    ),
    "is_burdened": (lambda u: u.burden >= BURDENED_FROM, "Whether the outcome burdened_share counts the user"),
    "belongs": (lambda u: u.identity >= BELONGING_FROM, "Whether the outcome belonging_share counts the user"),
}
"""States on the scales of the outcomes: how each follows from the state, and what it means."""


def _outcome_property(name: str, value: Callable[[DayCareUser], Any], meaning: str) -> property:
    def write(self: DayCareUser, _: Any) -> None:
        states = "loneliness, burden and identity, each from 0 to 1"
        raise MisspeltAttributeError(f"{name} follows from a state; write {states}", name=name, obj=self)

    return property(value, write, doc=f"{meaning}; read-only")


for _column in USER:
    setattr(DayCareUser, _column.name, _property(_column))
for _name, (_value, _meaning) in _SCALES.items():
    setattr(DayCareUser, _name, _outcome_property(_name, _value, _meaning))
