"""The kinds of YAML file that are read and checked alike, and the words in which messages speak of each."""

from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel

from sim.scenario.reading.shape import Shape, shape
from sim.scenario.schema.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Form[Section: BaseModel]:
    """A kind of file: what may stand in it, and how messages call it.

    Parameters
    ----------
    section : type of Section
        The typed section the whole file becomes.
    name : str
        A noun without its article: "scenario", "study".
    needs : str
        The least such a file holds: "at least the keys question, base and design".
    file_keys : tuple of str
        Keys about files that may stand at the top beside those of the section.
    """

    section: type[Section]
    name: str
    needs: str
    file_keys: tuple[str, ...] = ()

    @property
    def root(self) -> Shape:
        """The file as a whole."""
        return shape(self.section)


OWN_KEYS: Final = ("extends", "replace")
"""Keys of a scenario's file that are about files; the scenario itself does not have them."""

SCENARIO: Final = Form(Scenario, "scenario", "at least one key, such as `days: 365`", OWN_KEYS)
