"""Read network files safely: limited size, XML elements with their places, a single class of errors.

XML can make a reader fetch other files or expand to gigabytes, but only with a DOCTYPE. Neither GraphML nor GEXF needs
a DOCTYPE, so this module refuses files that have one.
"""

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from xml.parsers import expat

from sim.language import say
from sim.scenario.text.errors import DayroomError, Problem, ScenarioError
from sim.scenario.text.files import displayed, read_bytes
from sim.scenario.text.nodes import Place

_DEEPEST: Final = 20
"""Most levels of nested elements; GraphML and GEXF need six."""
_MOST_ELEMENTS: Final = 3_000_000
"""Most elements in a file, to limit memory; a thousand users who all name each other need two million."""


class NetworkFileError(DayroomError, ValueError):
    """A network file is invalid; the message gives the place, what was found and what is allowed.

    Attributes
    ----------
    problems : tuple of Problem
        All problems, in the order of lines.
    file : str
    line, column : int
        Place of the first problem, counted from 1; line 0 means the whole file. In a CSV, column is the number of the
        cell.
    found, allowed : str
        From the first problem.
    """

    def __init__(self, problem: Problem, *more: Problem) -> None:
        self.problems = tuple(sorted((problem, *more), key=lambda one: (one.line, one.column)))
        super().__init__("\n".join(map(str, self.problems)))
        problem = self.problems[0]
        self.file, self.line, self.column = problem.file, problem.line, problem.column
        self.found, self.allowed = problem.found, problem.allowed

    def __reduce__(self) -> tuple[type["NetworkFileError"], tuple[Problem, ...]]:
        # Python pickles an exception by its message; worker processes must return this one with its problems.
        return type(self), self.problems


def refused(place: Place, **fields: str) -> NetworkFileError:
    """Return the error for a problem at a place; `fields` are fields of `Problem`."""
    return NetworkFileError(Problem.at(place, **fields))


@dataclass(slots=True)
class Element:
    """An XML element, with the place where it begins.

    Parameters
    ----------
    tag : str
        Name; "{namespace}name" if its namespace differs from that of the outermost element.
    attributes : dict
        Values by name or by "{namespace}name".
    """

    tag: str
    attributes: dict[str, str]
    place: Place
    children: list["Element"] = field(default_factory=list)
    text: str = ""

    def all(self, tag: str) -> list["Element"]:
        """List the children with this tag."""
        return [child for child in self.children if child.tag == tag]

    def required(self, name: str) -> str:
        """Return an attribute, which must be present.

        Raises
        ------
        NetworkFileError
            When the attribute is absent.
        """
        if name not in self.attributes:
            raise refused(
                self.place,
                found=say("<{tag}> without {name}", tag=self.tag, name=name),
                allowed=f"<{self.tag} {name}=...>",
            )
        return self.attributes[name]


class _Builder:
    """Builds elements from the parser's callbacks."""

    def __init__(self, file: str, most: float) -> None:
        self.file = file
        self.left = most
        self.root: Element | None = None
        self.open: list[Element] = []
        self.namespace = ""
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.buffer_size = 1 << 20  # otherwise text arrives in many pieces, each copied again
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.StartDoctypeDeclHandler = self.doctype

    def here(self) -> Place:
        return Place(self.file, self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition("}")
        if not self.open:
            self.namespace = namespace
        if len(self.open) == _DEEPEST:
            raise refused(
                self.here(),
                found=say("more than {most} elements inside each other", most=_DEEPEST),
                allowed=say("a flat network file"),
            )
        self.left -= 1
        if self.left < 0:
            raise refused(
                self.here(),
                found=say("too many elements"),
                allowed=say("at most {most} elements", most=_MOST_ELEMENTS),
            )
        tag = local if namespace == self.namespace else "{" + name
        named = {"{" + key if "}" in key else key: value for key, value in attributes.items()}
        element = Element(tag, named, self.here())
        if self.open:
            self.open[-1].children.append(element)
        self.root = self.root or element
        self.open.append(element)

    def end(self, _: str) -> None:
        self.open.pop()

    def characters(self, text: str) -> None:
        top = self.open[-1]
        if not top.children or not text.isspace():
            top.text += text

    def doctype(self, *_: object) -> None:
        raise refused(
            self.here(), found=say("a DOCTYPE"), allowed=say("XML without one: delete the lines of the DOCTYPE")
        )


def parse_xml(path: Path, most: int | None, outermost: tuple[str, ...]) -> Element:
    """Read an XML file whose outermost element has one of these names.

    Raises
    ------
    NetworkFileError
        When the file cannot be read, is not well-formed XML, has a DOCTYPE or begins with another element.
    """
    builder = _Builder(displayed(path), math.inf if most is None else _MOST_ELEMENTS)
    try:
        builder.parser.Parse(read_bytes(path, most), True)
    except ScenarioError as error:
        raise NetworkFileError(*error.problems) from None
    except expat.ExpatError as error:
        place = Place(builder.file, error.lineno, error.offset + 1)
        raise refused(
            place,
            found=say("broken XML ({error})", error=expat.ErrorString(error.code)),
            allowed=say("well-formed XML"),
        ) from None
    except (LookupError, ValueError) as error:  # Python does not know the encoding, or expat does not support it
        if isinstance(error, NetworkFileError):
            raise
        raise refused(
            Place(builder.file, 1, 1), what=say("the encoding of the XML is not known; save it as UTF-8")
        ) from None
    root = builder.root
    assert root is not None  # noqa: S101  (well-formed XML has an outermost element)
    if root.tag not in outermost:
        expected = " or ".join(f"<{tag}>" for tag in outermost)
        raise refused(root.place, found=say("<{tag}> as the outermost element", tag=root.tag), allowed=expected)
    return root
