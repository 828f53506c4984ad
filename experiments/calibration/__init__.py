"""What the model is measured by and fitted to: targets, set-ups that are run for them, statistics, intervals, the fit."""
