"""What it costs to claim and to store: 20,000 mailboxes in batches of 2.5 on average, on one thread.

`python -m bench.storing [OUTCOMES_AT_ONCE]` prints milliseconds of processor time for each address.
"""

import asyncio
import random
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from engine.accept_all import with_decoys
from engine.batch import Batch, Closed, DomainFacts, Outcome, Recipient
from engine.disposition import portion
from engine.exchange import MailHost, MailHosts
from engine.finding import finding_of
from engine.intake.read import read_sheet
from engine.reply import Reply, Stage
from engine.retry import Terms
from engine.settings import Settings
from engine.verdict import AcceptAll, TraceLine
from storage.database import Database, open_database
from storage.intake import save_upload
from storage.queue import SqlWorkQueue
from storage.runs import start_upload
from storage.uploads import Choice

MAILBOXES = 20_000
DOMAINS = 8_000
KNOWN = Reply(250, "2.1.5 OK", Stage.RCPT)
MISSING = Reply(550, "5.1.1 no such user here", Stage.RCPT)

GREETING = (
    ("host", "220 mx.orchard.sandbox ESMTP ready"),
    ("us", "EHLO probe.example.com"),
    ("host", "250 mx.orchard.sandbox PIPELINING SIZE 8BITMIME"),
    ("us", "MAIL FROM:<verify@probe.example.com>"),
    ("host", "250 2.1.0 ok"),
)


def main(at_once: int = 16) -> None:
    """Measure and print."""
    settings = Settings(allow_private_networks=True)
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder, 'bench.db')}")
        _fill(database, settings)
        asyncio.run(_work(SqlWorkQueue(database, settings), settings, at_once))
        database.close()


def _fill(database: Database, settings: Settings) -> None:
    chance = random.Random(1)
    lines = [f"plum{n}@orchard{chance.randrange(DOMAINS)}.sandbox" for n in range(MAILBOXES)]
    sheet = read_sheet("\n".join(["email", *lines]).encode(), "bench.csv", has_header=True)
    start_upload(database, save_upload(database, sheet, Choice(("email",))), settings)


async def _work(queue: SqlWorkQueue, settings: Settings, at_once: int) -> None:
    await queue.acquire()
    began = time.process_time()
    while waiting := await queue.claim_domains(64):
        await queue.keep([_resolved(each.name, settings) for each in waiting])
    _say("look-ups kept", began)
    spent = {"claims": 0.0, "outcomes made": 0.0, "outcomes stored": 0.0}
    ready: list[Batch] = []
    while ready or (ready := await _claimed(queue, spent)):
        chosen, ready = ready[:at_once], ready[at_once:]
        began = time.process_time()
        outcomes = [_outcome(batch, settings) for batch in chosen]
        made = time.process_time()
        await queue.settle(outcomes)
        spent["outcomes made"] += made - began
        spent["outcomes stored"] += time.process_time() - made
    for name, seconds in spent.items():
        print(f"{name:<23} {seconds / MAILBOXES * 1000:7.3f} ms an address")
    await queue.let_go()
    queue.close()


async def _claimed(queue: SqlWorkQueue, spent: dict[str, float]) -> list[Batch]:
    began = time.process_time()
    convoys = await queue.claim(32, Closed())
    spent["claims"] += time.process_time() - began
    return [batch for convoy in convoys for batch in convoy.batches]


def _resolved(name: str, settings: Settings) -> DomainFacts:
    hosts = MailHosts((MailHost(f"mx.{name}", 10, ("192.0.2.1",)),))
    facts = DomainFacts(name, hosts, f"key-{name}", "other", time.time())
    return with_decoys(
        DomainFacts(name, hosts, f"key-{name}", "other", time.time(), portion=portion(facts, settings))
    )


def _decided(facts: DomainFacts) -> DomainFacts:
    return replace(facts, accept_all=AcceptAll.NO, accept_all_at=time.time(), decoy_answer=MISSING)


def _told(recipient: Recipient, answer: Reply) -> Recipient:
    said = (("us", f"RCPT TO:<{recipient.address}>"), ("host", f"{answer.code} {answer.text}"))
    lines = tuple(TraceLine(speaker, text, 40) for speaker, text in (*GREETING, *said))
    return replace(recipient, answer=answer, mx_host=f"mx.{recipient.address.domain}", trace=lines)


def _say(name: str, began: float) -> None:
    print(f"{name:<23} {(time.process_time() - began) / MAILBOXES * 1000:7.3f} ms an address")


def _outcome(batch: Batch, settings: Settings) -> Outcome:
    facts = batch.domain
    if facts.accept_all is None:
        facts = _decided(facts)
    terms = Terms(settings, time.time())
    told = (_told(recipient, KNOWN if recipient.mailbox % 3 else MISSING) for recipient in batch.recipients)
    return Outcome(batch, facts, findings=tuple(finding_of(each, facts, terms) for each in told))


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
