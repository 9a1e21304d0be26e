"""Hosts that misbehave: none may crash, hang, fill the memory, or change what is said of others."""

import asyncio
import time
import tracemalloc

import dnslib
import pytest

from engine.address import Address
from engine.batch import Batch, DomainFacts, Recipient
from engine.disposition import dispose
from engine.exchange import MailHost, MailHosts
from engine.farewell import LEAVE_TIMEOUT_S
from engine.judge import judge
from engine.memory_queue import MemoryQueue
from engine.metrics import Metrics
from engine.news import News
from engine.policy import Policy
from engine.prober import probe
from engine.question import Question
from engine.resolver import Resolver
from engine.retry import Terms
from engine.shift import Shift
from engine.traits import traits_of
from engine.verdict import AcceptAll, Status

MEGABYTE = 1024 * 1024
SHORT = {"smtp_op_timeout_ms": 180, "total_budget_ms": 600}
CEILING_S = 2 * (0.6 + 2 * LEAVE_TIMEOUT_S) + 2 * 0.18
"""What a host with one address can cost at most: two sessions, and two answers."""
LONGER = {"smtp_op_timeout_ms": 600, "total_budget_ms": 2000}
CODES = {"banner": b"220", "EHLO": b"250", "STARTTLS": b"220", "MAIL": b"250", "RCPT": b"250", "QUIT": b"221"}
STAGES = tuple(CODES)
FLYING = b"250-mx1.plum.sandbox\r\n250 PIPELINING\r\n"
OFFERING = b"250-mx1.plum.sandbox\r\n250 STARTTLS\r\n"
GO = b"220 2.0.0 go ahead\r\n"
LATER = "later"
BADLY = (
    "nothing", "one octet at a time", "a slow reply without end", "lines without end", "a line of 10 MB",
    "a reply of 10 MB", "two replies in one packet", "a reset", "a close", "half a reply and a close",
    "garbage", "words alone", "a code of letters", "code 999", "code 000", "no line end", "421", "deafness",
)  # fmt: skip
ODDLY = (
    "8-bit text", "a NUL octet", "nothing but the code", "a bare line feed", "a long text", "twenty lines",
)  # fmt: skip
HANDSHAKES = ("a hang", "garbage", "a reset", "a close", "plain words", "a close after it", "endless octets")


def badly(scripted, flood, code: bytes) -> dict[str, object]:
    """The ways to answer badly where this code was due."""
    line = code + b" well\r\n"
    return {
        "nothing": None,
        "one octet at a time": (flood(b"2", pause_s=0.02),),
        "a slow reply without end": (flood(code + b"-wait\r\n", pause_s=0.02),),
        "lines without end": (flood((code + b"-more\r\n") * 1000),),
        "a line of 10 MB": (flood(b"x" * 65536, 160), b"\r\n"),
        "a reply of 10 MB": (flood((code + b"-" + b"x" * 500 + b"\r\n") * 100, 200), line),
        "two replies in one packet": line + b"250 2.1.5 ok\r\n",
        "a reset": scripted.RESET,
        "a close": scripted.DROP,
        "half a reply and a close": (code + b"-more\r\n" + code, scripted.DROP),
        "garbage": b"\x00\xff\xfe\x16\x03\x01 \r\n\x80\x81\r\n",
        "words alone": b"HTTP/1.1 400 Bad Request\r\n\r\n",
        "a code of letters": b"2OO ok\r\n",
        "code 999": b"999 ok\r\n",
        "code 000": b"000 ok\r\n",
        "no line end": code + b" well",
        "421": b"421 4.3.2 closing\r\n",
        "deafness": scripted.DEAF,
    }


def oddly(code: bytes) -> dict[str, bytes]:
    """The ways to answer oddly, but well enough to be understood."""
    return {
        "8-bit text": code + b" gr\xfc\xdf \x80\xff\r\n",
        "a NUL octet": code + b" we\x00ll\r\n",
        "nothing but the code": code + b"\r\n",
        "a bare line feed": code + b" well\n",
        "a long text": code + b" " + b"x" * 4000 + b"\r\n",
        "twenty lines": (code + b"-well\r\n") * 20 + code + b" well\r\n",
    }


@pytest.fixture(autouse=True, scope="module")
def _lists_are_read():
    """Read the lists of names beforehand, so that the memory which they take is not counted."""
    traits_of(Address("pear", "plum.sandbox"))


@pytest.fixture
def ask_both(playing, scripted, settings_of):
    """Ask a hostile host and a good one at the same time: the two outcomes, and the octets it took."""

    async def ask(port: int, ordinal: int, **limits):
        settings = settings_of(smtp_port=port, **limits)
        name = f"plum{ordinal}.sandbox"
        host = MailHost(f"mx.{name}", 10, (f"127.20.0.{ordinal}",))
        facts = DomainFacts(name, MailHosts((host,)), provider="other", accept_all=AcceptAll.NO)
        recipients = tuple(Recipient(n, Address(f"pear{n}", name)) for n in range(2))
        probing = await probe(Question((host,), recipients, "other"), settings)
        outcome = dispose(Batch(facts, recipients), facts, probing, Terms(settings, time.time()))
        return outcome, probing

    def run(script):
        async def both():
            async with playing(script, scripted()) as port, asyncio.timeout(CEILING_S):
                return await asyncio.gather(ask(port, 1, **SHORT), ask(port, 2))

        tracemalloc.start()
        try:
            hostile, good = asyncio.run(both())
            return hostile, good, tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    return run


