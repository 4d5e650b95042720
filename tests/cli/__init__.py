"""The command line, every command of it."""
