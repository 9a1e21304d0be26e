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
from pages.parts.frame import RESULTS, count, figures, plain, several
from pages.parts.grid import clickable_table
from pages.parts.paging import PAGE_ROWS, current_place, page_buttons
from pages.parts.words import REASONS
from storage.database import Database
from storage.domains import DomainBoard, DomainLine, find_domains

_TABLE = "domains page"
_OPENED = "opened domain"

_ACCEPT_ALL = {AcceptAll.YES: "Yes", AcceptAll.NO: "No", AcceptAll.UNKNOWN: "Not known", None: "Not known"}
NO_MAIL = (Reason.NO_SUCH_DOMAIN, Reason.NULL_MX, Reason.NO_MAIL_HOST)
"""The kinds of domains that certainly take no mail; a failed look-up says nothing of its domain."""

NOT_LOOKED_UP = "Not looked up yet"


def domain_headline(board: DomainBoard) -> str:
    """Say the one thing about a list's domains that its owner wants to know."""
    if not board.resolved:
        return f"{several(board.domains, 'domain')}, not looked up yet"
    no_mail = _without_mail(board)
    failed = board.resolved - board.taking_mail - no_mail
    findings = [
        several(no_mail, "takes no mail", "take no mail") if no_mail else "",
        several(board.accept_all, "accepts everything", "accept everything") if board.accept_all else "",
        f"{count(failed)} could not be looked up" if failed else "",
    ]
    said = "; ".join(each for each in findings if each) or "each of them takes mail"
    so_far = " looked up so far" if board.resolved < board.domains else ""
    return f"{several(board.resolved, 'domain')}{so_far}: {said}"


def _without_mail(board: DomainBoard) -> int:
    return sum(board.by_kind.get(kind, 0) for kind in NO_MAIL)


def domain_figures(board: DomainBoard) -> None:
    """Show how many domains there are, and how many of them take mail, and how."""
    figures(
        {
            "Domains": board.domains,
            "Take mail": board.taking_mail,
            "Take no mail": _without_mail(board),
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
def domain_finder(database: Database, upload: int, domains: int) -> None:
    """Show the domains whose name holds what is looked for, most addresses first; a clicked one opens."""
    words = st.text_input("Search", placeholder="Part of a domain's name", key="find domain").strip()
    after = current_place(_TABLE, (upload, words))
    found = find_domains(database, upload, words=words, after=after, limit=PAGE_ROWS + 1)
    lines = found[:PAGE_ROWS]
    if lines:
        _show(upload, lines)
    else:
        st.info("No domain fits.", icon=":material/filter_alt_off:")
    end = lines[-1].place if len(found) > PAGE_ROWS else None
    page_buttons(_TABLE, len(lines), end, None if words else domains)
    if (opened := st.session_state.get(_OPENED)) is not None and opened[0] == upload:
        _dialog(*opened)


def _show(upload: int, lines: list[DomainLine]) -> None:
    """Show a page of domains."""
    clickable_table(
        "domains grid",
        domains_table(lines),
        lines,
        lambda line: st.session_state.update({_OPENED: (upload, line)}),
        columns=_COLUMNS,
        order=list(_COLUMNS),
        alt="Domains of this list with their addresses, mail host, and what is known of them",
    )
    st.caption("Click a domain to see more of it.")


def _close() -> None:
    st.session_state.pop(_OPENED, None)


@st.dialog("What we know of this domain", width="medium", on_dismiss=_close)
def _dialog(upload: int, line: DomainLine) -> None:
    show_domain(upload, line)


def show_domain(upload: int, line: DomainLine) -> None:
    """Show one domain: how its addresses stand, who has its mail, what it publishes."""
    st.markdown(f"#### {plain(line.name)}")
    addresses = several(line.entries, "address", "addresses")
    st.write(f"{route_words(line)}. {count(line.settled)} of {addresses} checked.")
    if line.settled:
        draw(status_bars(line.statuses), say_statuses(line.statuses), "domain statuses")
    st.table(domain_facts(line), border="horizontal", hide_index=True, hide_header=True)
    st.page_link(
        RESULTS,
        label=f"Show its {addresses}",
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
            "Accepts everything": [_ACCEPT_ALL[line.accept_all] for line in lines],
            "SPF": [record_words(line.spf) for line in lines],
            "DMARC": [record_words(line.dmarc) for line in lines],
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
    "Domain": st.column_config.TextColumn(width=190),
    "Addresses": st.column_config.NumberColumn(width=85, format="localized"),
    "Valid": st.column_config.ProgressColumn(width=100, min_value=0, max_value=100, format="%.0f %%"),
    "Mail host": st.column_config.TextColumn(width=190),
    "Provider": st.column_config.TextColumn(width=125),
    "Accepts everything": st.column_config.TextColumn(width=130),
    "SPF": st.column_config.TextColumn(width=85),
    "DMARC": st.column_config.TextColumn(width=85),
}
"""The columns in the order in which they are shown."""
