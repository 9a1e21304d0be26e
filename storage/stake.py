"""What can put rows at stake, and by which reasons: their domain, or that its hosts do not say."""

from enum import StrEnum

from engine.reason import Reason


class Stake(StrEnum):
    """What puts rows at stake: their domain's own fault, or that its hosts do not say."""

    NO_SUCH_DOMAIN = "no_such_domain"
    NULL_MX = "null_mx"
    NO_MAIL_HOST = "no_mail_host"
    NOT_LOOKED_UP = "not_looked_up"
    PARKED = "parked"
    ACCEPT_ALL = "accept_all"
    BLOCKED = "blocked"
    WAITING = "waiting"
    UNREACHABLE = "unreachable"
    DISPOSABLE = "disposable"
    OTHER = "other"


BY_KIND = {
    Reason.NO_SUCH_DOMAIN: Stake.NO_SUCH_DOMAIN,
    Reason.NULL_MX: Stake.NULL_MX,
    Reason.NO_MAIL_HOST: Stake.NO_MAIL_HOST,
    Reason.DNS_FAILED: Stake.NOT_LOOKED_UP,
    Reason.UNROUTABLE_MX: Stake.NO_MAIL_HOST,
}
"""What the kind of a domain's route puts at stake: all its rows, and those that were told so before."""

BY_REASON = {
    Reason.BLOCKED: Stake.BLOCKED,
    Reason.BLANKET_REFUSAL: Stake.BLOCKED,
    Reason.GREYLISTED: Stake.WAITING,
    Reason.RATE_LIMITED: Stake.WAITING,
    Reason.TEMPORARY: Stake.WAITING,
    Reason.UNREACHABLE: Stake.UNREACHABLE,
    Reason.TIMEOUT: Stake.UNREACHABLE,
    Reason.DROPPED: Stake.UNREACHABLE,
    Reason.BUDGET: Stake.UNREACHABLE,
}
"""What a reason puts at stake: the rows that have it, or wait for it."""

BY_RARE_REASON = {
    Reason.ACCEPT_ALL: Stake.ACCEPT_ALL,
    Reason.PROVIDER_ACCEPTS_ANY: Stake.ACCEPT_ALL,
    Reason.DISPOSABLE: Stake.DISPOSABLE,
    Reason.WEAK_YES: Stake.OTHER,
    Reason.RELAY_DENIED: Stake.OTHER,
    Reason.TLS_REQUIRED: Stake.OTHER,
    Reason.SMTPUTF8_NEEDED: Stake.OTHER,
    Reason.SYNTAX_REFUSED: Stake.OTHER,
    Reason.UNCLEAR: Stake.OTHER,
}
"""What reasons put at stake whose rows are found by their outcomes, where a list has any."""

OF_ADDRESSES = frozenset(
    {
        Reason.EMPTY,
        Reason.MALFORMED,
        Reason.MISTYPED,
        Reason.ACCEPTED,
        Reason.MAILBOX_MISSING,
        Reason.MAILBOX_DISABLED,
        Reason.MAILBOX_FULL,
        Reason.MAILBOX_MOVED,
        Reason.BOUNCED,
        Reason.ROLE,
        Reason.FREE,
        Reason.LOW_CONFIDENCE,
        Reason.NEVER_PROBED,
        Reason.DNS_ONLY,
        Reason.NOT_CHECKED,
    }
)
"""Reasons that speak of an address, a policy or a wish, and of nothing wrong with the domain."""

STAKE_OF = {**BY_KIND, **BY_REASON, **BY_RARE_REASON}
"""What any reason puts at stake that does."""
