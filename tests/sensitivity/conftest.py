"""Fixture of a store whose parts do not depend on the speed of the machine."""

from tests.sweep.conftest import _parts_by_rows_alone

__all__ = ["_parts_by_rows_alone"]
