"""Measure the speed of the engine against a plain Mesa model (`python -m benchmarks.speed`), and the cost of sweeps."""
