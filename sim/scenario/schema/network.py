"""The network with which users start: drawn by a generator of networkx, read from a file, or written in the scenario.

The arguments of generators keep networkx's names (`k`, `p`, `m` and so on), so that its documentation applies. The
model itself supplies n and seed.
"""

import json
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Literal, get_args

from pydantic import Field, ValidationInfo, field_validator, model_validator

from sim.language import say
from sim.scenario.schema.quantity import Chosen, Parameter, Section, parameters, quantity
from sim.scenario.text.errors import InputError
from sim.sources import ASSUMED, FAN_2024

Generator = Literal[
    "gnp_random_graph",
    "watts_strogatz_graph",
    "barabasi_albert_graph",
    "powerlaw_cluster_graph",
    "random_geometric_graph",
    "gaussian_random_partition_graph",
    "random_regular_graph",
]
GENERATORS: Final[tuple[Generator, ...]] = get_args(Generator)


class GeneratorArguments(Section):
    """The arguments of a generator, without the number of users and the seed."""

    generator: ClassVar[Generator]
    most: ClassVar[dict[str, int]] = {}
    """For some arguments, the smallest allowed difference from the number of users."""

    def refusal(self, users: int) -> str:
        """Return why the arguments do not fit a centre with this many users, or an empty text if they do.

        Parameters
        ----------
        users : int
            Number of users in the centre.
        """
        for name, less in self.most.items():
            if getattr(self, name) > users - less:
                return say("found {name} = {value:g}, allowed for {users} users is at most {most}", name=name, value=getattr(self, name), users=users, most=users - less)
        return ""


class WattsStrogatz(GeneratorArguments):
    """Arguments of watts_strogatz_graph: ties to the neighbours on a ring, some of them rewired at random."""

    generator: ClassVar[Generator] = "watts_strogatz_graph"
    k: int = quantity(6, "users", (0, 1000), (2, 12), ASSUMED, "assumed", "Neighbours on the ring whom one knows before rewiring (an odd number counts as one less; at most all others)")
    p: float = quantity(0.3, "1", (0, 1), (0.05, 0.8), ASSUMED, "assumed", "Chance that a tie is rewired to somebody at random")


class GnpRandom(GeneratorArguments):
    """Arguments of gnp_random_graph: every pair of users has the same chance to know each other."""

    generator: ClassVar[Generator] = "gnp_random_graph"
    p: float = quantity(0.25, "1", (0, 1), (0.08, 0.5), ASSUMED, "assumed", "Chance that two know each other (0.25 is six of 24, as many as in the default network)")


class BarabasiAlbert(GeneratorArguments):
    """Arguments of barabasi_albert_graph: each further user gets to know others, preferring those who know many."""

    generator: ClassVar[Generator] = "barabasi_albert_graph"
    most: ClassVar[dict[str, int]] = {"m": 1}
    m: int = quantity(3, "users", (1, 999), (1, 6), ASSUMED, "assumed", "Users whom each further user gets to know, preferring those who know many")


class PowerlawCluster(GeneratorArguments):
    """Arguments of powerlaw_cluster_graph: like barabasi_albert_graph, with triangles."""

    generator: ClassVar[Generator] = "powerlaw_cluster_graph"
    most: ClassVar[dict[str, int]] = {"m": 1}
    m: int = quantity(3, "users", (1, 999), (1, 6), ASSUMED, "assumed", "Users whom each further user gets to know, preferring those who know many")
    p: float = quantity(0.5, "1", (0, 1), (0.1, 0.9), ASSUMED, "assumed", "Chance that a new tie is followed by one that closes a triangle")


class RandomGeometric(GeneratorArguments):
    """Arguments of random_geometric_graph: users at random places in a unit cube know those nearby."""

    generator: ClassVar[Generator] = "random_geometric_graph"
    radius: float = quantity(0.32, "1", (0, 100), (0.15, 0.6), ASSUMED, "assumed", "Distance in the unit cube within which two know each other")
    dim: int = quantity(2, "1", (1, 10), (1, 3), ASSUMED, "assumed", "Dimensions of the cube")
    p: float = quantity(2.0, "1", (1, 100), (1, 4), ASSUMED, "assumed", "Minkowski power by which distance is measured: 1 along the axes, 2 as the crow flies")


