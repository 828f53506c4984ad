"""Inputs at random for everything that reads a file: `python -m tools.fuzz`."""
