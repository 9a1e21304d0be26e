"""Builds a world from a seed: many domains of every kind, always the same for the same arguments."""

import itertools
import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from sandbox.behaviour import User
from sandbox.domain import Delivery, Domain, OwnHost, SharedHosts
from sandbox.kinds import ALIASED, ANY_PROVIDER, PROVIDERS, SHARED_DOORS, Kind, kinds_of
from sandbox.published import INCLUDED, draw_published
from sandbox.truth import ROLES
from sandbox.words import FRUITS, GRAINS, TRADES
from sandbox.world import World, own_host_name, world_of

SEPARATORS = ("", ".", "_", "-")
MIXED_CASE_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Mix:
    """How a world is mixed.

    `weights` replaces the shares of kinds by name (0 leaves a kind out). Each kind gets at least
    `least_rows`, as far as the addresses reach. Domains have 1 to `largest_domain` addresses, most of them
    few: n / ln n on the average, so 40 gives about 10 and 650 about 100. Of a kind that has hosts of its
    own, at most `hosts_per_kind` domains have one each; the others share these.
    """

    weights: Mapping[str, float] = field(default_factory=dict)
    least_rows: int = 10
    largest_domain: int = 40
    hosts_per_kind: int = 32
    slow_banner_s: float = 2.0


EVERYTHING = Mix()
BUSINESS = Mix(
    weights=dict.fromkeys(
        ("idn", "implicit_mx", "alias", "backup_mx", "mx_without_address", "dns_silence", "slow_banner"), 0
    )
    | {
        "google": 28,
        "outlook": 7,
        "plain": 24,
        "vague": 4,
        "microsoft": 15,
        "accept_all": 7,
        "role": 3,
        "greylisting": 3,
        "disabled": 1,
        "full": 1,
        "full_for_now": 0.5,
        "disposable": 0.5,
        "no_such_domain": 1.5,
        "typo": 0.3,
        "null_mx": 0.3,
        "no_mail_host": 0.5,
        "dns_servfail": 0.3,
        "refused": 0.5,
        "silent": 0.2,
        "dropped_at_connect": 0.2,
        "session_limit": 0.5,
        "multi_line_banner": 0.5,
        "tls_offered": 3,
        "tls_required": 0.2,
        "tls_broken": 0.1,
        "tls_broken_required": 0.1,
        "greylisting_for_ever": 0.3,
        "blocked": 1,
        "rate_limited": 0.3,
        "relay_denied": 0.3,
        "closes_after": 0.3,
        "drops_after": 0.2,
        "limits_recipients": 0.3,
    },
    least_rows=0,
    largest_domain=5,
)
"""A list as businesses have them: a third at big free providers, the rest at many small domains."""
NO_WAITING = Mix(
    weights=dict.fromkeys(
        ("silent", "dns_silence", "slow_banner", "greylisting", "greylisting_for_ever", "rate_limited"), 0
    )
)


def build_world(seed: int, addresses: int, *, greylist_delay_s: float = 2.0, mix: Mix = EVERYTHING) -> World:
    """Build a world with so many addresses; the same arguments give the same world."""
    rng = random.Random(seed)
    kinds = kinds_of(greylist_delay_s=greylist_delay_s, slow_banner_s=mix.slow_banner_s)
    kinds = tuple(replace(kind, weight=mix.weights.get(kind.name, kind.weight)) for kind in kinds)
    names = _domain_names(rng)
    domains = [Domain(ALIASED, delivery=SharedHosts(PROVIDERS[0]), kind="alias")]
    listed: list[str] = []
    for kind, rows in _share_out(kinds, addresses, mix.least_rows):
        for domain, spellings in _domains_of(kind, rows, mix, names, rng):
            domains.append(domain)
            listed += spellings
    rng.shuffle(listed)
    return world_of(domains, shared=SHARED_DOORS, names=INCLUDED, addresses=listed)


