"""Slips of the domain: what a list's addresses say, and where they are asked instead."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from engine.address import Address
from engine.intake.entries import EntryDraft
from engine.name_lists import lists_in_use
from engine.typo import is_known, meant_domain
from engine.value import value


class Correction(NamedTuple):
    """A domain as it is written, and the one that is asked instead."""

    wrong: str
    right: str


@value
class Slip:
    """A correction that a list may want, and how many of its addresses it would change."""

    correction: Correction
    addresses: int


def find_slips(by_domain: Mapping[str, int]) -> tuple[Slip, ...]:
    """Find the domains that are surely a known one mistyped, the most frequent first."""
    found = [Slip(Correction(wrong, right), by_domain[wrong]) for wrong, right in _meant(by_domain)]
    return tuple(sorted(found, key=lambda slip: (-slip.addresses, slip.correction)))


def _meant(domains: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pair domains with what was meant; what is like no domain that is known to be real stays as it is."""
    lists = lists_in_use()
    pairs = ((domain, meant_domain(domain, lists)) for domain in domains)
    return ((domain, meant) for domain, meant in pairs if meant and is_known(meant, lists))


def corrected(address: Address, rights: Mapping[str, str]) -> Address:
    """Give the address to ask instead; the same one where its domain is no slip."""
    right = rights.get(address.domain)
    return Address(address.local_part, right) if right else address


def correct(drafts: Iterable[EntryDraft], corrections: Iterable[Correction]) -> Iterator[EntryDraft]:
    """Yield entries with the address to ask in place of the one that was read; their text stays."""
    rights = dict(corrections)
    for draft in drafts:
        is_slip = isinstance(draft.result, Address) and draft.result.domain in rights
        yield _corrected_draft(draft, rights) if is_slip else draft


def _corrected_draft(draft: EntryDraft, rights: Mapping[str, str]) -> EntryDraft:
    assert isinstance(draft.result, Address), "only an address has a domain"
    return replace(draft, result=corrected(draft.result, rights), is_corrected=True)
