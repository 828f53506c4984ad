"""Surveys in every format agree, a missing answer differs from no tie, and mistakes are named with their place."""

import math
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.scenario.schema.scenario import Network, Scenario
from sim.state.columns import LEVEL_FROM
from sim.state.files.graphs import write_gexf, write_graphml
from sim.state.files.survey import NetworkFileError, network_problems, read_network, seat_matrix
from tests.state.written_survey import survey

EXAMPLES = Path(__file__).parents[2] / "scenarios" / "networks"
NAN = math.nan


MATRIX = """,a,b,c
c,1,2,0
a,,4,1
b,NA,,NA
"""


def test_matrix_with_rows_in_another_order_and_a_missing_one(tmp_path):
    kept = survey(tmp_path, MATRIX, scale=4, missing="keep")
    assert kept.ids == ("a", "b", "c")
    np.testing.assert_array_equal(kept.closeness, [[0, 1, 0.25], [NAN, 0, NAN], [0.25, 0.5, 0]])
    assert kept.respondents.tolist() == [True, False, True]


def test_missing_row_is_reciprocated_or_empty(tmp_path):
    filled = survey(tmp_path, MATRIX, scale=4)
    np.testing.assert_array_equal(filled.closeness[1], [1, 0, 0.5])
    empty = survey(tmp_path, MATRIX, scale=4, missing="empty")
    np.testing.assert_array_equal(empty.closeness[1], [0, 0, 0])
    assert filled.respondents.tolist() == empty.respondents.tolist() == [True, False, True]


def test_absent_rows_and_two_unknown_answers(tmp_path):
    found = survey(tmp_path, "id,a,b,c\na,0,0.5,0.25\n")
    np.testing.assert_array_equal(found.closeness, [[0, 0.5, 0.25], [0.5, 0, 0], [0.25, 0, 0]])
    assert found.respondents.tolist() == [True, False, False]


def test_one_unanswered_question_is_reciprocated_and_the_diagonal_not_read(tmp_path):
    found = survey(tmp_path, "id,a,b\na,x,NA\nb,0.75,9\n")
    np.testing.assert_array_equal(found.closeness, [[0, 0.75], [0.75, 0]])
    assert found.respondents.tolist() == [False, True]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_delimiters_line_ends_and_byte_order_mark(tmp_path, delimiter, newline):
    text = "\ufeff" + MATRIX.replace(",", delimiter).replace("\n", newline)
    found = survey(tmp_path, text, scale=4)
    np.testing.assert_array_equal(found.closeness, survey(tmp_path, MATRIX, scale=4).closeness)


def test_edge_list_with_weights_and_who_did_not_answer(tmp_path):
    text = "Target,SOURCE,liked,missing,note\nb,a,3,,x\na,a,4,,\n,c,,no,\n,d,,yes,\nd,b,NA\nd,a,1.5\n"
    kept = survey(tmp_path, text, attribute="liked", scale=3, missing="keep")
    assert kept.ids == ("a", "b", "c", "d")
    expected = [[0, 1, 0, 0.5], [0, 0, 0, NAN], [0, 0, 0, 0], [NAN, NAN, NAN, 0]]
    np.testing.assert_array_equal(kept.closeness, expected)
    assert kept.respondents.tolist() == [True, True, True, False]
    filled = survey(tmp_path, text, attribute="liked", scale=3)
    np.testing.assert_array_equal(filled.closeness[3], [0.5, 0, 0, 0])


def test_a_nomination_without_more_is_a_friend(tmp_path):
    found = survey(tmp_path, "source,target\na,b\n")
    np.testing.assert_allclose(found.closeness, [[0, 0.475], [0, 0]])
    assert LEVEL_FROM[1] <= found.closeness[0, 1] < LEVEL_FROM[2]
    assert found.respondents.tolist() == [True, True]


