"""Figures of how results hold over the points of a study."""
