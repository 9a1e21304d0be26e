"""One address, checked and told of."""

import sys
from dataclasses import dataclass

from cli.choice_of_policy import USUAL, choose_policy
from cli.house import open_rows, read_house, refusing
from engine.address import Address, Malformed, parse_address
from engine.judge import judge_malformed
from engine.loop import run
from engine.never_probed import NOTHING, NeverProbed
from engine.policy import DEFAULT_POLICY, Policy
from engine.settings import Settings
from engine.single import Single, check_one
from pages.parts.spoken import say_json, say_text
from storage.database import is_database_there
from storage.never_probed import read_never_probed


@dataclass(frozen=True, slots=True)
class _Rules:
    """What the database says of checks: the policy to judge by, and who is never asked about."""

    policy: Policy = DEFAULT_POLICY
    never_probed: NeverProbed = NOTHING


def check_address(address: str, max_wait_s: float, policy: str, *, is_json: bool) -> None:
    """Check an address, judge it by a client's policy, and print the verdict, in words or as JSON."""
    with refusing():
        settings = read_house()
        rules = _rules(settings, policy)
    say = say_json if is_json else say_text
    sys.stdout.write(say(_checked(address, settings, max_wait_s, rules), address) + "\n")


def _rules(settings: Settings, policy: str) -> _Rules:
    """Read the rules; where there is no database yet, none is made. Raises NoSuchPolicy."""
    if policy == USUAL and not is_database_there(settings.database_url):
        return _Rules()
    with open_rows() as database:
        chosen = choose_policy(database, policy).policy
        return _Rules(chosen, read_never_probed(database, chosen))


def _checked(address: str, settings: Settings, max_wait_s: float, rules: _Rules) -> Single:
    parsed = parse_address(address)
    if isinstance(parsed, Malformed):
        return Single(Address(address, ""), judge_malformed(parsed))
    return run(check_one(parsed, settings, max_wait_s, rules.policy, rules.never_probed))
