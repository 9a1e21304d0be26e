"""A session that is kept open from one domain to the next, where they have the same mail hosts."""

from engine.asking import Asker
from engine.interview import MAX_REFUSALS
from engine.provider import provider_named
from engine.question import Question
from engine.value import value

LIKELY_REFUSALS = 3
"""Refusals of one domain's recipients for which there must be room, else its session would end early."""


@value
class Call:
    """An open session with one host, and who asks in it: what it has had of RCPTs and refusals."""

    asker: Asker
    host_name: str
    ip: str

    def suits(self, question: Question) -> bool:
        """Tell whether a question can be asked in it: by one of its own hosts, and with room for all."""
        is_there = any(self.host_name == host.name and self.ip in host.addresses for host in question.hosts)
        is_wanted = question.known_host in {"", self.host_name}
        session = self.asker.session
        is_sound = session.is_open and session.is_in_step and not session.has_surplus
        return is_there and is_wanted and is_sound and self._has_room(question)

    def _has_room(self, question: Question) -> bool:
        made_up = int(question.decoy is not None)
        recipients = len(question.unanswered)
        limit = provider_named(question.provider).rcpts_per_session or self.asker.settings.rcpts_per_session
        refusals = min(recipients, LIKELY_REFUSALS) + made_up
        has_rcpts = self.asker.asked + recipients + made_up <= limit
        return has_rcpts and self.asker.refused + refusals <= MAX_REFUSALS


class Line:
    """What leads from one question to the next: the session that was left open, if there is one."""

    def __init__(self) -> None:
        self._call: Call | None = None
        self.is_used = False
        """Whether a question was asked on it already."""

    def keep(self, call: Call) -> None:
        """Leave a session open for the next question."""
        self._call = call

    async def resume(self, question: Question) -> Call | None:
        """Take the open session over, for as long as the question takes; leave it if that cannot be."""
        call = self._call
        if call is None or not call.suits(question):
            await self.leave()
            return None
        self._call = None
        return call

    async def leave(self) -> None:
        """Take leave of the host; may be done twice."""
        call, self._call = self._call, None
        if call is not None:
            await call.asker.session.quit()
