"""Winnow itself, as the app runs it: a file is read, stored, started and checked until all is settled.

`python -m bench.run_list FILE [--stop-after N] [--page]` prints what it took as a line of JSON. Settings come
from the environment, as they always do.
"""

import argparse
import gc
import json
import logging
import os
import signal
import tempfile
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from bench.usage import cpu_s, peak_mb
from bench.watched_engine import FILE, MODULE, Lateness, lateness_since
from engine.intake.columns import guess_columns
from engine.intake.read import read_sheet
from engine.settings import Settings, read_settings
from engine_process import EngineProcess
from runtime import Runtime, close_runtime, open_runtime
from storage.database import Database
from storage.intake import save_upload
from storage.lease import engine_holder
from storage.uploads import Choice

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

POLL_S = 0.25
LOOK_S = 0.02
DRAW_EVERY_S = 1.0


@dataclass(slots=True)
class Report:
    """What a list took, the engine's process included. `timeline`: pairs of seconds and settled entries."""

    began_at: float = 0.0
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
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    with tempfile.TemporaryDirectory() as folder:
        runtime = open_watched(settings, lateness := Path(folder, "lateness"))
        try:
            _wait_for_engine(runtime)
            _take_in(runtime.database, options.file, report)
            _run(runtime, report, options, stopping)
        finally:
            close_runtime(runtime)
        report.late = lateness_since(lateness, report.began_at)
    print(json.dumps(asdict(report)), flush=True)


def _wait_for_engine(runtime: Runtime) -> None:
    """Wait until the engine is at work: an app is open long before a list comes."""
    while engine_holder(runtime.database) is None:
        assert runtime.engine.is_alive
        time.sleep(LOOK_S)


def open_watched(settings: Settings, lateness: Path) -> Runtime:
    """Open the house as the app does; how late its engine's loop is comes into this file."""
    os.environ[FILE] = str(lateness)
    return open_runtime(settings, engine_of=lambda usual, _database: EngineProcess(usual, MODULE))


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
    report.intake_peak_mb = peak_mb()


def _run(runtime: Runtime, report: Report, options: argparse.Namespace, stopping: threading.Event) -> None:
    """Start the list and watch until it is done, or as many verdicts are there as are wanted."""
    page = _page(report) if options.page else None
    report.began_at, began = time.time(), time.perf_counter()
    cpu = _cpu_s(runtime)
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
    report.cpu_s = _cpu_s(runtime) - cpu
    report.rows, report.settled, report.peak_mb = entries, settled, sum(map(peak_mb, _processes(runtime)))
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


def _cpu_s(runtime: Runtime) -> float:
    return sum(map(cpu_s, _processes(runtime)))


def _processes(runtime: Runtime) -> tuple[int, int]:
    assert isinstance(runtime.engine, EngineProcess)
    assert runtime.engine.pid is not None
    return os.getpid(), runtime.engine.pid


if __name__ == "__main__":
    main()