class GaussianPartition(GeneratorArguments):
    """Arguments of gaussian_random_partition_graph: groups of similar size, denser inside than between."""

    generator: ClassVar[Generator] = "gaussian_random_partition_graph"
    most: ClassVar[dict[str, int]] = {"s": 0}
    s: float = quantity(6.0, "users", (1, 1000), (4, 12), ASSUMED, "assumed", "Mean size of a group")
    v: float = quantity(6.0, "1", (0.01, 1e6), (1, 50), ASSUMED, "assumed", "Evenness of the groups: their size varies with variance s / v")
    p_in: float = quantity(0.7, "1", (0, 1), (0.3, 0.95), ASSUMED, "assumed", "Chance that two of the same group know each other")
    p_out: float = quantity(0.13, "1", (0, 1), (0.02, 0.3), ASSUMED, "assumed", "Chance that two of different groups know each other")


class RandomRegular(GeneratorArguments):
    """Arguments of random_regular_graph: all users know the same number of others."""

    generator: ClassVar[Generator] = "random_regular_graph"
    most: ClassVar[dict[str, int]] = {"d": 1}
    d: int = quantity(6, "users", (0, 999), (2, 12), ASSUMED, "assumed", "Users whom each user knows")

    def refusal(self, users: int) -> str:
        """As in the base class; also refuse an odd number of ends of ties, because each tie has two ends."""
        if self.d < users and self.d * users % 2:
            return say("found d = {d}, allowed for {users} users is an even number: users times d must be even", d=self.d, users=users)
        return super().refusal(users)


Arguments = WattsStrogatz | GnpRandom | BarabasiAlbert | PowerlawCluster | RandomGeometric | GaussianPartition | RandomRegular
ARGUMENTS_OF: Final[dict[str, type[GeneratorArguments]]] = {one.generator: one for one in get_args(Arguments)}
"""The section class for the arguments of each generator."""

GENERATOR_PARAMETERS: Final[dict[str, tuple[Parameter, ...]]] = {
    generator: tuple(parameters(ARGUMENTS_OF[generator], "network.arguments.")) for generator in GENERATORS
}
"""Every argument of every generator; its path is unique only together with `network.generator`."""

SURVEYED: Final = ("file", "graph")
"""Kinds of networks that state ties between users."""


def _usual_arguments(before: dict[str, Any]) -> Any:
    """Return the default arguments of the chosen generator."""
    return ARGUMENTS_OF.get(before.get("generator", ""), WattsStrogatz)()


