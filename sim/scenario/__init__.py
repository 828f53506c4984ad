"""Scenarios: descriptions of what to simulate, typed and checked before a run."""
