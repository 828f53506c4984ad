"""Fixtures of `dayroom run` on a small scenario."""

from tests.small_runs import here, small_file

__all__ = ["here", "small_file"]