class Network(Section):
    """The ties with which users start."""

    kind: Literal["none", "generated", "file", "graph"] = Field(default="generated", description="none: strangers; generated: a networkx generator, by years in the centre; file: survey data; graph: ties written here, by Scenario.with_network")
    generator: Generator = Field(default="watts_strogatz_graph", description="The networkx generator of who knows whom")
    arguments: Annotated[Arguments, Chosen("generator", ARGUMENTS_OF)] = Field(default_factory=_usual_arguments, description="The generator's own arguments, without n and seed; those not given take their default")
    hours_per_year: float = quantity(16.0, "h", (0, 5000), (4, 60), ASSUMED, "assumed", "Effective hours a year two who know each other have spent together, up to what lasts")
    lasting_years: float = quantity(4.0, "year", (0.1, 50), (1, 8), ASSUMED, "assumed", "Joint years in the centre beyond which a tie grows no further")
    told_share: float = quantity(0.15, "1", (0, 1), (0, 0.4), FAN_2024, "assumed", "Share of starting ties at or above friend in which the illness has been told, at a middling threshold")
    file: Path | None = Field(default=None, description="A network, relative to the scenario's folder: GraphML, GEXF, a table (xlsx, CSV) of ties or as a matrix, Pajek, GML, node-link JSON, or an adjacency or edge list of networkx")
    graph: str | None = Field(default=None, description="A network as node-link JSON (networkx.node_link_data), instead of a file")
    closeness: str = Field(default="closeness", description="The attribute or column that holds closeness; where the usual one is absent, weight is read instead")
    directed: bool | None = Field(default=None, description="Whether a tie in the file goes one way; by default as the file states. false: every tie goes both ways")
    unweighted: float = quantity(0.475, "1", (0, 1), (0.35, 0.6), ASSUMED, "assumed", "Closeness of a tie without a value, and of every tie where all values are 0 or 1: the middle of the range of friends")
    match: Literal["name", "order"] = Field(default="name", description="Which user of the users' file each person of the network is: the one of that name, or the one in that place")
    scale: float = quantity(1.0, "1", (0.001, 1e6), (1, 10), ASSUMED, "assumed", "The value in the file that stands for closeness 1: the top of the scale on which people answered")
    missing: Literal["filled", "reciprocate", "empty"] = Field(default="filled", description="What stands in for an answer that is missing. reciprocate: the other's answer about that person (Stork & Richards 1992), or no tie when both are missing; filled: the same, but when both are missing the settled centre decides (without settling, no tie); empty: no tie")

    @field_validator("arguments", mode="before")
    @classmethod
    def _of_the_generator(cls, given: Any, info: ValidationInfo) -> Any:
        if "generator" not in info.data:
            return _usual_arguments({})  # pydantic itself reports the wrong generator
        return ARGUMENTS_OF[info.data["generator"]].model_validate(given)

    @model_validator(mode="after")
    def _file_named(self) -> "Network":
        if self.kind in ("file", "graph") and getattr(self, self.kind) is None:
            raise ValueError(say("a network of kind {kind} needs the key {kind}", kind=self.kind))
        if self.kind != "file" and self.file is not None:
            raise ValueError(say("a network of kind {kind} takes no file; set kind: file to read {file}", kind=self.kind, file=self.file))
        if self.kind != "graph" and self.graph is not None:
            raise ValueError(say("a network of kind {kind} takes no graph; set kind: graph to use it", kind=self.kind))
        return self


def node_link(graph: Any) -> str:
    """Return a graph as node-link JSON, as `networkx.node_link_data` gives it; ids become text.

    Parameters
    ----------
    graph : networkx.Graph or networkx.DiGraph
        Attributes are kept where they are None, bool, number or text; numpy's numbers become plain ones.

    Raises
    ------
    InputError
        When it is no graph, has parallel edges, or two nodes have the same id as text.
    """
    if not callable(getattr(graph, "is_directed", None)) or not callable(getattr(graph, "is_multigraph", None)):
        raise InputError(say("found a {kind}, allowed is a networkx Graph or DiGraph", kind=type(graph).__name__))
    if graph.is_multigraph():
        raise InputError(say("found a multigraph, allowed is a graph with at most one edge in each direction"))
    ids = {node: str(node) for node in graph}
    if len(set(ids.values())) < len(ids):
        raise InputError(say("found two nodes with the same id as text, such as 1 and '1'; allowed is each id once"))
    nodes = [{**_plain(attributes), "id": ids[node]} for node, attributes in graph.nodes(data=True)]
    edges = [{**_plain(tie), "source": ids[a], "target": ids[b]} for a, b, tie in graph.edges(data=True)]
    text = {"directed": graph.is_directed(), "multigraph": False, "graph": {}, "nodes": nodes, "edges": edges}
    return json.dumps(text, ensure_ascii=False, separators=(",", ":"))


def _plain(attributes: dict[Any, Any]) -> dict[str, Any]:
    """Return the attributes that JSON can hold."""
    plain = {str(name): value.item() if hasattr(value, "item") else value for name, value in attributes.items()}
    return {
        name: value for name, value in plain.items() if value is None or isinstance(value, bool | int | float | str)
    }
