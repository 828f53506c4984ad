"""The model of `sim/MODEL.md` as a competent user of Mesa would write it: agents with attributes, ties in dictionaries.

Its author wrote it from the description alone. It is the yardstick of `benchmarks/speed.py`, and the second
implementation that `tests/reference/` compares with the engine. Chance comes from Mesa's own generators, in order of
use, so the two agree in distribution but not draw by draw. Each phase of the day is a module; long phases have two.
"""

from benchmarks.plain_mesa.model import PlainCentre

__all__ = ["PlainCentre"]
