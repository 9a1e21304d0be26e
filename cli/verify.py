"""`winnow verify`: what it is asked with."""

from pathlib import Path
from typing import Annotated

import typer


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

    The same file and options on the same database go on where an earlier
    run stopped; a list that is done is written again as it stands.

    With --fresh, a list that is done is asked about anew, as a further list;
    one that was begun with --fresh and is not done goes on.
    """
    from cli.check_list import Order, check_list  # pandas and the database, which --help need not wait for

    check_list(
        Order(
            source=source,
            output=output,
            columns=tuple(column or ()),
            sheet_name=sheet,
            include=include,
            exclude=exclude,
            is_fresh_wanted=fresh,
            max_wait_s=max_wait,
            is_json=is_json,
        )
    )
