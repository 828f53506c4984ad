"""What the engine is measured against, and the clock: `python -m benchmarks.speed`."""
