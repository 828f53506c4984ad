"""The runs of a study: planned, made, kept in a store, and read back as tables."""
