"""What is slow at its first use, used once before there is anything to wait for it."""

import gc
from functools import cache

from engine.address import Address
from engine.dmarc import organizational_domain
from engine.exchange import MailHost, MailHosts
from engine.name_lists import lists_in_use
from engine.provider import provider_of
from engine.reply import Stage, classify
from engine.tls import lenient_context
from engine.traits import traits_of

NEW_OBJECTS = 10_000
"""So many more objects than before and the youngest are gone through; Python itself says 700."""
YOUNG_ROUNDS = 3
"""After so many rounds those that have outlived one are gone through as well: some 50 ms."""
OLD_ROUNDS = 10
"""After so many of those, all are, if there are a quarter more of them: so Python itself does."""
NEVER = 1_000_000
"""Where a loop must not stand still: what has outlived a round is left to `engine.tidying`.

Of a list of 100,000 none of them was garbage, and to go through them made every longer halt of the loop.
"""

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
    spare_what_stays(NEVER, NEVER)


@cache
def spare_what_stays(young_rounds: int = YOUNG_ROUNDS, old_rounds: int = OLD_ROUNDS) -> None:
    """Keep what is alive now out of all later garbage collections, and collect less often.

    Libraries and lists are hundreds of thousands of objects that never go; to go through them again and again
    takes a tenth of all computing, and stops every thread for 0.1 s each time. What holds no circles goes at
    once in any case. The rest is gone through by rounds: of the youngest so many, then those that outlived
    one; of these so many, then all.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, young_rounds, old_rounds)
