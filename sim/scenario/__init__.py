"""Scenarios: what is simulated, typed and checked before anything runs."""
