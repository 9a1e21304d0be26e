"""How well a domain's mail is set up: a score with its ledger, and how to mend what is wrong. Pure."""

from collections.abc import Callable

from engine.exchange import LookupFailed, MailHost, MailHosts, NoMail, Route
from engine.health_line import HealthLine, unknown
from engine.health_records import dmarc_line, spf_line
from engine.reason import Reason
from engine.survey import Survey
from engine.value import value

WHOLE = 100
MOST_WITHOUT_MAIL = 10
"""The score that a domain which takes no mail, or lies idle, can have at the most."""


@value
class Health:
    """A domain's health from 0 to 100: the sum of its ledger's points."""

    score: int
    ledger: tuple[HealthLine, ...]


@value
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


def _presence(
    what: str, most: int, advice: str, read: Callable[[Condition], bool | None]
) -> Callable[[Condition], HealthLine | None]:
    """Make the rule for something that is there or not, and means nothing where no mail is taken."""

    def rule(condition: Condition) -> HealthLine | None:
        if not condition.hosts:
            return None
        is_there = read(condition)
        if is_there is None:
            return unknown(what)
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
    lambda condition: spf_line(condition.survey.spf),
    lambda condition: dmarc_line(condition.survey.dmarc),
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
