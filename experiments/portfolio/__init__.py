"""Search for portfolios of policies within a budget of staff hours."""
