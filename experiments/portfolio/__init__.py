"""Which policies to combine within the staff hours there are."""
