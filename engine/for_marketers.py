"""What a verdict means, said to who sends the mail: without terms of the trade. Pure."""

from engine.block_list import named_in
from engine.provider import Kind, provider_named
from engine.reason import Reason
from engine.reply import Reply
from engine.shown_domain import readable
from engine.verdict import AcceptAll, Evidence, Verdict
from engine.wording import day, times

_MARKETERS: dict[Reason, str] = {
    Reason.EMPTY: "there is no address here",
    Reason.MALFORMED: "this is not an e-mail address",
    Reason.NO_SUCH_DOMAIN: "there is no domain {domain}, so nobody can have this address",
    Reason.NULL_MX: "{domain} has declared that it takes no mail at all",
    Reason.NO_MAIL_HOST: "{domain} exists, but has no mail server that mail could go to",
    Reason.ACCEPTED: "{server} takes mail for this address{proof}",
    Reason.MAILBOX_MISSING: "nobody has this mailbox: {server} said so",
    Reason.MAILBOX_DISABLED: "this mailbox has been shut: {server} said so",
    Reason.MAILBOX_FULL: "this mailbox exists but is full, so mail comes back until somebody clears it",
    Reason.MAILBOX_MOVED: "nobody is at this address any more: {server} says that the mailbox has moved",
    Reason.BOUNCED: "your own mail to this address came back{bounced}",
    Reason.ACCEPT_ALL: (
        "{domain} takes mail for any name, even one that we made up, so nobody can tell if this one is real"
    ),
    Reason.PROVIDER_ACCEPTS_ANY: (
        "{provider} says yes to any address and sends mail back later, so nobody can tell beforehand"
    ),
    Reason.WEAK_YES: "{server} said yes, but it may not know which mailboxes there are",
    Reason.DISPOSABLE: "{domain} hands out throw-away addresses, which are soon read by nobody",
    Reason.MISTYPED: "{domain} looks mistyped, and a list of throw-away domains names it too",
    Reason.ROLE: "this mailbox exists but belongs to an office such as sales or support, not to one person",
    Reason.FREE: "this mailbox exists, at a free mail provider",
    Reason.LOW_CONFIDENCE: "{server} takes mail for this address, but little else speaks for it",
    Reason.GREYLISTED: "{server} makes strangers wait, and had not let us in yet{attempts}",
    Reason.RATE_LIMITED: "{server} found that we asked too much, and said nothing of this mailbox{attempts}",
    Reason.TEMPORARY: "{server} had trouble of its own, and said nothing of this mailbox{attempts}",
    Reason.BLOCKED: "{server} does not talk to us{listed}, so nobody learned anything of this mailbox",
    Reason.BLANKET_REFUSAL: (
        "{server} refuses every address that we name, so it means us, and says nothing of this mailbox"
    ),
    Reason.RELAY_DENIED: "the mail server named for {domain} says that it takes no mail for it",
    Reason.TLS_REQUIRED: "{server} wants an encrypted connection, which could not be made",
    Reason.SMTPUTF8_NEEDED: "this address has letters that {server} cannot read",
    Reason.SYNTAX_REFUSED: "{server} could not read our question, and said nothing of this mailbox",
    Reason.UNCLEAR: "{server} gave an answer that can mean several things",
    Reason.UNREACHABLE: "{server} could not be reached{attempts}",
    Reason.TIMEOUT: "{server} did not answer us{attempts}",
    Reason.DROPPED: "{server} hung up before it had answered{attempts}",
    Reason.BUDGET: "{server} was too slow to answer",
    Reason.DNS_FAILED: "nobody could tell us where the mail of {domain} goes{attempts}",
    Reason.UNROUTABLE_MX: "{domain} names a mail server in a private network, which nobody outside can reach",
    Reason.NEVER_PROBED: "your never-asked list, or the list's policy, has nobody ask about this address",
    Reason.DNS_ONLY: "the domain takes mail, but its mail host was not asked about this address",
    Reason.NOT_CHECKED: "this address has not been asked about",
}


_IN_DOUBT = "{server} took one address that we made up and refused another, so its yes says little"


def said_to_marketers(evidence: Evidence, verdict: Verdict, attempts: int) -> str:
    """Say what a verdict means, as a clause that begins in small letters."""
    is_in_doubt = evidence.is_yes_doubtful and verdict.reason is Reason.ACCEPT_ALL
    said = (_IN_DOUBT if is_in_doubt else _MARKETERS[verdict.reason]).format(
        domain=readable(evidence.address.domain),
        server=_server(evidence),
        provider=provider_named(evidence.provider).display,
        proof=_proof(evidence),
        listed=_listed(evidence),
        bounced=f" on {day(evidence.history.hard_bounced_at or 0.0)}",
        attempts=f", though we asked {times(attempts)}" if attempts > 1 else "",
    )
    if not verdict.suggestion:
        return said
    return f"{verdict.suggestion} was probably meant; {said}"


def _server(evidence: Evidence) -> str:
    domain = readable(evidence.address.domain)
    provider = provider_named(evidence.provider)
    if provider.kind is Kind.GATEWAY:
        return f"the mail filter of {domain} ({provider.display})"
    who = "" if provider.kind is Kind.OWN_HOST else f" ({provider.display})"
    return f"the mail server of {domain}{who}"


def _proof(evidence: Evidence) -> str:
    is_proved = evidence.decoy is not None and evidence.accept_all is AcceptAll.NO
    return ", and turned away one that we made up" if is_proved else ""


def _listed(evidence: Evidence) -> str:
    """Name the block list that a refusal speaks of, with the page that says why."""
    named = named_in(evidence.rcpt.text) if isinstance(evidence.rcpt, Reply) else None
    if named is None:
        return ""
    page = f" (see {named.page})" if named.page else ""
    return f", because our address is listed at {named.name}{page}"
