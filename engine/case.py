"""What the rules of judgement look at: an address's evidence, read once, without names and wording. Pure."""

from typing import NamedTuple

from engine.exchange import LookupFailed, MailHosts, NoMail
from engine.provider import Worth, provider_named
from engine.reading import LASTING, read_rcpt, read_reply
from engine.reason import Reason
from engine.reply import Meaning, Reply, Stage, Unreached
from engine.verdict import AcceptAll, Evidence, History

POLICY = 7
"""The subject of enhanced status codes that speak of policy (RFC 3463, 3.8)."""
REFUSALS = {
    Meaning.MISSING: Reason.MAILBOX_MISSING,
    Meaning.DISABLED: Reason.MAILBOX_DISABLED,
    Meaning.MOVED: Reason.MAILBOX_MOVED,
}
"""Refusals that mean the recipient, where they are believed."""


class Case(NamedTuple):
    """Evidence as the rules see it: two addresses with equal cases get the same verdict.

    `no_mail` is why the domain takes none, `silence` why nobody could or should be asked; `meaning` is that
    of the host's reply, if there was one. `yes` and `no` are the worth of the provider's answers.
    `is_trusted` is a client's own word on the domain, which no evidence holds.
    """

    no_mail: Reason | None
    silence: Reason | None
    has_named_hosts: bool
    has_implicit_host: bool
    is_asked: bool
    meaning: Meaning | None
    has_recipient_sense: bool
    is_of_policy: bool
    stage: Stage
    accept_all: AcceptAll | None
    is_yes_doubtful: bool
    is_control_accepted: bool
    is_control_refused: bool
    yes: Worth
    no: Worth
    is_role: bool
    is_free: bool
    is_disposable: bool
    is_random: bool
    is_impossible: bool
    is_slip: bool
    has_bounced: bool
    is_bouncing: bool
    has_responded: bool
    is_trusted: bool = False

    @property
    def accepts_any(self) -> bool:
        """Whether the domain takes any recipient, or took at least one that was made up."""
        return self.accept_all is AcceptAll.YES or self.is_yes_doubtful

    @property
    def is_accepted(self) -> bool:
        """Whether the host took the recipient."""
        return self.meaning is Meaning.EXISTS

    @property
    def is_yes_worthless(self) -> bool:
        """Whether the provider lets anybody in."""
        return self.yes is Worth.WORTHLESS


def case_of(evidence: Evidence) -> Case:
    """Read evidence as the rules see it."""
    route, control, traits, history = evidence.route, evidence.control, evidence.traits, evidence.history
    reading = read_rcpt(evidence)
    meaning = reading.meaning if reading else None
    provider = provider_named(evidence.provider)
    has_hosts = isinstance(route, MailHosts)
    is_implicit = isinstance(route, MailHosts) and route.is_implicit
    return Case(
        no_mail=route.refusal if isinstance(route, NoMail) else None,
        silence=evidence.withheld or _route_silence(evidence) or _host_silence(evidence),
        has_named_hosts=has_hosts and not is_implicit,
        has_implicit_host=is_implicit,
        is_asked=evidence.rcpt is not None,
        meaning=meaning,
        has_recipient_sense=reading is not None and reading.has_recipient_sense,
        is_of_policy=meaning in REFUSALS and _is_of_policy(evidence),
        stage=_stage(evidence),
        accept_all=evidence.accept_all,
        is_yes_doubtful=evidence.is_yes_doubtful,
        is_control_accepted=control is not None and _is_let_in(control, evidence.provider),
        is_control_refused=control is not None and control.code >= LASTING,
        yes=provider.yes,
        no=provider.no,
        is_role=traits.is_role,
        is_free=traits.is_free,
        is_disposable=traits.is_disposable,
        is_random=traits.is_random,
        is_impossible=traits.is_impossible,
        is_slip=_is_slip(evidence),
        has_bounced=history.hard_bounced_at is not None,
        is_bouncing=_is_bouncing(history),
        has_responded=bool(history.opened_at or history.replied_at),
    )


def _route_silence(evidence: Evidence) -> Reason | None:
    if isinstance(evidence.route, LookupFailed):
        return evidence.route.failure
    return Reason.NOT_CHECKED if evidence.route is None else None


def _host_silence(evidence: Evidence) -> Reason | None:
    if isinstance(evidence.rcpt, Unreached):
        return evidence.rcpt.failure
    if evidence.rcpt is None and evidence.accept_all is not AcceptAll.YES:
        return Reason.NOT_CHECKED
    return None


def _is_of_policy(evidence: Evidence) -> bool:
    status = evidence.rcpt.enhanced if isinstance(evidence.rcpt, Reply) else None
    return status is not None and status.subject == POLICY


def _is_let_in(control: Reply, provider: str) -> bool:
    return read_reply(control, provider).meaning is Meaning.EXISTS


def _is_bouncing(history: History) -> bool:
    """Tell whether mail to the address came back, and nothing has shown since that it arrives."""
    if history.hard_bounced_at is None:
        return False
    return history.hard_bounced_at > max(history.opened_at or 0.0, history.replied_at or 0.0)


def _stage(evidence: Evidence) -> Stage:
    if evidence.rcpt is not None:
        return evidence.rcpt.stage
    return Stage.ADDRESS if evidence.route is None else Stage.DNS


def _is_slip(evidence: Evidence) -> bool:
    """Tell whether another domain was probably meant: not where it has MX records, as it is meant then.

    Throw-away domains are the exception: those that look like a large provider live on slips of the keys.
    """
    route, traits = evidence.route, evidence.traits
    has_mx = isinstance(route, MailHosts) and not route.is_implicit
    return bool(traits.suggestion) and (traits.is_disposable or not has_mx)
