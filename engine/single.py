"""Checks one address on its own, without any rows kept."""

import asyncio
import time

from engine.address import Address
from engine.batch import Deferral
from engine.judge import judge
from engine.memory_queue import MemoryQueue
from engine.never_probed import NOTHING, NeverProbed
from engine.policy import DEFAULT_POLICY, Policy
from engine.reason import Reason
from engine.settings import Settings
from engine.value import value
from engine.verdict import Evidence, TraceLine, Verdict
from engine.work_queue import Notice
from engine.worker import Worker

LOOK_S = 0.05


@value
class Single:
    """What came of one address: a verdict, or why there is none yet and until when (Unix seconds)."""

    address: Address
    verdict: Verdict | None = None
    mx_host: str = ""
    provider: str = ""
    attempts: int = 0
    trace: tuple[TraceLine, ...] = ()
    waits_for: Reason | None = None
    waits_until: float | None = None
    notice: Notice = Notice.RUNNING
    evidence: Evidence | None = None


async def check_one(
    address: Address,
    settings: Settings,
    max_wait_s: float,
    policy: Policy = DEFAULT_POLICY,
    never_probed: NeverProbed = NOTHING,
) -> Single:
    """Check an address; wait at most `max_wait_s` seconds for a host that wants us back later."""
    queue = MemoryQueue(never_probed=never_probed)
    mailbox = queue.add(address)
    worker = Worker(queue, settings)
    running = asyncio.create_task(worker.run())
    try:
        await _until_told(queue, mailbox, running, max_wait_s)
    finally:
        worker.stop()
        await running
    return _told(queue, mailbox, address, policy)


async def _until_told(
    queue: MemoryQueue, mailbox: int, running: asyncio.Task[None], max_wait_s: float
) -> None:
    """Wait for the finding, and no longer where it cannot come before the wait is over."""
    ends_at = time.time() + max_wait_s
    while mailbox not in queue.findings and not running.done():
        deferral = _deferral(queue)
        if deferral is not None and deferral.due_at > ends_at:
            return
        if queue.notice is not Notice.RUNNING and time.time() > ends_at:
            return
        await asyncio.sleep(LOOK_S)


def _deferral(queue: MemoryQueue) -> Deferral | None:
    return next((each.deferral for each in queue.waiting()), None)


def _told(queue: MemoryQueue, mailbox: int, address: Address, policy: Policy) -> Single:
    finding = queue.findings.get(mailbox)
    facts = queue.facts(address.domain)
    if finding is not None:
        evidence = finding.evidence
        return Single(
            address,
            judge(evidence, policy),
            evidence.mx_host,
            evidence.provider,
            finding.attempts,
            (*facts.trace, *(line for line in finding.trace if line not in facts.trace)),
            evidence=evidence,
        )
    deferral = _deferral(queue)
    if deferral is None:
        return Single(address, trace=facts.trace, notice=queue.notice)
    trace = (*facts.trace, *deferral.recipient.trace)
    return Single(
        address,
        provider=facts.provider,
        attempts=deferral.recipient.attempts,
        trace=trace,
        waits_for=deferral.why,
        waits_until=deferral.due_at,
        notice=queue.notice,
    )
