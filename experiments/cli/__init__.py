"""The command `dayroom`: `app` reads arguments; each command has a file of its name."""
