"""From files to a checked scenario, and back to text: load, check, explain, show."""
