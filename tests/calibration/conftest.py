"""Fixtures of commands that search."""

from tests.searches import folder, told

__all__ = ["folder", "told"]
