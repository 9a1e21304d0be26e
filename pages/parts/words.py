"""How statuses, reasons, flags and the engine's notices are said to a person."""

from dataclasses import dataclass

from engine.dmarc import DmarcState
from engine.preflight.line import Check
from engine.reason import Reason
from engine.spf import SpfState
from engine.verdict import Flag, Status
from engine.work_queue import Notice
from pages.parts.tickets import Format
from storage.uploads import UploadState


@dataclass(frozen=True, slots=True)
class Saying:
    """A thing said to a person: its short name, and one sentence with what to do about it."""

    name: str
    advice: str


STATUSES = {
    Status.VALID: Saying("Valid", "The mail host takes mail for this address. Safe to send."),
    Status.INVALID: Saying("Invalid", "Mail to this address would come back. Remove it."),
    Status.ACCEPT_ALL: Saying("Accept-all", "The domain takes mail for any address, so nobody can tell."),
    Status.RISKY: Saying("Risky", "It may arrive, but there is a reason to think twice."),
    Status.UNKNOWN: Saying("Unknown", "Nobody could tell. That is not a reason to throw it away."),
}

KEPT = {
    Status.VALID: "safe to send",
    Status.INVALID: "though mail to it would come back",
    Status.ACCEPT_ALL: "its domain takes mail for any address",
    Status.RISKY: "it may arrive",
    Status.UNKNOWN: "nobody could tell, which is no reason to throw it away",
}
"""Why rows of a status are kept in an export."""

NO_ADDRESS = Saying("No address", "This row holds no address, so there is nobody to ask about.")
"""A row that holds nothing: it has no status to a person, though its entry is invalid."""

REASONS = {
    Reason.EMPTY: Saying("Empty cell", "There is no address in it."),
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
    Reason.NEVER_PROBED: Saying("Not to be asked", "It is on your list of those never to be asked."),
    Reason.DNS_ONLY: Saying(
        "Checked by DNS only", "The domain takes mail; whether the mailbox exists was not asked."
    ),
    Reason.NOT_CHECKED: Saying("Not checked", "It has not been asked about."),
}
"""The name of each reason, and what it means."""

_TOMORROW = "Keep it, and ask again tomorrow."
_PREFLIGHT = "Keep it; see Preflight for what hosts hold against your own address, then ask again."

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
    Reason.ACCEPT_ALL: "Send to those you know; try the others in small portions.",
    Reason.PROVIDER_ACCEPTS_ANY: "Go by your own history: keep those who opened or bought lately.",
    Reason.WEAK_YES: "Send to those you know; try the others in small portions.",
    Reason.DISPOSABLE: "Remove it, or ask the person for a lasting address.",
    Reason.ROLE: "Keep it for business mail; leave it out where each reader must have agreed.",
    Reason.FREE: "Keep it for mail to private persons.",
    Reason.LOW_CONFIDENCE: "Keep it apart, or ask for less confidence in your policy.",
    Reason.GREYLISTED: _TOMORROW,
    Reason.RATE_LIMITED: _TOMORROW,
    Reason.TEMPORARY: _TOMORROW,
    Reason.BLOCKED: _PREFLIGHT,
    Reason.BLANKET_REFUSAL: _PREFLIGHT,
    Reason.RELAY_DENIED: "Keep it, and ask again next week; remove it if the domain stays so.",
    Reason.TLS_REQUIRED: _TOMORROW,
    Reason.SMTPUTF8_NEEDED: "Keep it, and ask the person for an address in plain letters as well.",
    Reason.SYNTAX_REFUSED: "Keep it, and look for odd signs in it.",
    Reason.UNCLEAR: "Keep it; what the host said stands in the details.",
    Reason.UNREACHABLE: "Keep it, and ask again in some days; remove it if the host stays away.",
    Reason.TIMEOUT: _TOMORROW,
    Reason.DROPPED: _TOMORROW,
    Reason.BUDGET: _TOMORROW,
    Reason.DNS_FAILED: _TOMORROW,
    Reason.UNROUTABLE_MX: "Look for a typing error in the domain, or remove it.",
    Reason.NEVER_PROBED: "Keep it; take it off that list to have it asked about.",
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


FLAGS = {
    Flag.ROLE: Saying("Role account", "An office, not a person."),
    Flag.FREE: Saying("Free provider", "An address at a free mail provider."),
    Flag.DISPOSABLE: Saying("Disposable", "Made for a single use."),
    Flag.TYPO: Saying("Likely typing error", "The domain looks misspelt; see the suggestion."),
    Flag.ACCEPT_ALL: Saying("Accept-all domain", "The domain takes mail for any address."),
    Flag.DUPLICATE: Saying("Duplicate", "The same address stands in an earlier row."),
    Flag.REUSED: Saying("Earlier answer", "Taken from an earlier check that still holds."),
    Flag.SEVERAL: Saying("Several in one row", "The row holds more than one address."),
    Flag.IMPLICIT_MX: Saying("No MX record", "The domain itself is asked, for want of an MX record."),
    Flag.RANDOM: Saying("Looks random", "The part before the @ looks typed at random."),
    Flag.IMPOSSIBLE: Saying("Against the provider's rules", "The provider gives out no such address."),
    Flag.ALIAS: Saying("Same mailbox as an earlier row", "Another spelling of an address in an earlier row."),
}

