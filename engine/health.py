"""How well a domain's mail is set up: a score with its ledger, and how to mend what is wrong. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from engine.dmarc import DmarcState
from engine.exchange import LookupFailed, MailHost, MailHosts, NoMail, Route
from engine.reason import Reason
from engine.spf import SpfState
from engine.survey import Survey

WHOLE = 100
MOST_WITHOUT_MAIL = 10
"""The score that a domain which takes no mail, or lies idle, can have at the most."""


@dataclass(frozen=True, slots=True)
class HealthLine:
    """One line of the ledger: a finding with its points, of `most` that there are for it.

    `advice` are sentences that say what is wrong and how to mend it; none where nothing is. A line about what
    nobody knows has no points to give, and none are missed.
    """

    cause: str
    points: int
    most: int = 0
    advice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Health:
    """A domain's health from 0 to 100: the sum of its ledger's points."""

    score: int
    ledger: tuple[HealthLine, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """What a domain's health is judged by. `offers_tls` comes from probing: None while nobody has asked."""

    route: MailHosts | NoMail
    survey: Survey
    offers_tls: bool | None = None

    @property
    def hosts(self) -> tuple[MailHost, ...]:
        """The mail hosts that have an address."""
        return self.route.hosts if isinstance(self.route, MailHosts) else ()

    @property
    def is_idle(self) -> bool:
        """Whether the domain lies idle: it has no MX, and is parked or says that nobody sends in its name."""
        has_mx = isinstance(self.route, MailHosts) and not self.route.is_implicit
        return not has_mx and (self.survey.is_parked is True or self.survey.is_sending_forbidden)


def health_of(route: Route | None, survey: Survey | None, *, offers_tls: bool | None) -> Health | None:
    """Score a domain; None where nobody knows yet where its mail goes, or what it publishes."""
    if route is None or isinstance(route, LookupFailed) or survey is None:
        return None
    condition = Condition(route, survey, offers_tls)
    found = (rule(condition) for rule in _RULES)
    lines = [line for line in found if line is not None]
    lines += _left_out(lines)
    lines += _cap(condition, sum(line.points for line in lines))
    return Health(sum(line.points for line in lines), tuple(lines))


def _unknown(what: str) -> HealthLine:
    return HealthLine(f"{what}: nobody knows yet", 0)


_ROUTE = 30
_NO_MAIL = {
    Reason.NO_SUCH_DOMAIN: HealthLine(
        "The domain does not exist",
        0,
        _ROUTE,
        ("Nobody has registered it, or it has lapsed: correct its spelling, or renew it.",),
    ),
    Reason.NULL_MX: HealthLine(
        "It says that it takes no mail (null MX)",
        0,
        _ROUTE,
        ("If it is to take mail, name a mail host in its MX record instead of “.”.",),
    ),
    Reason.NO_MAIL_HOST: HealthLine(
        "It names no mail host that can be found",
        0,
        _ROUTE,
        ("Publish an MX record with the name of a mail host that has an address.",),
    ),
}


def _route(condition: Condition) -> HealthLine | None:
    route = condition.route
    if isinstance(route, NoMail):
        return _NO_MAIL[route.refusal]
    if isinstance(route, MailHosts) and route.is_implicit:
        advice = "Publish an MX record: some senders take a domain without one for a domain without mail."
        return HealthLine("It has no MX record; the domain itself may take mail", 10, _ROUTE, (advice,))
    return HealthLine("It names its mail hosts (MX)", _ROUTE, _ROUTE)


_SPARE = 5


def _spare(condition: Condition) -> HealthLine | None:
    """Want two addresses, of one host or of several: large providers have one name with many addresses."""
    if not condition.hosts:
        return None
    if sum(len(host.addresses) for host in condition.hosts) > 1:
        return HealthLine("There is another mail host where one is down", _SPARE, _SPARE)
    advice = "Mail waits while its one mail host is down: name a second one in another MX record."
    return HealthLine("It has one mail host with one address", 0, _SPARE, (advice,))


_RESOLVED = 10


def _resolved(condition: Condition) -> HealthLine | None:
    route = condition.route
    if not isinstance(route, MailHosts) or route.is_implicit:
        return None
    if not route.unresolved:
        return HealthLine("All its mail hosts have an address", _RESOLVED, _RESOLVED)
    advice = tuple(f"{name} has no address: correct or remove that MX record." for name in route.unresolved)
    share = len(route.hosts) / (len(route.hosts) + len(route.unresolved))
    return HealthLine(
        "Not all of its mail hosts have an address", int(share * _RESOLVED / 2), _RESOLVED, advice
    )


_IPV6 = 5


def _ipv6(condition: Condition) -> HealthLine | None:
    if not condition.hosts:
        return None
    if any(":" in ip for host in condition.hosts for ip in host.addresses):
        return HealthLine("It can be reached over IPv6", _IPV6, _IPV6)
    advice = "Give a mail host an IPv6 address (AAAA); few senders need it so far."
    return HealthLine("It can be reached over IPv4 only", 0, _IPV6, (advice,))


_FLAW = 3
"""Points that a record loses which works, but has something wrong in it."""

