"""`winnow never-probe`: what its commands are asked with."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True,
    help="Say who is never asked about: no connection, and but for mx:HOST no DNS query.",
)

Names = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[NAME]...",
        help="an address, a domain with its subdomains, or mx:HOST for mail hosts under it",
    ),
]
NameFile = Annotated[Path | None, typer.Option("--file", help="a text file of names, one a line")]


@app.command("add")
def add(
    names: Names = None,
    file: NameFile = None,
    why: Annotated[str, typer.Option(help="why they are never to be asked about")] = "",
    source: Annotated[str, typer.Option("--as", help="the list of yours that they are of")] = "",
) -> None:
    """Put names on the list. Lists that run leave them out from then on; they become unknown."""
    from cli.never_probed import add_names  # the database, which --help need not wait for

    add_names(names or (), file, why, source)


@app.command("remove")
def remove(names: Names = None, file: NameFile = None) -> None:
    """Take names off the list; they are asked about when their list is asked again."""
    from cli.never_probed import remove_names

    remove_names(names or (), file)


@app.command("list")
def list_names(
    words: Annotated[str, typer.Argument(metavar="[WORDS]", help="only names with this in them")] = "",
) -> None:
    """Print the list, a name a line, and why it stands there."""
    from cli.never_probed import print_names

    print_names(words)
