"""How much is asked of the hosts, counted by the sandbox: little more than each address once."""

import asyncio
import re
from collections import Counter
from dataclasses import dataclass

import pytest

from engine.address import Address, parse_address
from engine.memory_queue import MemoryQueue
from engine.settings import Settings
from engine.worker import Worker
from sandbox import BUSINESS, EVERYTHING, Sandbox, World, build_world

DEADLINE_S = 90.0
GREYLIST_S = 0.6


@dataclass(frozen=True, slots=True)
class Asked:
    """RCPTs by kind, from the sandbox's counters alone, over `addresses` on `domains` that were asked."""

    addresses: int
    domains: int
    first: int
    decoys: int
    others: int
    again: int
    connections: int


def settings_in(sandbox: Sandbox) -> Settings:
    return Settings(
        resolvers=sandbox.resolvers,
        smtp_port=sandbox.smtp_port,
        allow_private_networks=True,
        validator_helo="winnow.sandbox",
        session_backoff_ms=0,
        domain_sessions_per_minute=0,
        greylist_retry_seconds=(0.8, 0.8),
        outage_retry_seconds=(0.5,),
        breaker_minutes=0.01,
        dns_timeout_ms=700,
        smtp_op_timeout_ms=2000,
        total_budget_ms=4000,
    )


def addresses_of(world: World) -> list[Address]:
    """Give the world's addresses, each once."""
    parsed = {parse_address(text.lower()) for text in world.addresses}
    return [each for each in parsed if isinstance(each, Address)]


async def settle_all(queue: MemoryQueue, settings: Settings) -> Worker:
    worker = Worker(queue, settings)
    running = asyncio.create_task(worker.run())
    async with asyncio.timeout(DEADLINE_S):
        while queue.waiting():  # noqa: ASYNC110 - what is waited for knows no events
            await asyncio.sleep(0.02)
    worker.stop()
    await running
    return worker


def count(sandbox: Sandbox) -> Asked:
    """Tell kinds apart: on the list, the first stranger of each domain, postmaster@ and second strangers."""
    counters = sandbox.counters()
    listed = {str(address) for address in addresses_of(sandbox.world)}
    strangers = {each: n for each, n in counters.rcpts_by_address.items() if each not in listed}
    controls = [each for each in strangers if each.startswith("postmaster@")]
    made_up = Counter(each.rpartition("@")[2] for each in strangers if each not in controls)
    asked = [each for each in counters.rcpts_by_address if each in listed]
    once = len(counters.rcpts_by_address)
    return Asked(
        addresses=len(listed),
        domains=len({each.rpartition("@")[2] for each in listed}),
        first=len(asked),
        decoys=len(made_up),
        others=len(controls) + sum(n - 1 for n in made_up.values()),
        again=counters.rcpts - once,
        connections=sum(counters.connections_by_host.values()),
    )


@pytest.fixture(
    scope="module",
    params=[(1, BUSINESS), (2, BUSINESS), (3, EVERYTHING)],
    ids=["business", "business again", "everything"],
)
def asked(request):
    """Ask about a list, and give what it took, with the worker's own count."""
    seed, mix = request.param
    world = build_world(seed, 1500, greylist_delay_s=GREYLIST_S, mix=mix)
    queue = MemoryQueue()
    for address in addresses_of(world):
        queue.add(address)
    with Sandbox(world) as sandbox:
        worker = asyncio.run(settle_all(queue, settings_in(sandbox)))
        return count(sandbox), said_by(worker)


def said_by(worker: Worker) -> Counter[str]:
    """Give the worker's own count, by kind, as /metrics tells it."""
    written = worker.metrics.exposition("", {})[0].decode()
    found = re.findall(r'winnow_rcpts_total\{kind="(\w+)"\} ([\d.]+)', written)
    return Counter({kind: int(float(number)) for kind, number in found})


def test_each_address_is_asked_once_at_first_and_each_domain_once_more(asked):
    seen, _ = asked
    assert seen.first > 0.5 * seen.addresses, "some domains answer for all their addresses"
    assert seen.first + seen.decoys <= seen.addresses + seen.domains


def test_second_decoys_and_controls_are_few(asked):
    seen, _ = asked
    assert seen.others <= 0.05 * seen.domains


def test_it_takes_half_a_connection_an_address_at_most(asked):
    seen, _ = asked
    assert seen.connections <= 0.5 * seen.addresses


def test_the_engines_own_count_is_the_sandboxs(asked):
    seen, said = asked
    assert said.total() == seen.first + seen.decoys + seen.others + seen.again
    assert seen.decoys - said["cut_short"] <= said["decoy"] <= seen.decoys
    made_up = said["second_decoy"] + said["control"]
    assert seen.others - said["cut_short"] <= made_up
    assert said["decoy"] + made_up <= seen.decoys + seen.others
    assert said["first"] <= seen.first
    assert said["again"] > 0, "somebody was greylisted"
