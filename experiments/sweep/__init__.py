"""Sweep a study: plan its runs, make them, keep them in a store, and read them back as tables."""
