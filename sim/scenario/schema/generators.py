"""The arguments of the networkx generators that can draw the starting network.

The arguments keep networkx's names (`k`, `p`, `m` and so on), so that its documentation applies. The model itself
supplies n and seed.
"""

from typing import ClassVar, Final, Literal, get_args

from sim.scenario.schema.quantity import Parameter, Section, parameters, quantity
from sim.sources import ASSUMED

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
                return f"found {name} = {getattr(self, name):g}, allowed for {users} users is at most {users - less}"
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
            return f"found d = {self.d}, allowed for {users} users is an even number: users times d must be even"
        return super().refusal(users)


Arguments = WattsStrogatz | GnpRandom | BarabasiAlbert | PowerlawCluster | RandomGeometric | GaussianPartition | RandomRegular
ARGUMENTS_OF: Final[dict[str, type[GeneratorArguments]]] = {one.generator: one for one in get_args(Arguments)}
"""The section class for the arguments of each generator."""

GENERATOR_PARAMETERS: Final[dict[str, tuple[Parameter, ...]]] = {
    generator: tuple(parameters(ARGUMENTS_OF[generator], "network.arguments.")) for generator in GENERATORS
}
"""Every argument of every generator; its path is unique only together with `network.generator`."""
