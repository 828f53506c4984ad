"""The statistics that targets name: `catalogue` lists them; each other module computes those of a single subject."""
