"""A database worked by hand: lists saved and started, batches claimed and settled without any network."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from engine.batch import Batch, Closed, Deferral, DomainFacts, Outcome, Recipient
from engine.exchange import MailHost, MailHosts, Route
from engine.intake.read import read_sheet
from engine.judge import judge
from engine.policy import DEFAULT_POLICY
from engine.reason import Reason
from engine.reply import Reply, Stage
from engine.settings import Settings
from engine.survey import Survey
from engine.traits import traits_of
from engine.verdict import AcceptAll, Evidence, Finding, TraceLine
from storage.database import Database, open_database
from storage.intake import save_upload
from storage.queue import SqlWorkQueue
from storage.runs import start_upload
from storage.uploads import Choice

ACCEPTED = Reply(250, "2.1.5 recipient ok", Stage.RCPT)
MISSING = Reply(550, "5.1.1 no such mailbox here", Stage.RCPT)
FULL = Reply(552, "5.2.2 mailbox full", Stage.RCPT)
ANSWERS = {"accepted": ACCEPTED, "missing": MISSING, "full": FULL}
DAY_S = 86_400.0


class Clock:
    """The time of day, which a test may put forward."""

    ahead_s = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead_s


class Desk:
    """A database and a queue over it, worked by hand."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock
        self.settings = Settings()
        self.queue = SqlWorkQueue(database, self.settings, clock)

    def save(self, *lines: str, columns: Sequence[str] = ("email",), **choice: Any) -> int:
        """Save a list of CSV lines, the first of them its header unless it is an address."""
        header = () if lines and "@" not in lines[0] and len(lines) > 1 else ("email",)
        sheet = read_sheet("\n".join((*header, *lines)).encode(), "fruits.csv", has_header=True)
        return save_upload(self.database, sheet, Choice(tuple(columns), **choice))

    def start(self, upload: int) -> None:
        start_upload(self.database, upload, self.settings)

    def begin(self, *lines: str, **choice: Any) -> int:
        """Save a list, start it, and find out where its domains' mail goes."""
        upload = self.save(*lines, **choice)
        self.start(upload)
        assert self.acquire()
        self.resolve()
        return upload

    def acquire(self) -> bool:
        return asyncio.run(self.queue.acquire())

    def resolve(self, **known: Any) -> list[str]:
        """Give every domain that waits for a route the same kind of route."""
        waiting = asyncio.run(self.queue.claim_domains(1000))
        asyncio.run(self.queue.keep([facts_of(each.name, self.clock(), **known) for each in waiting]))
        return [each.name for each in waiting]

    def facts(self, name: str, **known: Any) -> DomainFacts:
        """Give what a look-up now finds of a domain."""
        return facts_of(name, self.clock(), **known)

    def survey(self, **known: Any) -> list[str]:
        """Find the same published at every domain that is to be surveyed."""
        due = asyncio.run(self.queue.claim_surveys(1000))
        asyncio.run(self.queue.keep_surveys([Survey(each.name, self.clock(), **known) for each in due]))
        return [each.name for each in due]

    def claim(self, limit: int = 100, closed: Closed = Closed()) -> list[Batch]:  # noqa: B008 - frozen
        convoys = asyncio.run(self.queue.claim(limit, closed))
        return [batch for convoy in convoys for batch in convoy.batches]

    def settle(self, *outcomes: Outcome) -> None:
        asyncio.run(self.queue.settle(outcomes))

    def answer(self, batch: Batch, answers: dict[str, Reply] | Reply = ACCEPTED) -> Outcome:
        """Settle a batch by what each address was answered."""
        findings = tuple(
            self.finding(batch, each, answers if isinstance(answers, Reply) else answers[str(each.address)])
            for each in batch.recipients
        )
        return Outcome(batch, batch.domain, findings=findings)

    def finding(self, batch: Batch, recipient: Recipient, rcpt: Reply, *, days: float = 60.0) -> Finding:
        facts = batch.domain
        evidence = Evidence(
            address=recipient.address,
            traits=traits_of(recipient.address),
            route=facts.route,
            provider=facts.provider,
            rcpt=rcpt,
            accept_all=facts.accept_all,
            mx_host=f"mx.{facts.name}",
        )
        now = self.clock()
        trace = (TraceLine("us", "RCPT TO"), TraceLine("host", str(rcpt.code)))
        verdict = judge(evidence, DEFAULT_POLICY)
        expires_at = now + days * DAY_S
        return Finding(recipient.mailbox, evidence, verdict, recipient.attempts + 1, now, expires_at, trace)

    def put_off(self, batch: Batch, due_at: float, why: Reason = Reason.GREYLISTED) -> Outcome:
        """Defer all of a batch."""
        deferrals = tuple(
            Deferral(replace(each, attempts=each.attempts + 1), due_at, why) for each in batch.recipients
        )
        return Outcome(batch, batch.domain, deferrals=deferrals)

    def put_off_twice(self, batch: Batch, soon_s: float, later_s: float, number: int = 8) -> None:
        """Put off so many of a batch twice, at last for `later_s`, and the others once, for `soon_s`."""
        first, last = batch.recipients[:number], batch.recipients[number:]
        again = self.put_off(replace(batch, recipients=first), self.clock() - 1)
        self.settle(replace(again, batch=batch, released=last))
        (batch,) = self.claim()
        later = self.put_off(replace(batch, recipients=batch.recipients[:number]), self.clock() + later_s)
        soon = self.put_off(replace(batch, recipients=batch.recipients[number:]), self.clock() + soon_s)
        self.settle(replace(later, batch=batch, deferrals=(*later.deferrals, *soon.deferrals)))

    def finish(self, answers: dict[str, Reply] | Reply = ACCEPTED) -> list[str]:
        """Resolve, claim and settle until nothing is due; give the addresses that were asked, in order."""
        asked = []
        self.resolve()
        while batches := self.claim():
            asked += [str(each.address) for batch in batches for each in batch.recipients]
            self.settle(*(self.answer(batch, answers) for batch in batches))
        return asked

    def rows(self, sql: str, **names: Any) -> list[Any]:
        with self.database.reading() as connection:
            return list(connection.execute(text(sql), names))

    def value(self, sql: str, **names: Any) -> Any:
        ((found,),) = self.rows(sql, **names)
        return found


