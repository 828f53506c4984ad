"""The ties with which people start: none, drawn by a generator, or those of a file that was sent."""

from pathlib import Path
from typing import Any, Final

from experiments.app.components import component, tag
from experiments.app.controls import of_section
from experiments.app.draft import Checked, Draft
from experiments.app.session import Session
from experiments.app.views import Form
from sim.language import Later, later, say
from sim.scenario.schema.network import ARGUMENTS_OF, GENERATORS, SURVEYED, Network
from sim.scenario.text.nodes import KeyPath, shown

KINDS: Final[dict[str, Later]] = {
    "none": later("nobody knows anybody"),
    "generated": later("drawn by chance"),
    "file": later("from a file"),
    "graph": later("written in the scenario"),
}
GENERATED: Final[dict[str, Later]] = {
    "watts_strogatz_graph": later("neighbours on a ring, some by chance"),
    "gnp_random_graph": later("every two with the same chance"),
    "barabasi_albert_graph": later("some know many"),
    "powerlaw_cluster_graph": later("some know many, with triangles"),
    "random_geometric_graph": later("those near each other"),
    "gaussian_random_partition_graph": later("groups"),
    "random_regular_graph": later("all know as many"),
}
_YEARS: Final = ("hours_per_year", "lasting_years", "told_share")
_OF_SURVEYS: Final = ("closeness", "scale", "unweighted", "directed", "match", "missing")


@component
def Ties(session: Session, checked: Checked) -> None:
    """The network of the scenario, and those of centres that have their own."""
    draft = session.draft.value
    own = [("centres", name, "network") for name in draft.values.get("centres", {})]
    networks: list[KeyPath] = [("network",), *(path for path in own if draft.at(path))]
    for path in networks:
        if len(networks) > 1:
            title = say("Every other centre") if len(path) == 1 else say("Centre {name}", name=path[1])
            tag("h3", title)
        _ties(session, checked, path)


def _ties(session: Session, checked: Checked, path: KeyPath) -> None:
    draft, base = session.draft.value, session.start
    network: dict[str, Any] = draft.at(path) or {}
    kind, generator = network.get("kind", "generated"), network.get("generator", GENERATORS[0])

    def change(event: dict[str, Any]) -> None:
        place = tuple(event["path"])
        if place == (*path, "kind"):
            session.edit(path, of_kind(network, event["value"], base.at(path) or {}))
        elif place == (*path, "generator"):
            session.edit(path, {**_without(network, "arguments"), "generator": event["value"]})
        else:
            session.edit(place, event["value"])

    fields = {"generated": ("kind", "generator"), "none": ("kind",)}.get(kind, ("kind", *_OF_SURVEYS))
    controls = of_section(Network, path, fields, draft, checked.mistakes)
    _labelled(
        controls, (*path, "kind"), say("Ties at the start"), KINDS, ["none", "generated", *kept_kinds(base, path, kind)]
    )
    _labelled(controls, (*path, "generator"), say("Who knows whom"), GENERATED, list(GENERATORS))
    if kind == "generated" and generator in ARGUMENTS_OF:
        arguments = ARGUMENTS_OF[generator]
        controls += of_section(arguments, (*path, "arguments"), arguments.model_fields, draft, checked.mistakes)
        controls += of_section(Network, path, _YEARS, draft, checked.mistakes)
    if kind == "file":
        tag("p", say("The ties are those of {file}.", file=Path(str(network.get("file"))).name), class_="dr-hint")
    Form(
        controls=controls,
        words={"help": say("What is meant by:"), "key": say("in the file")},
        event_change=change,
    )
    for place in (path, (*path, "arguments")):
        if mistake := checked.mistakes.get(shown(place)):
            tag("p", mistake, class_="dr-error", role="alert")


def kept_kinds(base: Draft, path: KeyPath, now: str) -> list[str]:
    """Return the kinds that take ties of the reader's own, where the scenario has such ties."""
    network = base.at(path) or {}
    return [kind for kind in SURVEYED if network.get(kind) is not None or kind == now]


def of_kind(network: dict[str, Any], kind: str, base: dict[str, Any]) -> dict[str, Any]:
    """Return a network of another kind; ties of the reader's own go, and come back from the scenario as chosen."""
    changed = {**_without(network, *SURVEYED), "kind": kind}
    return changed | {kind: base[kind]} if kind in SURVEYED and kind in base else changed


def _without(network: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in network.items() if name not in names}


def _labelled(
    controls: list[dict[str, Any]], path: KeyPath, label: str, words: dict[str, Later], kinds: list[str]
) -> None:
    """Give the control of a path a label and these options, in words."""
    for made in controls:
        if tuple(made["path"]) == path:
            made["options"] = [{"value": kind, "label": str(words[kind])} for kind in kinds]
            made |= {"label": label, "optional": False}
