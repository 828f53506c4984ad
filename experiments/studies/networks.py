"""Read the factor `network` of a study: a list of network files, one of which a run starts with."""

from pathlib import Path
from typing import Final

from experiments.designs.factor import Factor
from sim.language import later, say
from sim.scenario.reading.resolve import reachable
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import Problem
from sim.scenario.text.files import ordinary
from sim.scenario.text.nodes import Entry, Node, Scalar, Sequence, described, quoted
from sim.state.files.survey import network_problems

NETWORK: Final = "network"
"""Path of the factor: the section of a scenario that it sets."""
_LISTED: Final = later("a list of network files, such as [ring.graphml, clique.graphml]")


def network_factor(
    entry: Entry, levers: dict[str, Scenario], folder: Path, problems: list[Problem], anywhere: bool = False
) -> Factor | None:
    """Return the factor that starts runs with one network file or another; add a problem for each mistake.

    A file takes the place of the network's kind, and keeps the other keys of the section: `closeness`, `scale`, and so
    on. A centre with a network of its own keeps that.

    Parameters
    ----------
    entry : Entry
        What the study writes under `factors.network`.
    levers : dict of str to Scenario
    folder : Path
        Folder of the study; names of files start there.
    problems : list of Problem
    anywhere : bool
        Whether a file may lie outside the folder: for a study defined in Python.
    """
    node = entry.node
    if not isinstance(node, Sequence) or not node.items:
        problems.append(Problem.at(node.place, path="factors.network", found=described(node), allowed=str(_LISTED)))
        return None
    before = len(problems)
    stands: dict[str, dict[str, str | None]] = {}
    for item in node.items:
        problem = _refusal(item, folder, anywhere, stands)
        if problem is not None:
            problems.append(problem)
            continue
        assert isinstance(item, Scalar)  # noqa: S101 - `_refusal` lets nothing else pass
        file = (folder / item.text).resolve()
        stands[item.text] = {"kind": "file", "file": str(file), "graph": None}
        sections = {"kind": "file", "file": file, "graph": None}
        known = {one for scenario in levers.values() for one in network_problems(scenario)}
        for scenario in levers.values():
            found = [one for one in network_problems(scenario.with_changes(network=sections)) if one not in known]
            if found:
                problems.extend(found)
                break
    if len(problems) > before:
        return None
    meaning = "The network with which users start"
    places = dict.fromkeys(levers, ((NETWORK,),))
    return Factor(NETWORK, values=tuple(stands), meaning=meaning, places=places, stands=stands)


def _refusal(item: Node, folder: Path, anywhere: bool, named: dict[str, dict[str, str | None]]) -> Problem | None:
    """Return the problem of a name in the list, or None."""
    if not isinstance(item, Scalar) or not isinstance(item.value, str):
        return Problem.at(item.place, path="factors.network", found=described(item), allowed=str(_LISTED))
    found = quoted(item.text)
    if item.text in named:
        twice = say("{found} twice", found=found)
        return Problem.at(item.place, path="factors.network", found=twice, allowed=say("each file once"))
    if not anywhere and not reachable(folder / item.text, folder):
        allowed = say("a file in the folder of this study or below it")
        return Problem.at(item.place, path="factors.network", found=found, allowed=allowed)
    refusal = ordinary(folder / item.text)
    return Problem.at(item.place, path="factors.network", found=f"{found}: {refusal}") if refusal else None
