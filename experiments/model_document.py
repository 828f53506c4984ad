"""Keep `sim/MODEL.md` true: tables and equations between its markers are written from the code itself.

Run `python -m experiments.model_document` to write them anew, `--check` to fail when they are stale. Prose outside the
markers is written by hand; a test checks that every rule, parameter, outcome, source and purpose of chance is in the
document.
"""

import ast
import inspect
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from sim.outcomes.catalogue import DAILY
from sim.scenario.generators import GENERATOR_PARAMETERS
from sim.scenario.quantity import Parameter
from sim.scenario.schema import SCENARIO_PARAMETERS
from sim.sources import SOURCES
from sim.state import columns
from sim.streams import PURPOSES

DOCUMENT = Path(__file__).parent.parent / "sim" / "MODEL.md"
_MARK = re.compile(r"<!-- begin (?P<name>[\w.:/ -]+) -->\n.*?<!-- end -->", re.DOTALL)


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    lines = ["| " + " | ".join(head) + " |"]
    lines.append("|" + "---|" * lines[0].count(" | ") + "---|")
    lines += ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def number(value: float) -> str:
    """Write a number as the document does: at most four significant digits."""
    return f"{value:.4g}"


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
    """Table of every parameter whose path starts so; "scenario" stands for the few at the top level."""
    chosen = [p for p in SCENARIO_PARAMETERS if p.path.startswith(prefix + ".")]
    if prefix == "scenario":
        chosen = [p for p in SCENARIO_PARAMETERS if "." not in p.path]
    if not chosen:
        raise ValueError(f"no parameter under {prefix!r}")
    return _table(_PARAMETER_HEAD, map(_parameter_row, chosen))


def argument_table(_: str) -> str:
    """Table of the arguments of every generator of starting networks."""
    rows = (
        (f"`{generator}`", *_parameter_row(parameter))
        for generator, arguments in GENERATOR_PARAMETERS.items()
        for parameter in arguments
    )
    return _table(("generator", *_PARAMETER_HEAD), rows)


def column_table(name: str) -> str:
    """Table of the columns of one kind of row."""
    chosen: tuple[columns.Column, ...] = getattr(columns, name)
    rows = (
        (f"`{c.name}`", c.kind, c.unit, f"{number(c.range[0])} to {number(c.range[1])}", ", ".join(c.labels), c.meaning)
        for c in chosen
    )
    return _table(("column", "kind", "unit", "range", "codes or elements", "meaning"), rows)


def outcome_table(_: str) -> str:
    """Table of every daily outcome."""
    rows = ((f"`{o.name}`", o.group, o.unit, o.better, o.meaning) for o in DAILY)
    return _table(("outcome", "group", "unit", "better", "meaning"), rows)


def source_table(_: str) -> str:
    """Table of every source."""
    rows = ((f"`{s.key}`", f"{s.authors} {s.year or ''}".strip(), s.doi or "", s.note) for s in SOURCES.values())
    return _table(("key", "source", "doi", "what was taken, and what it does not cover"), rows)


def purpose_table(_: str) -> str:
    """Table of every purpose of chance."""
    return _table(("purpose", "number"), ((f"`{name}`", value) for name, value in PURPOSES.items()))


def docstrings(path: str) -> str:
    """Give the docstring of a module and of each of its functions, in order, as the equations of a submodel."""
    tree = ast.parse((DOCUMENT.parent / path).read_text(encoding="utf-8"))
    parts = [_block(ast.get_docstring(tree) or "")]
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            arguments = ", ".join(argument.arg for argument in node.args.args)
            parts.append(f"**`{node.name}({arguments})`**\n\n{_block(ast.get_docstring(node) or '')}")
    return "\n\n".join(parts)


def _block(text: str) -> str:
    """Quote a docstring as it stands."""
    return "```text\n" + inspect.cleandoc(text) + "\n```"


_WRITERS: dict[str, Callable[[str], str]] = {
    "parameters": parameter_table,
    "arguments": argument_table,
    "columns": column_table,
    "outcomes": outcome_table,
    "sources": source_table,
    "purposes": purpose_table,
    "rule": docstrings,
}


def rewritten(text: str) -> str:
    """Give the document with everything between markers written anew.

    Raises
    ------
    ValueError
        When a marker asks for something there is no writer for.
    """

    def replace(match: re.Match[str]) -> str:
        kind, _, argument = match["name"].partition(" ")
        if kind not in _WRITERS:
            raise ValueError(f"{match['name']!r}: allowed are {', '.join(_WRITERS)}")
        return f"<!-- begin {match['name']} -->\n{_WRITERS[kind](argument)}\n<!-- end -->"

    return _MARK.sub(replace, text)


def main(arguments: list[str]) -> int:
    """Write the document anew, or say whether it is stale."""
    text = DOCUMENT.read_text(encoding="utf-8")
    fresh = rewritten(text)
    if "--check" in arguments:
        if fresh != text:
            print("sim/MODEL.md is stale; write it anew with: python -m experiments.model_document", file=sys.stderr)
            return 1
        return 0
    DOCUMENT.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
