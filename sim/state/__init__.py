"""The state of a run: its arrays, the ties, and how a scenario becomes a state."""