def said_of(outcome) -> set[str]:
    """What is said of a batch's recipients: a status, or that they are asked later."""
    found = {judge(finding.evidence, Policy()).status for finding in outcome.findings}
    return found | ({LATER} if outcome.deferrals or outcome.released else set())


def hostile_at(scripted, stage: str, reply):
    offered = {"EHLO": OFFERING} if stage == "STARTTLS" else {}
    return scripted(**(offered | {stage: reply}))


def check(ask_both, script, *, expected: set[str]):
    (hostile, probing), (good, _), octets = ask_both(script)

    assert said_of(hostile) <= expected
    assert len(hostile.findings) + len(hostile.deferrals) + len(hostile.released) == 2
    assert said_of(good) == {Status.VALID}
    assert octets < 10 * MEGABYTE
    assert all(line.text.replace("\n", " ").isprintable() for line in probing.trace)
    assert all(len(line.text) < 600 for line in probing.trace)


@pytest.mark.parametrize("stage", ["banner", "EHLO", "MAIL", "RCPT"])
@pytest.mark.parametrize("how", BADLY)
def test_a_host_that_answers_badly_tells_nothing_and_disturbs_nobody(ask_both, scripted, flood, stage, how):
    reply = badly(scripted, flood, CODES[stage])[how]

    check(ask_both, hostile_at(scripted, stage, reply), expected={Status.UNKNOWN, LATER})


@pytest.mark.parametrize("stage", ["MAIL", "RCPT"])
@pytest.mark.parametrize("how", BADLY)
def test_a_host_that_answers_a_flight_badly_tells_nothing_either(ask_both, scripted, flood, stage, how):
    reply = badly(scripted, flood, CODES[stage])[how]

    check(ask_both, scripted(**{"EHLO": FLYING, stage: reply}), expected={Status.UNKNOWN, LATER})


@pytest.mark.parametrize("how", BADLY)
def test_a_host_that_answers_badly_once_in_a_flight_settles_nobody_wrongly(ask_both, scripted, flood, how):
    reply = badly(scripted, flood, b"550")[how]
    script = scripted(EHLO=FLYING, RCPT=[reply, b"250 2.1.5 ok\r\n"])

    check(ask_both, script, expected={Status.VALID, Status.UNKNOWN, LATER})


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "QUIT"])
@pytest.mark.parametrize("how", ODDLY)
def test_a_host_that_answers_a_flight_oddly_is_understood(ask_both, scripted, stage, how):
    script = scripted(**{"EHLO": FLYING, stage: oddly(CODES[stage])[how]})

    check(ask_both, script, expected={Status.VALID})
    assert len(script.heard) == 1


@pytest.mark.parametrize("swallowed", [1, 2])
def test_a_host_that_reads_only_so_much_of_a_flight_is_asked_one_by_one(ask_both, scripted, swallowed):
    ok = b"250 2.1.5 ok\r\n"
    first = {1: {"MAIL": [(ok, scripted.HEAR), ok]}, 2: {"RCPT": [(ok, scripted.HEAR), ok]}}
    script = scripted(**({"EHLO": FLYING} | first[swallowed]))

    check(ask_both, script, expected={Status.VALID})
    assert len(script.heard) == 2


@pytest.mark.parametrize("how", BADLY)
def test_a_host_that_answers_starttls_badly_is_asked_without_it(ask_both, scripted, flood, how):
    reply = badly(scripted, flood, CODES["STARTTLS"])[how]

    check(
        ask_both, hostile_at(scripted, "STARTTLS", reply), expected={LATER if how == "421" else Status.VALID}
    )


@pytest.mark.parametrize("how", BADLY)
def test_a_host_that_takes_leave_badly_has_answered_before(ask_both, scripted, flood, how):
    reply = badly(scripted, flood, CODES["QUIT"])[how]

    check(ask_both, hostile_at(scripted, "QUIT", reply), expected={Status.VALID})


@pytest.mark.parametrize("stage", ["banner", "EHLO", "MAIL", "RCPT", "QUIT"])
@pytest.mark.parametrize("how", ODDLY)
def test_a_host_that_answers_oddly_is_understood(ask_both, scripted, stage, how):
    reply = oddly(CODES[stage])[how]

    check(ask_both, hostile_at(scripted, stage, reply), expected={Status.VALID})


