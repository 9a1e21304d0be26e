"""What hosts answer in the tests of pages, by the word that an address begins with, and who is let alone."""

import time

from sqlalchemy import text

from engine.address import Address
from engine.batch import Batch, Deferral, DomainFacts, Outcome, Recipient
from engine.exchange import MailHost, MailHosts
from engine.judge import judge
from engine.policy import DEFAULT_POLICY
from engine.reason import Reason
from engine.reply import Reply, Stage
from engine.traits import traits_of
from engine.verdict import AcceptAll, Evidence, Finding, TraceLine
from storage.database import Database
from storage.settle import write_outcomes

ROUTE = MailHosts((MailHost("mx.orchard.sandbox", 10, ("203.0.113.7",)),))
FACTS = DomainFacts("orchard.sandbox", ROUTE, provider="google", accept_all=AcceptAll.NO, resolved_at=1.0)
ANSWERS = {
    "no": (550, "5.1.1 no such user"),
    "full": (552, "5.2.2 mailbox full"),
    "blocked": (554, "5.7.1 client host blocked, see our block list"),
}
ACCEPT_ALL = {"any": AcceptAll.YES}
"""What else is true of addresses that begin so."""
TRACE = (
    TraceLine("dns", "MX orchard.sandbox: 10 mx.orchard.sandbox"),
    TraceLine("us", "EHLO winnow.sandbox", 40),
    TraceLine("host", "250 mx.orchard.sandbox\nPIPELINING", 80),
)


_AWAITED = text(
    "SELECT mailbox.id, local_part, name FROM mailbox JOIN domain ON domain.id = domain_id"
    " WHERE state <> 'settled' AND mailbox.id IN (SELECT mailbox_id FROM entry WHERE status IS NULL)"
)


def settle_all(database: Database) -> None:
    """Settle each mailbox that is waited for by the word it begins with; those with `later` come back."""
    with database.writing() as connection:
        rows = connection.execute(_AWAITED)
        recipients = [Recipient(row.id, Address(row.local_part, row.name)) for row in rows]
        later = [each for each in recipients if each.address.local_part.startswith("later")]
        outcome = Outcome(
            Batch(FACTS, ()),
            FACTS,
            tuple(_finding(each) for each in recipients if each not in later),
            tuple(Deferral(each, time.time() + 900, Reason.GREYLISTED) for each in later),
        )
        write_outcomes(connection, [outcome], time.time())


_LET_ALONE = text(
    "INSERT INTO pause (scope, name, since, until, rounds, share, why)"
    " VALUES ('provider', :name, :since, :until, 1, 0.5, :why)"
)


def let_alone(database: Database, provider: str, why: Reason) -> None:
    """Have a provider's hosts let alone for 40 minutes, for this reason."""
    now = time.time()
    named = {"name": provider, "since": now - 1, "until": now + 2400, "why": why}
    with database.writing() as connection:
        connection.execute(_LET_ALONE, named)


def _finding(recipient: Recipient) -> Finding:
    word = recipient.address.local_part.partition(".")[0]
    evidence = Evidence(
        recipient.address,
        traits_of(recipient.address),
        ROUTE,
        "google",
        Reply(*ANSWERS.get(word, (250, "2.1.5 OK")), Stage.RCPT),
        ACCEPT_ALL.get(word, AcceptAll.NO),
        mx_host="mx.orchard.sandbox",
    )
    return Finding(
        recipient.mailbox,
        evidence,
        judge(evidence, DEFAULT_POLICY),
        1,
        time.time(),
        time.time() + 3600,
        TRACE,
    )
