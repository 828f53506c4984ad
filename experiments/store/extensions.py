"""Code of other packages that a scenario uses: its sources and version are part of what a run was made from."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from sim.scenario.schema.offers import ships
from sim.scenario.schema.registry import Registry
from sim.scenario.schema.scenario import Scenario

_SHOWN: Final = 8
"""Letters of the digest of sources that messages show."""


@dataclass(frozen=True, slots=True, order=True)
class Extension:
    """A part of a scenario that another package brings.

    Parameters
    ----------
    kind : str
        "policy", "rule" or "outcome".
    name : str
        Name by which scenarios select it.
    package, version : str
        The distribution that offers it, and its version; empty when it has no metadata.
    sources : str
        Digest of its code (of the syntax, so comments do not count) and of the other files of its package, when it was
        imported.
    requires : str
        Name and version of each distribution that its package requires and Dayroom does not.
    """

    kind: str
    name: str
    package: str
    version: str
    sources: str
    requires: str = ""

    def __str__(self) -> str:
        package = " ".join(filter(None, (self.package, self.version))) or "no package"
        requires = f" with {self.requires}" if self.requires else ""
        return f"{self.kind} {self.name} ({package}{requires}, sources {self.sources[:_SHOWN]})"


def extensions_of(*scenarios: Scenario) -> tuple[Extension, ...]:
    """Return what scenarios use of other packages, or of Python itself, sorted; empty for Dayroom's own policies."""
    names = {named for scenario in scenarios for named in _used(scenario)}
    found = (present(kind, name) for kind, name in names)
    return tuple(sorted(one for one in found if one is not None))


def _used(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Yield kind and name of all that another package may have brought."""
    yield from (("policy", use.policy) for use in scenario.policies.values())
    yield from (("rule", name) for name in scenario.rules.model_extra or {})
    yield from (("outcome", name) for name in scenario.observe.outcomes or ())


def registry(kind: str) -> Registry[Any]:
    """Return the registry of a kind. Few scenarios have rules or outcomes of their own, so each is imported here.

    Raises
    ------
    KeyError
        When there is no such kind.
    """
    match kind:
        case "policy":
            from sim.scenario.schema.policy import POLICIES

            return POLICIES
        case "rule":
            from sim.scenario.schema.own_rule import RULES

            return RULES
        case "outcome":
            from sim.scenario.schema.own_outcome import OWN_OUTCOMES

            return OWN_OUTCOMES
    raise KeyError(kind)


def present(kind: str, name: str) -> Extension | None:
    """Return an extension as it is installed now, or None when it no longer is.

    Raises
    ------
    KeyError
        When there is no such kind.
    """
    if ships(kind, name):
        return None
    from sim.scenario.schema.package_code import code_of  # most scenarios use nothing of other packages

    offers = registry(kind)
    offer = offers.usable().get(name)
    if offer is None or _is_dayrooms(offer):
        return None
    code = offers.code(name) or code_of(offer, None)
    return Extension(kind, name, code.package, code.version, code.sources, code.requires)


def _is_dayrooms(offer: Any) -> bool:
    from sim.scenario.schema.package_code import OWN, top_name

    return isinstance(offer, type) and top_name(offer.__module__) in OWN


def text_of(extensions: Iterable[Extension]) -> str:
    """Return extensions as JSON, in the form that the store and digests keep; empty when there are none."""
    rows = described(extensions)
    return json.dumps(rows, sort_keys=True, separators=(",", ":")) if rows else ""


def from_text(text: str) -> tuple[Extension, ...]:
    """Return the extensions in a text of `text_of`."""
    return tuple(Extension(**row) for row in json.loads(text)) if text else ()


def described(extensions: Iterable[Extension]) -> list[dict[str, str]]:
    """Return extensions as rows, in the form that the provenance of a result keeps."""
    rows = [asdict(one) for one in extensions]
    return [{key: value for key, value in row.items() if value or key != "requires"} for row in rows]
