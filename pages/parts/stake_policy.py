"""What a client's policy makes of the addresses that a line of Domains is about."""

from engine.policy import AcceptAllAs, Weight
from pages.parts.frame import plain
from storage.policies import NamedPolicy
from storage.stake import Stake

_ACCEPT_ALL = {
    AcceptAllAs.RISKY: "counts accept-all domains as risky",
    AcceptAllAs.INVALID: "counts accept-all domains as invalid: their rows go with the invalid ones",
}
_DISPOSABLE = {
    Weight.KEPT: "does not hold it against an address",
    Weight.INVALID: "counts such addresses as invalid",
}


def policy_sentence(stake: Stake, named: NamedPolicy) -> str:
    """Say what a list's policy calls the addresses at stake; `""` where it has no word of its own on them."""
    said = {
        Stake.ACCEPT_ALL: _ACCEPT_ALL.get(named.policy.accept_all),
        Stake.DISPOSABLE: _DISPOSABLE.get(named.policy.disposable),
    }.get(stake)
    return f"The policy of {plain(named.name)} {said}." if said else ""
