"""Calibrate the model: targets, the set-ups that they need, statistics with intervals, and the fit of parameters."""
