"""`winnow check`: what it is asked with."""

from typing import Annotated

import typer


def check(
    address: Annotated[str, typer.Argument(help="the address to check")],
    max_wait: Annotated[
        float, typer.Option(help="seconds to wait for a host that wants us back later")
    ] = 60.0,
    policy: Annotated[str, typer.Option(metavar="CLIENT", help="judge by this client's policy")] = "usual",
    is_json: Annotated[bool, typer.Option("--json", help="print the verdict as JSON")] = False,
) -> None:
    """Check one address and print the verdict with its ledger and trace. Nothing is kept."""
    from cli.check_address import check_address  # the whole engine, which --help need not wait for

    check_address(address, max_wait, policy, is_json=is_json)
