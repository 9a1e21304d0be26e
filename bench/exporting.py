"""What files of a large list cost: seconds and memory, each by the code that the Export page uses."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bench.usage import now_mb, peak_mb
from pages.parts.clock import today
from pages.parts.digest import Digest, digest_of
from pages.parts.downloads import Wanted, csv_downloads, further_downloads, preparation
from pages.parts.tickets import Format, Page, Rows, Suppression
from storage.database import Database
from storage.drafts import Drafts
from storage.exports import Export
from storage.files import csv_lines
from storage.order import Order
from storage.removals import outcomes_of
from storage.selection import Selection
from storage.summaries import Summary, summarise
from storage.undeliverable import suppression_lines

LOOK_S = 0.05


@dataclass(frozen=True, slots=True)
class Cost:
    """What something took: seconds, rows, and MB that this process held more than before at the most."""

    seconds: float
    rows: int
    added_mb: float


class Meter:
    """Measures the seconds and the peak of this process's memory from when it is made (Linux)."""

    def __init__(self) -> None:
        Path("/proc/self/clear_refs").write_text("5", "ascii")
        self._before_mb = now_mb()
        self._began = time.perf_counter()

    def read(self, rows: int) -> Cost:
        """Give the cost so far."""
        added = peak_mb() - self._before_mb
        return Cost(time.perf_counter() - self._began, rows, max(added, 0.0))


def _wanted(database: Database, upload: int, kind: Format) -> tuple[Wanted, Digest]:
    summary = _summary(database, upload)
    wanted = Wanted(summary.standing, Export(upload), kind, today())
    return wanted, digest_of(summary, outcomes_of(summary), Selection(), "", wanted.day)


def _summary(database: Database, upload: int) -> Summary:
    summary = summarise(database, upload)
    assert summary is not None
    return summary


def export_csv(database: Database, upload: int, file: Path) -> Cost:
    """Write the whole list as CSV, as the download streams it."""
    wanted, _ = _wanted(database, upload, Format.CSV_FOR_EXCEL)
    content = csv_downloads(wanted)[0].content
    assert isinstance(content, Rows)
    return _write(csv_lines(database, content.export, content.dialect), file)


def export_suppression(database: Database, upload: int, file: Path) -> Cost:
    """Write the suppression file."""
    content = further_downloads(*_wanted(database, upload, Format.CSV))[0].content
    assert isinstance(content, Suppression)
    return _write(suppression_lines(database, upload, content.dialect), file)


def export_report(database: Database, upload: int, file: Path) -> Cost:
    """Write the report to hand on."""
    meter = Meter()
    content = further_downloads(*_wanted(database, upload, Format.CSV))[1].content
    assert isinstance(content, Page)
    file.write_text(content.html, "utf-8")
    return meter.read(0)


def _write(pieces: Iterable[str], file: Path) -> Cost:
    meter, rows = Meter(), -1
    with file.open("w", encoding="utf-8", newline="") as opened:
        for piece in pieces:
            rows += piece.count("\n")
            opened.write(piece)
    return meter.read(rows)


def export_by_child(database: Database, url: str, upload: int, kind: Format) -> tuple[Cost, float, float]:
    """Have a workbook or zip written by a child; give our cost, the child's peak and its size (MB)."""
    wanted, digest = _wanted(database, upload, kind)
    meter, drafts = Meter(), Drafts()
    try:
        octets, child_mb = _written(drafts, url, preparation(wanted, digest).order)
    finally:
        drafts.close()
    return meter.read(wanted.standing.rows), child_mb, octets / 1e6


def _written(drafts: Drafts, url: str, order: Order) -> tuple[int, float]:
    others = set(_children())
    name, peaks = drafts.begin(url, order), [0.0]
    while (draft := drafts.look(name)) and not draft.is_whole:
        assert not draft.has_failed, "the file was not written"
        peaks += [_peak_mb(child) for child in set(_children()) - others]
        time.sleep(LOOK_S)
    return sum(len(piece) for piece in drafts.fetch(name) or ()), max(peaks)


def _children() -> list[str]:
    """Name the processes that this one has started and that still run."""
    tasks = Path("/proc/self/task").glob("*/children")
    return [child for task in tasks for child in task.read_text("ascii").split()]


def _peak_mb(process: str) -> float:
    """Give the most memory a process held; 0 where it has just ended."""
    try:
        return peak_mb(process)
    except (OSError, StopIteration):
        return 0.0
