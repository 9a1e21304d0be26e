"""How the reasons of outcomes are said to a person, and what to do about each."""

from engine.reason import Reason
from engine.verdict import Status
from pages.parts.words import TOMORROW, Saying

REASONS = {
    Reason.EMPTY: Saying("Nothing to check", "The cell is empty, or says that there is none, as n/a does."),
    Reason.MALFORMED: Saying("Malformed address", "No address is written so; correct it or remove it."),
    Reason.NO_SUCH_DOMAIN: Saying("Domain does not exist", "Look for a typing error in the domain."),
    Reason.NULL_MX: Saying("Domain takes no mail", "The domain says that it takes no mail at all."),
    Reason.NO_MAIL_HOST: Saying("No mail host", "The domain exists but has no host that could take mail."),
    Reason.ACCEPTED: Saying("Accepted", "The mail host takes mail for this address."),
    Reason.MAILBOX_MISSING: Saying(
        "Mailbox does not exist", "The mail host says that nobody has this address."
    ),
    Reason.MAILBOX_DISABLED: Saying("Mailbox closed", "The mail host says that the mailbox has been shut."),
    Reason.MAILBOX_FULL: Saying("Mailbox full", "The mailbox exists but is full; often it is abandoned."),
    Reason.MAILBOX_MOVED: Saying("Mailbox moved", "The person is no longer at this address."),
    Reason.BOUNCED: Saying("Bounced before", "Your own mail to this address came back."),
    Reason.ACCEPT_ALL: Saying("Domain accepts everything", "A made-up address was accepted there too."),
    Reason.PROVIDER_ACCEPTS_ANY: Saying(
        "Provider says yes to everything", "This provider refuses only after the mail was sent."
    ),
    Reason.WEAK_YES: Saying(
        "Yes of a gateway", "A filter in front of the mail host said yes; it may not know."
    ),
    Reason.DISPOSABLE: Saying("Disposable address", "Made for a single use; nobody will read it for long."),
    Reason.MISTYPED: Saying(
        "Mistyped domain", "Its domain is a typing error, and who answers there is not who was meant."
    ),
    Reason.ROLE: Saying(
        "Role account", "An office, not a person (info@, sales@): several people may read it."
    ),
    Reason.FREE: Saying("Free provider", "It exists at a free mail provider, which your policy sets apart."),
    Reason.LOW_CONFIDENCE: Saying(
        "Confidence too low", "The host takes mail for it, but your policy asks for more confidence."
    ),
    Reason.GREYLISTED: Saying(
        "Asked us to come back", "The host delays strangers; it wants to be asked once more."
    ),
    Reason.RATE_LIMITED: Saying("Host limits our pace", "The host wants fewer questions, and later ones."),
    Reason.TEMPORARY: Saying("Host has a temporary problem", "The host had a problem of its own."),
    Reason.BLOCKED: Saying("Host refuses to talk to us", "This speaks of us, not of the address. Keep it."),
    Reason.BLANKET_REFUSAL: Saying("Host refuses everything", "It refuses even postmaster@: it means us."),
    Reason.RELAY_DENIED: Saying("Wrong mail host", "The host named for this domain takes no mail for it."),
    Reason.TLS_REQUIRED: Saying(
        "Host demands encryption", "The host answers only over an encrypted connection, which failed."
    ),
    Reason.SMTPUTF8_NEEDED: Saying(
        "International address", "The host cannot take addresses with such letters."
    ),
    Reason.SYNTAX_REFUSED: Saying("Host could not read it", "The host did not understand the question."),
    Reason.UNCLEAR: Saying("Unclear answer", "The host's answer can mean several things."),
    Reason.UNREACHABLE: Saying("Host cannot be reached", "No connection to the mail host could be made."),
    Reason.TIMEOUT: Saying("Host does not answer", "The host took the connection but stayed silent."),
    Reason.DROPPED: Saying("Host hung up", "The host closed the connection before it answered."),
    Reason.BUDGET: Saying("Host is too slow", "The answer took longer than one address may take."),
    Reason.DNS_FAILED: Saying("Look-up failed", "The domain's name servers did not answer."),
    Reason.UNROUTABLE_MX: Saying("Host in a private network", "The domain names a host nobody can reach."),
    Reason.NEVER_PROBED: Saying(
        "Not asked, as you wished", "Your never-asked list, or the list's policy, has nobody ask about it."
    ),
    Reason.DNS_ONLY: Saying(
        "Checked by DNS only", "The domain takes mail; whether the mailbox exists was not asked."
    ),
    Reason.NOT_CHECKED: Saying("Not checked", "It has not been asked about."),
}
"""The name of each reason, and what it means."""


