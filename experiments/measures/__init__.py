"""Measures of one run: outcomes at the end, by group and over time, and what became of newcomers."""
