"""What was seen of an address, said to who runs mail hosts: host, reply, what each answer is worth. Pure."""

from collections.abc import Callable
from textwrap import shorten

from engine.exchange import LookupFailed, MailHosts, NoMail
from engine.provider import Worth, provider_named
from engine.reading import LASTING, read_reply
from engine.reason import Reason
from engine.reply import Meaning, Reply, Stage, Unreached, reason_of
from engine.verdict import AcceptAll, Evidence
from engine.wording import day, spaced, times

QUOTED = 100
NOTABLE_SHARE = 0.1

_SPOKEN = {
    Stage.CONNECT: "the connection",
    Stage.BANNER: "the connection, with its banner still to come",
    Stage.EHLO: "EHLO",
    Stage.STARTTLS: "STARTTLS",
    Stage.MAIL: "MAIL FROM",
    Stage.RCPT: "RCPT TO",
}
"""What was last said to a host when it answered, or fell silent."""
_NO_ROUTE = {
    Reason.NO_SUCH_DOMAIN: "the DNS says that {domain} does not exist (NXDOMAIN)",
    Reason.NULL_MX: "{domain} publishes a null MX (RFC 7505)",
    Reason.NO_MAIL_HOST: "neither {domain} nor a host in its MX records has an address (RFC 5321, 5.1)",
}


def said_to_engineers(evidence: Evidence, attempts: int) -> str:
    """Say all that was seen of an address, as clauses that begin in small letters."""
    tried = f"asked {times(attempts)}" if attempts > 1 else ""
    clauses = (*(clause(evidence) for clause in _CLAUSES), tried)
    return "; ".join(clause for clause in clauses if clause) or "nobody has looked it up yet"


def _bounce(evidence: Evidence) -> str:
    at = evidence.history.hard_bounced_at
    return "" if at is None else f"our own mail bounced on {day(at)}"


def _withheld(evidence: Evidence) -> str:
    if evidence.withheld is Reason.NEVER_PROBED:
        if evidence.mx_host:
            return f"on the never-probe list: no connection to {evidence.mx_host} was made"
        return "on the never-probe list, or in the list's policy: no DNS query, no connection was made"
    host = evidence.mx_host or "the host"
    if evidence.withheld is Reason.DNS_ONLY:
        return f"mail goes to {host}, which was not asked: this list was checked by DNS alone"
    if evidence.withheld is Reason.UNREACHABLE:
        return f"{host} was not asked, since no session could be opened with its hosts in several rounds"
    return f"no answer of {host} counts, since its hosts were refusing us then" if evidence.withheld else ""


def _route(evidence: Evidence) -> str:
    route, domain = evidence.route, evidence.address.domain
    if isinstance(route, NoMail):
        return _NO_ROUTE.get(route.refusal, "{domain} takes no mail").format(domain=domain)
    if isinstance(route, LookupFailed):
        return f"the DNS look-up of {domain} failed ({route.detail or route.failure.value})"
    if isinstance(route, MailHosts) and route.is_implicit:
        return f"{domain} has no MX record, so its own address was taken (implicit MX)"
    return ""


def _answer(evidence: Evidence) -> str:
    rcpt = evidence.rcpt
    if isinstance(rcpt, Unreached):
        return "" if rcpt.stage is Stage.DNS else _silence(evidence, rcpt)
    if rcpt is None:
        return _not_asked(evidence)
    reading = read_reply(rcpt, evidence.provider)
    meaning = spaced(reason_of(reading.meaning))
    asked = "the connection" if rcpt.stage is Stage.BANNER else _SPOKEN.get(rcpt.stage, "us")
    return f"{evidence.mx_host or 'the host'} answered {asked} with {_quoted(rcpt)}, read as {meaning}"


def _silence(evidence: Evidence, unreached: Unreached) -> str:
    detail = f" ({unreached.detail})" if unreached.detail else ""
    where = _SPOKEN.get(unreached.stage, unreached.stage.value)
    return f"no answer from {evidence.mx_host or 'the host'} to {where}: {spaced(unreached.failure)}{detail}"


def _not_asked(evidence: Evidence) -> str:
    if evidence.withheld or not isinstance(evidence.route, MailHosts):
        return ""
    why = ""
    if evidence.accept_all is AcceptAll.YES:
        why = ", since the domain takes any address"
    elif evidence.traits.is_disposable:
        why = ", since the domain is on the list of disposable ones"
    return f"{evidence.mx_host or 'the host'} was not asked about it{why}"


