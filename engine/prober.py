"""Finds the mail host that lets us ask, and asks it: one session for a batch."""

import asyncio
from dataclasses import dataclass, field, replace

from engine.asking import Asker
from engine.batch import Recipient
from engine.connection import NO_WAY, open_session
from engine.doors import MAX_ADDRESSES_PER_HOST, MAX_HOSTS, doors
from engine.exchange import MailHost
from engine.greeting import Tls, introduce
from engine.interview import Heard, Interview, Question
from engine.patience import Patience, patience_with
from engine.reading import read_reply
from engine.reason import Reason
from engine.reply import Answer, Meaning, Reply, Stage, Unreached
from engine.session import LEAVE_TIMEOUT_S, Session, is_yes
from engine.settings import Settings
from engine.trace import Trace
from engine.verdict import TraceLine

LASTING = 500
FIRST_CHOICE = Tls.OFFERED
MADE_UP = 3
"""Addresses that may be asked besides the recipients: the control and two decoys."""
MENDS = 3
"""How often a session may stop to set something up anew: TLS, MAIL FROM, SMTPUTF8."""


@dataclass(frozen=True, slots=True)
class Probing:
    """What one session brought.

    `heard` holds the recipients that were answered, `stopped` what kept the others from it (the set-up's
    failure, or the end of the session), `ended_by` whom it ended at, `trace` the lines that belong to the
    session as a whole. `ip` is the host's address; `has_connected` is None where no connection was tried,
    and `offers_tls` where no host said whether it can encrypt (STARTTLS).
    """

    heard: tuple[Heard, ...] = ()
    decoy: Answer | None = None
    control: Reply | None = None
    stopped: Answer | None = None
    mx_host: str = ""
    ip: str = ""
    has_connected: bool | None = None
    trace: tuple[TraceLine, ...] = ()
    offers_tls: bool | None = None
    second_decoy: Answer | None = None
    ended_by: Recipient | None = None


def longest_probe_s(settings: Settings, recipients: int, provider: str) -> float:
    """Say how long a probe can take at the very most, in seconds: every host slow, every answer late.

    Each address of each host may cost a session's set-up, each host another one without TLS.
    """
    patience = patience_with(provider, settings)
    sessions = MAX_HOSTS * MAX_ADDRESSES_PER_HOST + MAX_HOSTS
    rcpts = recipients + MADE_UP + MENDS
    session_s = patience.budget_s + 2 * LEAVE_TIMEOUT_S
    return sessions * session_s + rcpts * patience.rcpt_s + MENDS * patience.budget_s


async def probe(question: Question, settings: Settings) -> Probing:
    """Open a session at the first host that lets us ask, and ask. Never raises for what a host does."""
    loop = asyncio.get_running_loop()
    ends_at = loop.time() + longest_probe_s(settings, len(question.unanswered), question.provider)
    visit = _Visit(question, settings, patience_with(question.provider, settings), ends_at)
    result = Probing(stopped=Unreached(Stage.CONNECT, Reason.UNREACHABLE, "the host has no address"))
    for host, ip in doors(question.hosts, question.known_host):
        result = _joined(result, await visit.knock(host, ip))
        if not _tries_next_host(result, question.provider):
            break
    return result


async def can_connect(ip: str, settings: Settings) -> bool:
    """Tell whether a mail host that was reached before still takes a connection, and take leave of it."""
    patience = replace(patience_with("", settings), banner_s=LEAVE_TIMEOUT_S)
    session = await open_session(ip, Trace(), settings, patience)
    if isinstance(session, Unreached):
        return False
    try:
        await session.hear_banner()
    finally:
        await session.quit()
    return True


@dataclass(slots=True)
class _Visit:
    """One walk from host to host with a question. `plain` names the hosts at which TLS has failed."""

    question: Question
    settings: Settings
    patience: Patience
    ends_at: float
    trace: Trace = field(default_factory=Trace)
    plain: set[str] = field(default_factory=set)

    async def knock(self, host: MailHost, ip: str) -> Probing:
        """Ask at one IP address; where TLS fails, once more in a new connection without it."""
        tls = Tls.NEVER if host.name in self.plain else FIRST_CHOICE
        found = await self._ask_at(host, ip, tls)
        if not _has_failed_at_tls(found):
            return found
        self.plain.add(host.name)
        self.trace.note("once more, without encryption")
        return _joined(found, await self._ask_at(host, ip, Tls.NEVER))

    async def _ask_at(self, host: MailHost, ip: str, tls: Tls) -> Probing:
        began = asyncio.get_running_loop().time()
        session = await open_session(ip, self.trace, self.settings, self.patience, host.name)
        if isinstance(session, Unreached):
            return self._not_connected(session)
        try:
            found = await self._converse(session, tls, began)
        finally:
            await session.quit()
        found = replace(found, mx_host=host.name, ip=ip, has_connected=True, offers_tls=session.offers_tls)
        return found if session.is_in_step else _out_of_step(found)

    def _not_connected(self, failure: Unreached) -> Probing:
        """Take a missing connection for a sign of a closed port only where the port was what it failed at."""
        is_sign = failure.failure is Reason.UNREACHABLE and failure.detail != NO_WAY
        return Probing(stopped=failure, has_connected=False if is_sign else None, trace=self.trace.since(0))

    async def _converse(self, session: Session, tls: Tls, began: float) -> Probing:
        """Set an open session up, within the time the set-up may take, and ask."""
        loop = asyncio.get_running_loop()
        steps = introduce(session, self.settings, tls, has_utf8=self.question.is_international)
        answer = await session.within(began + self.patience.budget_s - loop.time(), steps)
        lines = self.trace.since(0)
        if not is_yes(answer):
            return Probing(stopped=answer, trace=lines)
        asker = Asker(session, self.settings, tls, loop.time() - began)
        interview = Interview(asker, self.question, self.ends_at)
        await interview.hold()
        self.trace.cut(len(lines))
        heard = tuple(interview.heard)
        found = Probing(heard, interview.decoy, interview.control, interview.stopped, trace=lines)
        return replace(found, second_decoy=interview.second_decoy, ended_by=interview.ended_by)


def _has_failed_at_tls(found: Probing) -> bool:
    return isinstance(found.stopped, Unreached) and found.stopped.stage is Stage.STARTTLS and not found.heard


def _out_of_step(found: Probing) -> Probing:
    """Believe nothing of a session in which the host said more than it was asked."""
    stopped = found.stopped
    if not isinstance(stopped, Unreached):
        stopped = Unreached(Stage.RCPT, Reason.UNCLEAR, "the host's answers do not fit what was asked")
    return replace(found, heard=(), decoy=None, second_decoy=None, control=None, stopped=stopped)


_REACHED = {True: 2, False: 1, None: 0}


def _joined(earlier: Probing, latest: Probing) -> Probing:
    """Keep what tells most: answers before none, a host that was reached before one that was not.

    One that might not be tried at all tells least, since a retry cannot mend that.
    """
    offers_tls = earlier.offers_tls if latest.offers_tls is None else latest.offers_tls
    if earlier.heard and not latest.heard:
        return replace(earlier, offers_tls=offers_tls)
    if _REACHED[earlier.has_connected] > _REACHED[latest.has_connected]:
        return replace(earlier, trace=latest.trace)
    return replace(latest, offers_tls=offers_tls)


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
