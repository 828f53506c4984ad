"""Fixtures of a small study."""

from tests.sweep.conftest import _parts_by_rows_alone, study

__all__ = ["_parts_by_rows_alone", "study"]