class Dying:
    """A database whose process is killed before its n-th transaction."""

    class Killed(BaseException):
        """The process ends here."""

    def __init__(self, database: Database, transactions: int) -> None:
        self.database = database
        self.left = transactions

    def reading(self) -> AbstractContextManager[Connection]:
        return self.database.reading()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        if self.left == 0:
            raise self.Killed
        self.left -= 1
        with self.database.writing() as connection:
            yield connection


def facts_of(name: str, now: float, **known: Any) -> DomainFacts:
    route: Route = MailHosts((MailHost(f"mx.{name}", 10, ("127.0.0.1",)),))
    usual = {
        "route": route,
        "route_key": f"key-{name}",
        "provider": "other",
        "resolved_at": now,
        "accept_all": AcceptAll.NO,
        "accept_all_at": now,
        "portion": 20,
    }
    return DomainFacts(name, **{**usual, **known})


@pytest.fixture
def database(made_database: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{made_database}")
    yield opened
    opened.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def open_desk(database: Database, clock: Clock) -> Iterator[Callable[[], Desk]]:
    """Open another queue over the same database, as another engine would."""
    opened: list[Desk] = []

    def give() -> Desk:
        opened.append(Desk(database, clock))
        return opened[-1]

    yield give
    for desk in opened:
        desk.queue.close()


@pytest.fixture
def desk(open_desk: Callable[[], Desk]) -> Desk:
    return open_desk()


@pytest.fixture
def dying() -> type[Dying]:
    """Put a process that is killed in the middle before a database."""
    return Dying


@pytest.fixture
def replies() -> dict[str, Reply]:
    """The answers tests give: accepted, missing, full."""
    return dict(ANSWERS)


@pytest.fixture
def recount() -> Callable[[Desk], None]:
    """Compare every counter of every list with a count of its entries."""

    def compare(desk: Desk) -> None:
        entries = desk.rows(
            "SELECT entry.*, mailbox.domain_id FROM entry LEFT JOIN mailbox ON mailbox.id = entry.mailbox_id"
        )
        assert entries, "there is nothing to count"
        assert _tallies(desk) == Counter(_cell(each) for each in entries)
        assert _domains(desk) == _domains_of(entries)
        counted = Counter(each.upload_id for each in entries)
        settled = Counter(each.upload_id for each in entries if each.status)
        for upload in desk.rows("SELECT * FROM upload"):
            assert (upload.entry_count, upload.settled_count) == (counted[upload.id], settled[upload.id])

    return compare


def _tallies(desk: Desk) -> dict[tuple[Any, ...], int]:
    rows = desk.rows("SELECT * FROM tally WHERE count <> 0")
    return {(r.upload_id, r.is_first, r.status, r.reason, r.confidence, r.flags): r[-1] for r in rows}


def _cell(entry: Any) -> tuple[Any, ...]:
    is_first = entry.ordinal == 0
    said = (entry.status or "", entry.reason or "", entry.confidence or 0, entry.flags)
    return (entry.upload_id, is_first, *said)


def _domains(desk: Desk) -> dict[tuple[int, int], tuple[int, ...]]:
    rows = desk.rows("SELECT * FROM upload_domain")
    return {
        (r.upload_id, r.domain_id): (r.entries, r.valid, r.invalid, r.accept_all, r.risky, r.unknown)
        for r in rows
    }


def _domains_of(entries: list[Any]) -> dict[tuple[int, int], tuple[int, ...]]:
    kept: dict[tuple[int, int], Counter[str]] = {}
    for each in entries:
        if each.domain_id is not None:
            kept.setdefault((each.upload_id, each.domain_id), Counter())[each.status or ""] += 1
    statuses = ("valid", "invalid", "accept_all", "risky", "unknown")
    return {key: (c.total(), *(c[status] for status in statuses)) for key, c in kept.items()}
