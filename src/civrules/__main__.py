"""`python -m civrules`: the command `civrules`, where its script is not on the path."""

from civrules.cli import main

if __name__ == "__main__":
    main(prog_name="civrules")
