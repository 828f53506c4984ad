"""Tables of what the model consists of: shares of variance, directions of parameters, change over the years."""
