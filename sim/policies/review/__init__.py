"""The review, at which policies start, get their hours, cost money and act, and the ways in which they can act."""
