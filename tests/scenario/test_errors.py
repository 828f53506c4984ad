"""Errors of a scenario name the place, what was found and what is allowed, all at once."""

import pickle
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import Field

from sim.scenario.reading import check, resolve
from sim.scenario.reading.load import load_scenario, read_as
from sim.scenario.reading.shape import Form, shape
from sim.scenario.schema.quantity import Section, quantity
from sim.scenario.schema.scenario import Name, Scenario
from sim.scenario.text.errors import Problem, ScenarioError
from sim.scenario.text.suggestions import nearest
from sim.sources import ASSUMED

FILE = Path("x.yaml")


def told(text: str) -> list[str]:
    """Load a wrong text and return the lines of the message, without the name of the file."""
    with pytest.raises(ScenarioError) as caught:
        read_as(text, FILE)
    return [str(problem).removeprefix("x.yaml:") for problem in caught.value.problems]


WRONG = {
    "number above its bounds": ("users:\n  women: 1.4\n", "2:10: users.women: found 1.4, allowed is 0 to 1"),
    "number below its bounds": ("days: 0\n", "1:7: days: found 0, allowed is a whole number, 1 to 36525 [day]"),
    "number in another unit out of bounds": (
        "centres:\n  park:\n    timetable:\n      - {activity: crafts, minutes: 2 days}\n",
        "4:37: centres.park.timetable.1.minutes: found '2 days' = 2880 min, allowed is 5 to 600 [min]",
    ),
    "number without a quantity": (
        "replicates: 0\n",
        "1:13: replicates: found 0, allowed is a whole number, 1 to 100000",
    ),
    "scale of nothing": ("network: {scale: 0}\n", "1:18: network.scale: found 0, allowed is 0.001 to 1000000"),
    "fraction for a whole number": ("days: 1.5\n", "1:7: days: found 1.5, allowed is a whole number, 1 to 36525 [day]"),
    "truth value for a number": ("users: {women: true}\n", "1:16: users.women: found true, allowed is 0 to 1"),
    "truth value for a whole number": ("days: true\n", "1:7: days: found true, allowed is a whole number, 1 to"),
    "text for a number": (
        "replicates: many\n",
        "1:13: replicates: found 'many', allowed is a whole number, 1 to 100000",
    ),
    "number for text": ("title: 5\n", "1:8: title: found 5, allowed is text of at most 200 characters"),
    "number for a name": ("name: 5\n", "1:7: name: found 5, allowed is a short name of a-z"),
    "number for a truth value": (
        "mechanisms: {group_advocacy: 1}\n",
        "1:30: mechanisms.group_advocacy: found 1, allowed is true or false",
    ),
    "yes, which is text": (
        "mechanisms:\n  group_advocacy: yes\n",
        "2:19: mechanisms.group_advocacy: found 'yes'; did you mean 'true'? allowed: true or false",
    ),
    "number for a mapping": ("users: 5\n", "1:8: users: found 5, allowed is a mapping with keys of: women, "),
    "list for a mapping": ("centres: [park]\n", "1:10: centres: found a list of 1, allowed is a mapping of names"),
    "mapping for a list": (
        "centres:\n  park:\n    open: {monday: true}\n",
        "3:11: centres.park.open: found a mapping with the keys monday, allowed is a list; each item is one of monday",
    ),
    "mapping for a number": (
        "days: {of: 5}\n",
        "1:7: days: found a mapping with the keys of, allowed is a whole number",
    ),
    "list for text": ("title: [a]\n", "1:8: title: found a list of 1, allowed is text"),
    "unknown unit": (
        "days: 3 wekks\n",
        "1:7: days: found '3 wekks', allowed is a number in days, or a text such as ",
    ),
    "unit of another kind": (
        "users: {women: 3 weeks}\n",
        "1:16: users.women: found '3 weeks', allowed is a pl",
    ),
    "no number": (
        "users: {women: half}\n",
        "1:16: users.women: found 'half', allowed is a plain number, or a percentage",
    ),
    "impossible share over time": (
        "rules: {turnover: {leaving_rate: 120 %/month}}\n",
        "1:34: rules.turnover.leaving_rate: found '120 %/month', a share over time is allowed from 0 % to below 100 %",
    ),
    "unknown key": (
        "rules:\n  attendance:\n    mod_slope: 2\n",
        "3:5: unknown key 'mod_slope' in rules.attendance; did you mean 'mood_slope'? allowed: base_share, mood_slope",
    ),
    "unknown key at the top": (
        "user: {women: 0.5}\n",
        "1:1: unknown key 'user'; did you mean 'users'? allowed: name, ",
    ),
    "unknown key with nothing near": ("zzz: 1\n", "1:1: unknown key 'zzz', allowed is name, title, "),
    "misspelt extends": ("extend: baseline\n", "1:1: unknown key 'extend'; did you mean 'extends'?"),
    "duplicate key": (
        "users:\n  women: 0.5\n  women: 0.4\n",
        "3:3: duplicate key 'women'; it is set at line 2, column 3 already",
    ),
    "null": ("users:\n  women:\n", "2:3: users.women: found null (no value), allowed is 0 to 1; leave the key out"),
    "null where the schema has none as default": (
        "seed: null\n",
        "1:7: seed: found null (no value), allowed is a whole",
    ),
    "null for a section": ("users:\ndays: 3\n", "1:1: users: found null (no value), allowed is a mapping"),
    "no number by IEEE": (
        "users: {women: .nan}\n",
        "1:16: users.women: found .nan, allowed is a finite number; 0 to 1",
    ),
    "infinity": ("users: {women: -.inf}\n", "1:16: users.women: found -.inf, allowed is a finite number"),
    "number beyond all bounds": (
        "users: {women: 1e999}\n",
        "1:16: users.women: found 1e999, allowed is a finite number",
    ),
    "infinity in the arguments": ("network: {arguments: {k: .inf}}\n", "1:26: network.arguments.k: found .inf"),
    "argument of another generator": (
        "network: {generator: barabasi_albert_graph, arguments: {k: 3}}\n",
        "1:57: unknown key 'k' in network.arguments of barabasi_albert_graph, allowed is m",
    ),
    "argument of another generator than the default": (
        "network:\n  arguments:\n    m: 3\n",
        "3:5: unknown key 'm' in network.arguments of watts_strogatz_graph, allowed is k, p",
    ),
    "misspelt argument": (
        "network: {generator: gaussian_random_partition_graph, arguments: {p_iin: 0.3}}\n",
        "1:67: unknown key 'p_iin' in network.arguments of gaussian_random_partition_graph; did you mean 'p_in'?",
    ),
    "argument out of bounds": (
        "network: {arguments: {p: 110 %}}\n",
        "1:26: network.arguments.p: found '110 %' = 1.1, allowed is 0 to 1",
    ),
    "fraction for a whole argument": (
        "network: {arguments: {k: 5.5}}\n",
        "1:26: network.arguments.k: found 5.5, allowed is a whole number, 0 to 1000 [users]",
    ),
    "no mapping of arguments": (
        "network: {arguments: 5}\n",
        "1:22: network.arguments: found 5, allowed is a mapping with keys of: k, p",
    ),
    "generator that is not there": (
        "network: {generator: barabasi_albrt_graph, arguments: {m: 3}}\n",
        "1:22: network.generator: found 'barabasi_albrt_graph'; did you mean 'barabasi_albert_graph'?",
    ),
    "kind that is not there, with another generator": (
        "network: {kind: grown, generator: barabasi_albert_graph}\n",
        "1:17: network.kind: found 'grown', allowed is one of none, generated, file",
    ),
    "argument for more users than there are": (
        "network: {generator: barabasi_albert_graph, arguments: {m: 25}}\n",
        "1:60: network.arguments: barabasi_albert_graph in centres.centre: found m = 25, allowed for 25 users",
    ),
    "odd number of odd ties": (
        "centres: {a: {users: 7, network: {generator: random_regular_graph, arguments: {d: 5}}}}\n",
        "1:83: centres.a.network.arguments: random_regular_graph in centres.a: found d = 5, allowed for 7 users is an",
    ),
    "huge number with a unit": ("days: 1e300 years\n", "1:7: days: found '1e300 years', allowed is a number in days"),
    "number with too many digits": (f"days: {'9' * 5000}\n", "1:7: days: found '9999"),
    "word that is none of the choices": (
        "first_day: munday\n",
        "1:12: first_day: found 'munday'; did you mean 'monday'? allowed: one of monday, tuesday",
    ),
    "wrong item of a list": (
        "centres: {park: {open: [monday, fryday]}}\n",
        "1:33: centres.park.open.2: found 'fryday'; did you mean 'friday'?",
    ),
    "item twice": ("centres: {park: {open: [monday, monday]}}\n", "1:24: centres.park.open: a weekday is named twice"),
    "empty list": (
        "centres: {park: {open: []}}\n",
        "1:24: centres.park.open: found an empty list, allowed is a list of 1 or more",
    ),
    "empty mapping": ("centres: {}\n", "1:10: centres: found an empty mapping, allowed is a mapping of 1 or more"),
    "missing key": (
        "centres:\n  park:\n    timetable:\n    - minutes: 80\n",
        "4:7: centres.park.timetable.1.activity: this key is missing, allowed is one of crafts, singing",
    ),
    "name with capitals": (
        "centres: {Park: {users: 9}}\n",
        "1:11: key 'Park' in centres; did you mean 'park'? allowed: a short name of a-z",
    ),
    "spread too wide": (
        "users:\n  empathy: {mean: 0.95, sd: 0.4}\n",
        "2:19: users.empathy: sd 0.4 is too wide for a trait between 0 and 1 with mean 0.95; allowed is below",
    ),
    "shares above one": (
        "users:\n  women: 0.5\n  bipolar: 0.9\n",
        "3:12: users: the shares schizophrenia, bipolar, ocd add up to 1.686; allowed is at most 1",
    ),
    "network without its file": ("network: {kind: file}\n", "1:17: network: a network of kind file needs the key file"),
    "days in the wrong order": (
        "centres: {park: {closures: [{first: 5, last: 3}]}}\n",
        "1:37: centres.park.closures.1: last (3) comes before first (5)",
    ),
    "session on a closed day": (
        "centres:\n  park:\n    timetable:\n    - activity: singing\n    - activity: crafts\n      days: [sunday]\n",
        "6:13: centres.park.timetable.2: crafts is held on days on which the centre is closed (sunday)",
    ),
    "tab": ("users:\n\twomen: 0.5\n", "2:1: a tab stands where YAML takes spaces; indent with spaces"),
    "bracket left open": ("centres: [a, b\ndays: 3\n", "2:5: this is no YAML: "),
    "colon too many": ("title: a: b\n", "1:9: this is no YAML: mapping values are not allowed here"),
    "second document": ("days: 3\n---\ndays: 4\n", "2:1: a second document begins; a file holds one scenario"),
    "list at the top": ("- days: 3\n", "1:1: the top of the file is no mapping"),
    "text at the top": ("baseline\n", "1:1: the top of the file is no mapping"),
    "tag of a language": (
        "title: !!python/object:os.system x\n",
        "1:8: tag '!!python/object:os.system' is not allowed",
    ),
    "tag of one's own": ("users: !mine {women: 0.5}\n", "1:8: tag '!mine' is not allowed"),
    "plain tag": ("title: !!str 5\n", "1:8: tag '!!str' is not allowed"),
    "merge key": (
        "users: &u {women: 0.5}\ncentres:\n  park:\n    <<: *u\n",
        "4:5: merge keys (<<) are not part of YAML",
    ),
    "number as a key": ("users: {1: 0.5}\n", "1:9: found the key '1', allowed is text as a key"),
    "truth value as a key": ("true: 0.5\n", "1:1: found the key 'true', allowed is text as a key"),
    "list as a key": ("[a, b]: 0.5\n", "1:1: found a list or mapping as a key, allowed is text as a key"),
    "unknown alias": (
        "days: *there\n",
        "1:7: found alias *there, which has no anchor before it, allowed is an alias of",
    ),
    "alias inside itself": (
        "users: &u {women: *u}\n",
        "1:19: found alias *u inside its own anchor, allowed is an alias of",
    ),
    "old YAML": ("%YAML 1.1\n---\ndays: 3\n", "2:1: found YAML 1.1, allowed is YAML 1.2"),
    "NUL by an escape": ('title: "a\\0b"\n', "1:8: found 'a\\x00b', allowed is text without NUL"),
    "half a character by an escape": ('title: "\\ud83d"\n', "1:8: found '\\ud83d', allowed is text without NUL"),
    "escape beyond Unicode": ('title: "\\UFFFFFFFF"\n', "this is no YAML"),
    "unknown base": (
        "extends: baselin\n",
        "1:10: extends: found 'baselin'; no shipped scenario and no file has this name; did you mean 'baseline'?",
    ),
    "number as a base": ("extends: 5\n", "1:10: extends: found 5, allowed is a path or one of baseline"),
    "null as a base": ("extends:\n", "1:1: extends: found null (no value), allowed is a path or one of baseline"),
    "missing base": (
        "extends: ./baselin.yaml\n",
        "1:10: extends: found './baselin.yaml'; no such file; did you mean 'basel",
    ),
    "base outside the folder": (
        "extends: ../x.yaml\n",
        "1:10: extends: found '../x.yaml', allowed is a shipped name, or a",
    ),
    "base at the root": (
        "extends: /etc/hosts.yaml\n",
        "1:10: extends: found '/etc/hosts.yaml', allowed is a shipped name",
    ),
    "replace without extends": ("replace: [users]\n", "1:1: replace: nothing is inherited without extends"),
    "replace of no list": (
        "extends: baseline\nreplace: users\n",
        "2:10: replace: found 'users', allowed is a list of top",
    ),
    "replace of an unknown key": (
        "extends: baseline\nreplace: [user]\n",
        "2:11: replace: found 'user'; did you mean 'users'? allowed: name, title",
    ),
    "users' file outside the folder": (
        "centres: {park: {users_file: ../p.csv}}\n",
        "1:30: centres.park.users_file: found '../p.csv', allowed is a file in the folder of this scenario or below it",
    ),
    "missing users' file": (
        "centres: {park: {users_file: p.csv}}\n",
        "1:30: centres.park.users_file: found 'p.csv': no such",
    ),
    "folder as a file": (
        "network: {kind: file, file: ''}\n",
        "1:29: network.file: found '': this is a folder, not a file",
    ),
    "number as a file": (
        "network: {kind: file, file: 5}\n",
        "1:29: network.file: found 5, allowed is the path of a file",
    ),
}


