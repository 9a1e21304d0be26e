"""The last look at the DNS before hosts are asked: while it lasts, no session's place is taken."""

from engine.batch import Batch, Convoy
from engine.exchange import MailHosts, Route
from engine.resolver import Resolver
from engine.value import replace


async def look_again(convoy: Convoy, resolver: Resolver) -> Convoy:
    """Give a convoy with its hosts' addresses as the DNS has them now; its domains share the hosts."""
    now: dict[Route | None, MailHosts] = {}
    for route in (batch.domain.route for batch in convoy.batches):
        if isinstance(route, MailHosts) and route not in now:
            now[route] = await resolver.refresh(route)
    return Convoy(tuple(_at(batch, now.get(batch.domain.route)) for batch in convoy.batches))


def _at(batch: Batch, route: MailHosts | None) -> Batch:
    if route is None or route == batch.domain.route:
        return batch
    return replace(batch, domain=replace(batch.domain, route=route))
