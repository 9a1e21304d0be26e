"""Watches a list until it is done, or until nothing is left but waiting."""

import time
from dataclasses import dataclass, field

from cli.screen import progress_bar, refuse, say
from engine.work_queue import Notice
from pages.parts.time_left import time_left
from pages.parts.words import NOTICES
from runtime import Runtime
from storage.estimates import estimate_list
from storage.lease import engine_holder
from storage.summaries import Summary, summarise
from storage.uploads import UploadState

LOOK_S = 0.2
ESTIMATE_S = 2.0
WRITE_S = 30.0
STOPPED = frozenset({Notice.PORT_CLOSED, Notice.NO_IDENTITY, Notice.BLOCKED})
"""What the engine says when it asks nobody until something changes."""


def watch(runtime: Runtime, upload: int, max_wait_s: float) -> Summary:
    """Show a list's progress until it is done or `max_wait_s` would pass with waiting only."""
    patience, words = _Patience(max_wait_s), _Words()
    with progress_bar() as progress:
        bar = progress.add_task("checking", total=None)
        while True:
            summary = _summary(runtime, upload)
            standing = summary.standing
            said = words.at(runtime, upload)
            progress.update(bar, completed=standing.checked, total=standing.addresses, description=said)
            if progress.disable:
                words.write(f"{said}: {standing.checked:,} of {standing.addresses:,}")
            if standing.state is not UploadState.RUNNING or patience.is_over(runtime, summary):
                return summary
            if not runtime.engine.is_alive:
                refuse("the engine has stopped; run the same command again to go on")
            time.sleep(LOOK_S)


def _summary(runtime: Runtime, upload: int) -> Summary:
    summary = summarise(runtime.database, upload)
    assert summary is not None, "the list was found or kept a moment ago"
    return summary


@dataclass(slots=True)
class _Words:
    """What stands before the bar: how long the list still takes, looked at every `ESTIMATE_S` seconds."""

    said: str = "checking"
    next_at: float = 0.0
    write_at: float = field(default_factory=lambda: time.monotonic() + WRITE_S)

    def at(self, runtime: Runtime, upload: int) -> str:
        """Give the words as they are now."""
        if time.monotonic() >= self.next_at:
            said = estimate_list(runtime.database, upload, runtime.settings)
            self.said = f"checking, {time_left(said)}" if said else "checking"
            self.next_at = time.monotonic() + ESTIMATE_S
        return self.said

    def write(self, sentence: str) -> None:
        """Say a sentence now and then, where there is no terminal to show a bar on."""
        if time.monotonic() >= self.write_at:
            say(sentence)
            self.write_at = time.monotonic() + WRITE_S


@dataclass(slots=True)
class _Patience:
    """Decides when a run has waited enough: `max_wait_s` seconds for what may or may not come."""

    max_wait_s: float
    notice: Notice = Notice.RUNNING
    stopped_since: float | None = None

    def is_over(self, runtime: Runtime, summary: Summary) -> bool:
        """Tell whether only retries beyond the wait are left, or asking has been stopped for so long."""
        if self._stopped_for(runtime) > self.max_wait_s:
            return True
        deferred = summary.deferred
        if not deferred or sum(each.count for each in deferred) < summary.standing.waiting:
            return False
        return min(each.first_at for each in deferred) > time.time() + self.max_wait_s

    def _stopped_for(self, runtime: Runtime) -> float:
        holder = engine_holder(runtime.database)
        notice = holder.notice if holder else Notice.RUNNING
        if notice is not self.notice and NOTICES[notice]:
            say(f"winnow: {NOTICES[notice]}")
        self.notice = notice
        if notice not in STOPPED:
            self.stopped_since = None
            return 0.0
        self.stopped_since = self.stopped_since or time.monotonic()
        return time.monotonic() - self.stopped_since
