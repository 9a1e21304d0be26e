"""A segment of one's own: which rows are kept beside the statuses, by reason, flag, confidence, provider."""

from collections.abc import Hashable
from dataclasses import fields

import streamlit as st

from engine.provider import provider_named
from engine.reason import Reason
from engine.value import replace
from engine.verdict import Flag, Status
from pages.parts.cards import LIVE
from pages.parts.counting import count, several
from pages.parts.presets import choose_statuses, usual_rows
from pages.parts.reasons import REASONS
from pages.parts.tips import flags_tip, reasons_tip
from pages.parts.words import FLAGS
from storage.database import Database
from storage.never_asked import state_of_list
from storage.policies import policy_of_list
from storage.removals import (
    Outcomes,
    outcomes_of,
    providers_of,
    rows_with_several,
    with_listed,
    with_providers,
)
from storage.selection import TOP, Decides, Selection
from storage.summaries import Summary
from storage.together import Together, by_speakers, kept_by_others, read_together, small_by_speakers

REMOVABLE = [flag for flag in Flag if flag not in (Flag.ACCEPT_ALL, Flag.DUPLICATE)]
"""Duplicates have a switch of their own, and accept-all is a status."""

_KEPT_FOR_S = 60
_KEPT_LONG_S, _MOST_KEPT, _FEW_KEPT = 3600, 20, 1
"""For what takes seconds where a list has a million rows; it holds while the list stands as it did."""
MANY = 20_000
"""Rows with several addresses that are too many to be looked at every few seconds."""


def choose_selection(database: Database, summary: Summary) -> tuple[list[Status], Selection]:
    """Offer all that a row can be kept or removed by; give the statuses, and the whole selection."""
    kept = choose_statuses()
    usual = usual_rows(kept)
    are_duplicates_excluded = st.toggle(
        "Remove duplicates",
        value=bool(usual.exclude),
        help="Of an address that stands in several rows, only the first row stays.",
        key="exclude duplicates",
    )
    is_listed_excluded = st.toggle(
        "Leave out your never-asked list",
        value=not usual.keeps_listed,
        help="Rows with an address on that list go with every choice above, whatever was found of it and of "
        "others beside it: who must not be written to is a person, not one address.",
        key="exclude listed",
    )
    st.markdown("**Of those, also remove**")
    reasons = _choose_reasons(summary)
    flags = st.multiselect(
        "By flag",
        REMOVABLE,
        format_func=lambda flag: FLAGS[flag].name,
        key="also remove",
        placeholder="Choose flags",
        help=flags_tip(REMOVABLE),
    )
    providers = _choose_providers(database, summary.standing.upload)
    least, most = st.slider(
        "Confidence to keep",
        0,
        TOP,
        (usual.least, usual.most),
        help="What has no answer yet counts as 0.",
        key="confidence to keep",
    )
    repeats = usual.exclude if are_duplicates_excluded else frozenset()
    return kept, replace(
        usual,
        exclude=repeats.union(name for flag in flags for name in flag.names),
        reasons=frozenset(reasons),
        providers=frozenset(providers),
        least=least,
        most=most,
        keeps_listed=not is_listed_excluded,
    )


def narrowed_sentence(selection: Selection) -> str:
    """Say by what else than its status a row is removed, and that the never-asked list is not left out.

    `""` where rows go by nothing but that they are duplicates, or on that list.
    """
    flags = selection.exclude - {*Flag.DUPLICATE.names}
    is_narrow = (selection.least, selection.most) != (0, TOP)
    said = [
        several(len(selection.reasons), "reason") if selection.reasons else "",
        several(len(flags), "flag") if flags else "",
        several(len(selection.providers), "provider") if selection.providers else "",
        f"a confidence that is not from {selection.least} to {selection.most}" if is_narrow else "",
    ]
    told = ", ".join(part for part in said if part)
    also = f"Also removed: rows by {told}." if told else ""
    return f"{also} Rows on your never-asked list are kept.".strip() if selection.keeps_listed else also


def _choose_reasons(summary: Summary) -> list[Reason]:
    counted: dict[Reason, int] = {}
    for _, reason, number in summary.by_reason():
        counted[reason] = counted.get(reason, 0) + number
    return st.multiselect(
        "By reason",
        list(Reason),
        format_func=lambda reason: f"{REASONS[reason].name} ({count(counted.get(reason, 0))})",
        key="reasons to remove",
        placeholder="Choose reasons",
        help=reasons_tip(counted),
    )


def _choose_providers(database: Database, upload: int) -> list[str]:
    counted = _providers(database, upload)
    return st.multiselect(
        "By provider",
        list(counted),
        format_func=lambda name: f"{provider_named(name).display} ({count(counted.get(name, 0))})",
        key="providers to remove",
        placeholder="Choose providers",
    )


@st.cache_data(ttl=_KEPT_FOR_S, show_spinner=False)
def _providers(_database: Database, upload: int) -> dict[str, int]:
    return providers_of(_database, upload)


