"""Find all parameter sets that fit the targets, with weights, by ABC; check the result, and save checkpoints."""
