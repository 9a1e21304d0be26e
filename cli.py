"""The terminal door: `winnow verify` for a file, `winnow check` for one address."""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from engine.address import Address, Malformed, parse_address
from engine.intake.columns import guess_columns
from engine.intake.read import read_sheet
from engine.intake.sheet import Sheet, UnreadableFile
from engine.judge import judge_malformed
from engine.settings import UnusableSettings, read_settings
from engine.single import Single, check_one
from engine.verdict import Status
from engine.work_queue import Notice, StoreFails
from pages.parts.spoken import say_json, say_text
from pages.parts.words import NOTICES
from runtime import Runtime, close_runtime, open_runtime
from storage.database import UnusableDatabase
from storage.exports import Export, Selection, UnknownWord, parse_selection
from storage.files import write_file
from storage.intake import save_upload
from storage.summaries import Summary, engine_holder, summarise
from storage.uploads import Choice, UploadState, continuation_of, find_upload

LOOK_S = 0.2
BAD_INPUT = 2
STOPPED = frozenset({Notice.PORT_CLOSED, Notice.NO_IDENTITY})

terminal = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
said = Console(stderr=True, highlight=False, soft_wrap=True)


@terminal.callback()
def _winnow() -> None:
    """Tell which e-mail addresses will arrive, by asking each domain's own mail host. Sends no mail."""


def _refuse(message: str) -> NoReturn:
    said.print(f"winnow: {message}", markup=False)
    raise typer.Exit(BAD_INPUT)


@terminal.command()
def verify(  # noqa: PLR0917 - typer reads options from the signature
    source: Annotated[Path, typer.Argument(metavar="INPUT", help="CSV, TSV, TXT, XLSX, XLS or ODS")],
    output: Annotated[Path, typer.Option("--output", "-o", help="the file to write, .csv or .xlsx")],
    column: Annotated[list[str] | None, typer.Option(help="address column; guessed where not given")] = None,
    sheet: Annotated[str | None, typer.Option(help="the workbook's sheet")] = None,
    include: Annotated[str, typer.Option(help="keep only rows of these statuses or flags")] = "",
    exclude: Annotated[str, typer.Option(help="leave out rows of these statuses or flags")] = "",
    fresh: Annotated[bool, typer.Option("--fresh", help="ask again where an answer still holds")] = False,
    max_wait: Annotated[float, typer.Option(help="seconds to wait for hosts that want us back later")] = 60.0,
    is_json: Annotated[bool, typer.Option("--json", help="print the figures as JSON")] = False,
) -> None:
    """Check every address of a file and write the file back with what was found.

    The same file and options on the same database go on where an earlier run stopped; a list that is done is
    written again as it stands, and --fresh asks about it anew.
    """
    try:
        selection = parse_selection(include, exclude)
        read = _read(source, output, sheet)
        choice = Choice(_columns(read, column), is_fresh_wanted=fresh)
        with _running() as runtime:
            summary = _check(runtime, read, choice, max_wait)
            _write(runtime, Export(summary.standing.upload, selection), output)
    except (UnreadableFile, UnusableSettings, UnusableDatabase, UnknownWord, StoreFails) as error:
        _refuse(str(error))
    _report(summary, output, selection, is_json=is_json)


def _read(source: Path, output: Path, sheet: str | None) -> Sheet:
    if output.suffix.lower() not in {".csv", ".xlsx"}:
        raise UnreadableFile(f"{output.name}: the output must end in .csv or .xlsx")
    if not output.absolute().parent.is_dir():
        raise UnreadableFile(f"{output}: there is no such folder to write to")
    if output.exists() and source.exists() and output.samefile(source):
        raise UnreadableFile(f"{output} is the input itself; choose another name for the output")
    try:
        content = source.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{source}: {error.strerror}") from None
    return read_sheet(content, source.name, sheet_name=sheet)


def _columns(sheet: Sheet, wanted: list[str] | None) -> tuple[str, ...]:
    if wanted:
        if missing := [name for name in wanted if name not in sheet.frame.columns]:
            there = ", ".join(sheet.frame.columns)
            raise UnreadableFile(f"{sheet.name} has no column {missing[0]!r}; there are {there}")
        return tuple(wanted)
    if guessed := guess_columns(sheet)[:1]:
        return guessed
    raise UnreadableFile(f"{sheet.name} holds no e-mail address in any column")


@contextmanager
def _running() -> Iterator[Runtime]:
    runtime = open_runtime(read_settings())
    try:
        yield runtime
    finally:
        close_runtime(runtime)


