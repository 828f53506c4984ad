"""Read and write results: folders of tables, networks and figures, and the store of runs. No other package does."""