@pytest.mark.parametrize(("text", "expected"), WRONG.values(), ids=WRONG.keys())
def test_each_mistake_is_told_with_its_place(tmp_path, monkeypatch, text, expected):
    monkeypatch.chdir(tmp_path)
    lines = told(text)
    assert len(lines) == 1, lines
    assert expected in lines[0]


def test_all_mistakes_of_a_file_are_told_at_once_in_the_order_of_the_text():
    lines = told(
        "days: 0\nusers:\n  women: 0.5\n  women: 2\n  ocd: 3\n  age_sd:\n  empathy: {mean: 0.95, sd: 0.4}\n"
        "nonsense: 1\n"
        "rules: {attendance: {base_share: .nan}}\ncentres: {park: {closures: [{first: 5, last: 3}]}}\ntitle: !t x\n"
    )
    assert [line.split(" ")[0] for line in lines] == [
        "1:7:", "4:3:", "5:8:", "6:3:", "7:19:", "8:1:", "9:34:", "10:37:", "11:8:"
    ]  # fmt: skip


def test_comparisons_are_told_even_when_other_values_are_wrong():
    lines = told(
        "days: 0\nusers: {bipolar: 0.9}\n"
        "centres: {park: {open: [monday], timetable: [{activity: crafts, days: [friday]}]}}\n"
    )
    assert [line.split(": ")[1] for line in lines] == ["days", "users", "centres.park.timetable.1"]


