"""Finds the mail host that lets us ask, and asks it: one session for a batch."""

import asyncio
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from engine.exchange import MailHost
from engine.interview import Heard, Interview, Question
from engine.judge import read_reply
from engine.provider import provider_named
from engine.reason import Reason
from engine.reply import Answer, Meaning, Reply, Stage, Unreached
from engine.session import Session, Trace, introduce, is_yes, open_session
from engine.settings import Settings
from engine.verdict import TraceLine

MAX_HOSTS = 3
MAX_ADDRESSES_PER_HOST = 2
LEAVE_TIMEOUT_S = 1.0
LASTING = 500


@dataclass(frozen=True, slots=True)
class Probing:
    """What one session brought.

    `heard` holds the recipients that were answered, `stopped` what kept the others from it (the set-up's
    failure, or the end of the session), `trace` the lines that belong to the session as a whole. `ip` is the
    host's address; `has_connected` is None where no connection was tried.
    """

    heard: tuple[Heard, ...] = ()
    decoy: Answer | None = None
    control: Reply | None = None
    stopped: Answer | None = None
    mx_host: str = ""
    ip: str = ""
    has_connected: bool | None = None
    trace: tuple[TraceLine, ...] = ()


def patient_settings(settings: Settings, provider: str) -> Settings:
    """Give a slow provider's hosts the time that they are known to need; others keep what is set."""
    slow = provider_named(provider)
    step_s = max(slow.rcpt_timeout_s or 0, slow.banner_timeout_s or 0)
    return settings.model_copy(
        update={
            "smtp_op_timeout_ms": max(settings.smtp_op_timeout_ms, round(step_s * 1000)),
            "total_budget_ms": max(settings.total_budget_ms, round((slow.budget_s or 0) * 1000)),
        }
    )


def longest_probe_s(settings: Settings, recipients: int, provider: str) -> float:
    """Say how long a probe can take at the very most, in seconds: every host slow, every answer late."""
    settings = patient_settings(settings, provider)
    doors = MAX_HOSTS * MAX_ADDRESSES_PER_HOST
    setup_s = (settings.smtp_connect_timeout_ms + settings.total_budget_ms) / 1000 + LEAVE_TIMEOUT_S
    return doors * setup_s + (recipients + 2) * settings.smtp_op_timeout_ms / 1000


async def probe(question: Question, settings: Settings) -> Probing:
    """Open a session at the first host that lets us ask, and ask. Never raises for what a host does."""
    settings = patient_settings(settings, question.provider)
    result = Probing(stopped=Unreached(Stage.CONNECT, Reason.UNREACHABLE, "the host has no address"))
    trace = Trace()
    for host, ip in _doors(question.hosts):
        session = await open_session(ip, trace, settings)
        if isinstance(session, Unreached):
            result = _after_no_connection(result, session, trace)
            continue
        try:
            latest = replace(await _use(session, host, question, settings, trace), ip=ip)
            result = latest if latest.heard or not result.heard else result
        finally:
            await session.quit(LEAVE_TIMEOUT_S)
        if not _tries_next_host(result, question.provider):
            break
    return result


async def can_connect(ip: str, settings: Settings) -> bool:
    """Tell whether a mail host that was reached before still takes a connection, and take leave of it."""
    session = await open_session(ip, Trace(), settings)
    if isinstance(session, Unreached):
        return False
    try:
        await session.hear_banner(LEAVE_TIMEOUT_S)
    finally:
        await session.quit(LEAVE_TIMEOUT_S)
    return True


def _doors(hosts: Sequence[MailHost]) -> Iterator[tuple[MailHost, str]]:
    """Walk the hosts by preference, equal ones at random (RFC 5321, 5.1), each with its first addresses."""
    ordered = sorted(hosts, key=lambda host: (host.preference, random.random()))  # noqa: S311 - spreads load
    for host in ordered[:MAX_HOSTS]:
        for ip in host.addresses[:MAX_ADDRESSES_PER_HOST]:
            yield host, ip


def _after_no_connection(earlier: Probing, failure: Unreached, trace: Trace) -> Probing:
    """Keep what an earlier host said: that it could be reached tells more than that the next one cannot."""
    if earlier.has_connected:
        return earlier
    has_tried = failure.failure is not Reason.UNROUTABLE_MX or earlier.has_connected is not None
    return Probing(stopped=failure, has_connected=False if has_tried else None, trace=tuple(trace.lines))


async def _use(
    session: Session, host: MailHost, question: Question, settings: Settings, trace: Trace
) -> Probing:
    """Set an open session up, within the time the set-up may take, and ask."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    has_utf8 = any(not recipient.address.local_part.isascii() for recipient in question.recipients)
    try:
        async with asyncio.timeout(settings.total_budget_ms / 1000):
            answer = await introduce(session, settings, has_utf8=has_utf8)
    except TimeoutError:
        session.give_up("the host took too long to let us ask")
        answer = Unreached(Stage.BANNER, Reason.BUDGET, "the host took too long to let us ask")
    session_lines = tuple(trace.lines)
    if not is_yes(answer):
        return Probing(stopped=answer, mx_host=host.name, has_connected=True, trace=session_lines)
    interview = Interview(session, question, settings, trace, loop.time() - began)
    await interview.hold()
    return Probing(
        tuple(interview.heard),
        interview.decoy,
        interview.control,
        interview.stopped,
        host.name,
        has_connected=True,
        trace=session_lines,
    )


def _tries_next_host(result: Probing, provider: str) -> bool:
    """Tell whether the next MX may help.

    It may where nobody was answered and nothing lasting was said of us, or where all were told that the host
    takes no mail for their domain.
    """
    if result.heard:
        return all(_is_misrouted(heard.answer, provider) for heard in result.heard)
    if isinstance(result.stopped, Reply):
        return result.stopped.code < LASTING
    return result.stopped is not None


def _is_misrouted(answer: Answer, provider: str) -> bool:
    return isinstance(answer, Reply) and read_reply(answer, provider).meaning is Meaning.DOMAIN_NOT_HERE
