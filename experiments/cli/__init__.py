"""The command `dayroom`: `app` reads the arguments, and each command has a file of the same name."""
