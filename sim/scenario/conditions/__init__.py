"""Conditions: the small language that states who is eligible and when a policy begins or ends."""
