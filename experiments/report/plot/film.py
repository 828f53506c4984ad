"""A film of a centre's network over the run, from the scenario and seed that a result keeps."""

from pathlib import Path
from typing import Final

import networkx as nx

from experiments.plots.frames import least_help
from experiments.plots.run.film import film
from experiments.runs.timeline import date_of
from experiments.store.documents import read_provenance
from experiments.store.folder import ResultError
from experiments.store.results import require_present
from sim.language import say, term
from sim.run import run
from sim.scenario.reading.load import load_scenario

STEP: Final = 7
"""Days between two frames: a week."""
MOST_FRAMES: Final = 120
"""A longer run gets fewer frames, whole weeks apart."""


def film_of(folder: Path, path: Path, scenario: str = "", centre: str = "") -> Path:
    """Make the first run of a result again, and write a film of the network of a centre.

    The same seed gives the same run; the result keeps the networks of three days only, so a film needs the run.

    Parameters
    ----------
    folder : Path
        Result of `dayroom run` or `dayroom compare`.
    path : Path
        File that ends in .gif or .mp4.
    scenario : str
        Name of the scenario of a comparison; by default the base.
    centre : str
        Name of the centre; by default the first.

    Raises
    ------
    ResultError
        When the folder holds no such scenario or centre, or another version of the model made the result.
    """
    require_present(folder, say("a film needs the first run again, and it would be another run"))
    origin = read_provenance(folder)
    file = folder / "scenario.yaml"
    if scenario or not file.is_file():
        file = folder / "scenarios" / (scenario or "baseline") / "scenario.yaml"
    if not file.is_file():
        raise ResultError(say("{folder}: there is no scenario {name}", folder=folder, name=scenario or "baseline"))
    spec = load_scenario(file)
    seed = next(iter(origin.get("replicate_seeds") or [origin["seed"]]))
    weeks = 1 + spec.days // STEP
    step = STEP * -(-weeks // MOST_FRAMES)
    made = run(spec, int(seed), graph_days=range(0, spec.days + 1, step))
    names = made.centres
    if centre and centre not in names:
        known = ", ".join(names)
        raise ResultError(say("there is no centre {centre}; there are {names}", centre=centre, names=known))
    place = names.index(centre) if centre else 0
    graphs = {day: _of_centre(graph, names[place]) for day, graph in made.graphs.items()}
    least = least_help(spec.rules.support.memory_days)
    return film(graphs, path, least=least, begin=date_of(spec), title=term(spec.title) or spec.name)


def _of_centre(graph: "nx.DiGraph[int]", centre: str) -> "nx.DiGraph[int]":
    """Return the part of a network in a centre."""
    inside = [node for node, where in graph.nodes(data="centre") if where in (centre, None)]
    return nx.DiGraph(graph.subgraph(inside))
