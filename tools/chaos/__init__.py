"""Faults at random over commands that run in processes of their own (`python -m tools.chaos`)."""
