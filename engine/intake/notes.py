"""What a person should know of how their list was read: one sentence each, in a spreadsheet's words."""

from collections.abc import Iterator, Sequence

from engine.intake.table import Table

_MOST_NAMED = 5


def note_broken_quotes(rows: Sequence[int]) -> str:
    """Name the rows whose quotation marks are broken, by their numbers in a spreadsheet."""
    marks = "a quotation mark that is" if len(rows) == 1 else "quotation marks that are"
    read = "it was read as it stands" if len(rows) == 1 else "they were read as they stand"
    return (
        f"{_named(rows)} {marks} out of place or never closed; {read}, and all other rows as usual."
        " If the cells there look wrong, mend the file and hand it in again."
    )


def _named(rows: Sequence[int]) -> str:
    if len(rows) == 1:
        return f"Row {rows[0]:,} has"
    first = [f"{row:,}" for row in rows[:_MOST_NAMED]]
    more = len(rows) - len(first)
    last = f"{more:,} more" if more else first.pop()
    return f"Rows {', '.join(first)} and {last} have"


def note_skipped(table: Table) -> Iterator[str]:
    """Tell of empty rows at the top."""
    if table.skipped:
        were = "was" if table.skipped == 1 else "were"
        yield f"{_rows(table.skipped)} above the first filled one {were} left out."


def note_title(said: Sequence[str], rows: int) -> Iterator[str]:
    """Tell that lines above the header are no rows of the list."""
    if rows:
        line, is_said = ("The line", "is") if rows == 1 else (f"The {rows:,} lines", "are")
        quoted = ", ".join(f"“{each}”" for each in said[:_MOST_NAMED])
        yield f"{line} above the header {is_said} left out: {quoted}."


def note_parted(lines: int, rows: int) -> Iterator[str]:
    """Tell that lines of several addresses became a row for each."""
    if rows > lines:
        yield f"Lines of nothing but several addresses were parted, one row for each: {rows:,} rows in all."


def note_wide_rows(table: Table, width: int, names: Sequence[str]) -> Iterator[str]:
    """Tell of rows with more cells than the header, which is `width` cells wide."""
    if wider := sum(count for cells, count in table.widths.items() if cells > width):
        has = "has" if wider == 1 else "have"
        extra = ", ".join(f"“{name}”" for name in names[width:][:_MOST_NAMED])
        yield f"{_rows(wider)} {has} more cells than the header; the extra ones are kept in {extra}."


def note_short_rows(table: Table, width: int) -> Iterator[str]:
    """Tell of rows that end before a column which most others fill; where few fill it nothing is amiss."""
    shortest = min((cells for cells in table.widths if cells), default=width)
    missed = [place for place in range(shortest, width) if _is_mostly_filled(table, place)]
    short = sum(count for cells, count in table.widths.items() if 0 < cells <= max(missed, default=0))
    if short:
        has = "has" if short == 1 else "have"
        of_all = f"{short:,} of {_rows(len(table.frame) - 1)}"
        yield f"{of_all} {has} fewer cells than the header; the missing ones are empty."


def _is_mostly_filled(table: Table, place: int) -> bool:
    """Whether most rows that go as far as a column fill it; the header does not count."""
    reaching = sum(count for cells, count in table.widths.items() if cells > place) - 1
    filled = int(table.frame[place].iloc[1:].str.strip().ne("").sum())
    return 2 * filled > reaching


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"
