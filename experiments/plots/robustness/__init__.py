"""Figures of what holds over the points of a study."""
