"""Measures of a run: outcomes at its end, by group of users and over time, and the stay of each newcomer."""
