"""The reader's language: every message in English or, with a catalogue, in another language."""

from sim.language.language import Language, language, preferred, set_language, speaking, speaking_to
from sim.language.message import CATALOGUES, Later, later, say, term

__all__ = [
    "CATALOGUES",
    "Language",
    "Later",
    "language",
    "later",
    "preferred",
    "say",
    "set_language",
    "speaking",
    "speaking_to",
    "term",
]
