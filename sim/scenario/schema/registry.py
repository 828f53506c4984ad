"""What packages, and Python itself, offer of one kind: policies, rules or outcomes, by name.

An entry is imported when somebody asks for the kind. The digest of a package's code is taken at the same moment, so that
an edit after that changes the files on disk, but not what a run's address says.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sim.language import say
from sim.scenario.schema.offers import offered
from sim.scenario.text.errors import InputError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from sim.scenario.schema.package_code import PackageCode


class UnusableError(InputError):
    """Something offered is unusable; the message says why."""


@dataclass
class _Loaded[T]:
    """What was loaded: the usable by name, why others are unusable by entry point, and the code of other packages."""

    usable: dict[str, T] = field(default_factory=dict)
    unusable: dict[str, str] = field(default_factory=dict)
    code: "dict[str, PackageCode]" = field(default_factory=dict)


@dataclass
class Registry[T]:
    """All that is offered of one kind.

    Parameters
    ----------
    kind : str
        "policy", "rule" or "outcome".
    name_of : callable
        The name by which scenarios select something of this kind.
    refusal : callable
        Why an object is unusable, given the object and where it comes from; an empty text if it is usable.
    """

    kind: str
    name_of: Callable[[T], str]
    refusal: Callable[[Any, str], str]
    registered: "dict[str, tuple[T, PackageCode]]" = field(default_factory=dict)
    _loaded: _Loaded[T] | None = None

    def usable(self) -> dict[str, T]:
        """Return everything usable by name: Dayroom's own, that of other packages by entry point, then Python's."""
        return {**self._all().usable, **{name: offer for name, (offer, _) in self.registered.items()}}

    def unusable(self) -> dict[str, str]:
        """Return why offers of other packages are unusable, by entry point; all others still work."""
        return self._all().unusable

    def code(self, name: str) -> "PackageCode | None":
        """Return the code of a usable offer of another package, as it was when imported; None for any other name."""
        return self.registered[name][1] if name in self.registered else self._all().code.get(name)

    def register(self, offer: T, code: "PackageCode | None" = None) -> None:
        """Add an offer made in Python, in this process; the same name again replaces it.

        `code` is its code as another process has read it; by default this process reads it.

        Raises
        ------
        UnusableError
            When the offer is unusable, or an installed package has an offer of this name.
        """
        where = getattr(offer, "__qualname__", repr(offer))
        why = self.refusal(offer, where)
        if not why and self.name_of(offer) in self._all().usable:
            why = say(
                "{where}: an installed package offers a {kind} named {name}; choose another name",
                where=where,
                kind=self.kind,
                name=self.name_of(offer),
            )
        if why:
            raise UnusableError(why)
        self.registered[self.name_of(offer)] = offer, code or _code_in_python(offer, where)

    def forget(self) -> None:
        """Forget what was loaded, so that the next question asks the packages again."""
        self._loaded = None

    def _all(self) -> _Loaded[T]:
        if self._loaded is None:
            self._loaded = _Loaded()
            for point in offered(self.kind):
                self._take(point, self._loaded)
        return self._loaded

    def _take(self, point: "EntryPoint", into: _Loaded[T]) -> None:
        from sim.scenario.schema.offers import is_shipped

        try:
            offers = self._imported(point)
            code = {} if is_shipped(point) else {self.name_of(one): _code(one, point) for one in offers}
        except UnusableError as error:
            into.unusable[point.name] = str(error)
            return
        for one in offers:
            name = self.name_of(one)
            if name in into.usable:
                into.unusable[point.name] = say(
                    "{value}: a {kind} is named {name} already", value=point.value, kind=self.kind, name=name
                )
                continue
            into.usable[name] = one
            if name in code:
                into.code[name] = code[name]

    def _imported(self, point: "EntryPoint") -> list[T]:
        """Return what stands behind an entry point: one offer, or those of a mapping.

        Raises
        ------
        UnusableError
            When something there is unusable.
        """
        from sim.scenario.schema.offers import is_shipped

        try:
            loaded = point.load()
        except Exception as error:
            if is_shipped(point):
                raise  # the checkout itself is broken
            raise UnusableError(
                say(
                    "{value} cannot be imported: {kind}: {error}",
                    value=point.value,
                    kind=type(error).__name__,
                    error=error,
                )
            ) from error
        offers = list(loaded.values()) if isinstance(loaded, Mapping) else [loaded]
        if not is_shipped(point):  # the tests check Dayroom's own
            for one in offers:
                if why := self.refusal(one, point.value):
                    raise UnusableError(why)
        return offers


def _code_in_python(offer: Any, where: str) -> "PackageCode":
    from sim.scenario.schema.package_code import code_of

    try:
        return code_of(offer, None)
    except OSError as error:
        raise UnusableError(
            say(
                "{where} has no source that Python kept, so no address of a run could name it; "
                "write it in a cell of a notebook or in a file, not at the prompt",
                where=where,
            )
        ) from error


def _code(offer: Any, point: "EntryPoint") -> "PackageCode":
    from sim.scenario.schema.package_code import code_of

    try:
        return code_of(offer, point.dist)
    except OSError as error:
        raise UnusableError(
            say("{value} has sources that cannot be read: {error}", value=point.value, error=error)
        ) from error


REGISTRIES: Final[dict[str, Registry[Any]]] = {}
"""The registries by kind; each kind adds its own."""
