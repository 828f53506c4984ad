"""Parse the text of a condition into nested parts, each with its position in the text.

`meaning` decides what the words mean and whether they fit together.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sim.language import later, say
from sim.scenario.conditions.names import OPERATORS, UNIT_WORDS
from sim.scenario.text.errors import DayroomError
from sim.scenario.text.nodes import quoted
from sim.scenario.text.suggestions import nearest, with_suggestion

MOST_LENGTH: Final = 500
"""Most characters in a condition."""

MOST_DEPTH: Final = 30
"""Most levels of nesting in a condition."""

_GRAMMAR = r"""
condition: either (FOR amount)?
?either: both (OR both)*
?both: inverse (AND inverse)*
?inverse: NOT inverse -> negation
        | relation
?relation: sum
         | sum (COMPARE sum)+ -> comparison
         | sum NOT? IN LPAR choice (COMMA choice)* RPAR -> membership
?choice: amount | MINUS amount -> negative | WORD -> name | QUOTED -> label
?sum: product ((PLUS | MINUS) product)*
?product: signed ((TIMES | OVER) signed)*
?signed: MINUS signed -> negative
       | atom
?atom: amount
     | WORD -> name
     | QUOTED -> label
     | LPAR either RPAR -> group
     | WORD LPAR either RPAR -> call
amount: NUMBER (WORD | PERCENT)?

