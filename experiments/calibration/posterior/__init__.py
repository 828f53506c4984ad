"""All parameter sets that fit the targets, weighted: ABC, its checkpoint, its check and its result."""
