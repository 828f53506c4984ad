"""Figures of a sensitivity analysis."""
