"""What is said about a watched recipient is told while it is said, in order, over a real SMTP server."""

import asyncio
from itertools import pairwise

from engine.address import Address
from engine.batch import Batch, DomainFacts, Recipient
from engine.memory_queue import MemoryQueue
from engine.probing import Probing
from engine.telling import telling
from engine.verdict import TraceLine
from sandbox import Domain
from sandbox.behaviour import User
from sandbox.domain import OwnHost
from sandbox.host import Open

FOUND = TraceLine("dns", "MX plum.sandbox: 10 mx.plum.sandbox")
BEFORE = TraceLine("host", "451 come back")
SLOW_S = 0.4


def batch_of(**known) -> Batch:
    facts = DomainFacts("plum.sandbox", trace=(FOUND,))
    return Batch(facts, (Recipient(7, Address("pear", "plum.sandbox"), **known),), is_watched=True)


def heard(batch, ask, until):
    """Have somebody ask, and give what was told of mailbox 7 meanwhile."""
    told: list[tuple[TraceLine, ...]] = []

    async def tell(mailbox, trace):
        assert mailbox == 7
        told.append(tuple(trace))

    async def run():
        return await telling(tell, batch, lambda trace: ask(trace, told))

    return asyncio.run(run()), told


def test_what_was_said_before_is_told_at_once_and_what_is_new_as_it_comes(until):
    async def ask(trace, told):
        await until(lambda: told)
        trace.us("EHLO winnow.sandbox")
        await until(lambda: len(told) > 1)
        return Probing(mx_host="mx.plum.sandbox")

    probing, told = heard(batch_of(trace=(BEFORE,)), ask, until)
    assert probing.mx_host == "mx.plum.sandbox"
    assert told[0] == (BEFORE, FOUND)
    assert [line.text for line in told[-1]] == [BEFORE.text, FOUND.text, "EHLO winnow.sandbox"]


def test_what_a_trace_is_cut_by_as_an_attempt_ends_stays_told(until):
    async def ask(trace, told):
        trace.us("RCPT TO:<pear@plum.sandbox>")
        await until(lambda: len(told) > 1)
        trace.cut(0)
        trace.note("connecting to 127.0.0.2 port 25")
        await until(lambda: len(told) > 2)
        return Probing()

    _, told = heard(batch_of(), ask, until)
    assert [line.text for line in told[-1]][1:] == [
        "RCPT TO:<pear@plum.sandbox>", "connecting to 127.0.0.2 port 25",
    ]  # fmt: skip


SLOW = Domain(
    "plum.sandbox",
    users={"pear": User.EXISTING, "fig": User.EXISTING},
    delivery=OwnHost(Open(after_s=SLOW_S)),
)


def test_each_stage_is_told_in_the_order_of_the_session_and_the_first_before_the_banner(serve, work, until):
    _, settings = serve(SLOW)
    queue = MemoryQueue()
    queue.add(Address("fig", "plum.sandbox"))
    watched = queue.add(Address("pear", "plum.sandbox"), is_watched=True)

    async def job(_worker):
        await until(lambda: not queue.waiting())

    work(queue, settings, job)
    assert queue.told.keys() == {watched}
    told = queue.told[watched]
    for earlier, later in pairwise(told):
        assert later[: len(earlier)] == earlier
    assert any(each[-1].text.startswith("connecting to ") for each in told)
    assert not any("fig@plum.sandbox" in line.text for line in told[-1])


def test_nobody_is_told_of_who_is_not_watched(serve, settle_all):
    _, settings = serve(SLOW)
    queue = MemoryQueue()
    queue.add(Address("fig", "plum.sandbox"))
    settle_all(queue, settings)
    assert queue.told == {}
