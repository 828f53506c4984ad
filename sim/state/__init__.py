"""The state of a run: every array once, the ties, and how a scenario becomes a state."""