def _check(runtime: Runtime, sheet: Sheet, choice: Choice, max_wait: float) -> Summary:
    """Keep the list, or find it again, and watch it until it is done or nothing is left but waiting."""
    upload = find_upload(runtime.database, continuation_of(sheet, choice))
    if upload is not None and choice.is_fresh_wanted and _is_done(runtime, upload):
        upload = None  # fresh answers were had the last time; now they are wanted anew
    if upload is None:
        upload = save_upload(runtime.database, sheet, choice)
    if _is_done(runtime, upload):
        said.print("This list was checked before and is written again as it stands; --fresh asks anew.")
    else:
        runtime.start_upload(upload)
    with _progress() as progress:
        return _watch(runtime, upload, max_wait, progress)


def _is_done(runtime: Runtime, upload: int) -> bool:
    return _summary(runtime, upload).standing.state is UploadState.DONE


def _watch(runtime: Runtime, upload: int, max_wait: float, progress: Progress) -> Summary:
    bar = progress.add_task("checking", total=None)
    watch = _Watch(max_wait)
    while True:
        summary = _summary(runtime, upload)
        standing = summary.standing
        progress.update(bar, completed=standing.settled, total=standing.entries)
        if standing.state is not UploadState.RUNNING or watch.is_enough(runtime, summary):
            return summary
        if not runtime.engine.is_alive:
            raise UnusableDatabase("the engine has stopped; run the same command again to go on")
        time.sleep(LOOK_S)


@dataclass(slots=True)
class _Watch:
    """Decides when a run has waited enough: `max_wait` seconds for what may or may not come."""

    max_wait: float
    notice: Notice = Notice.RUNNING
    stopped_since: float | None = None

    def is_enough(self, runtime: Runtime, summary: Summary) -> bool:
        """Tell whether only retries beyond the wait are left, or asking has been stopped for so long."""
        if self._stopped_for(runtime) > self.max_wait:
            return True
        deferred = summary.deferred
        if not deferred or sum(each.count for each in deferred) < summary.standing.waiting:
            return False
        return min(each.first_at for each in deferred) > time.time() + self.max_wait

    def _stopped_for(self, runtime: Runtime) -> float:
        holder = engine_holder(runtime.database)
        notice = holder.notice if holder else Notice.RUNNING
        if notice is not self.notice and NOTICES[notice]:
            said.print(f"winnow: {NOTICES[notice]}", markup=False)
        self.notice = notice
        if notice not in STOPPED:
            self.stopped_since = None
            return 0.0
        self.stopped_since = self.stopped_since or time.monotonic()
        return time.monotonic() - self.stopped_since


def _summary(runtime: Runtime, upload: int) -> Summary:
    summary = summarise(runtime.database, upload)
    assert summary is not None, "the list was found or kept a moment ago"
    return summary


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=said,
        transient=True,
        disable=not said.is_terminal,
    )


def _write(runtime: Runtime, export: Export, output: Path) -> None:
    try:
        write_file(runtime.database, export, output)
    except OSError as error:
        raise UnreadableFile(f"{output} cannot be written: {error.strerror}") from None


def _report(summary: Summary, output: Path, selection: Selection, *, is_json: bool) -> None:
    standing = summary.standing
    waiting = standing.waiting
    if is_json:
        figures = {status.value: standing.statuses[status] for status in Status}
        print_json = {"list": standing.upload, "entries": standing.entries, "waiting": waiting, **figures}
        sys.stdout.write(json.dumps(print_json) + "\n")
        return
    counted = ", ".join(f"{standing.statuses[status]:,} {status.value}" for status in Status)
    said.print(f"{output}: {counted}", markup=False)
    if waiting:
        said.print(
            f"{waiting:,} still wait for their host and were written as unknown; "
            "run the same command again to go on."
        )
    if selection != Selection():
        said.print("Only the rows you chose were written.")


@terminal.command()
def check(
    address: Annotated[str, typer.Argument(help="the address to check")],
    max_wait: Annotated[
        float, typer.Option(help="seconds to wait for a host that wants us back later")
    ] = 60.0,
    is_json: Annotated[bool, typer.Option("--json", help="print the verdict as JSON")] = False,
) -> None:
    """Check one address and print the verdict with its ledger and trace. Nothing is kept."""
    parsed = parse_address(address)
    try:
        settings = read_settings()
    except UnusableSettings as error:
        _refuse(str(error))
    if isinstance(parsed, Malformed):
        single = Single(Address(address, ""), judge_malformed(parsed))
    else:
        single = asyncio.run(check_one(parsed, settings, max_wait))
    say = say_json if is_json else say_text
    sys.stdout.write(say(single, address) + "\n")


def main() -> None:
    """Run the terminal."""
    terminal()


if __name__ == "__main__":
    main()