@pytest.mark.parametrize(("name", "write"), [("s.graphml", write_graphml), ("s.GEXF", write_gexf)])
def test_graph_files_say_the_same_as_a_list_of_edges(tmp_path, name, write):
    graph = nx.DiGraph()
    graph.add_nodes_from(["a", "b", "c"])
    graph.nodes["c"]["missing"] = True
    graph.add_edge("a", "b", liked=3)
    graph.add_edge("b", "c", liked=1.5)
    graph.add_edge("a", "a", liked=3)
    graph.add_edge("a", "c", other=1)
    write(graph, tmp_path / name)
    found = read_network(tmp_path / name, "liked", 3, "keep")
    assert found.ids == ("a", "b", "c")
    np.testing.assert_array_equal(found.closeness, [[0, 1, NAN], [0, 0, 0.5], [NAN, NAN, 0]])
    assert found.respondents.tolist() == [True, True, False]


def test_undirected_graph_is_read_in_both_directions(tmp_path):
    graph = nx.Graph([("a", "b")])
    graph.add_node("c")
    write_graphml(graph, tmp_path / "s.graphml")
    np.testing.assert_allclose(read_network(tmp_path / "s.graphml").closeness[:2, :2], [[0, 0.475], [0.475, 0]])


def test_undirected_edge_of_one_who_did_not_answer_is_what_the_other_said(tmp_path):
    graph = nx.Graph()
    graph.add_edge("a", "b", closeness=0.5)
    graph.nodes["b"]["missing"] = "yes"
    write_graphml(graph, tmp_path / "s.graphml")
    assert read_network(tmp_path / "s.graphml").closeness.tolist() == [[0, 0.5], [0.5, 0]]
    assert read_network(tmp_path / "s.graphml", missing="empty").closeness.tolist() == [[0, 0.5], [0, 0]]


def test_names_as_igraph_writes_them(tmp_path):
    graph = nx.DiGraph()
    for number, name in enumerate(["P1", "P2"]):
        graph.add_node(f"n{number}")
        graph.nodes[f"n{number}"]["name"] = name
    write_graphml(graph, tmp_path / "s.graphml")
    assert read_network(tmp_path / "s.graphml").ids == ("P1", "P2")
    graph.nodes["n1"]["name"] = "P1"
    write_graphml(graph, tmp_path / "s.graphml")
    assert read_network(tmp_path / "s.graphml").ids == ("n0", "n1")


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("", 0, 0, "the file is empty"),
        ("a,b\n", 1, 1, "found the header 'a,b', allowed is source,target"),
        ("<graphml/>", 1, 1, "header"),
        (
            "source,target,strength\na,b,1\n",
            1,
            1,
            "no column 'closeness', allowed is the name of one that is there (strength)",
        ),
        ("source,target,closenes\na,b,1\n", 1, 1, "did you mean 'closenes'?"),
        ("source,target,source\na,b,c\n", 1, 3, "column 'source' twice"),
        ("source,target,closeness\na,b,much\n", 2, 3, "closeness: found 'much', allowed is a number from 0 to 1"),
        ("source,target,closeness\n\na,b,1\nb,a,-0.1\n", 4, 3, "'-0.1'"),
        ("source,target,closeness\na,b,1.01\n", 2, 3, "'1.01'"),
        ("source,target,closeness\na,b,inf\n", 2, 3, "'inf'"),
        ("source,target,closeness\na,b,0_1\n", 2, 3, "'0_1'"),
        ("source,target\na,b\n,c\n", 3, 1, "source: found an empty cell, allowed is an id"),
        ("source,target\na,b\na,b\n", 3, 1, "'a' towards 'b' again, first in line 2"),
        ("source,target\na,b,c\n", 2, 1, "3 cells, allowed is 2"),
        ("source,target,missing\na,b,\na,,yes\n", 3, 1, "'a' as missing, with an answer in line 2"),
        ("source,target,missing\na,b,yes\n", 2, 1, "'a' as missing, naming 'b'"),
        ("source,target,missing\na,b,perhaps\n", 2, 1, "missing: found 'perhaps', allowed is yes or no"),
        ("source,target\na,a\n", 0, 0, "1 users, allowed is 2 to 1000 users"),
        ("source,target\n" + "".join(f"u{k},u{k + 1}\n" for k in range(1001)), 1001, 2, "more than 1000 users"),
        ('source,target\na,b\n"b,a\n\n\n', 3, 1, "broken CSV"),
        (",a\na,\n", 1, 1, "1 users"),
        (",a,b,a\n", 1, 4, "id 'a' twice"),
        (",a,,b\n", 1, 3, "an empty cell, allowed is every id once"),
        (",a,b\na,,1\na,,1\n", 3, 1, "row 'a' again, first in line 2"),
        (",anna,b\nana,0,1\n", 2, 1, "row 'ana'; did you mean 'anna'? allowed: one of the ids in the header"),
        (",a,b\na,1\n", 2, 1, "1 cells after 'a', allowed is 2; the matrix must be square"),
        (",a,b\na,1,2,3\n", 2, 1, "3 cells after 'a'"),
        (',a,b\n"a",0,5\n', 2, 3, "'5', allowed is a number from 0 to 1"),
    ],
)
def test_mistakes_in_a_csv_are_named_with_their_place(tmp_path, text, line, column, message):
    with pytest.raises(NetworkFileError) as caught:
        survey(tmp_path, text)
    error = caught.value
    assert message in str(error)
    assert (error.line, error.column) == (line, column)
    assert error.file.endswith("s.csv")


