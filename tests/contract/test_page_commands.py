"""The pages: every `dayroom` command in a code block exists with its options, and every import of ours works."""

import ast
import importlib.util
import re
import shlex
from collections.abc import Iterator

import pytest
import typer
from reading import ROOT

from experiments.cli.app import app

PAGES = sorted([*(ROOT / "docs").glob("*.md"), ROOT / "README.md"])
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(language: str) -> Iterator[tuple[str, str]]:
    """Yield each block of a language with the name of its page."""
    for page in PAGES:
        for found in BLOCK.finditer(page.read_text(encoding="utf-8")):
            if found[1] == language:
                yield page.name, found[2]


def commands() -> Iterator[tuple[str, list[str]]]:
    """Yield each command of ours with the name of its page."""
    for page, block in blocks("sh"):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            if words and words[0].split("/")[-1] == "dayroom":
                yield page, words[1:]


def imports() -> Iterator[tuple[str, str, str]]:
    """Yield each module of ours that a page imports from, with the name and the page."""
    for page, block in blocks("python"):
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ("experiments", "sim"):
                yield from ((page, str(node.module), name.name) for name in node.names)


COMMANDS = list(commands())
IMPORTS = sorted(set(imports()))


def test_the_pages_have_something_to_read():
    commanded, imported = {page for page, _ in COMMANDS}, {page for page, _, _ in IMPORTS}
    assert {"portfolio.md", "calibration-abc.md", "clusters.md", "discovery.md", "validation.md"} <= commanded
    assert {"portfolio.md", "calibration-abc.md", "discovery.md", "validation.md"} <= imported


@pytest.mark.parametrize(
    ("page", "words"), COMMANDS, ids=lambda value: value if isinstance(value, str) else "-".join(value)
)
def test_every_command_exists_with_its_options(page, words):
    command = typer.main.get_command(app)
    options = {option for parameter in command.params for option in parameter.opts}
    rest = list(words)
    while rest and hasattr(command, "commands") and not rest[0].startswith("-"):
        assert rest[0] in command.commands, page
        command = command.commands[rest.pop(0)]
        options = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    asked = {word.split("=")[0] for word in rest if word.startswith("-") and not word[1:2].isdigit()}
    assert asked <= options | {"--help"}, page


@pytest.mark.parametrize(("page", "module", "name"), IMPORTS, ids="-".join)
def test_every_import_works(page, module, name):
    found = importlib.import_module(module)
    assert hasattr(found, name) or importlib.util.find_spec(f"{module}.{name}"), page
