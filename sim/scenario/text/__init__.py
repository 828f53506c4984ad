"""YAML text before Dayroom interprets it: files, nodes with their places, units, errors and suggestions."""
