"""One domain in full: how its addresses stand, how healthy it is and why, and what is known of it."""

import pandas as pd
import streamlit as st

from engine.batch import DomainFacts
from engine.exchange import LookupFailed, MailHost, MailHosts, NoMail, Route
from engine.health import Health
from engine.health_line import HealthLine
from engine.provider import Worth, provider_named
from engine.reason import Reason
from engine.shown_domain import as_unicode, readable
from engine.spf.record import MOST_LOOK_UPS
from engine.survey import Survey
from engine.verdict import AcceptAll
from pages.parts.asked import note_asked_of, rows_of_status
from pages.parts.bars import draw_clickable
from pages.parts.charts import provider_name, say_statuses, status_bars
from pages.parts.clicks import Hit
from pages.parts.clock import when
from pages.parts.counting import count, several
from pages.parts.domain_more import show_mending, show_past, show_said
from pages.parts.frame import RESULTS, go, plain, verbatim
from pages.parts.reasons import REASONS
from pages.parts.words import DMARC_STATES, NOT_KNOWN, SPF_STATES
from storage.database import Database
from storage.domains import DomainLine
from storage.health import DomainHealth, find_health

_LEAVING = "leaving for rows"
NOT_LOOKED_UP = "Not looked up yet"
_ACCEPT_ALL = {AcceptAll.YES: "Yes", AcceptAll.NO: "No"}
_AS_A_RULE = "As a rule"


def show_domain(database: Database, upload: int, line: DomainLine) -> None:
    """Show one domain: how its addresses stand first, what is known of the domain itself below."""
    st.markdown(f"#### {plain(readable(line.name))}")
    if said := name_sentence(line.name):
        st.caption(said)
    addresses = several(line.entries, "address", "addresses")
    st.write(f"{route_words(line)}. {count(line.settled)} of {addresses} checked.")
    st.page_link(
        RESULTS,
        label=f"Show its {addresses}",
        icon=":material/insights:",
        query_params={"list": str(upload), "domain": line.name},
    )
    if line.settled:
        _show_statuses(upload, line)
    show_said(database, upload, line.name)
    found = find_health(database, line.name)
    if found is not None:
        show_found(found)
    show_past(database, upload, line.name)


def name_sentence(name: str) -> str:
    """Say what the DNS calls an international domain, or what its name stands for; `""` of any other."""
    told = as_unicode(name)
    if told == name:
        return ""
    if readable(name) == told:
        return f"The DNS calls it {verbatim(name)}; that is the same domain."
    return (
        f"It stands for {verbatim(told)}, whose letters can be taken for those of another name: so it is "
        "written here as the DNS has it."
    )


def _show_statuses(upload: int, line: DomainLine) -> None:
    """Show how a domain's addresses stand; a bar that is clicked leads to its addresses on Results."""
    counts = line.statuses
    draw_clickable(status_bars(counts), say_statuses(counts), "domain statuses", _leave_for_rows)
    if st.session_state.pop(_LEAVING, False):
        note_asked_of(upload)
        go(RESULTS, upload, domain=line.name)


def _leave_for_rows(hit: Hit) -> None:
    rows_of_status(hit)
    st.session_state[_LEAVING] = True


def show_found(found: DomainHealth) -> None:
    """Show what is known of a domain: how healthy it is and why, its mail hosts and its records."""
    if found.health is not None:
        _show_health(found.health)
    show_mending(found)
    if isinstance(found.facts.route, MailHosts):
        st.markdown("##### Mail hosts")
        st.table(host_table(found.facts.route), border="horizontal", hide_index=True)
    st.markdown("##### What is known of it")
    st.table(domain_facts(found), border="horizontal", hide_index=True, hide_header=True)


def route_words(line: DomainLine) -> str:
    """Say how a domain takes mail, or why it does not."""
    if line.route_kind is None:
        return NOT_LOOKED_UP
    return _ROUTES.get(line.route_kind) or REASONS[Reason(line.route_kind)].name


_ROUTES = {"mx": "It has mail hosts", "implicit": "It takes mail itself, for want of a mail host of its own"}


def _show_health(health: Health) -> None:
    st.markdown(f"##### Why its health is {health.score} of 100")
    st.table(health_table(health), border="horizontal", hide_index=True)


def health_table(health: Health) -> pd.DataFrame:
    """Write a health's ledger as rows of Markdown: what was found, what to do, and its points."""
    return pd.DataFrame(
        {
            "What was found": [_finding(line) for line in health.ledger],
            "Points": [_points(line) for line in health.ledger],
        }
    )


