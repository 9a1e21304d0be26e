"""`winnow lists`: what it is asked with."""

from typing import Annotated

import typer


def lists(
    name: Annotated[
        str, typer.Argument(metavar="[ADDRESS|DOMAIN]", help="what to look up in all lists")
    ] = "",
) -> None:
    """Say how large and how old each list is; or which of them a name is in, and what follows from that."""
    from cli.show_lists import show_lists  # every list, which --help need not wait for

    show_lists(name)
