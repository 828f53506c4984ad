"""Figures of a search over portfolios."""
