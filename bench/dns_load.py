"""What a list costs the DNS: questions per domain, for routes and for surveys, and how long they take.

`python -m bench.dns_load [ADDRESSES]` prints them for a sandbox world.
"""

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable

from engine.exchange import Route
from engine.resolver import Resolver
from engine.settings import Settings
from engine.survey import Survey, is_worth_surveying, survey
from engine.surveyor import DOMAINS_AT_ONCE
from sandbox import NO_WAITING, Sandbox, build_world

ROUTES_AT_ONCE = 64
SUBDOMAINS = ("_dmarc.", "_mta-sts.", "_smtp._tls.", "default._bimi.")


def main(addresses: int = 30_000) -> None:
    """Measure and print."""
    world = build_world(1, addresses, mix=NO_WAITING)
    with Sandbox(world) as sandbox:
        settings = Settings(resolvers=(sandbox.resolvers,), allow_private_networks=True)
        names = sorted(
            {address.rpartition("@")[2].lower() for address in world.addresses if address.isascii()}
        )
        asyncio.run(_measure(sandbox, settings, names))


async def _measure(sandbox: Sandbox, settings: Settings, names: list[str]) -> None:
    resolver = Resolver(settings)
    routes: dict[str, Route] = {}
    surveys: list[Survey] = []

    async def resolve(name: str) -> None:
        routes[name] = (await resolver.resolve(name)).route

    async def read(name: str) -> None:
        surveys.append(await survey(name, routes[name], resolver.look_up, time.time()))

    await _timed("routes", sandbox, resolve, names, ROUTES_AT_ONCE)
    known = [name for name in names if is_worth_surveying(routes[name])]
    await _timed("surveys", sandbox, read, known, DOMAINS_AT_ONCE)
    await resolver.close()
    _print_kinds(sandbox.counters().queries, len(known))
    print(f"{'of them':>20}  {Counter(each.spf.state.value for each in surveys if each.spf)}")


async def _timed(
    what: str, sandbox: Sandbox, work: Callable[[str], Awaitable[None]], names: Iterable[str], at_once: int
) -> None:
    """Do the work for every name, so many at once; print the time and the questions per domain."""
    before, began = sum(sandbox.counters().queries.values()), time.perf_counter()
    waiting = list(names)
    count = len(waiting)

    async def take() -> None:
        while waiting:
            await work(waiting.pop())

    await asyncio.gather(*(take() for _ in range(at_once)))
    asked = sum(sandbox.counters().queries.values()) - before
    seconds = time.perf_counter() - began
    print(f"{what:>20}  {count} domains, {asked / count:.2f} questions each, {count / seconds:.0f} domains/s")


def _print_kinds(queries: dict[str, int], domains: int) -> None:
    kinds: Counter[str] = Counter()
    for query, count in queries.items():
        kind, _, name = query.partition(" ")
        below = next((label for label in SUBDOMAINS if name.startswith(label)), "")
        is_included = kind == "TXT" and not below and name.startswith(("_", "spf."))
        kinds["TXT of an included record" if is_included else f"{kind} {below}NAME"] += count
    for kind, count in kinds.most_common():
        print(f"{count / domains:>20.3f}  {kind}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
