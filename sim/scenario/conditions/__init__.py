"""Conditions: the small language that says who is eligible, and when a policy begins or ends."""
