"""A million settled rows: pages drawn, addresses found, files written, and how the engine bears it.

`python -m bench.pages [ROWS] [--file FILE]` prints seconds and megabytes, and PASS or FAIL by the limits.
The list is made where the file is not there yet (`bench.settled_list`), and kept there to be used again.
"""

import argparse
import logging
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path

from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from bench.acceptance import Checks
from bench.exporting import Cost, export_by_child, export_csv, export_report, export_suppression
from bench.finding import Timed, time_others, time_searches
from bench.made_up import MARK
from bench.run_list import open_watched
from bench.watched_engine import SECOND_S, lateness_since
from engine.beforehand import spare_what_stays
from engine.reason import Reason
from engine.settings import Settings
from engine.verdict import Flag, Status
from pages.parts.evidence import OPENED
from pages.parts.tickets import Format
from runtime import Runtime, close_runtime
from storage.entries import Search, find_entries

SCRIPT = """
import streamlit as st
from pages.parts import frame
st.navigation([st.Page(each, default=each == frame.{screen}) for each in frame.SCREENS]).run()
"""
SCREENS = ("LISTS", "RESULTS", "DOMAINS", "EXPORT")
DRAWN_S, FOUND_S, CSV_S, ADDED_MB, LATE_S = 1.5, 1.0, 30.0, 100.0, 0.05
CLICK_S = 1.0
SHOWN = 12
"""How many of the slowest questions are printed."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What is measured: the open house and its list, where files go, how late its engine is, and limits."""

    runtime: Runtime
    upload: int
    folder: Path
    lateness: Path
    checks: Checks


def main(rows: int = 1_000_000, file: Path | None = None) -> bool:
    """Measure and print; tell whether all limits hold."""
    return _measured(rows, file or Path(tempfile.gettempdir(), f"winnow-bench-{rows}.db"))


def _measured(rows: int, file: Path) -> bool:
    if not file.exists():
        subprocess.run([sys.executable, "-m", "bench.settled_list", str(file), str(rows)], check=True)
    logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").disabled = True
    settings = Settings(database_url=f"sqlite:///{file}", resolvers=("127.0.0.1:9",))
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        runtime = open_watched(settings, lateness := Path(folder, "lateness"))
        try:
            _measure(Bench(runtime, _newest(runtime), Path(folder), lateness, checks))
        finally:
            close_runtime(runtime)
    return not checks.has_failed


def _newest(runtime: Runtime) -> int:
    with runtime.database.reading() as connection:
        upload: int = connection.execute(text("SELECT max(id) FROM upload")).scalar_one()
    return upload


def _measure(bench: Bench) -> None:
    spare_what_stays()  # as the app does
    pages = _draw_first(bench)
    _draw_again(bench, pages)
    _use_finder(bench, pages["RESULTS"])
    _show_slowest(bench, "a question of the finder", time_searches(bench.runtime.database, bench.upload))
    _show_slowest(bench, "a question of other pages", time_others(bench.runtime.database, bench.upload))
    _export_alone(bench)
    _export_beside_pages(bench, pages)
    _export_by_children(bench)


def _page(screen: str, upload: int) -> AppTest:
    page = AppTest.from_string(SCRIPT.format(screen=screen), default_timeout=120)
    page.query_params["list"] = str(upload)
    return page


def _draw(page: AppTest) -> float:
    began = time.perf_counter()
    page.run()
    assert not page.exception, page.exception
    return time.perf_counter() - began


def _draw_first(bench: Bench) -> dict[str, AppTest]:
    """Draw each page for the first time in this process; the first of all loads libraries."""
    print("\n=== Pages")
    pages = {screen: _page(screen, bench.upload) for screen in SCREENS}
    for screen, page in pages.items():
        bench.checks.at_most(f"s, {screen.title()} drawn first", _draw(page), DRAWN_S)
    return pages


def _draw_again(bench: Bench, pages: dict[str, AppTest]) -> None:
    began_at = time.time()
    for screen, page in pages.items():
        anew, again = _draw(_page(screen, bench.upload)), _draw(page)
        bench.checks.at_most(f"s, {screen.title()} drawn for another visitor", anew, DRAWN_S)
        bench.checks.at_most(f"s, {screen.title()} drawn again", again, DRAWN_S)
    _hold_late(bench, began_at, "pages are drawn")


def _hold_late(bench: Bench, began_at: float, doing: str) -> None:
    """Hold how late the engine's loop was since a moment (Unix seconds) against the limit."""
    time.sleep(SECOND_S)  # until it is written down
    late = lateness_since(bench.lateness, began_at)
    bench.checks.at_most(f"s the engine's loop was late while {doing}", late.longest_s, LATE_S)


