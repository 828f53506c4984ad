"""The model of `sim/MODEL.md` as a competent user of Mesa would write it: agents with attributes, ties in dictionaries.

Written from the description alone, it serves twice: as the yardstick of `benchmarks/speed.py`, and as the second
implementation that `tests/reference/` holds against the engine. Chance comes from Mesa's own generators, in order of
use, so the two agree in distribution and never draw by draw. A phase of the day is one module, a long one two.
"""

from benchmarks.plain_mesa.model import PlainCentre

__all__ = ["PlainCentre"]
