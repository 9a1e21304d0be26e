"""Which domains share a session: those behind the same MX hosts, as far as one can carry them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.accept_all import wants_decoy
from engine.batch import DomainFacts, Recipient
from engine.provider import provider_named

SLACK_S = 1.0
"""Who is due within so many seconds may come along with one who is due now (same hosts, a batch before)."""


@dataclass(slots=True)
class Space:
    """What a session still has room for beside those it is opened for."""

    domains: int
    rcpts: int

    @property
    def is_left(self) -> bool:
        """Whether another domain could come along, be it with one recipient."""
        return self.domains > 0 and self.rcpts > 0

    def take(self, facts: DomainFacts, recipients: Sequence[Recipient]) -> bool:
        """Take a domain along if it can come, and whole."""
        rcpts = rcpts_for(facts, recipients)
        if not (recipients and is_sociable(facts) and self.domains > 0 and rcpts <= self.rcpts):
            return False
        self.domains -= 1
        self.rcpts -= rcpts
        return True


def space_beside(facts: DomainFacts, recipients: Sequence[Recipient]) -> Space:
    """Say what room these recipients leave in a session that is opened for them.

    A batch may fill a session by itself: its portion is what the provider, or RCPTS_PER_SESSION, allows.
    """
    if not is_sociable(facts):
        return Space(0, 0)
    domains = provider_named(facts.provider).domains_per_session - 1
    return Space(domains, max(facts.portion - rcpts_for(facts, recipients), 0))


def is_sociable(facts: DomainFacts) -> bool:
    """Tell whether a domain shares sessions: not where a host has cut one short, which teaches its limit."""
    return bool(facts.route_key) and not facts.session_limit and not facts.cut_short


def rcpts_for(facts: DomainFacts, recipients: Sequence[Recipient]) -> int:
    """Count the RCPTs that a domain needs: one for each who has no answer, one for a decoy still unasked."""
    return sum(each.answer is None for each in recipients) + int(wants_decoy(facts))
