"""`python -m bench`: every benchmark, one after the other. It takes an hour or so; each can run alone."""

from bench import acceptance, claims, dns_load, estimate, large_list, pages, rejudge, speed, storing, traits

if __name__ == "__main__":
    speed.main(["--reference"])
    large_list.main()
    large_list.main(1_000_000)
    pages.main()
    claims.main()
    storing.main()
    dns_load.main()
    rejudge.main()
    estimate.main()
    traits.main()
    acceptance.main()
