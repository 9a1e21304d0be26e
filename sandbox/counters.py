"""What happened in the sandbox, counted: the running tally, and frozen snapshots of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from threading import Lock
from typing import Any


@dataclass(frozen=True, slots=True)
class Counters:
    """A snapshot. Addresses and domains are in lower case, hosts are IP addresses, queries read `MX name`.

    A session is a connection greeted with 220. `strangers` are the RCPTs for addresses that are not on the
    world's list. `abandoned` are the sessions that the client left without QUIT while the host would have
    gone on; `forced_disconnects` are the connections that the host ended (421, or without a word).
    `encrypted` are the sessions that went on under TLS, `data_commands` are DATA and BDAT.
    `sessions_at_once` is by domain the most sessions open at once that had named it in RCPT TO.
    """

    sessions: int = 0
    rcpts: int = 0
    strangers: int = 0
    abandoned: int = 0
    forced_disconnects: int = 0
    data_commands: int = 0
    encrypted: int = 0
    rcpts_by_address: Mapping[str, int] = field(default_factory=dict)
    rcpts_by_domain: Mapping[str, int] = field(default_factory=dict)
    sessions_at_once: Mapping[str, int] = field(default_factory=dict)
    connections_by_host: Mapping[str, int] = field(default_factory=dict)
    queries: Mapping[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Give the counters as JSON has them, by their names."""
        return asdict(self)


class Tally:
    """Counts while the sandbox runs; may be read from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._totals: Counter[str] = Counter()
        self._by_address: Counter[str] = Counter()
        self._by_domain: Counter[str] = Counter()
        self._by_host: Counter[str] = Counter()
        self._queries: Counter[str] = Counter()
        self._open: Counter[str] = Counter()
        self._at_once: dict[str, int] = {}

    def add_connection(self, ip: str) -> None:
        """Count a connection to a host."""
        with self._lock:
            self._by_host[ip] += 1

    def add_session(self) -> None:
        """Count a session that begins."""
        self._add("sessions")

    def add_rcpt(self, address: str, domain: str, *, is_stranger: bool) -> None:
        """Count a RCPT TO."""
        with self._lock:
            self._totals["rcpts"] += 1
            self._totals["strangers"] += is_stranger
            self._by_address[address] += 1
            self._by_domain[domain] += 1

    def enter_domain(self, domain: str) -> None:
        """Note that one more open session has named a domain."""
        with self._lock:
            self._open[domain] += 1
            self._at_once[domain] = max(self._at_once.get(domain, 0), self._open[domain])

    def leave_domains(self, domains: Iterable[str]) -> None:
        """Note that a session which has named these domains is over."""
        with self._lock:
            for domain in domains:
                self._open[domain] -= 1

    def add_abandoned(self) -> None:
        """Count a session that the client left without QUIT."""
        self._add("abandoned")

    def add_forced_disconnect(self) -> None:
        """Count a connection that the host ended."""
        self._add("forced_disconnects")

    def add_data_command(self) -> None:
        """Count a DATA or BDAT."""
        self._add("data_commands")

    def add_encrypted(self) -> None:
        """Count a session that goes on under TLS."""
        self._add("encrypted")

    def add_query(self, record_type: str, name: str) -> None:
        """Count a DNS query."""
        with self._lock:
            self._queries[f"{record_type} {name}"] += 1

    def snapshot(self) -> Counters:
        """Take a snapshot of all counters at one moment."""
        with self._lock:
            return Counters(
                **self._totals,
                rcpts_by_address=dict(self._by_address),
                rcpts_by_domain=dict(self._by_domain),
                sessions_at_once=dict(self._at_once),
                connections_by_host=dict(self._by_host),
                queries=dict(self._queries),
            )

    def _add(self, total: str) -> None:
        with self._lock:
            self._totals[total] += 1
