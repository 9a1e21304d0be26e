"""`python -m bench`: every benchmark, one after the other."""

from bench import claims, dns_load, large_list, rejudge, storing, traits

if __name__ == "__main__":
    large_list.main()
    claims.main()
    storing.main()
    dns_load.main()
    rejudge.main()
    traits.main()
