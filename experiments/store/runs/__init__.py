"""A store of runs: each run found by what was simulated, under which seed, by which version of the model."""
