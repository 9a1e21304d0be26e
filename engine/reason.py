"""The one enum of main reasons: why a verdict is what it is, or why an address still waits."""

from enum import StrEnum


class Reason(StrEnum):
    """A main reason. `pages/parts/reasons.py` says each of them to a person."""

    # the text is not an address we can ask about
    EMPTY = "empty"
    MALFORMED = "malformed"
    # the domain takes no mail
    NO_SUCH_DOMAIN = "no_such_domain"
    NULL_MX = "null_mx"
    NO_MAIL_HOST = "no_mail_host"
    # the recipient's side answered
    ACCEPTED = "accepted"
    MAILBOX_MISSING = "mailbox_missing"
    MAILBOX_DISABLED = "mailbox_disabled"
    MAILBOX_FULL = "mailbox_full"
    MAILBOX_MOVED = "mailbox_moved"
    BOUNCED = "bounced"
    # the answer is true of any address there
    ACCEPT_ALL = "accept_all"
    PROVIDER_ACCEPTS_ANY = "provider_accepts_any"
    WEAK_YES = "weak_yes"
    # what the address is
    DISPOSABLE = "disposable"
    MISTYPED = "mistyped"
    ROLE = "role"
    FREE = "free"
    LOW_CONFIDENCE = "low_confidence"
    # nobody can know, or not yet
    GREYLISTED = "greylisted"
    RATE_LIMITED = "rate_limited"
    TEMPORARY = "temporary"
    BLOCKED = "blocked"
    BLANKET_REFUSAL = "blanket_refusal"
    RELAY_DENIED = "relay_denied"
    TLS_REQUIRED = "tls_required"
    SMTPUTF8_NEEDED = "smtputf8_needed"
    SYNTAX_REFUSED = "syntax_refused"
    UNCLEAR = "unclear"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    DROPPED = "dropped"
    BUDGET = "budget"
    DNS_FAILED = "dns_failed"
    UNROUTABLE_MX = "unroutable_mx"
    NEVER_PROBED = "never_probed"
    DNS_ONLY = "dns_only"
    NOT_CHECKED = "not_checked"


WEIGHED = frozenset(
    {
        Reason.ACCEPT_ALL,
        Reason.PROVIDER_ACCEPTS_ANY,
        Reason.MAILBOX_FULL,
        Reason.DISPOSABLE,
        Reason.MISTYPED,
        Reason.ROLE,
        Reason.FREE,
        Reason.LOW_CONFIDENCE,
    }
)
"""What each client's policy weighs for itself: by such a reason an address can be of several statuses."""

NEVER_AGAIN = (Reason.NEVER_PROBED, Reason.DNS_ONLY)
"""Reasons of what is unknown on purpose, and would be again: to ask once more changes nothing."""
