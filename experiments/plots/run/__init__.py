"""Figures of the runs of a single scenario."""
