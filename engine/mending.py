"""The DNS records that would mend what is wrong with a domain's mail, ready to publish. Pure."""

import re
from collections.abc import Callable, Iterator
from types import MappingProxyType

from engine.dmarc import DmarcReport, DmarcState
from engine.exchange import MailHosts, NoMail, Route
from engine.reason import Reason
from engine.spf import SpfReport, SpfState
from engine.spf.report import TEXT_LIMIT
from engine.survey import Survey
from engine.value import value


@value
class DnsRecord:
    """A DNS record to publish: under which name, of which type, with which content, and what for."""

    name: str
    kind: str
    content: str
    why: str


@value
class Patient:
    """What the records of a domain are judged by."""

    domain: str
    provider: str
    route: Route
    survey: Survey

    @property
    def is_taking_mail(self) -> bool:
        """Whether it has a mail host."""
        return isinstance(self.route, MailHosts)


_SENDERS = MappingProxyType(
    {
        "google": "include:_spf.google.com",
        "microsoft365": "include:spf.protection.outlook.com",
        "zoho": "include:zohomail.com",
        "fastmail": "include:spf.messagingengine.com",
        "proton": "include:_spf.protonmail.ch",
    }
)
"""What names the hosts that send for a provider's customers, by the provider's name; else its own MX."""

_LAST_WORD = re.compile(r"(?<!\S)[?+]?all(?!\S)", re.IGNORECASE)
_SAYS_ENOUGH = re.compile(r"(?<!\S)(?:[-~]all(?!\S)|redirect=)", re.IGNORECASE)
_POLICY = re.compile(r"(?<=\bp=)\s*none\b", re.IGNORECASE)


def records_to_publish(
    domain: str, provider: str, route: Route | None, survey: Survey | None
) -> list[DnsRecord]:
    """Give the records that would mend a domain; none where nobody has read what it publishes."""
    if survey is None or not isinstance(route, MailHosts | NoMail):
        return []
    if isinstance(route, NoMail) and route.refusal is Reason.NO_SUCH_DOMAIN:
        return []
    patient = Patient(domain, provider, route, survey)
    return [record for rule in _RULES for record in rule(patient)]


def _mx(patient: Patient) -> Iterator[DnsRecord]:
    route = patient.route
    if isinstance(route, MailHosts) and route.is_implicit:
        yield DnsRecord(patient.domain, "MX", f"10 {patient.domain}.", "Says that it takes mail itself")
    if isinstance(route, NoMail) and not patient.survey.is_sending_forbidden and not patient.survey.is_parked:
        why = "Names a mail host, if it is to take mail; put your own host's name in"
        yield DnsRecord(patient.domain, "MX", f"10 mail.{patient.domain}.", why)


def _spf(patient: Patient) -> Iterator[DnsRecord]:
    spf = patient.survey.spf
    if spf is None or spf.state not in _SPF_TEXTS or _is_beyond_mending(spf):
        return
    text, why = _SPF_TEXTS[spf.state](spf, patient)
    yield DnsRecord(patient.domain, "TXT", text, why)


def _is_beyond_mending(spf: SpfReport) -> bool:
    """Tell whether another last word would not help: the fault is in a record that this one refers to.

    A further “all” would take the place of a redirect (RFC 7208, 6.1). Nor is a record of which only a part
    was kept ready to publish.
    """
    return bool(_SAYS_ENOUGH.search(spf.text)) or len(spf.text) >= TEXT_LIMIT


def _first_spf(_spf: SpfReport, patient: Patient) -> tuple[str, str]:
    if not patient.is_taking_mail:
        return "v=spf1 -all", "Says that nobody sends in its name"
    senders = _SENDERS.get(patient.provider, "mx")
    return f"v=spf1 {senders} ~all", "Names who may send for it; add the tools that send your mailings"


def _closed_spf(spf: SpfReport, _patient: Patient) -> tuple[str, str]:
    closed, found = _LAST_WORD.subn("~all", spf.text)
    return (
        closed if found else f"{spf.text} ~all",
        "The same record, but doubting hosts that it does not name",
    )


_SPF_TEXTS: MappingProxyType[SpfState, Callable[[SpfReport, Patient], tuple[str, str]]] = MappingProxyType(
    {
        SpfState.NONE: _first_spf,
        SpfState.NEUTRAL: _closed_spf,
        SpfState.PASS_ALL: _closed_spf,
    }
)


def _dmarc(patient: Patient) -> Iterator[DnsRecord]:
    dmarc = patient.survey.dmarc
    if dmarc is None or dmarc.state not in _DMARC_TEXTS:
        return
    text, why = _DMARC_TEXTS[dmarc.state](dmarc, patient)
    yield DnsRecord(f"_dmarc.{patient.domain}", "TXT", text, why)


def _first_dmarc(_dmarc: DmarcReport, patient: Patient) -> tuple[str, str]:
    if not patient.is_taking_mail:
        return "v=DMARC1; p=reject", "Has all mail refused that claims to come from it"
    mailbox = f"rua=mailto:postmaster@{patient.domain}"
    return f"v=DMARC1; p=none; {mailbox}", "Asks for reports first; tighten it once your own mail passes"


def _stricter_dmarc(dmarc: DmarcReport, patient: Patient) -> tuple[str, str]:
    text, found = _POLICY.subn("quarantine", dmarc.text)
    why = "Once the reports show that your own mail passes: forged mail goes aside as junk"
    mailbox = f"rua=mailto:postmaster@{patient.domain}"
    return text if found else f"v=DMARC1; p=quarantine; {mailbox}", why


_DMARC_TEXTS: MappingProxyType[DmarcState, Callable[[DmarcReport, Patient], tuple[str, str]]] = (
    MappingProxyType(
        {
            DmarcState.NONE: _first_dmarc,
            DmarcState.BROKEN: _first_dmarc,
            DmarcState.MONITOR: _stricter_dmarc,
        }
    )
)


def _transport(patient: Patient) -> Iterator[DnsRecord]:
    """Give the records on encryption on the way (RFC 8461, RFC 8460); nothing where no mail is taken."""
    if not patient.is_taking_mail:
        return
    if patient.survey.has_mta_sts is False:
        why = f"Promises encryption, with a policy file on the web at mta-sts.{patient.domain} (RFC 8461)"
        yield DnsRecord(f"_mta-sts.{patient.domain}", "TXT", "v=STSv1; id=1", why)
    if patient.survey.has_tls_rpt is False:
        text = f"v=TLSRPTv1; rua=mailto:postmaster@{patient.domain}"
        yield DnsRecord(f"_smtp._tls.{patient.domain}", "TXT", text, "Has failures of encryption reported")


_RULES: tuple[Callable[[Patient], Iterator[DnsRecord]], ...] = (_mx, _spf, _dmarc, _transport)
