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
    reuse_days: Annotated[
        float | None, typer.Option(min=0, help="reuse only answers of so many days; 0 is --fresh")
    ] = None,
    dns_only: Annotated[bool, typer.Option("--dns-only", help="ask the DNS and no mail host")] = False,
    fix_typos: Annotated[bool, typer.Option("--fix-typos", help="ask at gmail.com for gmial.com")] = False,
    policy: Annotated[
        str, typer.Option(metavar="CLIENT", help="judge by this client's policy; usual is everybody's")
    ] = "",
    max_wait: Annotated[float, typer.Option(help="seconds to wait for hosts that want us back later")] = 60.0,
    is_json: Annotated[bool, typer.Option("--json", help="print the figures as JSON")] = False,
) -> None:
    """Check every address of a file and write the file back with what was found.

    The same file and options on the same database go on where an earlier
    run stopped; a list that is done is written again as it stands.

    A list keeps the policy it was given last; --policy gives it another, by
    which it is judged again without asking anybody.

    With --fresh, a list that is done is asked about anew, as a further list;
    --reuse-days does the same, but keeps the answers that are not older.

    With --dns-only, domains that take no mail are found; mailboxes are not.
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
            reuse_days=0.0 if fresh else reuse_days,
            is_dns_only=dns_only,
            is_fixing_typos=fix_typos,
            policy=policy,
            max_wait_s=max_wait,
            is_json=is_json,
        )
    )
