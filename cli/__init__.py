"""The terminal door: `winnow verify` for a file, `winnow check` for one address, and what is good to know."""

from importlib.metadata import version
from typing import Annotated

import typer

from cli import check, doctor, lists, never_probe, policy, verify

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
app.command("verify")(verify.verify)
app.command("check")(check.check)
app.command("doctor")(doctor.doctor)
app.command("lists")(lists.lists)
app.add_typer(policy.app, name="policy")
app.add_typer(never_probe.app, name="never-probe")


def _tell_version(is_wanted: bool) -> None:
    if is_wanted:
        typer.echo(f"winnow {version('winnow-mail')}")
        raise typer.Exit


@app.callback()
def _winnow(
    _: Annotated[
        bool,
        typer.Option("--version", callback=_tell_version, is_eager=True, help="Say which version this is."),
    ] = False,
) -> None:
    """Tell which e-mail addresses will arrive, by asking each domain's own mail host. Sends no mail."""


def main() -> None:
    """Run the terminal."""
    app(prog_name="winnow")
