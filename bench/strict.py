"""The strict provider: how it is found out, whether it bans us, and whether others wait for it.

`python -m bench.strict [SECONDS]` prints what happened there every ten seconds.
"""

import sqlite3
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench.served import Served
from bench.trial import Plan, run_winnow
from sandbox.internet import Group, Shape

LASTS_S = 300.0
POLL_S = 0.5
REPORT_S = 10.0
LATEST_S = 120.0
_OTHERS_LEFT = (
    "SELECT count(*) FROM mailbox JOIN domain ON domain.id = mailbox.domain_id"
    " WHERE domain.name NOT LIKE '%.strictpost.sandbox' AND mailbox.state <> 'settled'"
)
_STARTED = "SELECT count(*) FROM upload WHERE state IN ('running', 'done')"


@dataclass(slots=True)
class Found:
    """What happened. `others_s` is when all addresses elsewhere were settled, infinity for never.

    `latest` is how many RCPTs the strict provider answered in the last two minutes.
    """

    others_s: float = float("inf")
    warnings: int = 0
    bans: int = 0
    latest: int = 0
    answered: list[tuple[float, int]] = field(default_factory=list)


def run(plan: Plan, *, lasts_s: float = LASTS_S, until_others_are_done: bool = False) -> Found:
    """Run a list for so long, or until nothing is left but the strict provider's."""
    found = Found()

    def watch(database: Path, world: Served) -> None:
        _wait_for_start(database)
        began = time.monotonic()
        while time.monotonic() - began < lasts_s:
            _look(found, database, time.monotonic() - began)
            if until_others_are_done and found.others_s < float("inf"):
                break
            _ask(found, world, time.monotonic() - began)
            time.sleep(POLL_S)

    counted = run_winnow(plan, watch).counters
    found.warnings, found.bans = counted["warnings"], counted["bans"]
    since = lasts_s - LATEST_S
    before = max((count for at, count in found.answered if at <= since), default=0)
    found.latest = (found.answered[-1][1] if found.answered else 0) - before
    print(f"all others settled after {found.others_s:.1f} s; {found.latest} answers in the last two minutes")
    return found


def _wait_for_start(database: Path) -> None:
    while not database.exists() or not _count(database, _STARTED):
        time.sleep(0.05)


def _look(found: Found, database: Path, now_s: float) -> None:
    """Note when nothing is left but the strict provider's."""
    if found.others_s == float("inf") and not _count(database, _OTHERS_LEFT):
        found.others_s = now_s


def _count(database: Path, query: str) -> int:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10) as connection:
        try:
            return int(connection.execute(query).fetchone()[0])
        except sqlite3.OperationalError:  # the tables are not there yet
            return 0


def _ask(found: Found, world: Served, now_s: float) -> None:
    """Note and print every ten seconds what the hosts counted."""
    if found.answered and now_s < found.answered[-1][0] + REPORT_S:
        return
    counted = world.counters()
    found.warnings, found.bans = counted["warnings"], counted["bans"]
    found.answered.append((now_s, counted["answered"][Group.STRICT]))
    print(
        f"{now_s:6.0f} s  answered {counted['answered']}, warnings {found.warnings}, bans {found.bans},"
        f" refused while banned {counted['refused_in_ban']}",
        flush=True,
    )


if __name__ == "__main__":
    run(Plan(Shape(4_000, strict_rows=2_000)), lasts_s=float(sys.argv[1]) if sys.argv[1:] else LASTS_S)
