"""What writes documents from code and measurements. Not in the wheel."""
