"""What large providers do with the part before the @: which spellings are one mailbox, and which are none."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from engine.address import Address
from engine.name_lists import Lists, lists_in_use
from engine.value import value

_REMEMBERED = 8  # sets of lists; there is one in use


@value
class MailboxRule:
    """One provider's row of lists/mailbox_rules.toml; see there."""

    ignored: str = ""
    same: str = ""
    tag: str = ""
    one_domain: str = ""
    wanted: re.Pattern[str] | None = None


def canonical(address: Address, lists: Lists | None = None) -> Address:
    """Give the spelling, in lower case, that all addresses of a mailbox share, as far as the rules are known.

    Two addresses with the same canonical form reach the same person; mail is sent to the
    address as it was given, never to this form.
    """
    rules = rules_in(lists or lists_in_use())
    local_part, domain = _without_subdomain(address, rules)
    rule = rules.by_domain.get(domain)
    if rule is None:
        return Address(local_part.lower(), domain)
    return Address(_core(local_part, rule) or local_part.lower(), rule.one_domain or domain)


def has_aliases(domain: str, lists: Lists | None = None) -> bool:
    """Whether a mailbox of this domain is known to have several addresses; elsewhere only case is ignored."""
    rules = rules_in(lists or lists_in_use())
    rule = rules.by_domain.get(domain)
    if rule is None:
        return domain.partition(".")[2] in rules.with_subdomains
    return any((rule.ignored, rule.same, rule.tag, rule.one_domain))


def rule_name(domain: str, lists: Lists | None = None) -> str:
    """Name the row of rules that a domain is in, which is mostly its provider's name; `""` for none."""
    return rules_in(lists or lists_in_use()).names.get(domain, "")


def is_impossible(address: Address, lists: Lists) -> bool:
    """Whether the provider gives out no such address by its present rules; old addresses may break them."""
    rule = rules_in(lists).by_domain.get(address.domain)
    if rule is None or rule.wanted is None:
        return False
    return rule.wanted.fullmatch(_core(address.local_part, rule)) is None


def _core(local_part: str, rule: MailboxRule) -> str:
    """Take away the tag and the signs that make no difference."""
    name = local_part.lower()
    if rule.tag:
        name = name.partition(rule.tag)[0]
    for sign in rule.ignored:
        name = name.replace(sign, "")
    for sign in rule.same[1:]:
        name = name.replace(sign, rule.same[0])
    return name


@value
class _Rules:
    """The rules and their names by domain, and the domains whose subdomains are names of mailboxes."""

    by_domain: dict[str, MailboxRule]
    names: dict[str, str]
    with_subdomains: frozenset[str]


def _without_subdomain(address: Address, rules: _Rules) -> tuple[str, str]:
    """Read anything@name.DOMAIN as name@DOMAIN where the provider does."""
    name, _, parent = address.domain.partition(".")
    is_name = parent in rules.with_subdomains
    return (name, parent) if is_name else (address.local_part, address.domain)


@lru_cache(_REMEMBERED)
def rules_in(lists: Lists) -> _Rules:
    """Read the list of mailbox rules."""
    rows = lists.table("mailbox_rules.toml")["provider"]
    pairs = {domain: _rule(row) for row in rows for domain in row["domains"]}
    names = {domain: row["name"] for row in rows for domain in row["domains"]}
    return _Rules(pairs, names, frozenset(_domains_with_subdomains(rows)))


def _domains_with_subdomains(rows: list[dict[str, Any]]) -> Iterator[str]:
    return (domain for row in rows if row.get("subdomains") for domain in row["domains"])


def _rule(row: dict[str, Any]) -> MailboxRule:
    wanted = re.compile(row["wanted"]) if "wanted" in row else None
    texts = {key: row[key] for key in ("ignored", "same", "tag", "one_domain") if key in row}
    return MailboxRule(**texts, wanted=wanted)
