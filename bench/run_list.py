"""Winnow itself, in a process of its own: a file is read, stored, started and checked until all is settled.

`python -m bench.run_list FILE [--stop-after N] [--page]` prints what it took as a line of JSON. Settings come
from the environment, as they always do.
"""

import argparse
import asyncio
import gc
import json
import logging
import resource
import signal
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from engine.intake.columns import guess_columns
from engine.intake.read import read_sheet
from engine.settings import read_settings
from runtime import Runtime, close_runtime, open_runtime
from storage.database import Database
from storage.intake import save_upload
from storage.uploads import Choice

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

POLL_S = 0.25
TICK_S = 0.01
LATE_S = 0.05
DRAW_EVERY_S = 1.0


@dataclass(slots=True)
class Lateness:
    """How late a callback came that was due every 10 ms: at most, in seconds, and how often over 50 ms."""

    longest_s: float = 0.0
    late: int = 0
    ticks: int = 0

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to watch a loop, from within it."""
        self._tick(loop, loop.time())

    def _tick(self, loop: asyncio.AbstractEventLoop, due_at: float) -> None:
        late_s = loop.time() - due_at
        self.longest_s = max(self.longest_s, late_s)
        self.late += late_s > LATE_S
        self.ticks += 1
        loop.call_later(TICK_S, self._tick, loop, loop.time() + TICK_S)


@dataclass(slots=True)
class Report:
    """What a list took. `timeline` holds pairs of seconds since the start and settled entries."""

    upload: int = 0
    rows: int = 0
    read_s: float = 0.0
    store_s: float = 0.0
    start_s: float = 0.0
    run_s: float = 0.0
    cpu_s: float = 0.0
    settled: int = 0
    intake_peak_mb: float = 0.0
    peak_mb: float = 0.0
    late: Lateness = field(default_factory=Lateness)
    drawn_s: list[float] = field(default_factory=list)
    timeline: list[tuple[float, int]] = field(default_factory=list)


def main() -> None:
    """Run the list and print the report."""
    options = _read_options()
    settings = read_settings()
    report = Report()
    runtime = open_runtime(settings)
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    try:
        _take_in(runtime.database, options.file, report)
        _run(runtime, report, options, stopping)
    finally:
        close_runtime(runtime)
    print(json.dumps(asdict(report)), flush=True)


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.run_list")
    parser.add_argument("file", type=Path)
    parser.add_argument("--stop-after", type=int, default=0, metavar="N", help="stop at so many verdicts")
    parser.add_argument("--page", action="store_true", help="draw the Results page again and again")
    return parser.parse_args()


def _take_in(database: Database, file: Path, report: Report) -> None:
    began = time.perf_counter()
    sheet = read_sheet(file.read_bytes(), file.name)
    report.read_s = time.perf_counter() - began
    began = time.perf_counter()
    report.upload = save_upload(database, sheet, Choice(guess_columns(sheet)[:1]))
    report.store_s = time.perf_counter() - began
    report.intake_peak_mb = _peak_mb()


def _run(runtime: Runtime, report: Report, options: argparse.Namespace, stopping: threading.Event) -> None:
    """Start the list and watch until it is done, or as many verdicts are there as are wanted."""
    page = _page(report) if options.page else None
    loop = runtime.engine._loop  # noqa: SLF001 - measured from outside, as no user would
    assert loop is not None
    loop.call_soon_threadsafe(report.late.watch, loop)
    began, cpu = time.perf_counter(), time.process_time()
    starting = threading.Thread(target=_start, args=(runtime, report))
    starting.start()
    while not stopping.is_set():
        entries, settled, is_done = _progress(runtime.database, report.upload)
        report.timeline.append((time.perf_counter() - began, settled))
        if is_done or (options.stop_after and settled >= options.stop_after):
            break
        if page is not None:
            _draw(page, report)
        stopping.wait(DRAW_EVERY_S if page is not None else POLL_S)
    report.run_s = time.perf_counter() - began
    report.cpu_s = time.process_time() - cpu
    report.rows, report.settled, report.peak_mb = entries, settled, _peak_mb()
    starting.join()


def _start(runtime: Runtime, report: Report) -> None:
    """Start the list; the first verdicts come while the last of its mailboxes are not wanted yet."""
    began = time.perf_counter()
    runtime.start_upload(report.upload)
    report.start_s = time.perf_counter() - began


def _progress(database: Database, upload: int) -> tuple[int, int, bool]:
    """Give how many entries there are, how many are settled, and whether the list is done."""
    with database.reading() as connection:
        row = connection.execute(
            text("SELECT entry_count, settled_count, state FROM upload WHERE id = :upload"),
            {"upload": upload},
        ).one()
    return row.entry_count, row.settled_count, row.state == "done"


def _page(report: Report) -> "AppTest":
    """Draw the Results page a first time, which loads libraries; as the app does, keep these from the GC."""
    from streamlit.testing.v1 import AppTest

    from bench.large_list import SCRIPT

    logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").disabled = True
    page = AppTest.from_string(SCRIPT, default_timeout=60)
    page.query_params["list"] = str(report.upload)
    _draw(page, report)
    gc.collect()
    gc.freeze()
    return page


def _draw(page: "AppTest", report: Report) -> None:
    began = time.perf_counter()
    page.run()
    report.drawn_s.append(round(time.perf_counter() - began, 3))
    assert not page.exception, page.exception


def _peak_mb() -> float:
    """Give the most memory this process ever held, in MB (Linux counts in KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
