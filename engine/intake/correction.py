"""Slips of the domain: what a list's addresses say, and where they are asked instead."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from engine.address import Address
from engine.intake.entries import EntryDraft
from engine.name_lists import lists_in_use
from engine.never_probed import NOTHING, NeverProbed
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
    return sort_slips(by_domain)[0]


def sort_slips(by_domain: Mapping[str, int]) -> tuple[tuple[Slip, ...], int]:
    """Find a list's slips, and count the addresses at domains that look mistyped for less than sure."""
    sure, unsure = [], 0
    for wrong, right, is_sure in _meant(by_domain):
        if is_sure:
            sure.append(Slip(Correction(wrong, right), by_domain[wrong]))
        else:
            unsure += by_domain[wrong]
    return tuple(sorted(sure, key=lambda slip: (-slip.addresses, slip.correction))), unsure


def has_slip(domains: Iterable[str]) -> bool:
    """Tell whether any of these domains is surely a known one mistyped; the first such ends the look."""
    return any(is_sure for _, _, is_sure in _meant(domains))


def _meant(domains: Iterable[str]) -> Iterator[tuple[str, str, bool]]:
    """Give mistyped domains with what was meant, and whether that is surely so: a domain known to be real."""
    lists = lists_in_use()
    pairs = ((domain, meant_domain(domain, lists)) for domain in domains)
    return ((domain, meant, is_known(meant, lists)) for domain, meant in pairs if meant)


def corrected(address: Address, rights: Mapping[str, str]) -> Address:
    """Give the address to ask instead; the same one where its domain is no slip."""
    right = rights.get(address.domain)
    return Address(address.local_part, right) if right else address


def correct(
    drafts: Iterable[EntryDraft], corrections: Iterable[Correction], never_probed: NeverProbed = NOTHING
) -> Iterator[EntryDraft]:
    """Yield entries with the address to ask in place of the one that was read; their text stays.

    What the never-probe list holds as it is written is not corrected: nobody is asked in its place.
    """
    rights = dict(corrections)
    return (_corrected_draft(draft, rights, never_probed) for draft in drafts)


def _corrected_draft(draft: EntryDraft, rights: Mapping[str, str], never_probed: NeverProbed) -> EntryDraft:
    read = draft.result
    if not isinstance(read, Address) or read.domain not in rights or never_probed.holds(read):
        return draft
    return replace(draft, result=corrected(read, rights), is_corrected=True)
