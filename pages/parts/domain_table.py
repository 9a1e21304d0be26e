"""The table of a list's domains: what to look for, the page found, and one domain opened by a click."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from engine.shown_domain import readable
from engine.verdict import Status
from pages.parts.asked_domains import DOMAINS, WORDS, all_domains, asked_domains, stake_asked
from pages.parts.charts import provider_name
from pages.parts.clicks import come_here
from pages.parts.domain_detail import accepts_all, route_words, show_domain
from pages.parts.frame import plain
from pages.parts.grid import clickable_table
from pages.parts.paging import PAGE_ROWS, current_place, page_buttons
from pages.parts.stakes import show_asked
from pages.parts.words import DMARC_STATES, NOT_KNOWN, SPF_STATES, STATUSES
from storage.database import Database
from storage.domains import DomainLine, DomainSearch, find_domains

_TABLE = "domains page"
_OPENED = "opened domain"


@st.fragment
def domain_finder(database: Database, upload: int, domains: int) -> None:
    """Show the domains whose name holds what is looked for, most addresses first; a clicked one opens."""
    with st.container():  # what stands in it comes and goes: the search below stays where it stands
        come_here(DOMAINS)
        search = _ask_charts(database, upload)
    words = st.text_input("Search", placeholder="Part of a domain's name", key=WORDS).strip()
    search = replace(search, words=words)
    after = current_place(_TABLE, (upload, search))
    found = find_domains(database, upload, search, after=after, limit=PAGE_ROWS + 1)
    lines = found[:PAGE_ROWS]
    if lines:
        _show(upload, lines)
    else:
        st.info("No domain fits.", icon=":material/filter_alt_off:")
    end = lines[-1].place if len(found) > PAGE_ROWS else None
    page_buttons(_TABLE, len(lines), end, domains if search.is_wide else None)
    if (opened := st.session_state.get(_OPENED)) is not None and opened[0] == upload:
        _dialog(database, *opened)


def _ask_charts(database: Database, upload: int) -> DomainSearch:
    """Say what a chart was clicked for, and offer to leave it."""
    said, search = asked_domains()
    if said:
        st.button(
            f"Only: {plain(said)}", icon=":material/close:", help="Show all again", on_click=all_domains
        )
    if (stake := stake_asked()) is not None:
        show_asked(database, upload, stake)
    return search


def _show(upload: int, lines: list[DomainLine]) -> None:
    """Show a page of domains."""
    clickable_table(
        "domains grid",
        domains_table(lines),
        lines,
        lambda line: st.session_state.update({_OPENED: (upload, line)}),
        told_by=lambda line: (upload, line.name),
        columns=_COLUMNS,
        order=list(_COLUMNS),
        alt="Domains of this list with their addresses, health, mail host, and what is known of them",
    )
    st.caption("Click a domain to see more of it.")


def _close() -> None:
    st.session_state.pop(_OPENED, None)


@st.dialog("What we know of this domain", width="medium", on_dismiss=_close)
def _dialog(database: Database, upload: int, line: DomainLine) -> None:
    show_domain(database, upload, line)


def domains_table(lines: list[DomainLine]) -> pd.DataFrame:
    """Write domains as rows in words; the valid share is of the checked addresses, 0-100."""
    shares = [None if line.valid_share is None else 100 * line.valid_share for line in lines]
    return pd.DataFrame(
        {
            "Domain": [readable(line.name) for line in lines],
            "Addresses": [line.entries for line in lines],
            "Valid": pd.array(shares, dtype="Float64"),
            "Health": pd.array([line.health for line in lines], dtype="Int64"),
            "Mail host": [line.mx_host or route_words(line) for line in lines],
            "Provider": [provider_name(line.provider) if line.mx_host else "" for line in lines],
            "Accepts everything": [accepts_all(line.accept_all, line.provider) for line in lines],
            "SPF": [SPF_STATES[line.spf].name if line.spf else NOT_KNOWN for line in lines],
            "DMARC": [DMARC_STATES[line.dmarc].name if line.dmarc else NOT_KNOWN for line in lines],
        }
    )


_COLUMNS = {
    "Domain": st.column_config.TextColumn(width=190),
    "Addresses": st.column_config.NumberColumn(width=85, format="localized"),
    "Valid": st.column_config.ProgressColumn(width=100, min_value=0, max_value=100, format="%.0f %%"),
    "Health": st.column_config.ProgressColumn(
        width=100, min_value=0, max_value=100, format="%d", help="How well its mail is set up, of 100"
    ),
    "SPF": st.column_config.TextColumn(width=100, help="Who may send mail in its name"),
    "DMARC": st.column_config.TextColumn(width=95, help="What is to become of mail that forges its name"),
    "Mail host": st.column_config.TextColumn(width=190),
    "Provider": st.column_config.TextColumn(width=125),
    "Accepts everything": st.column_config.TextColumn(width=130, help=STATUSES[Status.ACCEPT_ALL].advice),
}
"""The columns in the order in which they are shown."""
