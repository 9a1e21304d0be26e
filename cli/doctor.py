"""`winnow doctor`: what it is asked with."""

from typing import Annotated

import typer


def doctor(
    domain: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="greet this domain's mail host, not the large ones; repeatable"),
    ] = None,
    is_json: Annotated[bool, typer.Option("--json", help="print what was found as JSON")] = False,
) -> None:
    """Look how this machine stands with mail hosts: DNS, port 25, PTR, HELO, sender, SPF and block lists.

    Nobody is asked about any mailbox. The exit code is 1 where something must
    be mended first, else 0.
    """
    from cli.examine import examine  # the resolver and the rest, which --help need not wait for

    examine(domain or (), is_json=is_json)