def mistakes(tmp_path, text, **options):
    """Return the place and text of everything wrong with a CSV."""
    with pytest.raises(NetworkFileError) as caught:
        survey(tmp_path, text, **options)
    assert str(caught.value).splitlines() == [str(problem) for problem in caught.value.problems]
    return [(problem.line, problem.column, problem.found) for problem in caught.value.problems]


def test_all_mistakes_of_a_list_of_edges_are_told_in_the_order_of_lines(tmp_path):
    rows = ["a,b,much,", "a,b,0.5,", "b,c,2,perhaps", ",c,-1,", "d,a,1,yes", "a,,,yes", "a,a,9,", "a,b,c,d,e", "c,a,1,"]
    assert mistakes(tmp_path, "\n".join(["source,target,closeness,missing", *rows])) == [
        (2, 3, "'much'"),
        (3, 1, "'a' towards 'b' again, first in line 2"),
        (4, 1, "'perhaps'"),
        (4, 3, "'2'"),
        (5, 1, "an empty cell"),
        (5, 3, "'-1'"),
        (6, 1, "'d' as missing, naming 'a'"),
        (7, 1, "'a' as missing, with an answer in line 2"),
        (9, 1, "5 cells"),
    ]


def test_all_mistakes_of_a_matrix_are_told_in_the_order_of_lines(tmp_path):
    rows = ["a,x,2,0.5", "x,0,0,0", "a,0,0,y", "b,0,0", "c,3,0,0,0"]
    assert mistakes(tmp_path, "\n".join([",a,b,c", *rows])) == [
        (2, 3, "'2'"),
        (3, 1, "row 'x'"),
        (4, 1, "row 'a' again, first in line 2"),
        (4, 4, "'y'"),
        (5, 1, "2 cells after 'b'"),
        (6, 1, "4 cells after 'c'"),
        (6, 2, "'3'"),
    ]


def test_mistakes_before_too_many_users_are_told_with_them(tmp_path):
    text = "source,target,closeness\na,b,7\n" + "".join(f"u{k},u{k + 1},1\n" for k in range(1001))
    assert [found for _, _, found in mistakes(tmp_path, text)] == ["'7'", "more than 1000 users"]


@pytest.mark.parametrize("text", ["source,target,closeness\n" + "a,b,7\n" * 5000, ",a,b\n" + "b,7,\n" * 5000])
def test_a_file_with_very_many_mistakes_is_not_read_to_its_end(tmp_path, text):
    found = mistakes(tmp_path, text)
    assert 200 <= len(found) <= 202
    assert found[-1][2].endswith("mistakes up to here; the rest has not been read")


