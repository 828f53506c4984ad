"""Warnings about a valid scenario that hardly does what its author meant: one question a module."""
