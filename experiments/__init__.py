"""Everything done with many runs: designs, workers, store of results, analysis, figures, and the command `dayroom`."""