def _quoted(reply: Reply) -> str:
    return f"“{shorten(f'{reply.code} {reply.text}', QUOTED, placeholder=' …')}”"


def _short(reply: Reply) -> str:
    return f"{reply.code} {reply.enhanced}" if reply.enhanced else str(reply.code)


def _control(evidence: Evidence) -> str:
    control = evidence.control
    if control is None or not _is_refused(evidence):
        return ""
    if read_reply(control, evidence.provider).meaning is Meaning.EXISTS:
        return f"postmaster@ was taken ({_short(control)}), so the refusal means this recipient"
    return f"postmaster@ was not taken either ({_short(control)}), so the refusal does not mean the recipient"


def _is_refused(evidence: Evidence) -> bool:
    return isinstance(evidence.rcpt, Reply) and evidence.rcpt.code >= LASTING


def _decoy(evidence: Evidence) -> str:
    """Say what the made-up address was answered, and what that makes of the answer at hand."""
    decoy, heard = evidence.decoy, _heard(evidence)
    if decoy is None or evidence.accept_all is None or heard not in _WORTH_BESIDE_DECOY:
        return ""
    worth = _WORTH_BESIDE_DECOY[heard].get(evidence.accept_all, ", which decides nothing")
    if evidence.is_yes_doubtful:
        worth = " and another one was refused, so a yes says little here"
    return f"a made-up address was answered {_short(decoy)}{worth}"


def _heard(evidence: Evidence) -> Reason | None:
    """Say what was heard of the recipient; where its domain takes any, it need not be asked."""
    if isinstance(evidence.rcpt, Reply):
        return reason_of(read_reply(evidence.rcpt, evidence.provider).meaning)
    is_unasked = evidence.rcpt is None and evidence.withheld is None
    return Reason.ACCEPTED if is_unasked else None


_GONE = {
    AcceptAll.NO: " too, so this is how the host speaks of mailboxes that it does not have",
    AcceptAll.YES: ", so this refusal means this very mailbox",
}
_WORTH_BESIDE_DECOY = {
    Reason.ACCEPTED: {
        AcceptAll.NO: ", so a yes means something here",
        AcceptAll.YES: ", so a yes means nothing here",
    },
    Reason.MAILBOX_MISSING: _GONE,
    Reason.MAILBOX_DISABLED: _GONE,
    Reason.MAILBOX_MOVED: _GONE,
    Reason.MAILBOX_FULL: {
        AcceptAll.NO: ", so the host knows its mailboxes",
        AcceptAll.YES: ", so this answer means this very mailbox",
    },
}


def _worth(evidence: Evidence) -> str:
    """Say what the provider's yes is worth, where that decides."""
    provider = provider_named(evidence.provider)
    is_open = evidence.accept_all in {None, AcceptAll.UNKNOWN} and not evidence.is_yes_doubtful
    is_yes = evidence.rcpt is not None and _heard(evidence) is Reason.ACCEPTED
    return _YES_WORTH[provider.yes].format(provider=provider.display) if is_open and is_yes else ""


_YES_WORTH = {
    Worth.WORTHLESS: "{provider} gives that answer to any address",
    Worth.WEAK: "{provider} passes mail on and may not know the mailboxes",
    Worth.FAIR: "whether it takes any address is not known",
    Worth.GOOD: "no made-up address was asked about, but {provider} refuses what it does not have",
}


def _vantage(evidence: Evidence) -> str:
    """Say how far we ourselves were in doubt, where a refusal was heard."""
    share = evidence.vantage.refused_share
    if not _is_refused(evidence) or share < NOTABLE_SHARE:
        return ""
    return f"{share:.0%} of this provider's answers spoke of us at that time, so a refusal proves less"


def _identity(evidence: Evidence) -> str:
    is_doubtful = _is_refused(evidence) and not evidence.vantage.is_identity_sound
    return "our HELO name or sender was not in order" if is_doubtful else ""


_CLAUSES: tuple[Callable[[Evidence], str], ...] = (
    _bounce,
    _withheld,
    _route,
    _answer,
    _control,
    _decoy,
    _worth,
    _vantage,
    _identity,
)