@pytest.mark.parametrize("how", HANDSHAKES)
def test_a_host_whose_handshake_fails_is_asked_without_tls(ask_both, scripted, flood, tls_of, how):
    after_go = {
        "a hang": (scripted.HEAR, scripted.HEAR, scripted.DROP),
        "garbage": (scripted.HEAR, b"\x16\x03\x01\xff\xff" + bytes(300), scripted.HEAR, scripted.DROP),
        "a reset": (scripted.HEAR, scripted.RESET),
        "a close": (scripted.DROP,),
        "plain words": (scripted.HEAR, b"250 ok\r\n", scripted.HEAR, scripted.DROP),
        "a close after it": (tls_of(), scripted.DROP),
        "endless octets": (scripted.HEAR, flood(b"\x16\x03\x03\x40\x00" + bytes(0x4000))),
    }
    script = hostile_at(scripted, "STARTTLS", (GO, *after_go[how]))

    check(ask_both, script, expected={Status.VALID})
    assert [session.count("STARTTLS") for session in script.heard] == [1, 0]


@pytest.mark.parametrize("stage", ["EHLO", "MAIL", "RCPT"])
@pytest.mark.parametrize("how", ["nothing", "lines without end", "a line of 10 MB", "a reset", "a close"])
def test_a_host_that_answers_badly_under_tls_tells_nothing_either(
    ask_both, scripted, flood, tls_of, stage, how
):
    reply = badly(scripted, flood, CODES[stage])[how]
    script = scripted(STARTTLS=(GO, tls_of()), EHLO=[OFFERING, b"250 mx1\r\n"])
    script.replies[stage] = [OFFERING, reply, OFFERING] if stage == "EHLO" else reply

    # at EHLO, TLS is what failed: without it the host answers
    check(ask_both, script, expected={Status.VALID} if stage == "EHLO" else {Status.UNKNOWN, LATER})


def test_an_expired_certificate_is_no_hindrance(ask_both, scripted, tls_of):
    script = hostile_at(scripted, "STARTTLS", (GO, tls_of(is_expired=True)))

    check(ask_both, script, expected={Status.VALID})
    assert script.encrypted == ["TLSv1.3"]


def test_starttls_that_is_refused_is_no_hindrance(ask_both, scripted):
    check(ask_both, hostile_at(scripted, "STARTTLS", b"454 4.7.0 not now\r\n"), expected={Status.VALID})


def zone_of(names: list[str]):
    """Answer with one mail host for each domain, the n-th at 127.20.0.n."""

    def answer(reply, name: str) -> None:
        kind = dnslib.QTYPE[reply.q.qtype]
        if kind == "MX" and name in names:
            reply.add_answer(*dnslib.RR.fromZone(f"{name}. 300 MX 10 mx.{name}."))
        if kind == "A" and name.removeprefix("mx.") in names:
            ordinal = names.index(name.removeprefix("mx.")) + 1
            reply.add_answer(*dnslib.RR.fromZone(f"{name}. 300 A 127.20.0.{ordinal}"))

    return answer


def held_by(pacing) -> list[int]:
    """Count what pacing holds of anybody: sessions, places in doubt, RCPTs promised, batches."""
    lanes = pacing._lanes._lanes.values()
    held = [count for lane in lanes for count in (lane.out, lane.doubted, lane.promised)]
    domains = [domain.out for domain in pacing._domains._paces.values()]
    return [len(pacing._outings), len(pacing._doubted), *held, *domains]


def test_a_list_full_of_hostile_hosts_ends_and_leaves_the_good_ones_alone(
    playing, scripted, flood, settings_of, nameserver, until
):
    hostile = [
        hostile_at(scripted, stage, badly(scripted, flood, CODES[stage])[how])
        for stage in ("banner", "EHLO", "MAIL", "RCPT")
        for how in BADLY
        if how != "421"  # which is asked again for as long as it is polite
    ]
    good = [
        scripted(RCPT=lambda line: b"250 ok\r\n" if "pear" in line else b"550 5.1.1 no\r\n") for _ in range(9)
    ]
    names = [f"plum{n}.sandbox" for n in range(len(hostile) + len(good))]
    server = nameserver(zone_of(names))

    async def check_all():
        queue = MemoryQueue()
        mailboxes = [queue.add(Address("pear", name)) for name in names]
        async with playing(*hostile, *good) as port:
            settings = settings_of(smtp_port=port, resolvers=server.resolvers, **LONGER)
            resolver, stopping = Resolver(settings), asyncio.Event()
            await queue.acquire()
            shift = Shift(queue, settings, resolver, Metrics(100), News())
            running = asyncio.create_task(shift.run(stopping))
            await until(lambda: len(queue.findings) == len(mailboxes))
            await until(lambda: not any(held_by(shift._gates.pacing)))
            stopping.set()
            await running
            await resolver.close()
            assert not shift._dispatch.tasks
            for _ in range(settings.global_concurrency):
                assert await shift._dispatch._places.take()
        return [judge(queue.findings[mailbox].evidence, Policy()).status for mailbox in mailboxes]

    found = asyncio.run(check_all())
    assert set(found[: len(hostile)]) == {Status.UNKNOWN}
    assert set(found[len(hostile) :]) == {Status.VALID}
