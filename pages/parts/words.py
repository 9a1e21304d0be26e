"""How statuses, flags and the engine's notices are said to a person, and the words of the screens."""

from dataclasses import dataclass

from engine.dmarc import DmarcState
from engine.preflight.line import Check
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
    Status.INVALID: Saying("Invalid", "Mail to it would come back, or your policy leaves it out. Remove it."),
    Status.ACCEPT_ALL: Saying("Accept-all", "The domain takes mail for any address, so nobody can tell."),
    Status.RISKY: Saying("Risky", "It may arrive, but there is a reason to think twice."),
    Status.UNKNOWN: Saying("Unknown", "Nobody could tell. That is not a reason to throw it away."),
}

TOMORROW = "ask again tomorrow"
"""When it pays to ask again about what nobody could tell: in the same words everywhere."""

TO_DO = {
    Status.VALID: "Write to them within some weeks; a list ages.",
    Status.INVALID: "Take it off; each one you write to hurts your name as a sender.",
    Status.ACCEPT_ALL: "Write first to those you know, to the others in small portions.",
    Status.RISKY: "Read its reason, and decide by what the mailing is for.",
    Status.UNKNOWN: f"Keep it, and {TOMORROW}.",
}
"""What to do with addresses of each status, as a rule; their reasons say more."""

KEPT = {
    Status.VALID: "safe to send",
    Status.INVALID: "though mail to it would come back, or your policy leaves it out",
    Status.ACCEPT_ALL: "its domain takes mail for any address",
    Status.RISKY: "it may arrive",
    Status.UNKNOWN: "nobody could tell, which is no reason to throw it away",
}
"""Why rows of a status are kept in an export."""

NO_ADDRESS = Saying("No address", "This row holds no address, so there is nobody to ask about.")
"""A row that holds nothing: it has no status to a person, though its entry is invalid."""

WAITING = Saying("Waiting", "There is no answer yet; Winnow goes on by itself.")
"""An address without an outcome."""


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
    Flag.IMPOSSIBLE: Saying(
        "Not a name its provider gives out",
        "The address breaks the rules that its provider has for names, as by its length or its signs. It may "
        "be mistyped, or older than those rules; what its host says counts more.",
    ),
    Flag.ALIAS: Saying("Same mailbox as an earlier row", "Another spelling of an address in an earlier row."),
    Flag.CORRECTED: Saying("Corrected", "Its domain was a typing error; the right one was asked instead."),
}

FIGURES = {
    "Without address": "Rows that hold nothing where an address is looked for. They are among the rows.",
    "Duplicates": FLAGS[Flag.DUPLICATE].advice + " It is checked once.",
    "Other spellings": FLAGS[Flag.ALIAS].advice,
    "Malformed": "No address is written so; these are not asked about.",
    "Never asked": "On your never-asked list, or at a domain that the policy lets nobody be asked about.",
    "To check": "Each address once, without those that are malformed or never asked.",
    "Rows kept": "Rows of your list, as your file will have them. How many addresses those are stands below.",
    "Rows removed": "What goes, and why, stands in the table below.",
}
"""What some figures mean, by their names; the others say it themselves."""

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
    UploadState.CANCELLED: "Ended early",
    UploadState.DONE: "Done",
}

SAMPLE_CHECKED = "Sample checked; the rest waits for you"
"""What is said of a list of which the sample has all its answers, and nobody else is asked."""

OUR_SIDE = "**This is about this machine, not about your lists.** "
"""What a notice begins with that speaks of us who ask."""

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
    "send_to": "Address to write to",
}
"""The columns an export adds, by their names in the file."""

FORMATS = {
    Format.XLSX: Saying(
        "Excel workbook",
        "One sheet with the kept rows, one with the removed ones and why, and a summary with charts. Leading "
        "zeros stay, and nothing runs as a formula.",
    ),
    Format.CSV_FOR_EXCEL: Saying(
        "CSV for Excel",
        "Opens with the right letters. A spreadsheet drops the leading zeros of numbers such as telephone "
        "numbers; the workbook keeps them.",
    ),
    Format.CSV: Saying("CSV", "With commas, in UTF-8: what most e-mail tools take."),
    Format.SEMICOLONS: Saying(
        "CSV with semicolons", "For Excel in countries that write 1,5: it opens there in columns."
    ),
    Format.BY_STATUS: Saying(
        "A file per status",
        "A zip with one CSV for Excel for each status, and one for rows without an address. All rows stand "
        "in it, whatever you keep above, but for your never-asked list.",
    ),
}

SAMPLE = "Try it with a sample list"
"""What a demo offers."""
