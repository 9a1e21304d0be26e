"""`python -m bench`: every benchmark, one after the other."""

from bench import large_list

if __name__ == "__main__":
    large_list.main()
