"""Write the tables and equations of `sim/MODEL*.md` and `docs/` from the code, between their markers.

`python -m tools.model_document` rewrites them; with `--check` it fails when they are stale. Prose outside the markers
is written by hand; a test checks that the description of the model covers every rule, parameter, policy, outcome,
source and purpose of chance.
"""

import ast
import inspect
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

from pydantic.fields import FieldInfo

from sim.outcomes.catalogue import DAILY
from sim.outcomes.measures import MEASURES
from sim.policies import POLICIES, PolicyUse
from sim.scenario.conditions.names import AGGREGATES, CENTRE_ATTRIBUTES, OPERATORS, USER_ATTRIBUTES
from sim.scenario.reading.policies import costs, default_of, fields_of
from sim.scenario.reading.policies import policy as policy_text
from sim.scenario.reading.words import described as explained
from sim.scenario.schema.network import GENERATOR_PARAMETERS
from sim.scenario.schema.quantity import Parameter, known
from sim.scenario.schema.scenario import SCENARIO_PARAMETERS
from sim.scenario.tables.vocabulary import Column
from sim.scenario.tables.words import TIES, USERS, WAVES
from sim.sources import SOURCES
from sim.state import columns
from tools import reference
from tools.reference import number
from tools.reference import table as _table

ROOT = Path(__file__).parent.parent
SIM = ROOT / "sim"
MODEL = tuple(SIM / name for name in ("MODEL.md", "MODEL-STATE.md", "MODEL-PARAMETERS.md", "MODEL-POLICIES.md"))
"""The description of the model and its appendices."""
DOCUMENTS = (
    *MODEL,
    *(
        ROOT / "docs" / f"{name}.md"
        for name in ("policies", "own-policy", "words", "own-centre", "evidence", "model-card", "citing")
    ),
    *(ROOT / "docs" / f"reference-{name}.md" for name in ("commands", "scenario", "python", "outcomes")),
)
_MARK = re.compile(r"<!-- begin (?P<name>[\w.:/ -]+) -->\n.*?<!-- end -->", re.DOTALL)


_PARAMETER_HEAD = ("parameter", "default", "unit", "bounds", "plausible", "grade", "source", "meaning")


def _parameter_row(parameter: Parameter) -> tuple[str, ...]:
    q = parameter.quantity
    name = parameter.path.removeprefix("rules.")
    low, high = (number(x) for x in q.bounds)
    return (
        f"`{name}`",
        number(parameter.default),
        q.unit,
        f"{low} to {high}",
        " to ".join(number(x) for x in q.plausible),
        q.grade,
        f"`{q.source}`",
        q.meaning,
    )


def parameter_table(prefix: str) -> str:
    """Return the table of all parameters under a path; the prefix "scenario" gives those at the top level."""
    chosen = [p for p in SCENARIO_PARAMETERS if p.path.startswith(prefix + ".")]
    if prefix == "scenario":
        chosen = [p for p in SCENARIO_PARAMETERS if "." not in p.path]
    if not chosen:
        raise ValueError(f"no parameter under {prefix!r}")
    return _table(_PARAMETER_HEAD, map(_parameter_row, chosen))


def argument_table(_: str) -> str:
    """Return the table of the arguments of every generator of starting networks."""
    rows = (
        (f"`{generator}`", *_parameter_row(parameter))
        for generator, arguments in GENERATOR_PARAMETERS.items()
        for parameter in arguments
    )
    return _table(("generator", *_PARAMETER_HEAD), rows)


def column_table(name: str) -> str:
    """Return the table of the columns in one table of the state, such as "USER"."""
    chosen: tuple[columns.Column, ...] = getattr(columns, name)
    rows = (
        (f"`{c.name}`", c.kind, c.unit, f"{number(c.range[0])} to {number(c.range[1])}", ", ".join(c.labels), c.meaning)
        for c in chosen
    )
    return _table(("column", "kind", "unit", "range", "codes or elements", "meaning"), rows)


