"""What policies share: the review at which they come into force, are paid for and act, and the ways in which they may act."""
