"""The mail hosts of the internet: what each bears, where it listens, and what it has counted."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from sandbox.host import UNLIMITED, Host, loopback_address
from sandbox.internet.packets import Found
from sandbox.internet.shape import (
    HEADS,
    MICROSOFT_END,
    NAMED_PROVIDERS,
    OWN_HOSTS,
    PLAIN_PROVIDERS,
    STRICT_HOSTS,
    Answering,
    Group,
)
from sandbox.internet.strict import StrictGate
from sandbox.internet.world import Internet

SESSIONS_AT_OWN_HOST = 3
RCPTS_AT_OWN_HOST = 50
RCPTS_AT_PROVIDER = 100
NO_PIPELINING_EVERY = 10
"""Each so many-th host of a domain's own does not offer PIPELINING."""


@dataclass(slots=True)
class Tally:
    """What happened. `over_limit` RCPTs were told 452 4.5.3; `answered` are final answers by group.

    `forced_disconnects` are connections that a host ended (421, 554 in the banner); `abandoned` are sessions
    left without QUIT. `peak` is the most connections open at once.
    """

    connections: int = 0
    sessions: int = 0
    rcpts: int = 0
    strangers: int = 0
    abandoned: int = 0
    forced_disconnects: int = 0
    over_limit: int = 0
    data_commands: int = 0
    greylisted: int = 0
    queries: int = 0
    open_now: int = 0
    peak: int = 0
    warnings: int = 0
    bans: int = 0
    refused_in_ban: int = 0
    answered: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Group, 0))

    def as_json(self) -> dict[str, Any]:
        """Give the counters by their names."""
        return asdict(self)


@dataclass(slots=True)
class Post:
    """A host as it is served. Above `at_once` sessions it says 421; after `rcpts` of them 421 or 452."""

    name: str
    address: str
    at_once: int = UNLIMITED
    rcpts: int = RCPTS_AT_PROVIDER
    closes: bool = False
    pipelines: bool = True
    gate: StrictGate | None = None
    present: int = 0

    @property
    def host(self) -> Host:
        """The host as sockets are opened for it."""
        return Host(self.name, self.address)


class Posts:
    """All hosts, by name. `gate` stands at the strict provider, None where it is as any other.

    `pipelines` is whether any of them offers PIPELINING (RFC 2920).
    """

    def __init__(self, internet: Internet, gate: StrictGate | None, *, pipelines: bool = True) -> None:
        self._internet = internet
        self._pipelines = pipelines
        self._own: list[Post] = []
        self._shared = {post.name: post for post in self._make_shared(gate)}
        self._own = [self._make_own(place) for place in range(self._own_count())]

    def __iter__(self) -> Iterator[Post]:
        yield from self._shared.values()
        yield from self._own

    def _make_shared(self, gate: StrictGate | None) -> Iterator[Post]:
        named = (host for head in HEADS for host in head.named_hosts)
        plain = (f"mx{place}.{head.plain}" for head in HEADS for place in (1, 2))
        providers = (host for hosts in (*PLAIN_PROVIDERS, *NAMED_PROVIDERS) for host in hosts)
        names = dict.fromkeys((*STRICT_HOSTS, *named, *plain, *providers))
        for ordinal, name in enumerate(names):
            strict = gate if name in STRICT_HOSTS else None
            yield Post(name, loopback_address(ordinal), gate=strict, pipelines=self._pipelines)

    def _own_count(self) -> int:
        return min(self._domains_with_own(), OWN_HOSTS)

    def _domains_with_own(self) -> int:
        return self._internet.tail // 3

    def _make_own(self, place: int) -> Post:
        borne = len(range(place, self._domains_with_own(), OWN_HOSTS))
        return Post(
            f"mx.own-{place}.sandbox",
            loopback_address(1_000 + place),
            at_once=SESSIONS_AT_OWN_HOST * borne,
            rcpts=RCPTS_AT_OWN_HOST,
            closes=place % 2 == 0,
            pipelines=self._pipelines and place % NO_PIPELINING_EVERY != 0,
        )

    def of_domain(self, number: int) -> Post:
        """Give the own host of a domain of the long tail."""
        return self._own[number // 3 % OWN_HOSTS]

    def serves(self, post: Post, domain: str) -> bool:
        """Tell whether a host takes mail for a domain."""
        site = self._internet.find(domain)
        if site is None:
            return False
        if site.group is Group.OWN:
            return self.of_domain(site.number) is post
        return any(self._shared_named(name) is post for name in site.hosts)

    def _shared_named(self, name: str) -> Post | None:
        is_microsoft = name.endswith(MICROSOFT_END) and name not in self._shared
        return self._shared.get(NAMED_PROVIDERS[1][0] if is_microsoft else name)

    def look_up(self, name: str) -> Found | None:
        """Say what the DNS holds of a name."""
        if post := self._shared_named(name):
            return Found(address=post.address)
        if name.startswith("mx."):
            owner = self._internet.find(name[3:])
            is_own = owner is not None and owner.group is Group.OWN
            return Found(address=self.of_domain(owner.number).address) if owner and is_own else None
        site = self._internet.find(name)
        if site is None or site.answering is Answering.NO_SUCH_DOMAIN:
            return None
        return Found(hosts=site.hosts, is_null=site.answering is Answering.NULL_MX)
