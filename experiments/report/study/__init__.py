"""The report of a swept study."""