NOT_KNOWN = "Not known"
"""What is said where nobody asked, or nobody answered."""

SPF_STATES = {
    SpfState.FAIL: Saying("Strict (-all)", "Mail from hosts that it does not name is to be refused."),
    SpfState.SOFTFAIL: Saying("Soft (~all)", "Mail from hosts that it does not name is to be doubted."),
    SpfState.NEUTRAL: Saying("Neutral (?all)", "It names hosts, but says nothing of all the others."),
    SpfState.PASS_ALL: Saying("Open (+all)", "It lets anybody send in its name."),
    SpfState.NONE: Saying("No record", "It does not say who may send in its name."),
    SpfState.PERMERROR: Saying("Broken", "Its record cannot be read, so it does not count."),
    SpfState.TEMPERROR: Saying(NOT_KNOWN, "Its name servers did not say."),
}
"""What a domain's SPF record amounts to, the best first."""

DMARC_STATES = {
    DmarcState.REJECT: Saying("Reject", "Mail that only claims to come from it is to be refused."),
    DmarcState.QUARANTINE: Saying("Quarantine", "Mail that only claims to come from it goes aside as junk."),
    DmarcState.MONITOR: Saying("Monitor", "It wants to be told of forged mail, and nothing done about it."),
    DmarcState.NONE: Saying("No policy", "It does not say what is to become of forged mail."),
    DmarcState.BROKEN: Saying("Broken", "Its record cannot be read, so it does not count."),
}
"""What a domain asks to be done with forged mail (DMARC), the most first."""

STATES = {
    UploadState.READING: "Being read",
    UploadState.INTERRUPTED: "Reading was interrupted; hand the file in again",
    UploadState.READY: "Ready to start",
    UploadState.RUNNING: "Running",
    UploadState.PAUSED: "Paused",
    UploadState.CANCELLED: "Cancelled",
    UploadState.DONE: "Done",
}

NOTICES = {
    Notice.RUNNING: "",
    Notice.PORT_CLOSED: (
        "No mail host anywhere takes our connection, so outbound port 25 looks closed on this machine or "
        "network; asking is paused, nothing is decided from it, and it goes on by itself when a connection "
        "succeeds."
    ),
    Notice.NO_IDENTITY: (
        "This machine has no public host name to introduce itself with, so no mail host is asked; "
        "set VALIDATOR_HELO to a name that resolves to this machine and start again."
    ),
    Notice.BLOCKED: (
        "Mail hosts of many providers refuse this machine just now, so its address may stand on a block "
        "list; asking is paused, what they said in the last minutes is not believed, and it goes on by "
        "itself."
    ),
    Notice.STORE_FAILS: (
        "Results cannot be written to the database just now (is the disk full?); they are kept and tried "
        "again."
    ),
}
DEPTHS = {
    False: Saying("Full check", "Each address's own mail host is asked whether it takes mail for it."),
    True: Saying(
        "DNS only",
        "Quick: it finds domains that do not exist, are misspelt or take no mail. No mail host is asked, so "
        "all other addresses stay unknown.",
    ),
}
"""How thoroughly a list is checked, by whether it is by DNS only."""

DNS_ONLY = (
    "Without port 25 no mail host can be asked, but a list can still be checked by DNS alone. That finds "
    "domains that do not exist, are misspelt or take no mail; whether anybody has a mailbox at the others "
    "stays unknown."
)
"""What is offered while the port is shut."""

NO_ENGINE = "No engine is running on this database, so lists wait; start the app again."

CHECKS = {
    Check.RESOLVER: Saying("DNS resolver", "Each check begins with a look-up of where a domain's mail goes."),
    Check.PORT: Saying("Outbound mail port", "Mail hosts are asked over this port; many networks shut it."),
    Check.ADDRESS: Saying("Own address", "Hosts go by the address that they see us come from."),
    Check.PTR: Saying("PTR record", "It gives our address a name; many hosts refuse who has none."),
    Check.HELO: Saying("HELO name", "We greet hosts by this name, and they look up whether it is ours."),
    Check.SENDER: Saying("Sender's domain", "We name a sender before we ask; hosts look if it takes mail."),
    Check.SPF: Saying("SPF of the sender", "It says which addresses may send in our sender's name."),
    Check.BLOCK_LISTS: Saying("Block lists", "Hosts that go by such a list refuse each address on it."),
}
"""What Preflight looks at, and why it matters."""

OUTCOMES = {
    "email": "Address as read",
    "status": "Status",
    "reason": "Reason",
    "confidence": "Confidence",
    "flags": "Flags",
    "suggestion": "Suggested correction",
    "mx_host": "Mail host",
    "provider": "Provider",
    "attempts": "Attempts",
    "checked_at": "Checked at",
}
"""The columns an export adds, by their names in the file."""

FORMATS = {
    Format.CSV: Saying("CSV", "Every cell exactly as it was; for other programs."),
    Format.CSV_FOR_EXCEL: Saying(
        "CSV for Excel",
        "Opens with the right letters; a cell that would run as a formula is made harmless. A spreadsheet "
        "drops the leading zeros of numbers such as telephone numbers; the workbook keeps them.",
    ),
    Format.XLSX: Saying("Excel workbook", "Every cell as text, exactly as it was, leading zeros too."),
}

SAMPLE = "Try it with a sample list; nothing leaves this machine"
"""What a demo offers."""
