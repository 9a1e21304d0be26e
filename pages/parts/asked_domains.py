"""What a hit in a chart of Domains asks its table for, and how that is said beside the table."""

import streamlit as st

from engine.dmarc import DmarcState
from engine.provider import provider_named
from engine.spf import SpfState
from pages.parts.charts import KINDS, provider_name
from pages.parts.clicks import Hit, ask_for
from pages.parts.health_charts import SAFEGUARDS
from pages.parts.words import DMARC_STATES, SPF_STATES
from storage.domain_kinds import BIN, LAST_BIN
from storage.domains import DomainSearch, Safeguard
from storage.stakes import StakeLine

DOMAINS = "all-domains"
"""The container that the table stands in."""

WORDS, _NARROWED, _STAKE = "find domain", "domains narrowed", "stake asked"
_ANY = DomainSearch()


def asked_domains() -> tuple[str, DomainSearch]:
    """Give what the last hit asked for, in words too; nothing and any domain where none did."""
    asked: tuple[str, DomainSearch] = st.session_state.get(_NARROWED, ("", _ANY))
    return asked


def all_domains() -> None:
    """Take back what the last hit asked for."""
    st.session_state.pop(_NARROWED, None)
    st.session_state.pop(_STAKE, None)


def domains_of_provider(hit: Hit) -> None:
    """Ask for the domains that have their mail at a bar's provider."""
    _ask(provider_name(hit.opens[0]), DomainSearch(providers=hit.opens))


def domains_of_kind(hit: Hit) -> None:
    """Ask for the domains that have a bar's kind of host in front of their mailboxes."""
    _ask(KINDS[provider_named(hit.opens[0]).kind].name, DomainSearch(providers=hit.opens))


def domains_at_stake(name: str, line: StakeLine) -> None:
    """Ask for the domains that put rows at stake in one way, and for what their hosts said."""
    _ask(name, DomainSearch(among=line.domains), line)


def stake_asked() -> StakeLine | None:
    """Give the way of putting rows at stake that was last asked for; None where something else was."""
    asked: StakeLine | None = st.session_state.get(_STAKE)
    return asked


def domains_of_score(hit: Hit) -> None:
    """Ask for the domains of a bin of the health scale."""
    start = int(hit.opens[0])
    end = 100 if start == LAST_BIN else start + BIN - 1
    _ask(f"health {start} to {end}", DomainSearch(scores=(start, end)))


def domains_with(hit: Hit) -> None:
    """Ask for the domains that have a bar's safeguard."""
    safeguard = Safeguard(hit.opens[0])
    _ask(SAFEGUARDS[safeguard].name, DomainSearch(having=safeguard))


def domains_of_spf(hit: Hit) -> None:
    """Ask for the domains whose SPF record is of a bar's kind."""
    state = SpfState(hit.opens[0])
    _ask(f"SPF: {SPF_STATES[state].name}", DomainSearch(spf=(state,)))


def domains_of_dmarc(hit: Hit) -> None:
    """Ask for the domains whose DMARC policy is of a bar's kind."""
    state = DmarcState(hit.opens[0])
    _ask(f"DMARC: {DMARC_STATES[state].name}", DomainSearch(dmarc=(state,)))


def _ask(words: str, search: DomainSearch, stake: StakeLine | None = None) -> None:
    ask_for(DOMAINS, {WORDS: "", _NARROWED: (words, search), _STAKE: stake})
