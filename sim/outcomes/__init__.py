"""Outcomes: the catalogue, the ledger of a run, and measures on users and networks."""
