"""Portfolios of policies within a budget of staff hours."""
