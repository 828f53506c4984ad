"""The store of runs, which finds each run by its scenario, its seed and its version of the model."""