def _share_out(kinds: tuple[Kind, ...], rows: int, least: int) -> list[tuple[Kind, int]]:
    """Share rows out by weight, at least `least` to each kind that has any weight, as far as they reach."""
    wanted = [kind for kind in kinds if kind.weight > 0]
    ground = min(least, rows // len(wanted))
    left = rows - ground * len(wanted)
    total = sum(kind.weight for kind in wanted)
    bounds = [round(left * part / total) for part in itertools.accumulate(kind.weight for kind in wanted)]
    shares = (upper - lower for lower, upper in itertools.pairwise((0, *bounds)))
    return [(kind, ground + share) for kind, share in zip(wanted, shares, strict=True) if ground + share]


def _domain_names(rng: random.Random) -> Iterator[str]:
    """Make domain names without end, each once."""
    pairs = [(grain, trade) for grain in GRAINS for trade in TRADES]
    rng.shuffle(pairs)
    for ordinal in itertools.count():
        for grain, trade in pairs:
            yield f"{grain}-{trade}{ordinal or ''}.sandbox"


def _domains_of(
    kind: Kind, rows: int, mix: Mix, names: Iterator[str], rng: random.Random
) -> Iterator[tuple[Domain, list[str]]]:
    """Make a kind's domains, each with its addresses as lists spell them."""
    sizes = [rows] if kind.domain else _sizes(rows, min(mix.largest_domain, kind.largest), rng)
    host_names: list[str] = []
    for size in sizes:
        name = kind.domain or next(names)
        users = _users_of(kind, size, rng)
        delivery = _delivery_of(kind, name, host_names, mix.hosts_per_kind, rng)
        written = kind.written or name
        yield _domain_of(kind, name, users, delivery, rng), [_spell(user, written, rng) for user in users]


def _domain_of(
    kind: Kind, name: str, users: Mapping[str, User], delivery: Delivery, rng: random.Random
) -> Domain:
    published = draw_published(kind.name, rng)
    return Domain(
        name,
        kind.behaviour,
        users,
        delivery,
        spf=published.spf,
        dmarc=published.dmarc,
        is_disposable=kind.is_disposable,
        kind=kind.name,
        mta_sts=published.mta_sts,
        tls_rpt=published.tls_rpt,
        bimi=published.bimi,
        further=published.further,
    )


def _sizes(rows: int, largest: int, rng: random.Random) -> Iterator[int]:
    """Cut rows into domains of 1 to `largest` addresses, few of them big."""
    while rows:
        size = min(rows, int(math.exp(rng.uniform(0, math.log(largest + 1)))))
        yield size
        rows -= size


def _users_of(kind: Kind, size: int, rng: random.Random) -> dict[str, User]:
    states = rng.choices(tuple(kind.users), tuple(kind.users.values()), k=size)
    local_parts = rng.sample(ROLES, size) if kind.has_roles else _local_parts(size, rng)
    return dict(zip(local_parts, states, strict=True))


def _local_parts(size: int, rng: random.Random) -> list[str]:
    """Make local parts of a fruit and a number, each number once."""
    numbers = itertools.accumulate((rng.randint(1, 9) for _ in range(size)), initial=rng.randint(0, 60))
    return [
        f"{rng.choice(FRUITS)}{rng.choice(SEPARATORS)}{number}"
        for number in itertools.islice(numbers, 1, None)
    ]


def _spell(local_part: str, domain: str, rng: random.Random) -> str:
    """Spell an address as a list may: now and then in mixed case."""
    address = f"{local_part}@{domain}"
    if rng.random() >= MIXED_CASE_SHARE:
        return address
    return rng.choice(
        (f"{local_part.capitalize()}@{domain.title()}", address.upper(), f"{local_part.upper()}@{domain}")
    )


def _delivery_of(kind: Kind, name: str, host_names: list[str], most: int, rng: random.Random) -> Delivery:
    """Say where a domain's mail goes. `host_names` are the kind's own hosts so far, at most `most`."""
    delivery = kind.delivery
    if delivery is ANY_PROVIDER:
        return SharedHosts(rng.choice(PROVIDERS))
    if kind.is_microsoft and isinstance(delivery, SharedHosts):
        return replace(delivery, known_as=f"{name.replace('.', '-')}.mail.protection.outlook.com")
    if not isinstance(delivery, OwnHost):
        return delivery
    if len(host_names) < most:
        host_names.append(own_host_name(name, delivery))
        return delivery
    return SharedHosts((rng.choice(host_names),), is_implicit=delivery.is_implicit)
