"""Fixtures of a small run and its file."""

from tests.small_runs import here, small, small_file, small_run

__all__ = ["here", "small", "small_file", "small_run"]
