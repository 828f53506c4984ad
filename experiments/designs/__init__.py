"""Designs: which runs a study makes, known in full before the first one starts."""