def outcomes_for(database: Database, summary: Summary, selection: Selection) -> Outcomes:
    """Give what a selection is counted from: the list's counters.

    Of its providers it is a look at their rows; where any of a row's addresses decides, one at the rows with
    several.
    """
    upload, now = summary.standing.upload, _moment(database, summary)
    counted = _by_counters(database, summary, upload, now)
    if selection.providers:
        counted = _by_provider(database, counted, upload, tuple(sorted(selection.providers)), now)
    if selection.decides is Decides.FIRST or not rows_with_several(summary):
        return counted
    return _by_speakers(database, counted, selection, upload, (_key_of(selection), now))


def small_for(database: Database, summary: Summary, selection: Selection, small: Outcomes) -> Outcomes:
    """Give rows at small domains, that were counted by their first address, by whom a selection has speak."""
    if selection.decides is Decides.FIRST or not rows_with_several(summary):
        return small
    together = _together_now(database, summary.standing.upload, _moment(database, summary))
    return small_by_speakers(small, together, selection)


def counted_for(database: Database, summary: Summary, selection: Selection) -> tuple[Summary, Outcomes]:
    """Give a list's figures with what a selection is counted from, both of one moment.

    Of a list that changes by itself they are up to a minute old, where many rows have to be looked at.
    """
    is_many = selection.decides is not Decides.FIRST and rows_with_several(summary) > MANY
    if not is_many or summary.standing.state not in LIVE:
        return summary, outcomes_for(database, summary, selection)
    key = (_key_of(selection), state_of_list(database))
    return _for_a_while(database, summary, selection, summary.standing.upload, key)


def kept_by_another(database: Database, summary: Summary, selection: Selection) -> int:
    """Count the rows that go by their first address, though another of theirs may be kept."""
    upload, now = summary.standing.upload, _moment(database, summary)
    return _by_another(database, selection, upload, (_key_of(selection), now))


def _moment(database: Database, summary: Summary) -> Hashable:
    """Tell one state of a list from the next."""
    standing = summary.standing
    told = (standing.state, standing.entries, standing.settled, standing.finished_at, standing.revision)
    return told, standing.policy_name, state_of_list(database)


def _key_of(selection: Selection) -> Hashable:
    """Give all that a selection says, in one order: two that differ have two keys."""
    told = ((each.name, getattr(selection, each.name)) for each in fields(selection))
    return tuple((name, tuple(sorted(said)) if isinstance(said, frozenset) else said) for name, said in told)


@st.cache_data(ttl=_KEPT_FOR_S, show_spinner="Looking at your never-asked list")
def _by_counters(_database: Database, _summary: Summary, upload: int, now: Hashable) -> Outcomes:
    assert now is not None, "it tells one state of the list from the next"
    return with_listed(_database, upload, outcomes_of(_summary))


@st.cache_data(ttl=_KEPT_LONG_S, max_entries=_MOST_KEPT, show_spinner="Counting by provider")
def _by_provider(
    _database: Database, _counted: Outcomes, upload: int, providers: tuple[str, ...], now: Hashable
) -> Outcomes:
    assert now is not None, "it tells one state of the list from the next"
    return with_providers(_database, upload, _counted, providers)


@st.cache_data(ttl=_KEPT_FOR_S, max_entries=_MOST_KEPT, show_spinner=False)
def _for_a_while(
    _database: Database,
    _summary: Summary,
    _selection: Selection,
    upload: int,  # noqa: ARG001 - a key
    key: Hashable,  # noqa: ARG001 - a key
) -> tuple[Summary, Outcomes]:
    return _summary, outcomes_for(_database, _summary, _selection)


@st.cache_data(ttl=_KEPT_LONG_S, max_entries=_MOST_KEPT, show_spinner=False)
def _by_speakers(
    _database: Database,
    _counted: Outcomes,
    _selection: Selection,
    upload: int,
    key: tuple[Hashable, Hashable],
) -> Outcomes:
    return by_speakers(_counted, _together_now(_database, upload, key[-1]), _selection)


@st.cache_data(ttl=_KEPT_LONG_S, max_entries=_MOST_KEPT, show_spinner=False)
def _by_another(
    _database: Database, _selection: Selection, upload: int, key: tuple[Hashable, Hashable]
) -> int:
    return kept_by_others(_together_now(_database, upload, key[-1]), _selection)


def _together_now(database: Database, upload: int, now: Hashable) -> Together:
    small = policy_of_list(database, upload).policy.small_domain
    return _together(database, upload, small, now)


@st.cache_resource(
    ttl=_KEPT_LONG_S,
    max_entries=_FEW_KEPT,
    show_spinner="Looking at rows with several addresses",
    hash_funcs={Database: lambda database: database.place},
)
def _together(database: Database, upload: int, small: int, now: Hashable) -> Together:  # noqa: ARG001 - a key
    return read_together(database, upload, small)
