"""Read starting networks from surveys (GraphML, GEXF, list of edges, matrix), and fill in missing answers.

What each file means:

- 0 means no tie. NA, NaN or an empty value means unknown. An edge that is absent means no tie too; but where a settled
  centre fills ties in, it means less close than anybody who is named, and no friend.
- Edges without closeness name friends: their closeness is the middle of the range of friends.
- Matrix: the row's user answers about the column's user. Rows may come in any order; a user with no row, or with
  nothing but NA and empty cells, did not answer. The diagonal is ignored.
- List of edges: everybody mentioned counts as having answered. A row with a source and no target means that the source
  named nobody. With "yes" in a column `missing`, such a row means that the source did not answer. Users who name
  themselves have answered; the self-tie is dropped.
- GraphML, GEXF: the same; a node whose attribute `missing` is set did not answer. An undirected edge counts in both
  directions. The id of a user is the attribute `name` if every node has a different name (as igraph writes), else the
  id of the node.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, get_args

import numpy as np

from sim.scenario.reading.roster import RosterError, read_roster
from sim.scenario.schema.scenario import Network, Scenario
from sim.scenario.tables.reading import ENDINGS, MOST_BYTES
from sim.scenario.text.errors import Problem
from sim.scenario.text.files import displayed
from sim.scenario.text.nodes import Place, quoted
from sim.scenario.text.suggestions import nearest
from sim.state.columns import FRIEND
from sim.state.files.answers import UNWEIGHTED, Answers, Floats, Nominations, Scale, no_attribute, read_answers
from sim.state.files.reading import Drawn, Edge, drawn_gexf, drawn_graphml
from sim.state.files.xml import NetworkFileError, refused

Missing = Literal["filled", "reciprocate", "empty", "keep"]


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """How close each respondent feels to each other person, from a survey.

    Parameters
    ----------
    ids : tuple of str
    closeness : float array, shape (n, n)
        Closeness of the row's user towards the column's user, in [0, 1]; NaN where unknown, which only "keep" and
        "filled" leave; 0 on the diagonal.
    respondents : bool array, shape (n,)
        False for users whose own answers are missing.
    places : tuple of Place
        Place where the file first mentions each user.
    """

    ids: tuple[str, ...]
    closeness: Floats
    respondents: np.ndarray[Any, np.dtype[np.bool_]]
    places: tuple[Place, ...]


def _read_graph(reader: Callable[[Path, int | None], Drawn]) -> Callable[[Path, Scale], Answers]:
    return lambda path, scale: _nominated(reader(path, MOST_BYTES), displayed(path), scale)


_FORMATS: Final[dict[str, Callable[[Path, Scale], Answers]]] = {
    **dict.fromkeys(ENDINGS, read_answers),
    ".graphml": _read_graph(drawn_graphml),
    ".gexf": _read_graph(drawn_gexf),
}


def read_network(
    path: Path | str, attribute: str = "closeness", scale: float = 1.0, missing: Missing = "reciprocate"
) -> Survey:
    """Read a network from a survey; the docstring of this module explains the formats.

    Parameters
    ----------
    path : path
        A table (.xlsx, .csv, .tsv, .txt), or a .graphml or .gexf file, of at most 50 MB.
    attribute : str
        Column or edge attribute that holds closeness.
    scale : float
        Value in the file that means closeness 1; 0 always means closeness 0.
    missing : str
        "reciprocate": where i's answer about j is unknown, j's answer about i replaces it (Stork & Richards 1992);
        where both are unknown there is no tie. "filled": the same, but where both are unknown, NaN stays for a settled
        centre to fill. "empty": unknown means no tie. "keep": unknown stays NaN.

    Raises
    ------
    NetworkFileError
        When the file cannot be read or is invalid.
    ValueError
        When `scale` or `missing` has a value that is not allowed.
    """
    answers = _answers(Path(path), attribute, scale, missing)
    if answers.problems:
        raise NetworkFileError(*answers.problems)
    return Survey(tuple(answers.ids), filled(answers.closeness, missing), answers.respondents, tuple(answers.places))


def _answers(file: Path, attribute: str, scale: float, missing: Missing) -> Answers:
    """Read the answers in a file, together with the mistakes in single rows.

    Raises
    ------
    NetworkFileError, ValueError
        As `read_network`, if the file as a whole is unreadable.
    """
    if not 0 < scale < float("inf"):
        raise ValueError(f"found scale {scale}, allowed is a number above 0")
    if missing not in get_args(Missing):
        raise ValueError(f"found missing {missing!r}, allowed is one of {', '.join(get_args(Missing))}")
    suffix = file.suffix.lower()
    if suffix not in _FORMATS:
        raise refused(Place(displayed(file)), found=f"a file ending in {quoted(suffix)}", allowed=", ".join(_FORMATS))
    return _FORMATS[suffix](file, Scale(attribute, scale))


def filled(closeness: Floats, missing: Missing) -> Floats:
    """Replace unknown closeness as `read_network` describes."""
    if missing == "keep":
        return closeness
    known = closeness.copy()
    unknown = np.isnan(known)
    if missing != "empty":
        known[unknown] = closeness.T[unknown]
    return known if missing == "filled" else np.nan_to_num(known, nan=0.0)


def _nominated(drawn: Drawn, file: str, scale: Scale) -> Answers:
    """Convert the edges of a graph to answers."""
    names = _user_ids(drawn)
    nominations = Nominations(file)
    weighted = _is_weighted(drawn, scale)
    try:
        for node, (attributes, place) in drawn.nodes.items():
            seat = nominations.seat(names[node], place)
            if nominations.mistakes.marked(attributes.get("missing"), place):
                nominations.absent[seat] = place
        for edge in drawn.edges:
            _add_edge(nominations, edge, names, scale if weighted else None)
    except NetworkFileError as error:  # too many users or mistakes
        nominations.mistakes.problems += error.problems
    return nominations.answers()


def _add_edge(nominations: Nominations, edge: Edge, names: dict[str, str], scale: Scale | None) -> None:
    """Add the answer behind an edge; record its mistakes."""
    if edge.source == edge.target:
        nominations.answer(names[edge.source], edge.place)
        return
    value = UNWEIGHTED
    if scale is not None:
        value = nominations.mistakes.closeness(scale, edge.attributes.get(scale.attribute), edge.place)
    for source, target in edge.directions():
        # If only one of the two answered, an undirected edge is that user's answer.
        if edge.directed or nominations.seats[names[source]] not in nominations.absent:
            nominations.add(names[source], names[target], value, edge.place)


def _user_ids(drawn: Drawn) -> dict[str, str]:
    """Return the id of the user behind each node."""
    names = {node: attributes.get("name") for node, (attributes, _) in drawn.nodes.items()}
    if all(isinstance(name, str) and name for name in names.values()) and len(set(names.values())) == len(names):
        return {node: str(name) for node, name in names.items()}
    return {node: str(drawn.node_id(node)) for node in drawn.nodes}


def _is_weighted(drawn: Drawn, scale: Scale) -> bool:
    """Return whether edges hold closeness. Edges may have no attributes at all, but not only other attributes."""
    attributes = dict.fromkeys(name for edge in drawn.edges for name in edge.attributes)
    if attributes and scale.attribute not in attributes:
        raise no_attribute(drawn.edges[0].place, "edge attribute", list(attributes), scale)
    return bool(attributes)


@dataclass(frozen=True, slots=True, eq=False)
class Seated:
    """A survey of the users of a centre.

    Parameters
    ----------
    names : list of str
        Who is in the first seats.
    closeness : float array, shape (n, n)
        By seat; for users whom the file does not mention NaN where a settled centre fills it in, else 0.
    most : float array, shape (n, n)
        Closeness that the tie of two users does not reach, because the one does not name the other; else infinite.
        `closeness` is 0 there.
    answered, silent : int
        Users in the file who answered, and who did not.
    """

    names: list[str]
    closeness: Floats
    most: Floats
    answered: int
    silent: int


def seat_matrix(network: Network, names: list[str], n: int) -> Floats:
    """Read a network file, and return closeness by seat; the arguments are those of `seat_answers`."""
    return seat_answers(network, names, n, settled=False).closeness


def seat_answers(network: Network, names: list[str], n: int, settled: bool) -> Seated:
    """Read a network file, and return its answers by seat.

    Parameters
    ----------
    network : Network
        A network of kind "file".
    names : list of str
        Names of the first users in the order of their seats, from the users' file. Empty for sampled users; the users
        of the network file then take the first seats, in the order of that file.
    n : int
        Number of seats in the centre.
    settled : bool
        Whether a settled centre fills unknown ties; without one, `missing: filled` means reciprocate.

    Returns
    -------
    Seated

    Raises
    ------
    NetworkFileError
        As `read_network`; also when the file names somebody who does not belong to the centre.
    """
    assert network.file is not None  # noqa: S101  (a network of kind file names one: see schema)
    answers = _answers(network.file, network.closeness, network.scale, network.missing)
    ids = answers.ids
    problems = answers.problems
    if len(ids) > n:
        allowed = f"at most {n}, the users of the centre"
        problems += refused(answers.places[n], found=f"{len(ids)} users", allowed=allowed).problems
    if names:
        strangers = [(name, place) for name, place in zip(ids, answers.places, strict=True) if name not in names]
        problems += [_stranger(name, names, place) for name, place in strangers]
    if problems:
        raise NetworkFileError(*problems)
    seats = [names.index(name) for name in ids] if names else list(range(len(ids)))
    fills = settled and network.missing == "filled"
    missing: Missing = "reciprocate" if network.missing == "filled" and not settled else network.missing
    here = np.ix_(seats, seats)
    matrix, most = np.full((n, n), np.nan if fills else 0.0), np.full((n, n), np.inf)
    matrix[here] = filled(answers.closeness, missing)
    if fills:
        most[here] = _least_named(answers)
    answered = int(answers.respondents.sum())
    return Seated(names or ids, matrix, most, answered, len(ids) - answered)


def _least_named(answers: Answers) -> Floats:
    """Return the closeness that ties do not reach because nobody names them: the least that is named, or a friend's."""
    by_name = answers.closeness[answers.stated & (answers.closeness > 0)]
    unnamed = ~answers.stated & ~np.isnan(answers.closeness)
    unnamed = np.where(np.isnan(answers.closeness), unnamed.T, unnamed)  # as `filled` reciprocates
    return np.where(unnamed, min((FRIEND, *by_name)), np.inf)


def _stranger(name: str, names: list[str], place: Place) -> Problem:
    """Return the problem of a person in a network who is not among the users."""
    allowed = f"those of the users: {', '.join(names[:20])}{', ...' if len(names) > 20 else ''}"
    return Problem.at(place, found=f"id {quoted(name)}", allowed=allowed, suggestion=nearest(name, names))


def network_problems(scenario: Scenario) -> list[Problem]:
    """Return the problems in the network files that a scenario names, as a run would report them.

    Parameters
    ----------
    scenario : Scenario
        If its file of users is invalid, the networks are checked without the users' names.
    """
    problems: list[Problem] = []
    for centre in scenario.centres.values():
        network = centre.network or scenario.network
        if network.file is None:
            continue
        try:
            try:
                people = read_roster(centre.users_file) if centre.users_file else []
            except RosterError:
                read_network(network.file, network.closeness, network.scale, network.missing)
            else:
                seat_matrix(network, [person.name for person in people], centre.users)
        except NetworkFileError as error:
            problems += error.problems
    return problems


__all__ = [
    "Missing",
    "NetworkFileError",
    "Seated",
    "Survey",
    "filled",
    "network_problems",
    "read_network",
    "seat_answers",
    "seat_matrix",
]
