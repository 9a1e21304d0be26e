"""`python -m bench`: every benchmark, one after the other. It takes an hour or so; each can run alone."""

from bench import acceptance, dns_load, large_list, rejudge, speed, traits

if __name__ == "__main__":
    speed.main(["--reference"])
    large_list.main()
    large_list.main(1_000_000)
    dns_load.main()
    rejudge.main()
    traits.main()
    acceptance.main()
