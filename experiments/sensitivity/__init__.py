"""Which parameters an outcome depends on: Morris, Sobol' and PAWN over the runs of a study."""
