"""What a scenario uses of one's own: rules compiled into the day, and outcomes recorded at its end."""