def test_a_comparison_with_a_value_that_is_wrong_itself_is_not_told():
    assert len(told("users: {bipolar: 0.9, ocd: many}\n")) == 1


def test_a_message_never_shows_control_characters_or_endless_values():
    lines = told(f'title: "{"a" * 3000}"\nusers: {{"wo\\e[31m\\nmen": 1}}\n')
    assert all(line.isprintable() and len(line) < 600 for line in lines)


def test_an_error_survives_the_way_to_another_worker():
    error = ScenarioError([Problem("x.yaml", 1, 2, "days", "0", "1 to 5")])
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert str(again) == str(error) == "x.yaml:1:2: days: found 0, allowed is 1 to 5"
    assert again.problems == error.problems


def test_nearest_prefers_the_same_first_letter_and_gives_nothing_when_nothing_is_near():
    assert nearest("munday", ["sunday", "monday"]) == "monday"
    assert nearest("xyz", ["sunday", "monday"]) == ""
    assert nearest("xyz", []) == ""


class Circle(Section):
    """A kind of policy, for the test."""

    policy: Literal["circle"]
    centres: tuple[str, ...] = ()

    def unfit_for(self, open_days):
        """Fit for any."""
        return ""

    def sessions_instead_of(self, usual):
        """Leave the sessions as they are."""
        return usual

    size: int = quantity(8, "users", (2, 50), (4, 12), ASSUMED, "assumed", "Users in the circle")


