"""One address, checked and told of."""

import asyncio
import sys

from cli.house import refusing
from engine.address import Address, Malformed, parse_address
from engine.judge import judge_malformed
from engine.settings import Settings, read_settings
from engine.single import Single, check_one
from pages.parts.spoken import say_json, say_text


def check_address(address: str, max_wait_s: float, *, is_json: bool) -> None:
    """Check an address and print the verdict, in words or as JSON."""
    with refusing():
        settings = read_settings()
    say = say_json if is_json else say_text
    sys.stdout.write(say(_checked(address, settings, max_wait_s), address) + "\n")


def _checked(address: str, settings: Settings, max_wait_s: float) -> Single:
    parsed = parse_address(address)
    if isinstance(parsed, Malformed):
        return Single(Address(address, ""), judge_malformed(parsed))
    return asyncio.run(check_one(parsed, settings, max_wait_s))
