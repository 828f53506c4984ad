"""Figures of findings: outcomes along the factors of a study."""
