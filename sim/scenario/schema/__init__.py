"""The typed scenario: every section, every parameter, and what is known about each number."""
