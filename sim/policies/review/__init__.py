"""The review, at which policies start, end, receive staff hours, incur costs and act; and the ways they can act."""
