"""What the model is measured by and fitted to: targets, the set-ups run for them, statistics, intervals, the fit."""
