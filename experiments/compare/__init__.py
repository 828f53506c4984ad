"""Scenarios compared under the same seeds: what changes, for whom, at what price, how sure, and through what."""
