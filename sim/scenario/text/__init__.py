"""What a file says before it means anything: its text, nodes with their places, units, and errors."""
