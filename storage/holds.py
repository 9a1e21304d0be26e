"""Domains of which nobody is asked for a while: their hosts put everybody off, or are paused."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, text

from engine.batch import DomainFacts
from engine.reason import Reason
from engine.value import value
from storage.bulk import rows_of, write_each

HELD_DOMAINS = (
    "SELECT hold.domain_id FROM hold CROSS JOIN domain ON domain.id = hold.domain_id"
    " WHERE hold.until > :now AND domain.needs_probe = 1"
)


@value
class Held:
    """Entries of a list whose domains are held for one reason: how many, and from when to when they go on."""

    why: Reason
    count: int
    first_at: float
    last_at: float


def hold_by_facts(connection: Connection, facts: Iterable[DomainFacts], now: float) -> None:
    """Hold the domains whose facts say so."""
    held = [each for each in facts if each.held_until > now]
    if not held:
        return
    write_each(
        connection,
        "INSERT INTO hold (domain_id, until, why) SELECT id, :until, :why FROM domain WHERE name = :name"
        " ON CONFLICT DO UPDATE SET until = excluded.until, why = excluded.why",
        [
            {"name": each.name, "until": each.held_until, "why": each.held_for or Reason.TEMPORARY}
            for each in held
        ],
    )


def hold_for_pause(connection: Connection, holds: Sequence[tuple[int, float, Reason]]) -> None:
    """Hold domains (by id) until the pause ends that their hosts are under (Unix seconds), and say why."""
    if not holds:
        return
    write_each(
        connection,
        "INSERT INTO hold (domain_id, until, why) VALUES (:domain, :until, :why)"
        " ON CONFLICT DO UPDATE SET until = max(until, excluded.until), why = excluded.why",
        [{"domain": domain, "until": until, "why": why} for domain, until, why in holds],
    )


def let_go(connection: Connection, until: float, why: Reason) -> list[int]:
    """Hold those domains (by id) no longer that were held until just then (Unix seconds), and for that."""
    rows = rows_of(connection, "DELETE FROM hold WHERE until = ? AND why = ? RETURNING domain_id", until, why)
    return [domain for (domain,) in rows]


def forget_holds(connection: Connection, now: float) -> None:
    """Let go of what is over."""
    connection.execute(text("DELETE FROM hold WHERE until <= :now"), {"now": now})


def held_entries(connection: Connection, upload: int, now: float) -> tuple[Held, ...]:
    """Count the entries of a list that have no outcome and wait with their domain, by reason."""
    rows = connection.execute(
        text(
            "SELECT hold.why, min(hold.until) AS first_at, max(hold.until) AS last_at,"
            " sum(listed.entries - listed.valid - listed.invalid - listed.accept_all - listed.risky"
            " - listed.unknown) AS entries FROM hold CROSS JOIN domain ON domain.id = hold.domain_id"
            " CROSS JOIN upload_domain AS listed"
            " ON listed.upload_id = :upload AND listed.domain_id = hold.domain_id"
            " WHERE hold.until > :now AND domain.needs_probe = 1 GROUP BY hold.why"
        ),
        {"upload": upload, "now": now},
    )
    return tuple(Held(Reason(row.why), row.entries, row.first_at, row.last_at) for row in rows if row.entries)
