"""`python -m cli`: the same as `winnow`."""

from cli import main

if __name__ == "__main__":
    main()
