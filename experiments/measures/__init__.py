"""What is measured of one run: outcomes at the end, by group, over time, and what became of newcomers."""
