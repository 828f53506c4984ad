"""The statistics that targets name: `catalogue` lists them, each other file computes those of one subject."""
