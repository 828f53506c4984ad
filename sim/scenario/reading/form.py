"""The kinds of YAML file that share the reader and the checks, and how messages name each of them."""

from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel

from sim.scenario.reading.shape import Shape, shape
from sim.scenario.schema.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Form[Section: BaseModel]:
    """A kind of YAML file: its allowed contents, and how messages name it.

    Parameters
    ----------
    section : type of Section
        The typed section for the whole file.
    name : str
        A noun without an article: "scenario", "study".
    needs : str
        The smallest valid contents: "at least the keys question, base and design".
    file_keys : tuple of str
        Keys about files, allowed at the top in addition to the section's own.
    """

    section: type[Section]
    name: str
    needs: str
    file_keys: tuple[str, ...] = ()

    @property
    def root(self) -> Shape:
        """The shape of the whole file."""
        return shape(self.section)


OWN_KEYS: Final = ("extends", "replace")
"""Keys in a scenario's file that control how files are merged; the scenario itself lacks them."""

SCENARIO: Final = Form(Scenario, "scenario", "at least one key, such as `days: 365`", OWN_KEYS)
