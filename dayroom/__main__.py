"""Run the command as `python -m dayroom`."""

from experiments.cli.app import main

if __name__ == "__main__":
    main()
