"""`python -m bench`: every benchmark, one after the other."""

from bench import dns_load, large_list, rejudge, traits

if __name__ == "__main__":
    large_list.main()
    dns_load.main()
    rejudge.main()
    traits.main()