def outcome_table(_: str) -> str:
    """Return the table of every daily outcome."""
    rows = ((f"`{o.name}`", o.group, o.unit, o.better, o.meaning) for o in DAILY)
    return _table(("outcome", "group", "unit", "better", "meaning"), rows)


def measure_table(_: str) -> str:
    """Return the table of every measure of a run as a whole."""
    rows = ((f"`{m.name}`", m.group, m.unit, m.better, m.meaning) for m in MEASURES)
    return _table(("measure", "group", "unit", "better", "meaning"), rows)


def source_table(_: str) -> str:
    """Return the table of every source."""
    rows = ((f"`{s.key}`", f"{s.authors} {s.year or ''}".strip(), s.doi or "", s.note) for s in SOURCES.values())
    return _table(("key", "source", "doi", "what was taken, and what it does not cover"), rows)


def dictionary_table(sheet: str) -> str:
    """Return the dictionary of the tables of a kind, such as "users": headers and words in English and Chinese."""
    words = next(words for words in (USERS, TIES, WAVES) if words.sheets[0] == sheet)
    rows = ((f"`{c.name}`", ", ".join(c.headers), f"{c.meaning}. {c.meaning_zh}。", _allowed(c)) for c in words.columns)
    return _table(("column", "also called", "meaning", "allowed"), rows)


def _allowed(column: Column) -> str:
    if column.values:
        words = [f"`{word}`: {', '.join(others)}" for word, others in column.values.items()]
        words += [f"counted as `{word}`: {', '.join(others)}" for word, others in column.counted.items()]
        return "; ".join(words)
    if not column.limits:
        return "any"
    span = f"{number(column.limits[0])} to {number(column.limits[1])}"
    return f"{span}; a length of time, or the date since when" if column.since else span


def docstrings(path: str) -> str:
    """Return the docstrings of the functions of a file, in order, as the equations of a submodel."""
    return "\n\n".join(_entry(name, text) for name, text in described(path).items())


def _entry(name: str, text: str) -> str:
    """Write a function's name and summary as a paragraph, and the rest of its docstring as a block."""
    summary, _, rest = inspect.cleandoc(text).partition("\n\n")
    return f"**`{name}`** {_plain(summary)}" + (f"\n{_block(rest)}" if rest else "")


def _plain(text: str) -> str:
    """Escape the characters that Markdown would read as marks in running text."""
    return re.sub(r"[*<]", r"\\\g<0>", text)


