"""What a client wants called what, as a value: it changes which lines of the table of precedence apply."""

from enum import StrEnum

from engine.own_domains import OwnWord, is_under, own_word_on
from engine.value import replace, value
from engine.verdict import Status

LARGEST_SMALL_DOMAIN = 100
"""The largest number of addresses from which on a policy may call a domain no small one any more."""


class Weight(StrEnum):
    """What a trait of an address weighs: nothing (it is kept, the trait stays a flag), or a status."""

    KEPT = "kept"
    RISKY = "risky"
    INVALID = "invalid"


class AcceptAllAs(StrEnum):
    """What an address of a domain that takes mail for any address is called: that, or something worse."""

    OWN = "own"
    RISKY = "risky"
    INVALID = "invalid"


@value
class Policy:
    """What a client wants called what. The default is DESIGN's table of precedence.

    What nobody knows stays unknown under every policy, and only a lasting refusal or an own bounce, or what
    is weighed here as invalid, makes an address invalid: `full` means a lasting 5yz then, one that is full
    for now stays risky, and so does a provider that says yes to everything where `accept_all` is invalid.
    `least_confidence` (0-100) is the confidence below which what would be valid is risky.
    `disposable_domains` are disposable whatever our lists say, `trusted_domains` never are, nor are role
    accounts there weighed. Of `never_probed_domains` nobody is asked for this client, and what is known of an
    address there is not made use of. All three stand for their subdomains too.
    The last four change no verdict. They say when a list is ready to send, in percent: the least share of
    valid ones, the most unknown ones among small domains, and the most expected bounces; a domain of fewer
    than `small_domain` addresses of the list is a small one.
    """

    accept_all: AcceptAllAs = AcceptAllAs.OWN
    role: Weight = Weight.RISKY
    free: Weight = Weight.KEPT
    disposable: Weight = Weight.RISKY
    full: Weight = Weight.RISKY
    least_confidence: int = 0
    disposable_domains: tuple[str, ...] = ()
    trusted_domains: tuple[str, ...] = ()
    never_probed_domains: tuple[str, ...] = ()
    least_valid: int = 95
    most_unknown: int = 20
    small_domain: int = 10
    most_bounces: float = 2.0

    @property
    def names_domains(self) -> bool:
        """Whether it has a word of its own on any domain."""
        return bool(self.disposable_domains or self.trusted_domains or self.never_probed_domains)

    def names(self, domain: str) -> bool:
        """Whether it has a word of its own on this domain."""
        return self.never_probes(domain) or self.own_word_on(domain) is not OwnWord.NOTHING

    def never_probes(self, domain: str) -> bool:
        """Whether nobody at this domain is to be asked about for its client."""
        return is_under(domain, self.never_probed_domains)

    def own_word_on(self, domain: str) -> OwnWord:
        """Say what it calls a domain itself."""
        return own_word_on(domain, self.disposable_domains, self.trusted_domains)


DEFAULT_POLICY = Policy()


def judges_alike(one: Policy, other: Policy) -> bool:
    """Tell whether two policies differ at most in when a list is ready to send."""
    return _judging(one) == _judging(other)


def _judging(policy: Policy) -> Policy:
    usual = DEFAULT_POLICY
    return replace(
        policy,
        least_valid=usual.least_valid,
        most_unknown=usual.most_unknown,
        small_domain=usual.small_domain,
        most_bounces=usual.most_bounces,
    )


_WEIGHTS: dict[Weight, Status | None] = {
    Weight.KEPT: None,
    Weight.RISKY: Status.RISKY,
    Weight.INVALID: Status.INVALID,
}
_ACCEPT_ALL = {
    AcceptAllAs.OWN: Status.ACCEPT_ALL,
    AcceptAllAs.RISKY: Status.RISKY,
    AcceptAllAs.INVALID: Status.INVALID,
}


def status_of_weight(weight: Weight) -> Status | None:
    """Give the status that a trait of this weight has; None where it decides nothing."""
    return _WEIGHTS[weight]


def status_of_accept_all(policy: Policy) -> Status:
    """Give the status of addresses at accept-all domains."""
    return _ACCEPT_ALL[policy.accept_all]
