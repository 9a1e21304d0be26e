"""Clients' policies: kept, printed, forgotten, and given to lists."""

from collections.abc import Sequence

from cli.choice_of_policy import USUAL, choose_policy
from cli.house import open_rows, refusing
from cli.screen import refuse, say, show
from engine.policy_words import parse_policy, words_of
from storage.policies import NamedPolicy, all_policies, policy_name_of, remove_policy, save_policy
from storage.rejudge import apply_policy
from storage.summaries import summarise


def keep_policy(name: str, words: Sequence[str]) -> None:
    """Keep a client's policy, a new one or another for the same client: the usual one, changed by words."""
    with refusing(), open_rows() as database:
        is_known = name in {each.name for each in all_policies(database)}
        called = name if is_known else policy_name_of(database, name)
        named = NamedPolicy(called, parse_policy(words))
        save_policy(database, named)
    show(_line(named))


def print_policies() -> None:
    """Print the usual policy and each client's in a line: the name, and what differs from the usual one."""
    with refusing(), open_rows() as database:
        policies = all_policies(database)
    for named in (NamedPolicy(USUAL), *policies):
        show(_line(named))


def _line(named: NamedPolicy) -> str:
    return f"{named.name}: {' '.join(words_of(named.policy)) or 'as usual'}"


def forget_policy(name: str) -> None:
    """Forget a client's policy."""
    with refusing(), open_rows() as database:
        remove_policy(database, name)
    say(f"{name} is forgotten; lists judged by it stay as they are.")


def give_policy(name: str, upload: int) -> None:
    """Judge a list by a client's policy from now on, and say how many outcomes changed."""
    with refusing(), open_rows() as database:
        named = choose_policy(database, name)
        if summarise(database, upload) is None:
            refuse(f"there is no list number {upload}")
        changed = apply_policy(database, upload, named)
    say(f"List {upload} is judged by the policy {name!r} now; {changed:,} outcomes changed.")
