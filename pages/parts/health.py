"""How the domains of a list are: their figures, their charts, the table of them, and one of them in full."""

import pandas as pd
import streamlit as st

from engine.reason import Reason
from engine.verdict import AcceptAll
from pages.parts.charts import (
    draw,
    provider_bars,
    provider_name,
    say_providers,
    say_statuses,
    say_troubles,
    status_bars,
    trouble_bars,
)
from pages.parts.frame import RESULTS, count, figures, plain
from pages.parts.paging import current_place, page_buttons
from pages.parts.words import REASONS
from storage.database import Database
from storage.domains import DomainBoard, DomainLine, find_domains

PAGE_ROWS = 50
_TABLE = "domains page"
_GRID = "domains grid"
_SHOWN = "domains shown"
_TURN = "domains grid turn"
_OPENED = "opened domain"

_ACCEPT_ALL = {AcceptAll.YES: "Yes", AcceptAll.NO: "No", AcceptAll.UNKNOWN: "Not known", None: "Not known"}
NO_MAIL = (Reason.NO_SUCH_DOMAIN, Reason.NULL_MX, Reason.NO_MAIL_HOST)
"""The kinds of domains that certainly take no mail; a failed look-up says nothing of its domain."""

NOT_LOOKED_UP = "Not looked up yet"


def domain_figures(board: DomainBoard) -> None:
    """Show how many domains there are, and how many of them take mail, and how."""
    figures(
        {
            "Domains": board.domains,
            "Take mail": board.taking_mail,
            "Take no mail": sum(board.by_kind.get(kind, 0) for kind in NO_MAIL),
            "Accept everything": board.accept_all,
            "With SPF": board.with_spf,
            "With DMARC": board.with_dmarc,
        }
    )
    if board.resolved < board.domains:
        st.caption(_unresolved(board.domains - board.resolved))


def _unresolved(number: int) -> str:
    return f"{count(number)} {'domain has' if number == 1 else 'domains have'} not been looked up yet."


def domain_charts(board: DomainBoard) -> None:
    """Show where the domains have their mail, and what keeps the others from it."""
    providers, troubles = st.columns(2, gap="large")
    with providers:
        draw(provider_bars(board.by_provider), say_providers(board.by_provider), "providers")
    with troubles:
        draw(trouble_bars(board.by_kind), say_troubles(board.by_kind), "troubles")


@st.fragment
def domain_finder(database: Database, upload: int) -> None:
    """Show the domains whose name holds what is looked for, most addresses first; a clicked one opens."""
    words = st.text_input("Search", placeholder="Part of a domain's name", key="find domain").strip()
    skip, _ = current_place(_TABLE, (upload, words))
    skip = max(skip, 0)
    found = find_domains(database, upload, words=words, limit=PAGE_ROWS + 1, skip=skip)
    lines = found[:PAGE_ROWS]
    if lines:
        _show(lines)
    else:
        st.info("No domain fits.", icon=":material/filter_alt_off:")
    page_buttons(_TABLE, (skip + PAGE_ROWS, 0) if len(found) > PAGE_ROWS else None)
    if (opened := st.session_state.get(_OPENED)) is not None and opened[0] == upload:
        _dialog(*opened)


def _show(lines: list[DomainLine]) -> None:
    """Show a page of domains. A click is noted with what was shown when it was made, then let go of."""
    st.session_state[_SHOWN] = lines
    st.dataframe(
        domains_table(lines),
        key=_grid_key(),
        hide_index=True,
        column_config=_COLUMNS,
        on_select=_open_clicked,
        selection_mode="single-row",
        alt="Domains of this list with their addresses, mail host, and what is known of them",
    )
    st.caption("Tick a row to see more of a domain.")


def _grid_key() -> str:
    return f"{_GRID} {st.session_state.setdefault(_TURN, 0)}"


def _open_clicked() -> None:
    rows = st.session_state[_grid_key()]["selection"]["rows"]
    if rows:
        upload = st.session_state[_TABLE][0][0]
        st.session_state[_OPENED] = (upload, st.session_state[_SHOWN][rows[0]])
        st.session_state[_TURN] += 1


def _close() -> None:
    st.session_state.pop(_OPENED, None)


@st.dialog("What we know of this domain", width="medium", on_dismiss=_close)
def _dialog(upload: int, line: DomainLine) -> None:
    show_domain(upload, line)


def show_domain(upload: int, line: DomainLine) -> None:
    """Show one domain: how its addresses stand, who has its mail, what it publishes."""
    st.markdown(f"#### {plain(line.name)}")
    st.write(f"{route_words(line)}. {count(line.settled)} of {count(line.entries)} addresses are checked.")
    if line.settled:
        draw(status_bars(line.statuses), say_statuses(line.statuses), "domain statuses")
    st.table(domain_facts(line), border="horizontal", hide_index=True, hide_header=True)
    st.page_link(
        RESULTS,
        label=f"Show its {count(line.entries)} addresses",
        icon=":material/insights:",
        query_params={"list": str(upload), "domain": line.name},
    )


def domain_facts(line: DomainLine) -> pd.DataFrame:
    """Write what is known of a domain as rows of a name and its value."""
    facts = {
        "Mail host": line.mx_host or route_words(line),
        "Provider": _provider(line) or "Not known",
        "Accepts everything": _ACCEPT_ALL[line.accept_all],
        "SPF": line.spf or record_words(line.spf),
        "DMARC": line.dmarc or record_words(line.dmarc),
    }
    return pd.DataFrame({"Fact": list(facts), "Value": [plain(value) for value in facts.values()]})


def domains_table(lines: list[DomainLine]) -> pd.DataFrame:
    """Write domains as rows in words; the valid share is of the checked addresses, 0-100."""
    shares = [None if line.valid_share is None else 100 * line.valid_share for line in lines]
    return pd.DataFrame(
        {
            "Domain": [line.name for line in lines],
            "Addresses": [line.entries for line in lines],
            "Valid": pd.array(shares, dtype="Float64"),
            "Mail host": [line.mx_host or route_words(line) for line in lines],
            "Provider": [_provider(line) for line in lines],
            "SPF": [record_words(line.spf) for line in lines],
            "DMARC": [record_words(line.dmarc) for line in lines],
            "Accepts everything": [_ACCEPT_ALL[line.accept_all] for line in lines],
        }
    )


def _provider(line: DomainLine) -> str:
    return provider_name(line.provider) if line.mx_host else ""


def route_words(line: DomainLine) -> str:
    """Say how a domain takes mail, or why it does not."""
    if line.route_kind is None:
        return NOT_LOOKED_UP
    return _ROUTES.get(line.route_kind) or REASONS[Reason(line.route_kind)].name


_ROUTES = {"mx": "It takes mail", "implicit": "It takes mail itself, for want of a mail host of its own"}


def record_words(record: str | None) -> str:
    """Say whether a record is there: None means that nobody knows."""
    if record is None:
        return "Not known"
    return "Present" if record else "Absent"


_COLUMNS = {
    "Domain": st.column_config.TextColumn(width=220),
    "Addresses": st.column_config.NumberColumn(width=90, format="localized"),
    "Valid": st.column_config.ProgressColumn(width=120, min_value=0, max_value=100, format="%.0f %%"),
    "Mail host": st.column_config.TextColumn(width=220),
}
