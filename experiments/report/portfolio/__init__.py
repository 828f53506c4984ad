"""The report of a search over portfolios."""
