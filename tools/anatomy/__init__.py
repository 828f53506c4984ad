"""What the model is made of, in tables: shares of variance, directions of parameters, change over the years."""