class Buddy(Section):
    """Another kind of policy."""

    policy: Literal["buddy"]
    centres: tuple[str, ...] = ()

    def unfit_for(self, open_days):
        """Fit for any."""
        return ""

    def sessions_instead_of(self, usual):
        """Leave the sessions as they are."""
        return usual

    length: float = quantity(42.0, "day", (1, 500), (4, 112), ASSUMED, "assumed", "How long it goes on")


class WithKinds(Scenario):
    """A scenario in which a key decides which section belongs to a name."""

    policies: dict[Name, Annotated[Circle | Buddy, Field(discriminator="policy")]] = Field(default={})


@pytest.fixture
def _kinds(monkeypatch):
    monkeypatch.setattr(resolve, "ROOT", shape(WithKinds))
    monkeypatch.setattr(check, "SCENARIO", Form(WithKinds, "scenario", "at least one key"))


@pytest.mark.usefixtures("_kinds")
@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("{policy: circle, size: 100}", "1:38: policies.a.size: found 100, allowed is a whole number, 2 to 50 [users]"),
        (
            "{policy: budy}",
            "1:24: policies.a.policy: found 'budy'; did you mean 'buddy'? allowed: one of circle, buddy",
        ),
        ("{size: 3}", "1:12: policies.a.policy: this key is missing, allowed is one of circle, buddy"),
        ("{policy: buddy, size: 3}", "1:31: unknown key 'size' in policies.a, allowed is policy, centres, length"),
        (
            "{policy: buddy, length: 3 people}",
            "1:39: policies.a.length: found '3 people', allowed is a number",
        ),
        ("3", "1:15: policies.a: found 3, allowed is a mapping with policy: one of circle, buddy"),
    ],
)
def test_sections_of_several_kinds(policy, expected):
    (line,) = told(f"policies: {{a: {policy}}}\n")
    assert expected in line


@pytest.mark.usefixtures("_kinds")
def test_another_kind_under_an_inherited_name_keeps_nothing(tmp_path):
    (tmp_path / "base.yaml").write_text("policies: {a: {policy: circle, size: 9}, b: {policy: circle, size: 9}}\n")
    (tmp_path / "top.yaml").write_text("extends: ./base.yaml\npolicies: {a: {policy: buddy}, b: {size: 3 users}}\n")
    assert load_scenario(tmp_path / "top.yaml").policies == {
        "a": Buddy(policy="buddy"),
        "b": Circle(policy="circle", size=3),
    }
