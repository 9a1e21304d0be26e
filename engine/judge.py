"""The only place that decides: evidence and a policy in, a verdict out.

Pure, so that stored evidence can be judged again at any time, without any network.
"""

from collections.abc import Callable
from functools import lru_cache

from engine.address import Malformed
from engine.exchange import LookupFailed, MailHosts, NoMail
from engine.ledger import accepts_any, has_hosts, is_yes_worthless, ledger_of, points_of
from engine.name_lists import Lists, lists_in_use
from engine.policy import Policy, Weight, status_of_accept_all, status_of_weight
from engine.provider import Worth, provider_named
from engine.reading import LASTING, read_rcpt, read_reply
from engine.reason import Reason
from engine.reply import Meaning, Reading, Reply, Stage, Unreached, reason_of
from engine.typo import suggestion_for
from engine.verdict import NO_FLAGS, AcceptAll, Evidence, Flag, LedgerLine, Status, Verdict

Decision = tuple[Status, Reason]

_REFUSALS = {
    Meaning.MISSING: Reason.MAILBOX_MISSING,
    Meaning.DISABLED: Reason.MAILBOX_DISABLED,
    Meaning.MOVED: Reason.MAILBOX_MOVED,
}
_FULL = frozenset({Meaning.FULL, Meaning.FULL_FOR_NOW})
POLICY = 7


def judge(evidence: Evidence, policy: Policy) -> Verdict:
    """Decide what is said of an address: the first rule of the table of precedence that applies."""
    status, reason = next(decision for rule in _PRECEDENCE if (decision := rule(evidence, policy)))
    ledger = ledger_of(evidence, status, reason)
    suggestion = _suggestion(evidence)
    return Verdict(
        status=status,
        reason=reason,
        confidence=sum(line.points for line in ledger),
        ledger=ledger,
        flags=_flags(evidence, suggestion),
        stage=_stage(evidence),
        suggestion=suggestion,
    )


def judge_once(evidence: Evidence, policy: Policy) -> Verdict:
    """Judge, unless that was done just now: a finding needs its verdict three times on its way."""
    return _judge_by(lists_in_use(), evidence, policy)


@lru_cache(maxsize=1024)
def _judge_by(_: Lists, evidence: Evidence, policy: Policy) -> Verdict:
    return judge(evidence, policy)


def judge_malformed(malformed: Malformed) -> Verdict:
    """Say of a text that is no address that mail cannot be sent to it."""
    ledger = (LedgerLine("not an e-mail address", 0),)
    suggestion = suggestion_for(malformed.text, lists_in_use())
    flags = Flag.TYPO if suggestion else NO_FLAGS
    return Verdict(Status.INVALID, malformed.why, 0, ledger, flags=flags, suggestion=suggestion)


def _domain_takes_no_mail(evidence: Evidence, _: Policy) -> Decision | None:
    if isinstance(evidence.route, NoMail):
        return Status.INVALID, evidence.route.refusal
    return None


def _bounced_before(evidence: Evidence, _: Policy) -> Decision | None:
    history = evidence.history
    if history.hard_bounced_at is None:
        return None
    alive_at = max(history.opened_at or 0.0, history.replied_at or 0.0)
    return (Status.INVALID, Reason.BOUNCED) if history.hard_bounced_at > alive_at else None


def _recipient_refused(evidence: Evidence, _: Policy) -> Decision | None:
    reading = read_rcpt(evidence)
    if reading is None or reading.meaning not in _REFUSALS or not _is_believed(reading, evidence):
        return None
    return Status.INVALID, _REFUSALS[reading.meaning]


def _is_believed(reading: Reading, evidence: Evidence) -> bool:
    """Tell whether a refusal means the recipient: it says so itself, or postmaster@ is let in there.

    Where a provider's "no such user" is weak, both; where it is worthless, it is never believed, nor with a
    code of policy (5.7.x) where postmaster@ is refused as well.
    """
    worth = provider_named(evidence.provider).no
    if worth is Worth.WORTHLESS or (_is_of_policy(evidence) and _is_control_refused(evidence)):
        return False
    is_let_in = _is_control_accepted(evidence)
    return is_let_in or (reading.has_recipient_sense and worth is not Worth.WEAK)


def _is_of_policy(evidence: Evidence) -> bool:
    status = evidence.rcpt.enhanced if isinstance(evidence.rcpt, Reply) else None
    return status is not None and status.subject == POLICY


def _is_control_accepted(evidence: Evidence) -> bool:
    control = evidence.control
    return control is not None and read_reply(control, evidence.provider).meaning is Meaning.EXISTS


def _is_control_refused(evidence: Evidence) -> bool:
    return evidence.control is not None and evidence.control.code >= LASTING


