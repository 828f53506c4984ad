"""Figures of one scenario's runs."""
