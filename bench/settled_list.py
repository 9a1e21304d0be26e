"""A list that is all settled, kept in a file: `python -m bench.settled_list FILE [ROWS]` makes it.

The rows are made up, and read, stored, started and settled by the code that does so with real ones: routes,
surveys and outcomes go through storage's own functions, so the counters are right. Nobody is asked.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from sqlalchemy import text

from bench.large_list import timed
from bench.made_up import World, made_up_list
from engine.address import Address
from engine.batch import Batch, Outcome, Recipient
from engine.exchange import MailHosts
from engine.finding import finding_of
from engine.intake.read import read_sheet
from engine.reply import Reply
from engine.retry import Terms
from engine.settings import Settings
from engine.verdict import TraceLine
from storage.codec import load_facts
from storage.database import Database, open_database
from storage.intake import save_upload
from storage.routes import keep_routes
from storage.runs import start_upload
from storage.settle import write_outcomes
from storage.surveys import write_surveys
from storage.uploads import Choice

AT_ONCE = 2_000
GREETING = (
    TraceLine("host", "220 mx.orchard.sandbox ESMTP ready", 80),
    TraceLine("us", "EHLO probe.example.com", 80),
    TraceLine("host", "250 mx.orchard.sandbox PIPELINING SIZE 8BITMIME", 120),
    TraceLine("us", "MAIL FROM:<verify@probe.example.com>", 120),
    TraceLine("host", "250 2.1.0 ok", 160),
)


@dataclass(frozen=True, slots=True)
class Maker:
    """What a list is settled with: its database, what there is to be found, and on which terms."""

    database: Database
    world: World
    terms: Terms


def make_list(file: Path, rows: int = 1_000_000) -> None:
    """Make the database file with one list of so many settled rows, and close it, its log written back."""
    settings = Settings(database_url=f"sqlite:///{file}", allow_private_networks=True)
    database, now = open_database(settings.database_url), time.time()
    maker = Maker(database, World(settings, now), Terms(settings, now))
    sheet = timed("read the file", lambda: read_sheet(made_up_list(rows), "orchard.csv", has_header=True))
    upload = timed("store", lambda: save_upload(database, sheet, Choice(("E-mail",))))
    timed("start", lambda: start_upload(database, upload, settings))
    timed("look up", lambda: _look_up(maker))
    timed("settle", lambda: _settle(maker))
    database.close()
    print(f"database file           {file.stat().st_size / 1e6:7.0f} MB")


def _look_up(maker: Maker) -> None:
    """Keep a route for each domain, and what it publishes."""
    with maker.database.reading() as connection:
        names = connection.execute(text("SELECT name FROM domain ORDER BY id")).scalars().all()
    for start in range(0, len(names), AT_ONCE):
        some = names[start : start + AT_ONCE]
        with maker.database.writing() as connection:
            keep_routes(connection, [maker.world.facts(name) for name in some])
            write_surveys(connection, [maker.world.survey(name) for name in some])


def _settle(maker: Maker) -> None:
    """Give every mailbox an outcome, some thousands a transaction."""
    for chunk in _mailboxes(maker.database):
        by_domain = groupby(chunk, lambda row: (row[0], row[1]))
        outcomes = [_outcome(facts, list(rows), maker) for (_, facts), rows in by_domain]
        with maker.database.writing() as connection:
            write_outcomes(connection, outcomes, maker.terms.now)


_Waiting = tuple[str, str, int, str]
"""A mailbox as it waits: its domain's name and facts, its number, its local part."""


def _mailboxes(database: Database) -> Iterator[Sequence[_Waiting]]:
    domain, folded = 0, ""
    while True:
        with database.reading() as connection:
            names = {"domain": domain, "folded": folded, "some": AT_ONCE}
            rows = connection.execute(_WAITING, names).all()
        if not rows:
            return
        domain, folded = rows[-1].domain_id, rows[-1].folded
        yield [(row.name, row.facts, row.id, row.local_part) for row in rows]


_WAITING = text(
    "SELECT domain.name, domain.facts, mailbox.id, mailbox.local_part, mailbox.domain_id, mailbox.folded"
    " FROM mailbox CROSS JOIN domain ON domain.id = mailbox.domain_id"
    " WHERE (mailbox.domain_id, mailbox.folded) > (:domain, :folded)"
    " ORDER BY mailbox.domain_id, mailbox.folded LIMIT :some"
)


def _outcome(facts_text: str, rows: Sequence[_Waiting], maker: Maker) -> Outcome:
    facts = load_facts(facts_text)
    is_asked = isinstance(facts.route, MailHosts)
    recipients = [Recipient(number, Address(local, name)) for name, _, number, local in rows]
    told = [_told(each, maker.world) if is_asked else each for each in recipients]
    findings = tuple(finding_of(each, facts, maker.terms, asked=1) for each in told)
    return Outcome(Batch(facts, tuple(told)), facts, findings)


def _told(recipient: Recipient, world: World) -> Recipient:
    answer = world.answer()
    said = f"{answer.code} {answer.text}" if isinstance(answer, Reply) else "no answer in time"
    asked = TraceLine("us", f"RCPT TO:<{recipient.address}>", 160)
    trace = (*GREETING, asked, TraceLine("host", said, 200))
    return Recipient(recipient.mailbox, recipient.address, 0, answer, "", trace)


if __name__ == "__main__":
    make_list(Path(sys.argv[1]), *(int(argument) for argument in sys.argv[2:3]))
