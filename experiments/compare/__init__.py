"""Compare scenarios under the same seeds: what changes, for whom, at what cost, how certain it is, and why."""
