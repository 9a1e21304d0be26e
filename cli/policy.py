"""`winnow policy`: what its commands are asked with."""

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Say, client by client, what counts as risky or invalid.")

Name = Annotated[str, typer.Argument(metavar="CLIENT", help="the client's name; usual is everybody's")]


@app.command("set")
def set_policy(
    name: Annotated[str, typer.Argument(metavar="CLIENT", help="the client's name")],
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[RULE=VALUE]...", help="what differs from the usual policy"),
    ] = None,
) -> None:
    """Keep a client's policy: the usual one, but for the rules given.

    accept-all=own|risky|invalid; role, free, disposable, full=kept|risky|invalid;
    least-confidence=0-100, below which what would be valid is risky;
    disposable-domains, trusted-domains=a.example,b.example: this client's
    own word on domains, the latter never disposable, nor role accounts
    there weighed;
    never-probed-domains=a.example,b.example: nobody there is asked about
    for lists of this client, that start or get the policy from now on.
    When a list is ready to send, in percent: least-valid=95,
    most-unknown=20 among small domains, of fewer rows than
    small-domain=10 (1-100), most-bounces=2.
    Nobody is asked about disposable domains, so disposable=kept makes their
    addresses unknown.
    """
    from cli.client_policies import keep_policy  # the database, which --help need not wait for

    keep_policy(name, words or ())


@app.command("list")
def list_policies() -> None:
    """Print each client's policy: what differs from the usual one."""
    from cli.client_policies import print_policies

    print_policies()


@app.command("remove")
def remove_policy(name: Name) -> None:
    """Forget a client's policy; lists judged by it stay as they are."""
    from cli.client_policies import forget_policy

    forget_policy(name)


@app.command("apply")
def apply_policy(
    name: Name, number: Annotated[int, typer.Argument(metavar="LIST", help="the list's number")]
) -> None:
    """Judge a list by a client's policy from now on, without asking anybody."""
    from cli.client_policies import give_policy

    give_policy(name, number)