def described(path: str) -> dict[str, str]:
    """Return the docstrings of the functions of a file, by name, as far as a reader needs them.

    Private functions with a docstring of one paragraph are left out: they only do what the rule's docstring says.
    """
    documents = {
        node.name: ast.get_docstring(node) or ""
        for node in ast.parse((SIM / path).read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    documents = {name: text.partition("\n\nParameters\n---")[0] for name, text in documents.items()}
    return {name: text for name, text in documents.items() if not name.startswith("_") or "\n\n" in text}


def _block(text: str) -> str:
    """Quote a docstring unchanged."""
    return "```text\n" + inspect.cleandoc(text) + "\n```"


TABLES = {"user": "USER", "tie": "TIE", "centre": "CENTRE", "society": "SOCIETY", "worker": "WORKER"}
"""Tables of columns on which policies act, by the first word of `acts_on`."""


def _field_row(name: str, field: FieldInfo) -> tuple[str, ...]:
    """Return the row for a field of a policy, with the columns of a table of parameters."""
    quantity = known(field)
    if quantity is not None:
        return _parameter_row(Parameter(name, float(field.default), quantity, field.annotation is int))
    bounds = [str(getattr(rule, side)) for side in ("ge", "le") for rule in field.metadata if hasattr(rule, side)]
    marks = [*field.metadata, *(mark for part in get_args(field.annotation) for mark in get_args(part)[1:])]
    scopes = [f"a condition on a {mark.scope}" for mark in marks if hasattr(mark, "scope")]
    allowed = ", ".join(_choices(field.annotation)) or " to ".join(bounds) or "".join(scopes)
    return (f"`{name}`", default_of(field), "", allowed, "", "", "", field.description or "")


def _choices(annotation: Any) -> list[str]:
    """Return the words that a field allows; an empty list when the field is not a choice of words."""
    choices = get_args(annotation)
    words = [choice for choice in choices if isinstance(choice, str)]
    return words or [
        word for other in choices if get_args(other) and other is not annotation for word in _choices(other)
    ]


def policy_table(key: str) -> str:
    """Return a policy's description, the columns it acts on, its source, and the fields that distinguish it."""
    policy = POLICIES[key]
    rows = [_field_row(name, field) for name, field in fields_of(policy).items()]
    acts_on = ", ".join(f"`{column}`" for column in policy.acts_on) or "nothing"
    scope = "the house as a whole" if policy.whole_house else "those who take part"
    parts = [
        _plain(inspect.cleandoc(policy.__doc__ or "")),
        f"Acts on: {acts_on}. For: {scope}. Source: `{policy.source.key}`.",
    ]
    if rows:
        parts.append(_table(_PARAMETER_HEAD, rows))
    return "\n\n".join(parts)


def common_table(_: str) -> str:
    """Return the table of the fields of every policy."""
    rows = [_field_row(name, field) for name, field in PolicyUse.model_fields.items() if name != "policy"]
    return _table(_PARAMETER_HEAD, rows)


def lever_table(_: str) -> str:
    """Return the table of all columns that policies move, with the policies and the functions that read the column."""
    moved = sorted({column for policy in POLICIES.values() for column in policy.acts_on})
    rows = []
    for name in moved:
        table, _, own = name.partition(".")
        column = next(c for c in getattr(columns, TABLES[table]) if c.name == own)
        by = ", ".join(f"`{key}`" for key, policy in POLICIES.items() if name in policy.acts_on)
        rows.append((f"`{name}`", column.kind, column.unit, column.meaning, by, ", ".join(_readers(own))))
    return _table(("column", "kind", "unit", "meaning", "moved by", "read in"), rows)


def _readers(column: str) -> list[str]:
    """Return the names of the functions in `sim/rules` and `sim/state` that read a column."""
    return [
        f"`{node.name}` ({path.stem})"
        for path in [*sorted((SIM / "rules").glob("*.py")), *sorted((SIM / "state").glob("*.py"))]
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and any(_reads(part, column) for part in ast.walk(node))
    ]


def _reads(part: ast.AST, column: str) -> bool:
    """Return whether a node reads a column of a row, rather than a table of the state with the same name."""
    if not (isinstance(part, ast.Attribute) and part.attr == column and isinstance(part.ctx, ast.Load)):
        return False
    return not (isinstance(part.value, ast.Name) and part.value.id in ("s", "state"))


def method_table(place: str) -> str:
    """Return the table of the public methods of a class, "file.py:Class": the call and the docstring's first line."""
    path, _, name = place.partition(":")
    tree = ast.parse((SIM / path).read_text(encoding="utf-8"))
    chosen = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)
    rows = []
    for node in chosen.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            plain = any(isinstance(mark, ast.Name) and mark.id == "property" for mark in node.decorator_list)
            call = "" if plain else f"({ast.unparse(node.args).removeprefix('self').removeprefix(', ')})"
            rows.append((f"`{node.name}{call}`", (ast.get_docstring(node) or "").partition("\n")[0]))
    return _table(("call", "what it does"), rows)


def movable_table(_: str) -> str:
    """Return the table of the traits and levers of users, ties, centres, society and workers."""
    rows = (
        (f"`{table}.{c.name}`", c.kind, c.unit, f"{number(c.range[0])} to {number(c.range[1])}", c.meaning)
        for table, name in TABLES.items()
        for c in getattr(columns, name)
        if c.kind in ("trait", "lever")
    )
    return _table(("column", "kind", "unit", "range", "meaning"), rows)


def glance(key: str) -> str:
    """Return a policy's defaults as a table for analysts: who, how many, how long, at what cost."""
    policy = POLICIES[key]
    use = policy.model_validate({"policy": key, **policy.example})
    hours, money = costs(use)
    numbers = [known(field) for name, field in fields_of(policy).items()]
    grades = [q.grade for q in numbers if q is not None]
    rows = [
        ("who is asked", f"`{use.eligible}`"),
        ("how many of them take part", f"{use.uptake:.0%}"),
        ("whether those who have begun go on", use.stay),
        ("acts in full after", f"{number(use.ramp)} days" if use.ramp else "at once"),
        ("is gone", f"{number(use.fade)} days after its end" if use.fade else "with its end"),
        ("hours of staff a week", hours),
        ("money a week", money),
    ]
    if grades:
        rows.append(("its own numbers", f"{len(grades)}, of which {grades.count('assumed')} are assumed"))
    return _table(("by default", ""), rows)


def word_table(kind: str) -> str:
    """Return the table of words of conditions: "users", "centres", "aggregates" or "operators"."""
    if kind in ("users", "centres"):
        known = USER_ATTRIBUTES if kind == "users" else CENTRE_ATTRIBUTES
        head = ("labels", "unit", "range", "meaning", "exactly", "threshold", "source")
        each = {name: dict(explained(one)) for name, one in known.items()}
        rows = [(f"`{name}`", *(_plain(facts.get(key, "")) for key in head)) for name, facts in each.items()]
        return _table(("word", *head), rows)
    listed = {"aggregates": AGGREGATES, "operators": OPERATORS}[kind]
    return _table(("word", "meaning"), ((f"`{name}`", _plain(meaning)) for name, meaning in listed.items()))


def explained_policies(_: str) -> str:
    """Return every policy as `dayroom explain policy` explains it, without the options that all have."""
    parts = []
    for key in POLICIES:
        kept, _, rest = policy_text(key).partition("  options of every policy:\n")
        parts.append(f"### `{key}`\n\n" + _block(kept + "  example:\n" + rest.partition("  example:\n")[2]))
    return "\n\n".join(parts)


_WRITERS: dict[str, Callable[[str], str]] = {
    "parameters": parameter_table,
    "arguments": argument_table,
    "columns": column_table,
    "outcomes": outcome_table,
    "measures": measure_table,
    "sources": source_table,
    "dictionary": dictionary_table,
    "rule": docstrings,
    "policy": policy_table,
    "common": common_table,
    "levers": lever_table,
    "methods": method_table,
    "movable": movable_table,
    "glance": glance,
    "words": word_table,
    "explained": explained_policies,
    "commands": lambda _: reference.command_text(),
    "keys": lambda _: reference.keys(),
    "python": lambda _: reference.python_names(),
    "labelled": lambda which: reference.outcomes(measures=which == "measures"),
    "grades": lambda _: reference.grades(),
    "facts": lambda _: reference.facts(),
    "citation": lambda _: reference.citation(),
}


def rewritten(text: str) -> str:
    """Return a document with the text between its markers rewritten.

    Raises
    ------
    ValueError
        When a marker names something without a writer.
    """

    def replace(match: re.Match[str]) -> str:
        kind, _, argument = match["name"].partition(" ")
        if kind not in _WRITERS:
            raise ValueError(f"{match['name']!r}: allowed are {', '.join(_WRITERS)}")
        return f"<!-- begin {match['name']} -->\n{_WRITERS[kind](argument)}\n<!-- end -->"

    return _MARK.sub(replace, text)


def main(arguments: list[str]) -> int:
    """Rewrite the documents, or with `--check` report which are stale; return the exit status."""
    stale = 0
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        fresh = rewritten(text)
        if "--check" not in arguments:
            document.write_text(fresh, encoding="utf-8")
        elif fresh != text:
            stale = 1
            place = document.relative_to(ROOT) if document.is_relative_to(ROOT) else document
            print(f"{place} is stale; write it anew with: python -m tools.model_document", file=sys.stderr)
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
