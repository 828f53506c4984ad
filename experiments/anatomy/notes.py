"""Why directions that may surprise are right, parameter by parameter; shown on the page of directions."""

from typing import Final

NOTES: Final[dict[str, str]] = {}
"""Explanations by path of the parameter."""
