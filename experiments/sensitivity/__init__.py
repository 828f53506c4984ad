"""Find the parameters on which an outcome depends: Morris, Sobol' and PAWN over the runs of a study."""