FOR: "for"
OR: "or"
AND: "and"
NOT: "not"
IN: "in"
COMPARE: "<=" | ">=" | "==" | "!=" | "<" | ">"
PLUS: "+"
MINUS: "-"
TIMES: "*"
OVER: "/"
LPAR: "("
RPAR: ")"
COMMA: ","
PERCENT: "%"
NUMBER: /([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?/
WORD: /[^\W\d]\w*/
QUOTED: /"[^"\n]*"|'[^'\n]*'/
SPACE: /[ \t\r\n]+/
%ignore SPACE
"""

KEYWORDS: Final = tuple(word for word in OPERATORS if word.isalpha())
"""Words that belong to the language and name no quantity."""

_SPELLED: Final = {
    "FOR": "for", "OR": "or", "AND": "and", "NOT": "not", "IN": "in", "COMPARE": later("a comparison such as >"),
    "PLUS": "+", "MINUS": "-", "TIMES": "*", "OVER": "/", "LPAR": "(", "RPAR": ")", "COMMA": ",", "PERCENT": "%",
    "NUMBER": later("a number"), "WORD": later("a name"),
    "QUOTED": later("a label in quotes"), "$END": later("the end"),
}  # fmt: skip

_MEANT: Final = {
    "=": "==",
    "&": "and",
    "|": "or",
    "!": "not",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "×": "*",
    "÷": "/",
    "；": "and",
    "，": "and",
    "、": "or",
}
"""Signs of other languages, and the sign or word to write instead."""


class ConditionError(DayroomError, ValueError):
    """A text that is not a condition, or one whose meaning its author cannot have intended.

    Parameters
    ----------
    position : int
        Position in the text, counted from 0.
    what : str
        The complaint.
    found : str
        The text at this position, in quotes.
    allowed : str
        What is allowed there.
    suggestion : str
        Nearest allowed spelling; empty if none is near.
    """

    def __init__(self, position: int, what: str, found: str = "", allowed: str = "", suggestion: str = "") -> None:
        super().__init__(position, what, found, allowed, suggestion)
        self.position = position
        self.what = what
        self.found = found
        self.allowed = allowed
        self.suggestion = suggestion

    def __str__(self) -> str:
        return with_suggestion(
            say("character {position}: {what}", position=self.position + 1, what=self.what),
            self.suggestion,
            self.allowed,
        )


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a condition's text.

    Parameters
    ----------
    kind : str
        The grammar rule that the piece follows, such as "comparison".
    start, end : int
        Its place in the text; `end` is the position after its last character.
    parts : tuple of Part
        The smaller pieces inside it.
    words : tuple of str
        Its words and signs outside these pieces, in order.
    depth : int
        Levels of nesting; a number or a name has 1.
    """

    kind: str
    start: int
    end: int
    parts: tuple["Part", ...]
    words: tuple[str, ...]
    depth: int


def _made(kind: str) -> Callable[[Any, list[Any]], Part]:
    """Return the parser callback that builds a Part of this kind."""

    def make(_: Any, pieces: list[Any]) -> Part:
        parts = tuple(piece for piece in pieces if isinstance(piece, Part))
        words = tuple(str(piece) for piece in pieces if not isinstance(piece, Part))
        first, last = pieces[0], pieces[-1]
        start = first.start if isinstance(first, Part) else first.start_pos
        end = last.end if isinstance(last, Part) else last.end_pos
        depth = 1 + max((part.depth for part in parts), default=0)
        if depth > MOST_DEPTH:
            raise ConditionError(start, say("the condition is nested more than {most} levels deep", most=MOST_DEPTH))
        return Part(kind, start, end, parts, words, depth)

    return make


class _Parts:
    """The parser's callbacks, called from the bottom up, so that no text can cause deep recursion."""

    condition = _made("condition")
    either = _made("either")
    both = _made("both")
    negation = _made("negation")
    comparison = _made("comparison")
    membership = _made("membership")
    sum = _made("sum")
    product = _made("product")
    negative = _made("negative")
    name = _made("name")
    label = _made("label")
    group = _made("group")
    call = _made("call")
    amount = _made("amount")


@cache
def _parser() -> Any:
    """Build the parser when the first condition needs it; most commands read none."""
    from lark import Lark

    # With the basic lexer a keyword is never a name; otherwise `burden > and` would look for a quantity called "and".
    return Lark(_GRAMMAR, parser="lalr", lexer="basic", start="condition", transformer=_Parts())


def parsed(text: str) -> Part:
    """Parse the text of a condition.

    Returns
    -------
    Part
        Of kind "condition": the condition without `for`, then the amount after `for`, if any.

    Raises
    ------
    ConditionError
        When the text does not follow the grammar, is empty, is too long or nests too deeply.
    """
    if len(text) > MOST_LENGTH:
        what = say("the condition has {count} characters", count=len(text))
        raise ConditionError(MOST_LENGTH, what, allowed=say("at most {most}", most=MOST_LENGTH))
    if not text.strip():
        raise ConditionError(0, say("the condition is empty"), allowed=say('a text such as "burden > 50"'))
    from lark import UnexpectedCharacters, UnexpectedToken

    try:
        parts: Part = _parser().parse(text)
        return parts
    except UnexpectedCharacters as error:
        refusal = _no_word(text, error.pos_in_stream or 0)
    except UnexpectedToken as error:
        refusal = _no_unit(error) or _out_of_place(text, error)
    from sim.scenario.text.slips import ordinary  # only mistakes need it

    if (plain := ordinary(text).strip("\"';,. ")) != text and _parses(plain):
        refusal.suggestion = plain
    raise refusal  # outside the except block: an error whose context is the parser cannot be pickled


def _parses(text: str) -> bool:
    try:
        parsed(text)
    except ConditionError:
        return False
    return True


def _no_word(text: str, position: int) -> ConditionError:
    """Return the error for a character that begins no word or sign."""
    letter = text[position]
    if letter in "\"'":
        return ConditionError(
            position,
            say("the quote is never closed"),
            quoted(letter),
            say("a label between {letter} and {letter}", letter=letter),
        )
    near = _MEANT.get(letter, "")
    return ConditionError(
        position, say("found {letter}", letter=quoted(letter)), quoted(letter), say("words, numbers and signs"), near
    )


def _out_of_place(text: str, error: Any) -> ConditionError:
    """Return the error for a word that cannot follow the words before it."""
    ended = error.token.type == "$END"
    position = len(text) if ended else error.token.start_pos
    word = "" if ended else str(error.token)
    expected = set(error.accepts) or set(error.expected)
    near = nearest(word, KEYWORDS) if error.token.type == "WORD" else ""
    what = say("the condition breaks off") if ended else say("found {word}", word=quoted(word))
    allowed = ", ".join(str(spelled) for kind, spelled in _SPELLED.items() if kind in expected)
    return ConditionError(position, what, "" if ended else quoted(word), allowed, near)


def _no_unit(error: Any) -> ConditionError | None:
    """Return the error for a word after a number that is not a unit, as in "50 AND newcomer"; otherwise None."""
    before = error.interactive_parser.parser_state.value_stack[-2:]
    if [getattr(one, "type", "") for one in before] != ["NUMBER", "WORD"] or before[1] in UNIT_WORDS:
        return None
    word, position = str(before[1]), before[1].start_pos
    near = nearest(word, (*KEYWORDS, *UNIT_WORDS))
    return ConditionError(
        position,
        say("found {word}", word=quoted(word)),
        quoted(word),
        say("{keywords}, or a unit", keywords=", ".join(KEYWORDS)),
        near,
    )
