"""The yardstick of the engine, and the clock: `python -m benchmarks.speed`."""
