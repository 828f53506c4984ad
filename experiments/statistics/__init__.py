"""What stored runs say: data frames in, numbers with intervals out; one home for each formula and rule of language."""
