"""The file handed in: read, its address columns chosen, and no danger from the file to be written."""

from collections.abc import Sequence
from pathlib import Path

from cli.screen import refuse, say
from engine.intake.columns import guess_columns
from engine.intake.correction import Correction
from engine.intake.read import read_sheet
from engine.intake.sheet import Sheet
from engine.intake.survey import survey
from engine.never_probed import NeverProbed

_ENDINGS = {".csv", ".xlsx"}


def refuse_output(output: Path, source: Path) -> None:
    """End the program where the output could not be written, or would be written over the input."""
    if output.suffix.lower() not in _ENDINGS:
        refuse(f"{output.name}: the output must end in .csv or .xlsx")
    if not output.absolute().parent.is_dir():
        refuse(f"{output}: there is no such folder to write to")
    if output.exists() and source.exists() and output.samefile(source):
        refuse(f"{output} is the input itself; choose another name for the output")


def read_source(source: Path, sheet_name: str | None) -> Sheet:
    """Read the file handed in. Raises UnreadableFile."""
    try:
        content = source.read_bytes()
    except OSError as error:
        refuse(f"{source}: {error.strerror}")
    return read_sheet(content, source.name, sheet_name=sheet_name)


def choose_columns(sheet: Sheet, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Take the columns that were named, else the one that looks most like addresses."""
    if missing := [name for name in wanted if name not in sheet.frame.columns]:
        there = ", ".join(sheet.frame.columns)
        refuse(f"{sheet.name} has no column {missing[0]!r}; there are {there}")
    if not wanted and not (wanted := guess_columns(sheet)[:1]):
        refuse(f"{sheet.name} holds no e-mail address in any column")
    return wanted


def tell_of_columns(sheet: Sheet, chosen: tuple[str, ...]) -> None:
    """Say which columns are checked, and which hold addresses too but are not."""
    noun = "column" if len(chosen) == 1 else "columns"
    say(f"Checking the addresses of the {noun} {_listed(chosen)}.")
    others = tuple(name for name in guess_columns(sheet) if name not in chosen)
    if others:
        say(f"There are addresses in {_listed(others)} too; --column, given for each column, checks them.")


def corrections_for(
    sheet: Sheet, columns: tuple[str, ...], never_probed: NeverProbed
) -> tuple[Correction, ...]:
    """Find the mistyped domains of these columns, each with the right one; of those never asked, none."""
    return tuple(slip.correction for slip in survey(sheet, columns, never_probed=never_probed).slips)


def tell_of_corrections(corrections: Sequence[Correction]) -> None:
    """Say which domains are taken for typing errors, and where their addresses are asked instead."""
    for wrong, right in corrections:
        say(f"Addresses at {wrong} are asked at {right}.")


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"“{name}”" for name in names)
