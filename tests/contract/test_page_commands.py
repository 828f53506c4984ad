"""The pages: every `dayroom` command in a code block exists with its options."""

import re
import shlex
from collections.abc import Iterator

import pytest
import typer
from reading import ROOT

from experiments.cli.app import application

PAGES = sorted([*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md"), ROOT / "scenarios" / "README.md"])
MADE = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(language: str) -> Iterator[tuple[str, str]]:
    """Yield each block of a language with the name of its page."""
    for page in PAGES:
        for found in BLOCK.finditer(page.read_text(encoding="utf-8")):
            if found[1] == language:
                yield page.name, found[2]


def commands(program: str = "dayroom") -> Iterator[tuple[str, list[str]]]:
    """Yield each command of a program with the name of its page."""
    for page, block in blocks("sh"):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            if words and words[0].split("/")[-1] == program:
                yield page, words[1:]


COMMANDS = list(commands())


def test_the_pages_have_something_to_read():
    commanded = {page for page, _ in COMMANDS}
    assert {"portfolio.md", "calibration-abc.md", "clusters.md", "discovery.md", "validation.md"} <= commanded


@pytest.mark.parametrize(
    ("page", "words"), COMMANDS, ids=lambda value: value if isinstance(value, str) else "-".join(value)
)
def test_every_command_exists_with_its_options(page, words):
    command = typer.main.get_command(application())
    options = {option for parameter in command.params for option in parameter.opts}
    rest = list(words)
    while rest and hasattr(command, "commands") and not rest[0].startswith("-"):
        assert rest[0] in command.commands, page
        command = command.commands[rest.pop(0)]
        options = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    asked = {word.split("=")[0] for word in rest if word.startswith("-") and not word[1:2].isdigit()}
    assert asked <= options | {"--help"}, page


def test_every_target_of_make_exists():
    targets = [(page, word) for page, words in commands("make") for word in words]
    assert len(targets) > 5
    variables = set(re.findall(r"\$\((\w+)\)", (ROOT / "Makefile").read_text(encoding="utf-8")))
    known = MADE | {word for _, word in targets if word.partition("=")[0] in variables}
    assert [(page, word) for page, word in targets if word not in known] == []
