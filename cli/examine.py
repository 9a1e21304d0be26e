"""This machine, looked over as mail hosts see it."""

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from textwrap import fill

import typer

from cli.house import read_house, refusing
from cli.screen import refuse, show
from engine.address import Address, parse_address
from engine.preflight.line import Light, Line, Preflight
from engine.preflight.run import run_preflight

TO_BE_MENDED = 1
"""The exit code where a light is red."""
WIDTH = 100
DNS_ONLY = (
    "Until that port is open, a list can be checked by DNS alone: winnow verify --dns-only. That finds"
    " domains that do not exist, are misspelt or take no mail; it cannot tell whether anybody has a mailbox"
    " at the others, so those addresses stay unknown."
)


@dataclass(frozen=True, slots=True)
class Lamp:
    """How a light looks on a terminal: never by its colour alone."""

    sign: str
    word: str
    colour: str


LAMPS = {
    Light.GREEN: Lamp("✓", "In order", "green"),
    Light.AMBER: Lamp("!", "Worth a look", "yellow"),
    Light.RED: Lamp("✗", "Mend this first", "red"),
}


def examine(domains: Sequence[str], *, is_json: bool) -> None:
    """Print how this machine stands, and end with exit code 1 where something must be mended first."""
    with refusing():
        settings = read_house()
        found = asyncio.run(run_preflight(settings, [_domain_of(name) for name in domains]))
    if is_json:
        sys.stdout.write(_as_json(found) + "\n")
    else:
        _print(found)
    if found.worst is Light.RED:
        raise typer.Exit(TO_BE_MENDED)


def _domain_of(name: str) -> str:
    address = parse_address(f"postmaster@{name}")
    return address.domain if isinstance(address, Address) else refuse(f"{name!r} is not a domain")


def _as_json(found: Preflight) -> str:
    lines = [asdict(line) for line in found.lines]
    return json.dumps({"light": found.worst, "is_port_open": found.is_port_open, "lines": lines})


def _print(found: Preflight) -> None:
    for line in found.lines:
        _print_line(line)
    if found.is_port_open is False:
        show(fill(DNS_ONLY, WIDTH))


def _print_line(line: Line) -> None:
    lamp = LAMPS[line.light]
    head = f"{lamp.sign} {lamp.word}:"
    show(_folded(f"{head} {line.finding}"), coloured=len(head), colour=lamp.colour)
    if line.advice:
        show(_folded(f"  What to do: {line.advice}"))


def _folded(text: str) -> str:
    return fill(text, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
