"""The figures of a list that was checked, for a person or as JSON."""

import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from cli.screen import say
from engine.estimate import Estimate
from engine.readiness import Concern, Readiness
from engine.readiness_words import said_of
from engine.verdict import Flag, Status
from storage.deferred import Deferred
from storage.selection import Selection
from storage.summaries import Standing, Summary


def report(
    summary: Summary,
    output: Path,
    selection: Selection,
    *,
    is_json: bool,
    left: Estimate | None = None,
    ready: Mapping[str, Readiness] = MappingProxyType({}),
) -> None:
    """Print how many addresses have which status in the whole list, and what the file written leaves open.

    `left` is how long it would still take, and `ready` what may be sent, by what it would be sent to: JSON
    says both.
    """
    if is_json:
        range_s = [round(left.low_s, 1), round(left.high_s, 1)] if left else None
        sys.stdout.write(
            json.dumps(_figures(summary.standing) | {"estimate_s": range_s, "ready": _ready(ready)}) + "\n"
        )
        return
    standing = summary.standing
    say(f"{output}: {_addresses(standing.addresses)}: {_counted(standing)}")
    for sentence in _sentences(summary):
        say(sentence)
    if selection.include or selection.exclude:
        say("Only the rows you chose were written; the figures are of the whole list.")


def _ready(ready: Mapping[str, Readiness]) -> dict[str, dict[str, object]]:
    return {
        name: {
            "is_ready": each.is_ready,
            "addresses": each.addresses,
            "never_asked": each.unasked,
            "doubts": [_doubt(concern) for concern in each.concerns],
        }
        for name, each in ready.items()
    }


def _doubt(concern: Concern) -> dict[str, object]:
    """Tell a doubt with its figures: percent, or addresses where they wait."""
    return {
        "doubt": concern.doubt.value,
        "found": round(concern.found, 4),
        "limit": concern.limit,
        "said": said_of(concern),
    }


def _counted(standing: Standing) -> str:
    """Count addresses as the file tells of them: what waits stands there as unknown."""
    told = standing.address_statuses
    told = told | {Status.UNKNOWN: told[Status.UNKNOWN] + standing.waiting}
    return ", ".join(f"{told[status]:,} {status.value}" for status in Status)


def _sentences(summary: Summary) -> Iterator[str]:
    standing = summary.standing
    if standing.is_dns_only:
        yield "Checked by DNS alone: no mail host was asked, so most addresses stay unknown."
    if standing.empty:
        hold = "row holds" if standing.empty == 1 else "rows hold"
        yield f"Besides, {standing.empty:,} {hold} no address (reason: empty)."
    if reused := sum(cell.count for cell in summary.cells if cell.flags & Flag.REUSED):
        were = "was" if reused == 1 else "were"
        yield f"{_addresses(reused)} {were} answered by an earlier check; --fresh asks anew."
    unknown = [f"{n:,} {why.value}" for status, why, n in summary.by_reason() if status is Status.UNKNOWN]
    if unknown:
        yield f"Why unknown: {', '.join(unknown)}."
    if standing.waiting:
        wait = "waits" if standing.waiting == 1 else "wait"
        yield (
            f"Of the unknown, {standing.waiting:,} still {wait} for an answer;"
            " run the same command again to go on."
        )
        yield from not_before(summary.deferred, time.time())


def not_before(deferred: Sequence[Deferred], now: float) -> Iterator[str]:
    """Say when those that were put off are asked again, where none of them is due yet (Unix seconds)."""
    first = min((each.first_at for each in deferred), default=now)
    if first > now:
        last = max(each.last_at for each in deferred)
        until = f", the last {_clock(last, now)}" if _clock(last, now) != _clock(first, now) else ""
        yield f"Due again: the first {_clock(first, now)}{until}."


def _clock(at: float, now: float) -> str:
    """Say a Unix time by this machine's clock, with the day where it is another one."""
    local = datetime.fromtimestamp(at).astimezone()
    is_today = local.date() == datetime.fromtimestamp(now).astimezone().date()
    return local.strftime("at %H:%M" if is_today else "on %d %B at %H:%M")


def _addresses(count: int) -> str:
    return "1 address" if count == 1 else f"{count:,} addresses"


def _figures(standing: Standing) -> dict[str, int | list[float] | None]:
    counted = {status.value: standing.statuses[status] for status in Status}
    return {"list": standing.upload, "entries": standing.entries, "waiting": standing.waiting, **counted}
