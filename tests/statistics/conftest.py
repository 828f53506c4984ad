"""Fixtures of a small run."""

from tests.small_runs import small, small_run

__all__ = ["small", "small_run"]
