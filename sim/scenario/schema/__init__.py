"""The typed scenario: every section, and every parameter with its provenance."""