def test_mistakes_and_strangers_of_a_network_are_told_together(tmp_path):
    text = "source,target,closeness\na,b,7\nx,a,1\ny,b,8\n"
    with pytest.raises(NetworkFileError) as caught:
        seat_matrix(network(tmp_path, text), ["a", "b"], 5)
    found = [(problem.line, problem.column, problem.found) for problem in caught.value.problems]
    assert found == [(2, 3, "'7'"), (3, 1, "id 'x'"), (4, 1, "id 'y'"), (4, 3, "'8'")]
    scenario = Scenario(name="x", network=network(tmp_path, text), centres={"a": {}})
    assert [(one.line, one.column) for one in network_problems(scenario)] == [(2, 3), (4, 3)]


def test_all_mistakes_of_a_graph_file_are_told(tmp_path):
    graph = nx.DiGraph()
    graph.add_node("c", missing="perhaps")
    for u, v, closeness in (("a", "b", 2.0), ("b", "a", 1.0), ("c", "a", "much")):
        graph.add_edge(u, v, closeness=closeness)
    write_graphml(graph, tmp_path / "s.graphml")
    with pytest.raises(NetworkFileError) as caught:
        read_network(tmp_path / "s.graphml")
    assert [problem.found for problem in caught.value.problems] == ["'perhaps'", "'much'", "'2.0'"]


@pytest.mark.parametrize(
    ("edges", "message"),
    [
        (
            {("a", "b"): {"strength": 1.0}},
            "no edge attribute 'closeness', allowed is the name of one that is there (strength)",
        ),
        ({("a", "b"): {"closeness": 2.0}}, "closeness: found '2.0', allowed is a number from 0 to 1"),
        ({("a", "b"): {"closeness": True}}, "closeness: found 'True'"),
        ({("a", "b"): {"closeness": [0.1]}}, "closeness: found '[0.1]'"),
        ({("a", "b"): {"closeness": "much"}}, "closeness: found 'much'"),
        ({("c", "a"): {}}, "'c' as missing, with an answer"),
    ],
)
def test_mistakes_in_a_graph_file_are_named_with_their_place(tmp_path, edges, message):
    graph = nx.DiGraph()
    graph.add_node("c", missing=True)
    for (u, v), attributes in edges.items():
        graph.add_edge(u, v, **attributes)
    write_graphml(graph, tmp_path / "s.graphml")
    with pytest.raises(NetworkFileError) as caught:
        read_network(tmp_path / "s.graphml")
    assert message in str(caught.value)
    assert caught.value.line > 1


def test_other_endings_and_missing_files_are_refused(tmp_path):
    with pytest.raises(NetworkFileError, match=r"ending in '\.dot', allowed is \.csv, \.tsv, \.txt, \.xlsx, \.g"):
        read_network(tmp_path / "s.dot")
    with pytest.raises(NetworkFileError, match="no such file"):
        read_network(tmp_path / "s.csv")


def test_too_large_a_file_is_refused(tmp_path):
    with (tmp_path / "s.csv").open("wb") as file:
        file.truncate(50_000_001)
    with pytest.raises(NetworkFileError, match="more than 50 MB, allowed is a table of at most 50 MB"):
        read_network(tmp_path / "s.csv")


def test_entities_are_refused(tmp_path):
    text = '<!DOCTYPE g [<!ENTITY a SYSTEM "/etc/passwd">]><graphml><graph edgedefault="directed">&a;</graph></graphml>'
    with pytest.raises(NetworkFileError, match="DOCTYPE"):
        survey(tmp_path, text, "s.graphml")


@pytest.mark.parametrize("options", [{"scale": 0}, {"scale": NAN}, {"scale": math.inf}, {"missing": "guess"}])
def test_options_are_checked(tmp_path, options):
    with pytest.raises(ValueError, match="allowed is"):
        survey(tmp_path, MATRIX, **options)


