"""What a centre does about it: one policy a file."""
