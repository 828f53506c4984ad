"""Text before it means anything: files, nodes with their places, units, errors and suggestions."""