VALUES = st.sampled_from([0.0, 0.25, 0.5, 1.0, NAN])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.integers(2, 5).flatmap(lambda n: st.lists(st.lists(VALUES, min_size=n, max_size=n), min_size=n, max_size=n))
)
def test_reciprocated_answers_come_from_the_other_and_nothing_else_changes(tmp_path, rows):
    ids = [f"u{k}" for k in range(len(rows))]
    lines = [",".join(["id", *ids]), *(",".join([name, *map(str, row)]) for name, row in zip(ids, rows, strict=True))]
    kept = survey(tmp_path, "\n".join(lines), missing="keep").closeness
    filled = survey(tmp_path, "\n".join(lines)).closeness
    for i, j in np.ndindex(kept.shape):
        said = [value for value in (kept[i, j], kept[j, i], 0.0) if not math.isnan(value)]
        assert filled[i, j] == said[0]


def test_example_matrix_is_the_fourteen_with_two_who_did_not_answer():
    found = read_network(EXAMPLES / "example-matrix.csv", scale=4)
    assert found.ids == tuple(f"P{k}" for k in range(1, 15))
    assert [found.ids[k] for k in np.flatnonzero(~found.respondents)] == ["P6", "P12"]
    assert found.closeness[5].any()
    assert found.closeness.max() <= 1


def test_example_edges_are_the_fourteen_with_one_who_did_not_answer():
    found = read_network(EXAMPLES / "example-edges.csv")
    assert sorted(found.ids) == sorted(f"P{k}" for k in range(1, 15))
    assert [found.ids[k] for k in np.flatnonzero(~found.respondents)] == ["P12"]
    assert not found.closeness[found.ids.index("P9")].any()


def network(tmp_path, text):
    (tmp_path / "s.csv").write_text(text)
    return Network(kind="file", file=tmp_path / "s.csv")


def test_seats_follow_the_names_of_the_users(tmp_path):
    given_ = network(tmp_path, "source,target,closeness\nb,a,0.5\n")
    assert seat_matrix(given_, ["a", "x", "b"], 4).nonzero() == ((2,), (0,))
    assert seat_matrix(given_, [], 4).nonzero() == ((1,), (0,))  # by their ids


def test_users_who_are_not_in_the_centre_are_refused(tmp_path):
    given_ = network(tmp_path, "source,target\nP01,P2\n")
    with pytest.raises(
        NetworkFileError, match=r":2:1: .*id 'P01'; did you mean 'P1'\? allowed: those of the users: P1, P2"
    ):
        seat_matrix(given_, ["P1", "P2"], 5)
    with pytest.raises(NetworkFileError, match=":2:2: found 2 users, allowed is at most 1"):
        seat_matrix(given_, [], 1)


def test_everybody_has_the_place_of_the_first_mention(tmp_path):
    def places(text, name="s.csv"):
        return [(place.line, place.column) for place in survey(tmp_path, text, name).places]

    assert places("target,source\nb,a\na,c\n") == [(2, 2), (2, 1), (3, 2)]
    assert places("id,a,b\nb,1,0\n") == [(1, 2), (1, 3)]
    graph = '<graphml>\n<graph edgedefault="directed">\n <node id="a"/>\n <node id="b"/>\n</graph></graphml>'
    assert places(graph, "s.graphml") == [(3, 2), (4, 2)]


def test_problems_of_the_networks_of_all_centres_are_told_once_each(tmp_path):
    wrong = network(tmp_path, "source,target,closeness\na,b,7\n")
    scenario = Scenario(name="x", network=wrong, centres={"a": {}, "b": {}, "c": {"network": {"kind": "none"}}})
    assert [(found.line, found.column) for found in network_problems(scenario)] == [(2, 3), (2, 3)]
    assert network_problems(scenario.with_changes(network=Network())) == []
    assert (
        network_problems(Scenario(name="x", centres={"a": {"network": network(tmp_path, "source,target\na,b\n")}}))
        == []
    )


def test_a_file_of_users_that_cannot_be_used_leaves_the_network_to_itself(tmp_path):
    (tmp_path / "p.csv").write_text("participant\n")
    centre = {"users_file": tmp_path / "p.csv"}
    scenario = Scenario(name="x", centres={"a": centre}, network=network(tmp_path, "source,target\na,b\n"))
    assert network_problems(scenario) == []