_SPF = 15
_SPF_STATES = {
    SpfState.FAIL: (15, "SPF refuses all hosts that it does not name (-all)", ""),
    SpfState.SOFTFAIL: (13, "SPF doubts all hosts that it does not name (~all)", ""),
    SpfState.NEUTRAL: (
        5,
        "SPF says nothing of hosts that it does not name",
        "Anybody can send in its name: end the record with “~all”, later with “-all”.",
    ),
    SpfState.PASS_ALL: (
        0,
        "SPF lets anybody send (+all)",
        "That is worse than no record: end it with “~all” or “-all”.",
    ),
    SpfState.NONE: (
        0,
        "It has no SPF record",
        "Publish a TXT record that begins with “v=spf1”, names the hosts that send, and ends with “~all”.",
    ),
    SpfState.PERMERROR: (0, "Its SPF record is broken, and so it does not count", ""),
}


def _spf(condition: Condition) -> HealthLine | None:
    report = condition.survey.spf
    if report is None or report.state not in _SPF_STATES:
        return _unknown("SPF")
    points, cause, advice = _SPF_STATES[report.state]
    return _judged(cause, points, _SPF, (advice, *report.problems), has_flaws=bool(report.problems))


_DMARC = 15
_DMARC_STATES = {
    DmarcState.REJECT: (15, "DMARC has forged mail rejected", ""),
    DmarcState.QUARANTINE: (13, "DMARC has forged mail put aside as junk", ""),
    DmarcState.MONITOR: (
        6,
        "DMARC asks to be told of forged mail, and for nothing else",
        "Once the reports show that your own mail passes, set “p” to quarantine, later to reject.",
    ),
    DmarcState.NONE: (
        0,
        "It has no DMARC policy",
        "Publish “v=DMARC1; p=none; rua=mailto:” and an address of yours at _dmarc, then tighten it.",
    ),
    DmarcState.BROKEN: (0, "Its DMARC record is broken, and so it does not count", ""),
}


def _dmarc(condition: Condition) -> HealthLine | None:
    report = condition.survey.dmarc
    if report is None:
        return _unknown("DMARC")
    points, cause, advice = _DMARC_STATES[report.state]
    source = f", by the policy of {report.found_at}" if report.is_inherited and report.text else ""
    advices = (advice, *report.problems)
    return _judged(f"{cause}{source}", points, _DMARC, advices, has_flaws=bool(report.problems))


def _judged(cause: str, points: int, most: int, advice: tuple[str, ...], *, has_flaws: bool) -> HealthLine:
    kept = max(points - _FLAW, 0) if has_flaws else points
    return HealthLine(cause, kept, most, tuple(each for each in advice if each))


def _presence(
    what: str, most: int, advice: str, read: Callable[[Condition], bool | None]
) -> Callable[[Condition], HealthLine | None]:
    """Make the rule for something that is there or not, and means nothing where no mail is taken."""

    def rule(condition: Condition) -> HealthLine | None:
        if not condition.hosts:
            return None
        is_there = read(condition)
        if is_there is None:
            return _unknown(what)
        return HealthLine(what, most, most) if is_there else HealthLine(f"No {what}", 0, most, (advice,))

    return rule


_RULES: tuple[Callable[[Condition], HealthLine | None], ...] = (
    _route,
    _spare,
    _resolved,
    _ipv6,
    _presence(
        "STARTTLS (encryption on the way)",
        10,
        "Mail to it can be read on the way: switch STARTTLS on at its mail host.",
        lambda condition: condition.offers_tls,
    ),
    _spf,
    _dmarc,
    _presence(
        "MTA-STS (a promise to encrypt)",
        5,
        "Somebody on the way can switch encryption off: publish an MTA-STS policy (RFC 8461).",
        lambda condition: condition.survey.has_mta_sts,
    ),
    _presence(
        "TLS-RPT (reports on encryption)",
        3,
        "Nobody is told where encryption fails: publish “v=TLSRPTv1; rua=mailto:” and an address.",
        lambda condition: condition.survey.has_tls_rpt,
    ),
    _presence(
        "BIMI (a logo beside its mail)",
        2,
        "Once DMARC is enforced, mailboxes can show a logo: publish it at default._bimi.",
        lambda condition: condition.survey.has_bimi,
    ),
)


def _left_out(lines: list[HealthLine]) -> list[HealthLine]:
    """Bring the points to a scale of 100 where something is not known or does not apply."""
    points, most = sum(line.points for line in lines), sum(line.most for line in lines)
    more = round(points * WHOLE / most) - points
    return [HealthLine("What is not known or does not apply is left out of the count", more)] if more else []


def _cap(condition: Condition, points: int) -> list[HealthLine]:
    is_silent = isinstance(condition.route, NoMail)
    if points <= MOST_WITHOUT_MAIL or not (is_silent or condition.is_idle):
        return []
    why = "It takes no mail" if is_silent else "It lies idle: parked, or nobody sends in its name"
    return [HealthLine(f"{why}: kept at {MOST_WITHOUT_MAIL}", MOST_WITHOUT_MAIL - points)]
