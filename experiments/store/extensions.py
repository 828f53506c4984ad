"""Code of other packages that a scenario uses: its sources and version are part of what a run was made from.

Only policies come from other packages so far. `Extension.kind` names the kind, so that rules and outcomes of other
packages need another source in `extensions_of` alone.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, Final

from sim.scenario.schema.package_code import OWN, code_of, top_name
from sim.scenario.schema.policy import imported_code, policies
from sim.scenario.schema.scenario import Scenario

_SHOWN: Final = 8
"""Letters of the digest of sources that messages show."""


@dataclass(frozen=True, slots=True, order=True)
class Extension:
    """A part of a scenario that another package brings.

    Parameters
    ----------
    kind : str
        "policy".
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
    """Return what scenarios use of other packages, sorted; empty for Dayroom's own policies."""
    uses = {type(use) for scenario in scenarios for use in scenario.policies.values()}
    return tuple(sorted(_policy(chosen) for chosen in uses if top_name(chosen.__module__) not in OWN))


def present(kind: str, name: str) -> Extension | None:
    """Return an extension as it is installed now, or None when it no longer is."""
    chosen = policies().get(name) if kind == "policy" else None
    return _policy(chosen) if chosen is not None and top_name(chosen.__module__) not in OWN else None


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


@cache
def _policy(chosen: type[Any]) -> Extension:
    """Return a policy of another package, with the code that was imported, whatever its files hold by now."""
    code = imported_code(chosen.key()) or code_of(chosen, None)
    return Extension("policy", chosen.key(), code.package, code.version, code.sources, code.requires)
