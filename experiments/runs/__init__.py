"""Runs of the model: planned runs in, done runs out, on any executor; a failed run is a row."""
