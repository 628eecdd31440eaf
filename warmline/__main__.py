"""`python -m warmline`, or `bin/warmline`."""

from warmline.cli import main

if __name__ == "__main__":
    main(prog_name="warmline")
