"""What a list that is checked by DNS alone has ahead of it: domains to look up, told by some of them."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, text

from engine.ahead import LookUps
from storage.run_sample import active_s_of

SAMPLED = 2_000
"""Domains of a list that are looked at, evenly spread over it; of a smaller list, all."""


Seen = Sequence[tuple[float, int]]
"""Domains that were looked up: when, and how many entries they have."""


def look_ups_ahead(connection: Connection, upload: Row[Any], now: float) -> LookUps:
    """Say how far the look-ups of a list are."""
    names = {"upload": upload.id}
    first, last, domains = connection.execute(_ENDS, names).one()
    if not domains:
        return LookUps(0, upload.entry_count - upload.settled_count)
    step = max(-(-(last - first + 1) // SAMPLED), 1)
    places = json.dumps(list(range(first, last + 1, step)))
    seen = connection.execute(_SEEN, names | {"places": places}).all()
    done = [row for row in seen if not row.is_left]
    fresh = sorted((row.resolved_at, row.entries) for row in done if row.resolved_at >= upload.started_at)
    since, latest = _latest(fresh, upload.started_at)
    each = domains / len(seen)
    return LookUps(
        round(each * (len(seen) - len(done))),
        upload.entry_count - upload.settled_count,
        round(each * len(latest)),
        round(each * sum(entries for _, entries in latest)),
        active_s_of([at for at, _ in latest], since, now),
        now - max((at for at, _ in latest), default=since),
        sum(row.is_failed for row in done) / len(done) if done else 0.0,
    )


def _latest(fresh: Seen, started_at: float) -> tuple[float, Seen]:
    """Give the later half of what was looked up, and since when: the largest domains come first."""
    half = len(fresh) // 2
    return (fresh[half - 1][0] if half else started_at), fresh[half:]


_ENDS = text("SELECT min(domain_id), max(domain_id), count(*) FROM upload_domain WHERE upload_id = :upload")
_SEEN = text(
    "SELECT shown.entries, domain.resolved_at,"
    " domain.route_kind = 'dns_failed' AND domain.facts ->> '$.route.detail' = 'timeout' AS is_failed,"
    " domain.resolve_at IS NOT NULL OR domain.resolved_at IS NULL AS is_left FROM"
    " (SELECT DISTINCT (SELECT domain_id FROM upload_domain WHERE upload_id = :upload"
    " AND domain_id >= place.value ORDER BY domain_id LIMIT 1) AS id FROM json_each(:places) AS place)"
    " AS wanted CROSS JOIN domain ON domain.id = wanted.id CROSS JOIN upload_domain AS shown"
    " ON shown.upload_id = :upload AND shown.domain_id = wanted.id"
)
