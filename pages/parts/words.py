"""How statuses, reasons, flags and the engine's notices are said to a person."""

from dataclasses import dataclass

from engine.reason import Reason
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
    Reason.MAILBOX_DISABLED: Saying("Mailbox closed", "The mail host says that the mailbox is shut."),
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
    Reason.GREYLISTED: Saying(
        "Asked us to come back", "The host delays strangers; it wants to be asked once more."
    ),
    Reason.RATE_LIMITED: Saying("Host limits our pace", "The host wants fewer questions, and later ones."),
    Reason.TEMPORARY: Saying("Host has a temporary problem", "The host had a problem of its own."),
    Reason.BLOCKED: Saying("Host refuses to talk to us", "This speaks of us, not of the address. Keep it."),
    Reason.BLANKET_REFUSAL: Saying("Host refuses everything", "It refuses even postmaster@: it means us."),
    Reason.RELAY_DENIED: Saying("Wrong mail host", "The host named for this domain takes no mail for it."),
    Reason.TLS_REQUIRED: Saying(
        "Host demands encryption", "The host answers only over an encrypted session."
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
    Reason.NEVER_PROBED: Saying("Not to be asked", "It is on the list of those never to be asked."),
    Reason.NOT_CHECKED: Saying("Not checked", "It has not been asked about."),
}

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
}

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
    Notice.STORE_FAILS: (
        "Results cannot be written to the database just now (is the disk full?); they are kept and tried "
        "again."
    ),
}
NO_ENGINE = "No engine is running on this database, so lists wait; start the app again."

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
        "CSV for Excel", "Opens with the right letters; a cell that would run as a formula is made harmless."
    ),
    Format.XLSX: Saying("Excel workbook", "Every cell as text, exactly as it was."),
}

SAMPLE = "Try it with a sample list; nothing leaves this machine"
"""What a demo offers."""
