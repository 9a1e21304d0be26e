"""What a mail internet asks of a client: the loads of its domains, and the limits that its settings set."""

from collections.abc import Iterator

from bench.bound import Limits, Load
from engine.provider import Provider, limited_providers, provider_of
from engine.settings import Settings
from sandbox.behaviour import User
from sandbox.internet import Answering, Internet, Site

_NOBODY_ASKS = frozenset({Answering.NO_SUCH_DOMAIN, Answering.NULL_MX})
_LET_IN = frozenset({User.EXISTING})


def loads_of(internet: Internet, settings: Settings) -> list[Load]:
    """List what each domain asks for that has a host to be asked."""
    asked = (site for site in internet.sites() if site.answering not in _NOBODY_ASKS)
    return [_load(internet, site, settings) for site in asked]


def _load(internet: Internet, site: Site, settings: Settings) -> Load:
    provider = provider_of(site.hosts)
    route = " ".join(site.hosts)
    accepts_all = site.answering is Answering.ACCEPT_ALL
    has_decoy = provider.is_decoy_allowed and (accepts_all or _lets_anybody_in(internet, site))
    is_short = accepts_all and provider.is_decoy_allowed
    return Load(
        domain=site.name,
        route=route,
        lane=route if provider.name == "other" else provider.name,
        recipients=1 if is_short else site.size,
        per_session=_per_session(provider, settings),
        decoys=int(has_decoy),
        rounds=2 if site.answering is Answering.GREYLISTING else 1,
        domains_per_session=provider.domains_per_session,
    )


def _per_session(provider: Provider, settings: Settings) -> int:
    return provider.rcpts_per_session or settings.rcpts_per_session


def _lets_anybody_in(internet: Internet, site: Site) -> bool:
    """Tell whether somebody of a domain is not refused: only then a made-up address has to be asked."""
    if site.answering is Answering.GREYLISTING:
        return True
    if site.answering is Answering.RELAY_DENIED:
        return False
    return any(user in _LET_IN for user in _users(internet, site))


def _users(internet: Internet, site: Site) -> Iterator[User]:
    return (internet.user_at(site, ordinal) for ordinal in range(site.size))


def limits_of(settings: Settings, round_trip_ms: float) -> Limits:
    """Give the limits that these settings set, and the known providers' own."""
    return Limits(
        sessions=settings.global_concurrency,
        round_trip_s=round_trip_ms / 1000,
        per_domain=settings.per_domain_concurrency,
        per_minute=settings.domain_sessions_per_minute,
        backoff_s=settings.session_backoff_ms / 1000,
        greylist_wait_s=settings.greylist_retry_seconds[0],
        lanes={each.name: each.sessions_at_once or 1 for each in limited_providers()},
    )
