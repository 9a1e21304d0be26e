import asyncio
from dataclasses import replace

from engine.batch import Batch, Convoy, DomainFacts
from engine.exchange import LookupFailed, MailHost, MailHosts
from engine.last_look import look_again
from engine.reason import Reason

OLD = MailHosts((MailHost("mx.harvest.sandbox", 10, ("127.30.0.1",)),))


class Counting:
    """A resolver that finds every host at one address, and keeps what it was asked for."""

    def __init__(self, address="127.30.0.2"):
        self.asked = []
        self._address = address

    async def refresh(self, route):
        self.asked.append(route)
        return replace(route, hosts=tuple(replace(each, addresses=(self._address,)) for each in route.hosts))


def convoy(*routes) -> Convoy:
    return Convoy(tuple(Batch(DomainFacts(f"plum{n}.sandbox", route), ()) for n, route in enumerate(routes)))


def test_domains_that_share_their_hosts_go_out_with_the_addresses_of_one_look():
    resolver = Counting()
    looked = asyncio.run(look_again(convoy(OLD, OLD), resolver))
    assert resolver.asked == [OLD]
    assert {batch.domain.route.hosts[0].addresses for batch in looked.batches} == {("127.30.0.2",)}


def test_what_is_as_it_was_goes_out_as_it_was_claimed():
    claimed = convoy(OLD)
    looked = asyncio.run(look_again(claimed, Counting("127.30.0.1")))
    assert looked.batches[0] is claimed.batches[0]


def test_of_a_domain_without_hosts_nothing_is_looked_up():
    resolver, claimed = Counting(), convoy(LookupFailed(Reason.DNS_FAILED), None)
    assert asyncio.run(look_again(claimed, resolver)) == claimed
    assert resolver.asked == []
