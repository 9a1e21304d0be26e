"""What some of a list's entries tell of its run: when it was at work, who put it off, what sessions took."""

import json
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from sqlalchemy import Connection, text

from engine.ahead import Stretch
from engine.duration import RCPT_S, SETUP_S, TURN_S
from engine.value import value
from engine.verdict import Flag

SAMPLED = 400
"""Entries of a list that are looked at, evenly spread over it."""
TRACES = 40
"""Mailboxes settled last whose sessions tell how long one takes."""
STILL_S = 60.0
"""A list for which nothing was settled for longer (seconds) was not at work."""

_RARE = 10
_TWICE = 2
_MS = 1000


@value
class Sampled:
    """An entry that was settled: when, and of which domain and mailbox, after how many questions."""

    at: float
    domain: int
    mailbox: int
    attempts: int


def asked_share(connection: Connection, upload: int) -> float:
    """Say which part (0-1) of what is settled was asked about, and not answered by an earlier check."""
    row = connection.execute(_REUSED, {"upload": upload, "reused": int(Flag.REUSED)}).one()
    return 1 - (row.reused or 0) / row.settled if row.settled else 1.0


def sample_of(connection: Connection, upload: int) -> list[Sampled]:
    """Look at some of a list's entries, evenly spread over it: at those of them that were settled."""
    first, last = connection.execute(_ENDS, {"upload": upload}).one()
    if first is None:
        return []
    step = -(-(last - first + 1) // SAMPLED)
    ids = json.dumps(list(range(first, last + 1, step)))
    rows = connection.execute(_SAMPLE, {"upload": upload, "ids": ids})
    return sorted((Sampled(*row) for row in rows), key=lambda each: each.at)


def active_s_of(settled: Sequence[float], started_at: float, now: float) -> float:
    """Say for how long a list was at work: since its start, but for times when nothing was settled."""
    moments = [started_at, *(at for at in settled if started_at < at <= now), now]
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    usual_s = (now - started_at) / max(len(gaps), 1)
    return sum(min(gap, max(STILL_S, _RARE * usual_s)) for gap in gaps)


def put_off_shares(sample: Sequence[Sampled], now: int, now_again: int, begun: int) -> tuple[float, float]:
    """Say which part (0-1) of `begun` domains put somebody off, and which part of these more than once.

    Of the domains that wait just `now`, some were asked more than once (`now_again`).
    """
    most: dict[int, int] = {}
    for each in sample:
        most[each.domain] = max(each.attempts, most.get(each.domain, 0))
    settled = len(most) or 1
    put_off = now + begun * sum(each > 1 for each in most.values()) / settled
    again = now_again + begun * sum(each > _TWICE for each in most.values()) / settled
    return min(put_off / max(begun + now, 1), 1.0), min(again / put_off, 1.0) if put_off else 0.0


def questions_each(sample: Sequence[Sampled]) -> dict[int, float]:
    """Say how many questions an address took on the average, by domain: where somebody was put off twice."""
    asked: dict[int, list[int]] = defaultdict(list)
    for each in sample:
        asked[each.domain].append(max(each.attempts, 1))
    return {
        domain: sum(attempts) / len(attempts) for domain, attempts in asked.items() if max(attempts) > _TWICE
    }


def pace_of(connection: Connection, sample: Sequence[Sampled], everything: Stretch) -> float:
    """Say how long sessions took lately, as a part of what they usually do: by when their last line came."""
    mailboxes = json.dumps([each.mailbox for each in sample[-TRACES:]])
    rows = connection.execute(_TRACES, {"mailboxes": mailboxes})
    times = [row.at_ms / _MS for row in rows if row.at_ms]
    if not times or not everything.done_sessions:
        return 1.0
    place = (everything.done / everything.done_sessions + 1) / 2
    turns = everything.done_turns / everything.done_sessions / 2
    return float(sum(times)) / len(times) / (SETUP_S + RCPT_S * place + TURN_S * turns)


_REUSED = text(
    "SELECT sum(count * ((flags & :reused) > 0)) AS reused, sum(count) AS settled FROM tally"
    " WHERE upload_id = :upload AND status <> '' AND reason <> 'empty'"
)
_ENDS = text(
    "SELECT (SELECT id FROM entry WHERE upload_id = :upload ORDER BY row LIMIT 1),"
    " (SELECT id FROM entry WHERE upload_id = :upload ORDER BY row DESC LIMIT 1)"
)
_SAMPLE = text(
    "SELECT entry.settled_at, mailbox.domain_id, mailbox.id, mailbox.attempts FROM json_each(:ids) AS wanted"
    " CROSS JOIN entry ON entry.id = wanted.value CROSS JOIN mailbox ON mailbox.id = entry.mailbox_id"
    " WHERE entry.upload_id = :upload AND entry.settled_at IS NOT NULL"
)
_TRACES = text(
    "SELECT json_extract(trace, '$[#-1][2]') AS at_ms FROM json_each(:mailboxes) AS wanted"
    " CROSS JOIN mailbox ON mailbox.id = wanted.value"
)
