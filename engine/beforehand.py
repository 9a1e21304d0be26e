"""What is slow at its first use, used once before there is anything to wait for it."""

from engine.address import Address
from engine.dmarc import organizational_domain
from engine.exchange import MailHost, MailHosts
from engine.name_lists import lists_in_use
from engine.provider import provider_of
from engine.reply import Stage, classify
from engine.tls import lenient_context
from engine.traits import traits_of

_DOMAIN = "nowhere.invalid"
_LOOKED_OVER = (Address("sales.london", _DOMAIN), Address("wilhelmina.plum", "gmail.com"))
"""Addresses that lead through every list: an office somewhere, and a person at a provider that has rules."""
_NOWHERE = MailHosts((MailHost("mx.nowhere.invalid", 0),))


def read_beforehand() -> None:
    """Read the lists and the public suffixes, and compile the rules: half a second that no session waits."""
    lists_in_use().words("parking.txt")
    organizational_domain(_DOMAIN)
    provider_of([_DOMAIN])
    for address in _LOOKED_OVER:
        traits_of(address, _NOWHERE)
    classify(550, "5.1.1 nobody here", stage=Stage.RCPT)
    lenient_context()