def _finding(line: HealthLine) -> str:
    return "  \n".join([f"**{plain(line.cause)}**", *(plain(advice) for advice in line.advice)])


def _points(line: HealthLine) -> str:
    """Write a line's points: of how many, or as what is added or taken; nothing where nobody knows."""
    if line.most:
        return f"{line.points}\u00a0of\u00a0{line.most}"
    return f"{line.points:+d}".replace("-", "−") if line.points else "–"


def host_table(route: MailHosts) -> pd.DataFrame:
    """Write mail hosts as rows: the preference, the name and the addresses; those without any come last."""
    rows = [_host_row(host) for host in route.hosts]
    rows += [("", plain(name), "It has no address") for name in route.unresolved]
    return pd.DataFrame(rows, columns=["Preference", "Mail host", "Addresses"])


def _host_row(host: MailHost) -> tuple[str, str, str]:
    addresses = "  \n".join(plain(address) for address in host.addresses)
    return str(host.preference), plain(host.name), addresses or "It has no address"


def domain_facts(found: DomainHealth) -> pd.DataFrame:
    """Write what is known of a domain as rows of Markdown: a name and its value."""
    facts = _route_facts(found.facts) | _survey_facts(found.survey)
    return pd.DataFrame({"Fact": list(facts), "Value": list(facts.values())})


def _route_facts(facts: DomainFacts) -> dict[str, str]:
    if not isinstance(facts.route, MailHosts):
        return {"Mail host": _no_hosts(facts.route)}
    return {
        "Provider": plain(provider_name(facts.provider)) or NOT_KNOWN,
        "Accepts everything": _accept_all(facts),
        "Encryption (STARTTLS)": _OFFERED[facts.offers_tls],
    }


def _no_hosts(route: Route | None) -> str:
    if isinstance(route, NoMail):
        return REASONS[route.refusal].name
    return REASONS[route.failure].name if isinstance(route, LookupFailed) else NOT_LOOKED_UP


_OFFERED = {True: "Offered", False: "Not offered", None: NOT_KNOWN}
_PRESENT = {True: "Present", False: "Absent", None: NOT_KNOWN}
_SHOWN = {True: "Present", False: "None that may be shown", None: NOT_KNOWN}


def _accept_all(facts: DomainFacts) -> str:
    """Say whether a made-up address was accepted, and when: the answer is kept and grows old."""
    said = accepts_all(facts.accept_all, facts.provider)
    if said == _AS_A_RULE:
        return f"{said}: hosts of {plain(provider_name(facts.provider))} say yes to any address"
    return f"{said}, asked {when(facts.accept_all_at)}" if facts.accept_all_at else said


def accepts_all(found: AcceptAll | None, provider: str) -> str:
    """Say whether a domain takes mail for anybody, where nothing was found by its provider's ways."""
    is_usual = provider_named(provider).yes is Worth.WORTHLESS
    return _ACCEPT_ALL.get(found, _AS_A_RULE if is_usual else NOT_KNOWN)


def _survey_facts(survey: Survey | None) -> dict[str, str]:
    if survey is None:
        return {"Records": "Not read yet"}
    facts = {
        "SPF": _spf(survey),
        "DMARC": _dmarc(survey),
        "MTA-STS": _PRESENT[survey.has_mta_sts],
        "TLS-RPT": _PRESENT[survey.has_tls_rpt],
        "BIMI": _SHOWN[survey.has_bimi],
    }
    if survey.is_parked:
        facts["Parked"] = "Yes, with a service for domains without use"
    return facts | {"Records read": when(survey.taken_at)}


def _spf(survey: Survey) -> str:
    spf = survey.spf
    if spf is None:
        return NOT_KNOWN
    saying = SPF_STATES[spf.state]
    look_ups = f"{several(spf.look_ups, 'look-up')} of {MOST_LOOK_UPS} at the most" if spf.text else ""
    return _lines(f"**{saying.name}**: {saying.advice}", verbatim(spf.text), look_ups)


def _dmarc(survey: Survey) -> str:
    dmarc = survey.dmarc
    if dmarc is None:
        return NOT_KNOWN
    saying = DMARC_STATES[dmarc.state]
    source = f"Inherited from {plain(dmarc.found_at)}" if dmarc.is_inherited and dmarc.text else ""
    return _lines(f"**{saying.name}**: {saying.advice}", verbatim(dmarc.text), source)


def _lines(*lines: str) -> str:
    return "  \n".join(line for line in lines if line)
