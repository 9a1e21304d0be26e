"""What a claim takes: a due domain with recipients of it that go out, and the single ones that go first."""

from collections.abc import Iterator

from sqlalchemy import Connection

from engine.address import Address
from engine.batch import DomainFacts, Recipient
from engine.value import value
from storage.bulk import rows_of
from storage.codec import load_facts, load_recipient
from storage.turns import UNASKED


@value
class DueDomain:
    """A domain whose turn it is, as its row says; `stored` are its facts as JSON."""

    id: int
    name: str
    lane: str
    rank: float
    provider: str
    route_key: str
    portion: int
    stored: str


@value
class Load:
    """A domain with the recipients of it that go out; one that `is_watched` is somebody's single address."""

    domain: DueDomain
    facts: DomainFacts
    recipients: tuple[Recipient, ...]
    is_watched: bool = False


def recipient_of(row: tuple[int, str, int, str | None], domain: str) -> Recipient:
    """Make a recipient of a mailbox's id, local part, attempts, and what it has answered so far as JSON."""
    mailbox, local_part, attempts, stored = row
    if stored:
        return load_recipient(stored)
    return Recipient(mailbox, Address(local_part, domain), attempts)


def watched_loads(connection: Connection, now: float) -> Iterator[Load]:
    """Give the single addresses that are due and need a host, in the order they were asked about."""
    for row in rows_of(connection, _WATCHED, now, now, UNASKED).fetchall():
        domain = DueDomain(*row[:8])
        yield Load(domain, load_facts(domain.stored), (recipient_of(row[8:], domain.name),), is_watched=True)


_WATCHED = (
    "SELECT domain.id, domain.name, lane, domain.rank, provider, route_key, portion, facts,"
    " mailbox.id, local_part, mailbox.attempts, recipient FROM upload INDEXED BY ix_upload_single"
    " CROSS JOIN entry ON entry.upload_id = upload.id CROSS JOIN mailbox ON mailbox.id = entry.mailbox_id"
    " CROSS JOIN domain ON domain.id = mailbox.domain_id"
    " WHERE is_single = 1 AND upload.state = 'running' AND entry.status IS NULL AND is_wanted = 1"
    " AND mailbox.due_at <= ? AND domain.due_at <= ? AND resolve_at IS NULL AND lane <> ? ORDER BY upload.id"
)
