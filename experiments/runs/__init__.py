"""Make planned runs of the model on any executor. A run that fails gives a row, not an exception."""
