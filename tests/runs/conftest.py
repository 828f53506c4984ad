"""Fixture of a small scenario."""

from tests.small_runs import small

__all__ = ["small"]
