"""Finds the mail host that lets us ask, and asks it: one session for a batch."""

import time
from dataclasses import dataclass, field

from engine.asking import Asker
from engine.connection import NO_WAY, open_session
from engine.doors import MAX_ADDRESSES_PER_HOST, MAX_HOSTS, doors
from engine.exchange import MailHost
from engine.farewell import LEAVE_TIMEOUT_S
from engine.greeting import Tls, introduce
from engine.interview import Interview
from engine.line import Call, Line
from engine.patience import Patience, patience_with
from engine.probing import Probing, has_failed_at_tls, is_in_vain, joined, tries_next_host, without_answers
from engine.question import Question
from engine.reason import Reason
from engine.reply import Stage, Unreached, is_yes
from engine.session import Session
from engine.settings import Settings
from engine.trace import Trace
from engine.value import replace

FIRST_CHOICE = Tls.OFFERED
MADE_UP = 3
"""Addresses that may be asked besides the recipients: the control and two decoys."""
MENDS = 3
"""How often a session may stop to set something up anew: TLS, MAIL FROM, SMTPUTF8."""


def longest_probe_s(settings: Settings, recipients: int, provider: str) -> float:
    """Say how long a probe can take at the very most, in seconds: every host slow, every answer late.

    Each address of each host may cost a session's set-up, each host one more without TLS and one more with
    one command at a time; and a session that was open before may fail.
    """
    return _longest_s(patience_with(provider, settings), recipients)


def _longest_s(patience: Patience, recipients: int) -> float:
    sessions = MAX_HOSTS * (MAX_ADDRESSES_PER_HOST + 2) + 1
    rcpts = recipients + MADE_UP + MENDS
    session_s = patience.budget_s + 2 * LEAVE_TIMEOUT_S
    return sessions * session_s + rcpts * patience.rcpt_s + MENDS * patience.budget_s


async def probe(
    question: Question,
    settings: Settings,
    line: Line | None = None,
    lockstep: set[str] | None = None,
    trace: Trace | None = None,
) -> Probing:
    """Ask in the session that a line has left open, or else at the first host that lets us ask.

    On a line the session is left open for the next question. Hosts named in `lockstep` have one command at a
    time; those that turn out to need that are added. A `trace` can be read meanwhile. Never raises for what a
    host does.
    """
    patience = patience_with(question.provider, settings)
    ends_at = time.monotonic() + _longest_s(patience, len(question.recipients))
    visit = _Visit(question, settings, patience, ends_at, line, set() if lockstep is None else lockstep)
    visit.trace = trace or visit.trace
    result = Probing(stopped=Unreached(Stage.CONNECT, Reason.UNREACHABLE, "the host has no address"))
    if line and (call := await line.resume(question)):
        found = await visit.go_on(call)
        if not is_in_vain(found):
            return found
        result = replace(result, cut_short=found.cut_short)
    for host, ip in doors(question.hosts, question.known_host):
        result = joined(result, await visit.knock(host, ip))
        if not tries_next_host(result, question.provider):
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
    """One walk from host to host with a question.

    `plain` names the hosts at which TLS has failed, `lockstep` those that cannot take several commands at
    once, though they offer both.
    """

    question: Question
    settings: Settings
    patience: Patience
    ends_at: float
    line: Line | None
    lockstep: set[str]
    plain: set[str] = field(default_factory=set)
    trace: Trace = field(default_factory=Trace)

    async def go_on(self, call: Call) -> Probing:
        """Ask in a session that is open already, in a transaction of its own."""
        self.trace.note(f"the session with {call.host_name} goes on")
        call.asker.session.begin(self.trace, self.patience, time.monotonic())
        call.asker.begin_anew()
        found = await self._ask_in(call)
        self._learn(found, call.host_name)
        return found

    async def knock(self, host: MailHost, ip: str) -> Probing:
        """Ask at one IP address; where the host cannot do what it offers, once more without that."""
        found = await self._ask_at(host, ip)
        while lesson := self._learn(found, host.name):
            self.trace.note(f"once more, {lesson}")
            found = joined(found, await self._ask_at(host, ip))
        return found

    def _learn(self, found: Probing, host_name: str) -> str:
        """Notice what a host cannot do though it offers it; `""` for nothing.

        A session without encryption cannot fail at it, nor one that has one command at a time at flights.
        """
        if has_failed_at_tls(found):
            self.plain.add(host_name)
            return "without encryption"
        if found.breaks_flights:
            self.lockstep.add(host_name)
            return "one command at a time"
        return ""

    async def _ask_at(self, host: MailHost, ip: str) -> Probing:
        began_at = time.monotonic()
        session = await open_session(ip, self.trace, self.settings, self.patience, host.name)
        if isinstance(session, Unreached):
            return self._not_connected(session)
        session.begin(self.trace, self.patience, began_at)
        session.is_lockstep = host.name in self.lockstep
        tls = Tls.NEVER if host.name in self.plain else FIRST_CHOICE
        asker = Asker(session, self.settings, tls, provider=self.question.provider)
        return await self._ask_in(Call(asker, host.name, ip))

    async def _ask_in(self, call: Call) -> Probing:
        """Ask in a session, and leave it unless it is kept for the next question."""
        session = call.asker.session
        is_kept = False
        try:
            found = await self._converse(call)
            is_kept = self.line is not None and self._can_keep(found, session)
        finally:
            if not is_kept:
                await session.quit()
        if self.line and is_kept:
            self.line.keep(call)
        if session.breaks_flights:
            return replace(without_answers(found), breaks_flights=True)
        return found if session.is_in_step else without_answers(found)

    def _can_keep(self, found: Probing, session: Session) -> bool:
        """Tell whether a session can go on to another domain: it is sound, and nothing was left open."""
        is_sound = session.is_open and session.is_in_step and not session.breaks_flights
        is_done = bool(found.heard or found.decoy) and found.stopped is None
        return is_sound and is_done and not tries_next_host(found, self.question.provider)

    def _not_connected(self, failure: Unreached) -> Probing:
        """Take a missing connection for a sign of a closed port only where the port was what it failed at."""
        is_sign = failure.failure is Reason.UNREACHABLE and failure.detail != NO_WAY
        return Probing(stopped=failure, has_connected=False if is_sign else None, trace=self.trace.since(0))

    async def _converse(self, call: Call) -> Probing:
        """Set a session up where it is not, and ask."""
        asker, session = call.asker, call.asker.session
        borne = asker.asked
        interview = Interview(asker, self.question, self.ends_at)
        answer = None if session.is_greeted else await introduce(session, self.settings, asker.tls)
        if answer is None or is_yes(answer):
            await interview.hold()
            answer = interview.stopped
        if asker.opened_at is not None:
            self.trace.cut(asker.opened_at)
        return Probing(
            heard=tuple(interview.heard),
            decoy=interview.decoy,
            control=interview.control,
            stopped=answer,
            mx_host=call.host_name,
            ip=call.ip,
            has_connected=True,
            trace=self.trace.since(0),
            offers_tls=session.offers_tls,
            second_decoy=interview.second_decoy,
            ended_by=interview.ended_by,
            borne=borne,
            cut_short=interview.cut_short,
            session=session,
        )
