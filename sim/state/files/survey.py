"""Read starting networks from surveys, and fill in missing answers.

What each file means:

- 0 means no tie. NA, NaN or an empty value means unknown. An edge that is absent means no tie too; but where a settled
  centre fills ties in, it means less close than anybody who is named, and no friend.
- Edges without closeness name friends: their closeness is `unweighted`, by default the middle of the range of friends.
  So is that of every tie when all values are 0 or 1 on a scale that ends at 1: such values say who is named.
- Closeness is in the attribute or column `closeness`; where it is absent, `weight` is read instead.
- A tie goes one way, except in undirected graphs and in rows of type `Undirected` (as Gephi writes). With
  `directed=False` every tie goes both ways. A list of ten ties or more, none of which is returned, may be either: it is
  refused until `directed` is given.
- Matrix: the row's user answers about the column's user. Rows may come in any order; a user with no row, or with
  nothing but NA and empty cells, did not answer. The diagonal is ignored.
- List of edges: everybody mentioned counts as having answered. A row with a source and no target means that the source
  named nobody. With "yes" in a column `missing`, such a row means that the source did not answer. Users who name
  themselves have answered; the self-tie is dropped.
- GraphML, GEXF, Pajek, GML, node-link JSON, networkx's adjacency lists and lists of edges: the same; a node whose
  attribute `missing` is set did not answer. An undirected edge counts in both directions. The id of a user is the
  attribute `name` if every node has a different name (as igraph writes), else the id of the node.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, get_args

import numpy as np

from sim.language import later, say
from sim.scenario.reading.roster import RosterError, read_roster
from sim.scenario.schema.scenario import Network, Scenario
from sim.scenario.tables.reading import ENDINGS, MOST_BYTES
from sim.scenario.text.errors import Problem
from sim.scenario.text.files import displayed
from sim.scenario.text.nodes import Place, quoted
from sim.scenario.text.suggestions import nearest
from sim.state.columns import FRIEND
from sim.state.files.answers import UNWEIGHTED, Answers, Floats, Nominations, Scale, no_attribute
from sim.state.files.formats import FORMATS, LISTS, PICKLES, drawn_text, no_pickle, parsed
from sim.state.files.reading import Drawn, Edge, drawn_gexf, drawn_graphml
from sim.state.files.tabular import read_answers
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


def _read_graph(reader: Callable[[Path], Drawn]) -> Callable[[Path, Scale], Answers]:
    return lambda path, scale: _nominated(reader(path), displayed(path), scale)


_FORMATS: Final[dict[str, Callable[[Path, Scale], Answers]]] = {
    **dict.fromkeys(ENDINGS, read_answers),
    ".graphml": _read_graph(lambda path: drawn_graphml(path, MOST_BYTES)),
    ".gexf": _read_graph(lambda path: drawn_gexf(path, MOST_BYTES)),
    **dict.fromkeys(FORMATS, _read_graph(drawn_text)),
}
FEWEST_ONE_WAY: Final = 10
"""Ties in a list, none of them returned, from which the list may be that of an undirected graph."""


def read_network(
    path: Path | str,
    attribute: str = "closeness",
    scale: float = 1.0,
    missing: Missing = "reciprocate",
    directed: bool | None = None,
    unweighted: float = UNWEIGHTED,
) -> Survey:
    """Read a network from a survey; the docstring of this module explains the formats.

    Parameters
    ----------
    path : path
        A file of at most 50 MB: a table (.xlsx, .csv, .tsv, .txt), or one ending in .graphml, .gexf, .net, .gml,
        .json, .adjlist or .edgelist.
    attribute : str
        Column or edge attribute that holds closeness.
    scale : float
        Value in the file that means closeness 1; 0 always means closeness 0.
    missing : str
        "reciprocate": where i's answer about j is unknown, j's answer about i replaces it (Stork & Richards 1992);
        where both are unknown there is no tie. "filled": the same, but where both are unknown, NaN stays for a settled
        centre to fill. "empty": unknown means no tie. "keep": unknown stays NaN.
    directed : bool, optional
        Whether a tie goes one way; by default as the file states. False: every tie goes both ways.
    unweighted : float
        Closeness of ties without a value, and of all ties when all values are 0 or 1.

    Raises
    ------
    NetworkFileError
        When the file cannot be read or is invalid.
    ValueError
        When `scale` or `missing` has a value that is not allowed.
    """
    answers = _answers(Path(path), Scale(attribute, scale, unweighted, directed), missing)
    if answers.problems:
        raise NetworkFileError(*answers.problems)
    return Survey(tuple(answers.ids), filled(answers.closeness, missing), answers.respondents, tuple(answers.places))


def _answers(source: Path | str, scale: Scale, missing: Missing) -> Answers:
    """Read the answers in a file, or in the text of a node-link JSON, together with the mistakes in single rows.

    Raises
    ------
    NetworkFileError, ValueError
        As `read_network`, if the file as a whole is unreadable.
    """
    if not 0 < scale.top < float("inf"):
        raise ValueError(say("found scale {top}, allowed is a number above 0", top=scale.top))
    if missing not in get_args(Missing):
        raise ValueError(
            say(
                "found missing {missing!r}, allowed is one of {known}",
                missing=missing,
                known=", ".join(get_args(Missing)),
            )
        )
    if isinstance(source, str):
        return _in_directions(_nominated(parsed(source, ".json", "network.graph"), "network.graph", scale), scale)
    suffix = source.suffix.lower()
    if suffix in PICKLES:
        raise no_pickle(source)
    if suffix not in _FORMATS:
        raise refused(
            Place(displayed(source)),
            found=say("a file ending in {suffix}", suffix=quoted(suffix)),
            allowed=", ".join(_FORMATS),
        )
    answers = _FORMATS[suffix](source, scale)
    if suffix in LISTS:
        answers.listed, answers.directions_stated = True, False
    return _in_directions(answers, scale)


def _in_directions(answers: Answers, scale: Scale) -> Answers:
    """Apply what `directed` and `unweighted` mean for the answers as a whole."""
    closeness, place = answers.closeness, Place(answers.places[0].file if answers.places else "")
    known = closeness[~np.isnan(closeness)]
    if scale.top == 1.0 and np.isin(known, (0.0, 1.0)).all():
        closeness[closeness == 1.0] = scale.unweighted
    back = closeness.T
    if scale.directed is None and not answers.directions_stated and not answers.problems:
        ties = int((closeness > 0).sum())
        if ties >= FEWEST_ONE_WAY and not ((closeness > 0) & (back > 0)).any():
            found = say(
                "a list of {ties} ties, none of which is returned, so that it may be that of an undirected graph",
                ties=ties,
            )
            allowed = say("directed: false, if each tie goes both ways, or directed: true")
            answers.problems += refused(place, found=found, allowed=allowed).problems
    if scale.directed is False:
        for i, j in np.argwhere((closeness > 0) & (back > 0) & (closeness != back)):
            if i < j:
                pair = say("{one} and {other}", one=quoted(answers.ids[i]), other=quoted(answers.ids[j]))
                found = say(
                    "{closeness:g} and {back:g} between {pair}",
                    closeness=closeness[i, j],
                    back=closeness[j, i],
                    pair=pair,
                )
                allowed = say("the same in both directions where directed is false")
                answers.problems += refused(place, found=found, allowed=allowed).problems
        one_way = answers.respondents[:, None] & ~(closeness > 0) & (back > 0)
        answers.closeness = np.where(one_way, back, closeness)
        answers.stated = answers.stated | one_way
    return answers


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
    attribute = _weight_of(drawn, scale)
    if scale.directed and any(not edge.directed for edge in drawn.edges):
        raise refused(drawn.edges[0].place, path="directed", found=say("yes, for an undirected graph"), allowed="no")
    try:
        for node, (attributes, place) in drawn.nodes.items():
            seat = nominations.seat(names[node], place)
            if nominations.mistakes.marked(attributes.get("missing"), place):
                nominations.absent[seat] = place
        for edge in drawn.edges:
            _add_edge(nominations, edge, names, scale, attribute)
    except NetworkFileError as error:  # too many users or mistakes
        nominations.mistakes.problems += error.problems
    return nominations.answers()


def _add_edge(nominations: Nominations, edge: Edge, names: dict[str, str], scale: Scale, attribute: str | None) -> None:
    """Add the answer behind an edge; record its mistakes."""
    if edge.source == edge.target:
        nominations.answer(names[edge.source], edge.place)
        return
    value = scale.unweighted
    if attribute is not None:
        value = nominations.mistakes.closeness(scale, edge.attributes.get(attribute), edge.place)
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


def _weight_of(drawn: Drawn, scale: Scale) -> str | None:
    """Return the attribute that holds closeness. Edges may have no attributes at all, but not only other attributes."""
    attributes = dict.fromkeys(name for edge in drawn.edges for name in edge.attributes)
    attribute = scale.named(attributes)
    if attributes and attribute is None:
        raise no_attribute(drawn.edges[0].place, later("edge attribute"), list(attributes), scale)
    return attribute


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
        A network of kind "file" or "graph".
    names : list of str
        Names of the first users in the order of their seats, from the users' file. Empty for sampled users; the users
        of the network file then take the first seats, in the order of that file. A list of ties has no such order: its
        users sit by their ids, numbers by size before texts.
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
    answers = _answers(_source(network), _scale(network), network.missing)
    ids = answers.ids
    names = names if network.match == "name" else []
    problems = answers.problems
    if len(ids) > n:
        allowed = say("at most {n}, the users of the centre", n=n)
        problems += refused(answers.places[n], found=say("{count} users", count=len(ids)), allowed=allowed).problems
    if names:
        strangers = [(name, place) for name, place in zip(ids, answers.places, strict=True) if name not in names]
        problems += [_stranger(name, names, place) for name, place in strangers]
    if problems:
        raise NetworkFileError(*problems)
    seats = [names.index(name) for name in ids] if names else list(range(len(ids)))
    if answers.listed and not names:
        ranked = sorted(ids, key=lambda name: (not name.isdecimal(), int(name) if name.isdecimal() else 0, name))
        seats = [ranked.index(name) for name in ids]
        ids = ranked
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


def _source(network: Network) -> Path | str:
    source = network.graph if network.kind == "graph" else network.file
    assert source is not None  # noqa: S101  (a network of these kinds has one: see schema)
    return source


def _scale(network: Network) -> Scale:
    return Scale(network.closeness, network.scale, network.unweighted, network.directed)


def _stranger(name: str, names: list[str], place: Place) -> Problem:
    """Return the problem of a person in a network who is not among the users."""
    allowed = say(
        "those of the users: {names}{more}", names=", ".join(names[:20]), more=", ..." if len(names) > 20 else ""
    )
    return Problem.at(
        place, found=say("id {name}", name=quoted(name)), allowed=allowed, suggestion=nearest(name, names)
    )


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
        if network.kind not in ("file", "graph"):
            continue
        try:
            try:
                people = read_roster(centre.users_file, scenario.first_date) if centre.users_file else []
            except RosterError:
                problems += _answers(_source(network), _scale(network), network.missing).problems
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
