"""A file of addresses, from the file handed in to the file handed back."""

from dataclasses import dataclass
from pathlib import Path

from cli.begin import begin
from cli.house import open_house, refusing
from cli.report import report
from cli.screen import refuse, say
from cli.source import choose_columns, read_source, refuse_output
from cli.watch import watch
from runtime import Runtime
from storage.exports import Export, parse_selection
from storage.files import write_file
from storage.uploads import Choice


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for. No `columns`: the address column is guessed; no `sheet_name`: the first sheet."""

    source: Path
    output: Path
    columns: tuple[str, ...]
    sheet_name: str | None
    include: str
    exclude: str
    is_fresh_wanted: bool
    max_wait_s: float
    is_json: bool


def check_list(order: Order) -> None:
    """Check every address of a file, write the file back, and print the figures."""
    refuse_output(order.output, order.source)
    with refusing():
        selection = parse_selection(order.include, order.exclude)
        sheet = read_source(order.source, order.sheet_name)
        choice = Choice(choose_columns(sheet, order.columns), is_fresh_wanted=order.is_fresh_wanted)
        for note in sheet.notes:
            say(note)
        with open_house() as runtime:
            upload = begin(runtime, sheet, choice)
            summary = watch(runtime, upload, order.max_wait_s)
            _write(runtime, Export(upload, selection), order.output)
    report(summary.standing, order.output, selection, is_json=order.is_json)


def _write(runtime: Runtime, export: Export, output: Path) -> None:
    try:
        write_file(runtime.database, export, output)
    except OSError as error:
        refuse(f"{output} cannot be written: {error.strerror}")
