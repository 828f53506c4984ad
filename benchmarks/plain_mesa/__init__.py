"""The model of `sim/MODEL.md` as a competent user of Mesa would write it: agents with attributes, ties in dictionaries.

This model was written from the description alone. `benchmarks/speed.py` measures the engine against it, and
`tests/reference/` compares the two as independent implementations. Chance comes from Mesa's own generators, in order of
use, so the two agree in distribution but not draw by draw. Each phase of the day is a module; long phases have two.
"""

from benchmarks.plain_mesa.model import PlainCentre

__all__ = ["PlainCentre"]
