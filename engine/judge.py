"""The only place that decides: evidence and a policy in, a verdict out.

Pure, so that stored evidence can be judged again at any time, without any network.
"""

from collections.abc import Callable
from functools import lru_cache

from engine.address import Malformed
from engine.case import REFUSALS, Case, case_of
from engine.ledger import ledger_of, points_of
from engine.name_lists import lists_in_use
from engine.never_probed import made_unasked
from engine.own_domains import OwnWord
from engine.policy import Policy, Weight, status_of_accept_all, status_of_weight
from engine.provider import Worth
from engine.reason import Reason
from engine.reply import Meaning, reason_of
from engine.typo import suggestion_for
from engine.value import replace
from engine.verdict import NO_FLAGS, AcceptAll, Evidence, Flag, LedgerLine, Status, Verdict

Decision = tuple[Status, Reason]

_FULL = frozenset({Meaning.FULL, Meaning.FULL_FOR_NOW})
_CASES_REMEMBERED = 4096
"""Cases and policies; most addresses of a list are like others of it."""


def judge(evidence: Evidence, policy: Policy) -> Verdict:
    """Decide what is said of an address, by what the rules see of its evidence."""
    case = _with_own_word(_case_for(evidence, policy), policy.own_word_on(evidence.address.domain))
    verdict = _verdict(case, policy)
    return replace(verdict, suggestion=evidence.traits.suggestion) if case.is_slip else verdict


def _case_for(evidence: Evidence, policy: Policy) -> Case:
    """Read evidence as far as its client wants it known: at some domains nobody is asked about for it."""
    case = case_of(evidence)
    if not policy.never_probes(evidence.address.domain):
        return case
    return case_of(made_unasked(evidence))._replace(is_slip=case.is_slip)


def _with_own_word(case: Case, word: OwnWord) -> Case:
    """See a case as its client does, who may call its domain disposable, or trust it."""
    if word is OwnWord.NOTHING:
        return case
    is_trusted = word is OwnWord.TRUSTED
    return case._replace(is_disposable=not is_trusted, is_trusted=is_trusted)


@lru_cache(_CASES_REMEMBERED)
def _verdict(case: Case, policy: Policy) -> Verdict:
    """Decide by the first rule of the table of precedence that applies."""
    status, reason = next(decision for rule in _PRECEDENCE if (decision := rule(case, policy)))
    ledger = ledger_of(case, status, reason)
    return Verdict(
        status=status,
        reason=reason,
        confidence=sum(line.points for line in ledger),
        ledger=ledger,
        flags=_flags(case),
        stage=case.stage,
    )


def judge_malformed(malformed: Malformed) -> Verdict:
    """Say of a text that is no address that mail cannot be sent to it."""
    ledger = (LedgerLine("not an e-mail address", 0),)
    suggestion = suggestion_for(malformed.text, lists_in_use())
    flags = Flag.TYPO if suggestion else NO_FLAGS
    return Verdict(Status.INVALID, malformed.why, 0, ledger, flags=flags, suggestion=suggestion)


def _domain_takes_no_mail(case: Case, _: Policy) -> Decision | None:
    return (Status.INVALID, case.no_mail) if case.no_mail else None


def _bounced_before(case: Case, _: Policy) -> Decision | None:
    return (Status.INVALID, Reason.BOUNCED) if case.is_bouncing else None


def _recipient_refused(case: Case, _: Policy) -> Decision | None:
    if case.meaning not in REFUSALS or not _is_believed(case):
        return None
    return Status.INVALID, REFUSALS[case.meaning]


def _is_believed(case: Case) -> bool:
    """Tell whether a refusal means the recipient: it says so itself, or postmaster@ is let in there.

    Where a provider's "no such user" is weak, both; where it is worthless, it is never believed, nor with a
    code of policy (5.7.x) where postmaster@ is refused as well.
    """
    if case.no is Worth.WORTHLESS or (case.is_of_policy and case.is_control_refused):
        return False
    return case.is_control_accepted or (case.has_recipient_sense and case.no is not Worth.WEAK)


def _mailbox_full(case: Case, policy: Policy) -> Decision | None:
    if case.meaning not in _FULL:
        return None
    is_bearable = case.meaning is Meaning.FULL_FOR_NOW and policy.full is Weight.INVALID
    return _weighed(Weight.RISKY if is_bearable else policy.full, Reason.MAILBOX_FULL)


def _disposable(case: Case, policy: Policy) -> Decision | None:
    """Weigh a throw-away domain; one that looks like a large provider's is a typing error first."""
    has_hosts = case.has_named_hosts or case.has_implicit_host
    reason = Reason.MISTYPED if case.is_slip else Reason.DISPOSABLE
    return _weighed(policy.disposable, reason) if case.is_disposable and has_hosts else None


def _weighed(weight: Weight, reason: Reason) -> Decision | None:
    status = status_of_weight(weight)
    return (status, reason) if status else None


def _nobody_knows(case: Case, _: Policy) -> Decision | None:
    reason = case.silence or _unclear_answer(case)
    return (Status.UNKNOWN, reason) if reason else None


def _unclear_answer(case: Case) -> Reason | None:
    if case.meaning is None or case.is_accepted:
        return None
    if case.meaning in REFUSALS:
        return Reason.BLANKET_REFUSAL if case.is_control_refused else Reason.UNCLEAR
    return reason_of(case.meaning)


def _accepts_all(case: Case, policy: Policy) -> Decision | None:
    """Call it what the policy calls accept-all; invalid only where the domain is known to take anybody."""
    status = status_of_accept_all(policy)
    if case.accept_all is AcceptAll.YES:
        return status, Reason.ACCEPT_ALL
    milder = Status.RISKY if status is Status.INVALID else status
    if case.is_yes_doubtful:
        return milder, Reason.ACCEPT_ALL
    return (milder, Reason.PROVIDER_ACCEPTS_ANY) if case.is_yes_worthless else None


def _weak_yes(case: Case, _: Policy) -> Decision | None:
    is_weak = case.yes is Worth.WEAK and case.accept_all is not AcceptAll.NO
    return (Status.UNKNOWN, Reason.WEAK_YES) if is_weak else None


def _role(case: Case, policy: Policy) -> Decision | None:
    return _weighed(policy.role, Reason.ROLE) if case.is_role and not case.is_trusted else None


def _free(case: Case, policy: Policy) -> Decision | None:
    return _weighed(policy.free, Reason.FREE) if case.is_free else None


def _too_uncertain(case: Case, policy: Policy) -> Decision | None:
    is_too_low = points_of(case) < policy.least_confidence
    return (Status.RISKY, Reason.LOW_CONFIDENCE) if is_too_low else None


def _valid(_: Case, __: Policy) -> Decision | None:
    return Status.VALID, Reason.ACCEPTED


_PRECEDENCE: tuple[Callable[[Case, Policy], Decision | None], ...] = (
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


def _flags(case: Case) -> Flag:
    seen = (
        (Flag.ROLE, case.is_role),
        (Flag.FREE, case.is_free),
        (Flag.DISPOSABLE, case.is_disposable and not case.is_slip),
        (Flag.TYPO, case.is_slip),
        (Flag.ACCEPT_ALL, case.accepts_any),
        (Flag.IMPLICIT_MX, case.has_implicit_host),
        (Flag.RANDOM, case.is_random),
        (Flag.IMPOSSIBLE, case.is_impossible),
    )
    return Flag(sum(flag for flag, is_set in seen if is_set))
