"""Designs: which runs a study makes. A design lists all runs before the first run starts."""
