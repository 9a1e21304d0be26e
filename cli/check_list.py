"""A file of addresses, from the file handed in to the file handed back."""

from dataclasses import dataclass, replace
from pathlib import Path

from cli.begin import begin
from cli.choice_of_policy import choose_policy
from cli.house import open_house, refusing
from cli.report import report
from cli.screen import refuse, say
from cli.source import (
    choose_columns,
    corrections_for,
    read_source,
    refuse_output,
    tell_of_columns,
    tell_of_corrections,
)
from cli.watch import watch
from engine.intake.sheet import Sheet
from engine.never_probed import NeverProbed
from engine.policy import DEFAULT_POLICY, Policy
from engine.readiness import SAFE_ONLY, WHOLE_LIST, Readiness, readiness_of
from runtime import Runtime
from storage.estimates import estimate_list
from storage.exports import Export
from storage.files import write_file
from storage.never_probed import read_never_probed
from storage.policies import NamedPolicy, policy_of_list
from storage.selection import parse_selection
from storage.sending import counts_for_sending
from storage.uploads import Choice


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for.

    No `columns`: the address column is guessed; no `sheet_name`: the first sheet; no `policy`: the list keeps
    the one it has; no `reuse_days`: all answers that still hold are reused.
    """

    source: Path
    output: Path
    columns: tuple[str, ...]
    sheet_name: str | None
    include: str
    exclude: str
    reuse_days: float | None
    is_dns_only: bool
    is_fixing_typos: bool
    policy: str
    max_wait_s: float
    is_json: bool


def check_list(order: Order) -> None:
    """Check every address of a file, write the file back, and print the figures."""
    refuse_output(order.output, order.source)
    with refusing():
        selection = parse_selection(order.include, order.exclude)
        sheet = read_source(order.source, order.sheet_name)
        columns = choose_columns(sheet, order.columns)
        for note in sheet.notes:
            say(note)
        with open_house() as runtime:
            named = choose_policy(runtime.database, order.policy) if order.policy else None
            choice = _choice(order, sheet, columns, read_never_probed(runtime.database, _policy(named)))
            if not order.is_json:
                tell_of_columns(sheet, choice.columns)
                tell_of_corrections(choice.corrections)
            upload = begin(runtime, sheet, choice, named)
            summary = watch(runtime, upload, order.max_wait_s)
            left = estimate_list(runtime.database, upload, runtime.settings)
            ready = _readiness(runtime, upload)
            _write(runtime, Export(upload, selection), order.output)
    report(summary, order.output, selection, is_json=order.is_json, left=left, ready=ready)


def _readiness(runtime: Runtime, upload: int) -> dict[str, Readiness]:
    """Say whether the whole list, and what is safe of it, is ready to send by the list's policy."""
    counts = counts_for_sending(runtime.database, upload)
    policy = policy_of_list(runtime.database, upload).policy
    choices = {"whole_list": WHOLE_LIST, "safe": SAFE_ONLY}
    return {name: readiness_of(counts, keeps, policy) for name, keeps in choices.items()}


def _policy(named: NamedPolicy | None) -> Policy:
    return named.policy if named else DEFAULT_POLICY


def _choice(order: Order, sheet: Sheet, columns: tuple[str, ...], never_probed: NeverProbed) -> Choice:
    choice = Choice(columns, reuse_days=order.reuse_days, is_dns_only=order.is_dns_only)
    if not order.is_fixing_typos:
        return choice
    return replace(choice, corrections=corrections_for(sheet, columns, never_probed))


def _write(runtime: Runtime, export: Export, output: Path) -> None:
    try:
        write_file(runtime.database, export, output)
    except OSError as error:
        refuse(f"{output} cannot be written: {error.strerror}")