def _mailbox_full(evidence: Evidence, policy: Policy) -> Decision | None:
    reading = read_rcpt(evidence)
    if reading is None or reading.meaning not in _FULL:
        return None
    is_bearable = reading.meaning is Meaning.FULL_FOR_NOW and policy.full is Weight.INVALID
    return _weighed(Weight.RISKY if is_bearable else policy.full, Reason.MAILBOX_FULL)


def _disposable(evidence: Evidence, policy: Policy) -> Decision | None:
    if not evidence.traits.is_disposable or not isinstance(evidence.route, MailHosts):
        return None
    return _weighed(policy.disposable, Reason.DISPOSABLE)


def _weighed(weight: Weight, reason: Reason) -> Decision | None:
    status = status_of_weight(weight)
    return (status, reason) if status else None


def _nobody_knows(evidence: Evidence, _: Policy) -> Decision | None:
    reason = (
        evidence.withheld or _route_silence(evidence) or _host_silence(evidence) or _unclear_answer(evidence)
    )
    return (Status.UNKNOWN, reason) if reason else None


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


def _unclear_answer(evidence: Evidence) -> Reason | None:
    reading = read_rcpt(evidence)
    if reading is None or reading.meaning is Meaning.EXISTS:
        return None
    if reading.meaning in _REFUSALS:
        return Reason.BLANKET_REFUSAL if _is_control_refused(evidence) else Reason.UNCLEAR
    return reason_of(reading.meaning)


def _accepts_all(evidence: Evidence, policy: Policy) -> Decision | None:
    """Call it what the policy calls accept-all; invalid only where the domain is known to take anybody."""
    status = status_of_accept_all(policy)
    if evidence.accept_all is AcceptAll.YES:
        return status, Reason.ACCEPT_ALL
    milder = Status.RISKY if status is Status.INVALID else status
    if evidence.is_yes_doubtful:
        return milder, Reason.ACCEPT_ALL
    return (milder, Reason.PROVIDER_ACCEPTS_ANY) if is_yes_worthless(evidence) else None


def _weak_yes(evidence: Evidence, _: Policy) -> Decision | None:
    if evidence.accept_all is AcceptAll.NO:
        return None
    is_weak = provider_named(evidence.provider).yes is Worth.WEAK
    return (Status.UNKNOWN, Reason.WEAK_YES) if is_weak else None


def _role(evidence: Evidence, policy: Policy) -> Decision | None:
    return _weighed(policy.role, Reason.ROLE) if evidence.traits.is_role else None


def _free(evidence: Evidence, policy: Policy) -> Decision | None:
    return _weighed(policy.free, Reason.FREE) if evidence.traits.is_free else None


def _too_uncertain(evidence: Evidence, policy: Policy) -> Decision | None:
    is_too_low = points_of(evidence) < policy.least_confidence
    return (Status.RISKY, Reason.LOW_CONFIDENCE) if is_too_low else None


def _valid(_: Evidence, __: Policy) -> Decision | None:
    return Status.VALID, Reason.ACCEPTED


_PRECEDENCE: tuple[Callable[[Evidence, Policy], Decision | None], ...] = (
    _domain_takes_no_mail,
    _bounced_before,
    _recipient_refused,
    _mailbox_full,
    _disposable,
    _nobody_knows,
    _accepts_all,
    _weak_yes,
    _role,
    _free,
    _too_uncertain,
    _valid,
)


def _suggestion(evidence: Evidence) -> str:
    """Suggest nothing for a domain that has MX records: it is meant as it is written.

    Throw-away domains are the exception: those that look like a large provider live on slips of the keys.
    """
    is_meant = has_hosts(evidence, implicit=False) and not evidence.traits.is_disposable
    return "" if is_meant else evidence.traits.suggestion


def _flags(evidence: Evidence, suggestion: str) -> Flag:
    seen = (
        (Flag.ROLE, evidence.traits.is_role),
        (Flag.FREE, evidence.traits.is_free),
        (Flag.DISPOSABLE, evidence.traits.is_disposable),
        (Flag.TYPO, bool(suggestion)),
        (Flag.ACCEPT_ALL, accepts_any(evidence)),
        (Flag.IMPLICIT_MX, has_hosts(evidence, implicit=True)),
        (Flag.RANDOM, evidence.traits.is_random),
        (Flag.IMPOSSIBLE, evidence.traits.is_impossible),
    )
    return Flag(sum(flag for flag, is_set in seen if is_set))


def _stage(evidence: Evidence) -> Stage:
    if evidence.rcpt is not None:
        return evidence.rcpt.stage
    return Stage.ADDRESS if evidence.route is None else Stage.DNS
