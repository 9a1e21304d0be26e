"""The least time a list can take, computed from the list, the round trip and the limits.

Two bounds, in round trips that somebody has to wait for. Neither counts computing, DNS, or chance.

**Connection reuse** (`Talk.LOCKSTEP`): each domain is asked in as few sessions as its recipients need,
ceil(recipients / recipients a session), and every command waits for its reply: two trips until the banner
is heard (TCP and the banner), EHLO, MAIL, each RCPT, one RCPT for a made-up address where somebody is let
in, QUIT.

**PIPELINING and shared sessions** (`Talk.PIPELINED`): MAIL and all RCPTs of a domain are one flight
(RFC 2920), and one session goes on through several domains of the same MX hosts, each in one flight. This
is about what a client can come to at best; it lies well below the first one, so that a ratio below 1 to
that one is no miracle.

For both, the bound is the longest of

- all trips, spread evenly over all sessions that may be open at once;
- the longest domain: its trips spread over its own sessions, the pauses between these, and how many
  sessions a minute lets it have;
- the busiest lane (the hosts that one limit is for): its trips spread over the sessions the provider bears.

A greylisted recipient has to be asked twice; the wait in between counts for its own domain only, since
others are asked meanwhile. Of a domain that accepts everything one recipient is enough, with the made-up
one.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

OPENING, EHLO, MAIL, QUIT, FLIGHT = 2, 1, 1, 1, 1
MINUTE_S = 60.0
LEAST_JITTER = 0.75


class Talk(Enum):
    """How a client speaks: command by command, or in flights, and on to the next domain."""

    LOCKSTEP = "lockstep"
    PIPELINED = "pipelined"


@dataclass(frozen=True, slots=True)
class Load:
    """What one domain asks for: how many recipients, in how many rounds (two where it greylists).

    `route` names its MX hosts, `lane` the hosts that a limit is for. `decoys` is how many made-up addresses
    have to be asked each round. A session takes `per_session` recipients, and `domains_per_session` domains.
    """

    domain: str
    route: str
    lane: str
    recipients: int
    per_session: int
    decoys: int = 1
    rounds: int = 1
    domains_per_session: int = 8

    @property
    def sessions(self) -> int:
        """How many sessions of its own it needs, all rounds together."""
        return math.ceil(self.recipients / self.per_session) * self.rounds

    def trips(self, talk: Talk) -> int:
        """Count the round trips of these sessions."""
        ends = OPENING + EHLO + QUIT
        if talk is Talk.PIPELINED:
            return self.sessions * (ends + FLIGHT)
        return self.sessions * (ends + MAIL) + self.rounds * (self.recipients + self.decoys)


@dataclass(frozen=True, slots=True)
class Limits:
    """What bounds the sessions: how many at once, of a domain, of a lane; how many a minute (0: any)."""

    sessions: int
    round_trip_s: float
    per_domain: int = 1
    per_minute: int = 0
    backoff_s: float = 0.0
    greylist_wait_s: float = 0.0
    lanes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound: seconds, what makes them so many, and the sessions and round trips of the whole list."""

    seconds: float
    because: str
    sessions: int
    trips: int


def bound(loads: Sequence[Load], limits: Limits, talk: Talk) -> Bound:
    """Compute the bound of a list."""
    sessions, trips = _work(loads, talk)
    spread = (trips * limits.round_trip_s / limits.sessions, f"{limits.sessions} sessions at once")
    longest = max(((_path_s(load, limits, talk), load.domain) for load in loads), default=(0.0, ""))
    lanes = _lanes_s(loads, limits, talk)
    seconds, because = max(spread, longest, *lanes)
    return Bound(seconds, because, sessions, trips)


def _work(loads: Iterable[Load], talk: Talk) -> tuple[int, int]:
    """Count the sessions and round trips of these domains."""
    if talk is Talk.LOCKSTEP:
        known = list(loads)
        return sum(load.sessions for load in known), sum(load.trips(talk) for load in known)
    routes: dict[str, list[Load]] = defaultdict(list)
    for load in loads:
        routes[load.route].append(load)
    shared = [_shared_work(together) for together in routes.values()]
    return sum(sessions for sessions, _ in shared), sum(trips for _, trips in shared)


def _shared_work(loads: Sequence[Load]) -> tuple[int, int]:
    """Count the sessions of domains that share them, and their trips: one flight a domain and session."""
    flights = sum(load.sessions for load in loads)
    recipients = sum(load.recipients * load.rounds for load in loads)
    by_domains = math.ceil(flights / loads[0].domains_per_session)
    sessions = max(by_domains, math.ceil(recipients / loads[0].per_session))
    return sessions, sessions * (OPENING + EHLO + QUIT) + flights * FLIGHT


def _path_s(load: Load, limits: Limits, talk: Talk) -> float:
    """Say how long one domain takes at least, whatever else goes on."""
    at_once = min(limits.per_domain, limits.lanes.get(load.lane, limits.per_domain), limits.sessions)
    length_s = load.trips(talk) * limits.round_trip_s
    in_turn = math.ceil(load.sessions / at_once)
    pauses_s = (in_turn - 1) * limits.backoff_s * LEAST_JITTER
    waits_s = (load.rounds - 1) * limits.greylist_wait_s
    chain_s = length_s / at_once + pauses_s + waits_s
    return max(chain_s, _minutes_s(load, limits) + length_s / max(load.sessions, 1))


def _minutes_s(load: Load, limits: Limits) -> float:
    """Say when the last session may begin, where only so many may in any minute."""
    if not limits.per_minute:
        return 0.0
    return (load.sessions - 1) // limits.per_minute * MINUTE_S


def _lanes_s(loads: Iterable[Load], limits: Limits, talk: Talk) -> list[tuple[float, str]]:
    lanes: dict[str, list[Load]] = defaultdict(list)
    for load in loads:
        if load.lane in limits.lanes:
            lanes[load.lane].append(load)
    return [
        (_work(together, talk)[1] * limits.round_trip_s / limits.lanes[lane], f"the lane {lane}")
        for lane, together in lanes.items()
    ]
