"""Measure how the model behaves: shares of variance, directions of parameters, targets, change over the years."""