_TOMORROW = f"Keep it, and {TOMORROW}."


_PREFLIGHT = f"Keep it; see Preflight for what hosts hold against your own address, then {TOMORROW}."


_IN_PORTIONS = "Write to it if you know the person; try unknown ones of its kind in small portions."


ADVICE = {
    Reason.EMPTY: "Fill the address in, or leave the row out.",
    Reason.MALFORMED: "Correct it, or remove it.",
    Reason.NO_SUCH_DOMAIN: "Look for a typing error in the domain, or remove it.",
    Reason.NULL_MX: "Remove it, or ask the person for another address.",
    Reason.NO_MAIL_HOST: "Look for a typing error in the domain, or remove it.",
    Reason.ACCEPTED: "Safe to send.",
    Reason.MAILBOX_MISSING: "Remove it.",
    Reason.MAILBOX_DISABLED: "Remove it.",
    Reason.MAILBOX_FULL: "Leave it out for now, and ask again in some weeks; many full ones are abandoned.",
    Reason.MAILBOX_MOVED: "Remove it, or ask the person for the new address.",
    Reason.BOUNCED: "Remove it, unless you know that it works again.",
    Reason.ACCEPT_ALL: _IN_PORTIONS,
    Reason.PROVIDER_ACCEPTS_ANY: "Go by your own history: keep it if the person opened or bought lately.",
    Reason.WEAK_YES: _IN_PORTIONS,
    Reason.DISPOSABLE: "Remove it, or ask the person for a lasting address.",
    Reason.MISTYPED: "Remove it, or ask the person.",
    Reason.ROLE: "Keep it for business mail; leave it out where each reader must have agreed.",
    Reason.FREE: "Keep it for mail to private persons.",
    Reason.LOW_CONFIDENCE: "Keep it apart, or ask for less confidence in your policy.",
    Reason.GREYLISTED: _TOMORROW,
    Reason.RATE_LIMITED: _TOMORROW,
    Reason.TEMPORARY: _TOMORROW,
    Reason.BLOCKED: _PREFLIGHT,
    Reason.BLANKET_REFUSAL: _PREFLIGHT,
    Reason.RELAY_DENIED: f"Keep it, and {TOMORROW}; remove it if the domain stays so.",
    Reason.TLS_REQUIRED: _TOMORROW,
    Reason.SMTPUTF8_NEEDED: "Keep it, and ask the person for an address in plain letters as well.",
    Reason.SYNTAX_REFUSED: "Keep it, and look for odd signs in it.",
    Reason.UNCLEAR: "Keep it; what the host said stands in the details.",
    Reason.UNREACHABLE: f"Keep it, and {TOMORROW}; remove it if the host stays away.",
    Reason.TIMEOUT: _TOMORROW,
    Reason.DROPPED: _TOMORROW,
    Reason.BUDGET: _TOMORROW,
    Reason.DNS_FAILED: _TOMORROW,
    Reason.UNROUTABLE_MX: "Look for a typing error in the domain, or remove it.",
    Reason.NEVER_PROBED: "Nothing, if you still mean it. Else take it off that list or out of that policy, "
    "then ask again on Results.",
    Reason.DNS_ONLY: "Hand it in again with the full check where port 25 is open.",
    Reason.NOT_CHECKED: "Hand it in again to have it checked.",
}
"""What to do about an address with an outcome of each reason."""


ABOUT_US = frozenset(reason for reason, advice in ADVICE.items() if advice is _PREFLIGHT)
"""The reasons that speak of this machine: Preflight tells more of them."""


_LEFT_TO_POLICIES = frozenset(
    {
        Reason.MAILBOX_FULL,
        Reason.DISPOSABLE,
        Reason.MISTYPED,
        Reason.ACCEPT_ALL,
        Reason.PROVIDER_ACCEPTS_ANY,
        Reason.ROLE,
        Reason.FREE,
    }
)


def advice_for(status: Status, reason: Reason) -> str:
    """Say what to do about an address: by the reason, unless only its list's policy calls it invalid."""
    if status is Status.INVALID and reason in _LEFT_TO_POLICIES:
        return "Leave it out, as your policy wants."
    return ADVICE[reason]
