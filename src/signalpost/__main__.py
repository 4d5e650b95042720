"""`python -m signalpost` is the command line."""

from signalpost import cli

if __name__ == "__main__":
    cli.main()
