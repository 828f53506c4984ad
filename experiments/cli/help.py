"""The pages of `--help` and the mistakes of a command line in the reader's language; typer writes them in English."""

import re
from collections.abc import Iterator
from string import Formatter
from typing import Any, Final

from rich.cells import cell_len

from experiments.statistics.numbers import clauses
from experiments.statistics.terminal import filled
from sim.language import Later, later, padded, say, term

WIDTH: Final = 80
"""Most letters in a line, an East Asian letter being as wide as two."""
_INDENT: Final = "  "
_NAMES_WIDTH: Final = 26
"""Width of a name that leaves room for its meaning on the same line."""

_TYPES: Final = (
    later("<dir>"),
    later("<float>"),
    later("<int>"),
    later("<int range>"),
    later("<path>"),
    later("<str>"),
)
"""What typer calls the kinds of values."""

_SENTENCES: Final = (
    later("Invalid value for {option}: {problem}"),
    later("Invalid value: {problem}"),
    later("Missing argument {name}."),
    later("Missing option {name}."),
    later("Missing command."),
    later("No such option: {option} (Possible options: {options})"),
    later("No such option: {option}"),
    later("No such command {name}. Did you mean {other}?"),
    later("No such command {name}."),
    later("Option {option} requires an argument."),
    later("Option {option} does not take a value."),
    later("Got unexpected extra argument(s) ({words})"),
    later("Value error, {value} is not one of {choices}."),
    later("Input should be greater than or equal to {number}"),
    later("Input should be less than or equal to {number}"),
    later("Input should be a valid integer, unable to parse string as an integer"),
    later("Input should be a valid number, unable to parse string as a number"),
    later("default: {value}"),
    later("required"),
    later("{low}<=x<={high}"),
    later("x>={low}"),
)
"""What typer writes about arguments and options, with places for what it fills in; the longer of two alike first."""


def page(command: Any, context: Any) -> str:
    """Return the help of a command: usage, meaning, arguments, options, and commands below it.

    Parameters
    ----------
    command, context : Command and Context of typer
    """
    meaning = ["\n".join(_filled(term(one), _INDENT)) for one in paragraphs(command.help)]
    parts = [usage(command, context), *meaning]
    known = [(one.param_type_name, one, one.get_help_record(context)) for one in command.get_params(context)]
    for kind, heading in (("argument", later("Arguments:")), ("option", later("Options:"))):
        rows = [_row(one, *record) for name, one, record in known if record is not None and name == kind]
        parts += ["\n".join([str(heading), *_table(rows)])] if rows else []
    if hasattr(command, "list_commands"):
        below = [(name, command.get_command(context, name)) for name in command.list_commands(context)]
        rows = [(name, term(paragraphs(one.help)[0])) for name, one in below]
        parts.append("\n".join([say("Commands:"), *_table(rows)]))
    return "\n\n".join(parts)


def usage(command: Any, context: Any) -> str:
    """Return how a command is written.

    Parameters
    ----------
    command, context : Command and Context of typer
    """
    words = {"[OPTIONS]": say("[OPTIONS]"), "COMMAND [ARGS]...": say("COMMAND [ARGS]...")}
    pieces = [words.get(one, one) for one in command.collect_usage_pieces(context)]
    return say("Usage: {command}", command=" ".join([context.command_path, *pieces]))


def mistake(error: Any) -> str:
    """Return the message of a mistake of the command line.

    Parameters
    ----------
    error : UsageError of typer
    """
    problem, context = error.format_message(), error.ctx
    if context is None:
        return say("Error: {problem}", problem=in_words(problem))
    head = usage(context.command, context)
    if problem.startswith(head):  # a command without arguments prints its help
        return str(problem)
    hint = say("Try '{command} --help' for help.", command=context.command_path)
    return f"{head}\n{hint}\n\n{say('Error: {problem}', problem=in_words(problem))}"


def in_words(text: str) -> str:
    """Return a sentence of typer in the reader's language; any other text, such as one of ours, as it is."""
    for sentence in _SENTENCES:
        if matched := re.fullmatch(_pattern(sentence), text, re.DOTALL):
            values = matched.groupdict()
            if "problem" in values:
                values["problem"] = in_words(values["problem"])
            return str(sentence).format(**values)
    return text


def paragraphs(text: str | None) -> list[str]:
    """Return the paragraphs of a help text, each on one line: the messages that catalogues translate."""
    return [" ".join(one.split()) for one in (text or "").split("\n\n") if one.strip()]


def _pattern(sentence: Later) -> str:
    """Return the regular expression of a sentence, with a group for each of its places."""
    pieces = Formatter().parse(sentence.message)
    return "".join(re.escape(text) + (f"(?P<{name}>.+)" if name else "") for text, name, _, _ in pieces)


def _row(parameter: Any, name: str, text: str) -> tuple[str, str]:
    """Return name and meaning of an argument or option, with its default at the end."""
    if parameter.param_type_name == "argument":
        name = name.rpartition(" <")[0] or name
    for kind in _TYPES:
        name = name.replace(kind.message, str(kind))
    meaning = parameter.help or ""
    noted = text.removeprefix(meaning).strip().removeprefix("[").removesuffix("]")
    facts = clauses([in_words(fact) for fact in noted.split("; ") if fact])
    return name, term(" ".join(meaning.split())) + (say(" [{facts}]", facts=facts) if facts else "")


def _table(rows: list[tuple[str, str]]) -> Iterator[str]:
    """Yield the lines of a table of names and meanings; a long name has a line of its own."""
    wide = max((cell_len(name) for name, _ in rows if cell_len(name) <= _NAMES_WIDTH), default=0)
    margin = " " * (wide + 2 * len(_INDENT))
    for name, meaning in rows:
        lines = _filled(meaning, margin)
        if cell_len(name) <= wide:
            lines[0] = f"{_INDENT}{padded(name, wide)}{_INDENT}{lines[0].strip()}"
        else:
            lines.insert(0, f"{_INDENT}{name}")
        yield from lines


def _filled(text: str, margin: str) -> list[str]:
    return filled(text, WIDTH, first=margin, following=margin)