def _use_finder(bench: Bench, page: AppTest) -> None:
    """Look for addresses by the controls of Results, as a visitor does."""
    asked: dict[str, Callable[[], object]] = {
        "a status": lambda: page.button_group(key="find status").set_value(Status.INVALID),
        "any status": lambda: page.button_group(key="find status").set_value(None),
        "words": lambda: page.text_input(key="find words").set_value(MARK),
        "words at the start": lambda: page.selectbox(key="find where").set_value("begin"),
        "an exact domain": lambda: (
            page.text_input(key="find words").set_value("gmail.com"),
            page.selectbox(key="find where").set_value("domain"),
        ),
        "nothing": lambda: page.text_input(key="find words").set_value(""),
        "a flag": lambda: page.multiselect(key="find flags").set_value([Flag.ROLE]),
        "a reason": lambda: page.multiselect(key="find reasons").set_value([Reason.MAILBOX_FULL]),
        "any reason": lambda: page.multiselect(key="find reasons").set_value([]),
        "any address": lambda: page.multiselect(key="find flags").set_value([]),
        "the next page": lambda: page.button(key="entries page next").click(),
        "one address": lambda: page.session_state.__setitem__(OPENED, _some_entry(bench)),
    }
    for name, ask in asked.items():
        ask()
        bench.checks.at_most(f"s, Results asked for {name}", _draw(page), FOUND_S)


def _some_entry(bench: Bench) -> int:
    return find_entries(bench.runtime.database, bench.upload, Search(), limit=1)[0].entry


def _show_slowest(bench: Bench, what: str, timed: Iterable[Timed]) -> None:
    print(f"\n=== The slowest: {what}")
    began_at = time.time()
    slowest = sorted(timed, key=lambda each: -each[1])
    for name, seconds in slowest[:SHOWN]:
        print(f"{seconds:8.3f} s  {name}")
    bench.checks.at_most(f"s, {what}", slowest[0][1], FOUND_S)
    _hold_late(bench, began_at, "they are answered")


def _export_alone(bench: Bench) -> None:
    print("\n=== Files, nothing else going on")
    database, upload = bench.runtime.database, bench.upload
    for name, export in (("CSV", export_csv), ("suppression", export_suppression), ("report", export_report)):
        began_at = time.time()
        cost = export(database, upload, bench.folder / name)
        _say(name, cost)
        bench.checks.at_most(f"s, {name}", cost.seconds, CSV_S)
        bench.checks.at_most(f"MB added, {name}", cost.added_mb, ADDED_MB)
        _hold_late(bench, began_at, f"the {name} is written")


def _say(name: str, cost: Cost) -> None:
    speed = f"{cost.rows:,} rows, {cost.rows / cost.seconds:,.0f} a second"
    print(f"{name}: {cost.seconds:.1f} s, {speed}, {cost.added_mb:.0f} MB added")


def _export_beside_pages(bench: Bench, pages: dict[str, AppTest]) -> None:
    """Write a CSV while all pages are drawn again and again."""
    print("\n=== A CSV while pages are drawn")
    began_at = time.time()
    write = partial(export_csv, bench.runtime.database, bench.upload, bench.folder / "beside")
    slowest, seconds = _drawn_beside(pages, write)
    bench.checks.at_most("s, CSV", seconds, CSV_S)
    bench.checks.at_most("s, the slowest page meanwhile", slowest, DRAWN_S)
    _hold_late(bench, began_at, "both go on")


def _drawn_beside(pages: dict[str, AppTest], work: Callable[[], object]) -> tuple[float, float]:
    """Draw pages for as long as some work goes on; give the slowest page's seconds and the work's.

    One page a second, as of a visitor who clicks without rest.
    """
    began, drawn = time.perf_counter(), [0.0]
    thread = threading.Thread(target=work)
    thread.start()
    turns = cycle(pages.values())
    while thread.is_alive():
        drawn.append(_draw(next(turns)))
        thread.join(CLICK_S)
    return max(drawn), time.perf_counter() - began


def _export_by_children(bench: Bench) -> None:
    print("\n=== Files that a child writes")
    url = bench.runtime.settings.database_url
    for name, kind in (("zip by status", Format.BY_STATUS), ("XLSX", Format.XLSX)):
        began_at = time.time()
        cost, child_mb, size_mb = export_by_child(bench.runtime.database, url, bench.upload, kind)
        _say(name, cost)
        print(f"one file of {size_mb:.1f} MB; the child held at most {child_mb:.0f} MB")
        bench.checks.at_most(f"MB added, {name}", cost.added_mb, ADDED_MB)
        _hold_late(bench, began_at, f"the {name} is written")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    parser.add_argument("rows", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--file", type=Path)
    options = parser.parse_args()
    sys.exit(int(not main(options.rows, options.file)))
