"""A list of 300,000 rows: read, stored, first page shown; then all settled, exported, and drawn again.

`python -m bench.large_list [ROWS]` prints seconds and megabytes.
"""

import csv
import io
import json
import logging
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy import text

from bench.usage import peak_mb
from engine.address import Address
from engine.exchange import MailHost, MailHosts
from engine.intake.columns import guess_columns
from engine.intake.read import read_sheet
from engine.intake.survey import survey
from engine.reply import Reply, Stage
from engine.settings import Settings
from engine.traits import traits_of
from engine.verdict import AcceptAll, Evidence
from runtime import close_runtime, open_runtime
from storage.codec import dump_evidence
from storage.database import Database, open_database
from storage.entries import Search, find_entries
from storage.exports import Export
from storage.files import write_file
from storage.intake import save_upload
from storage.runs import start_upload
from storage.settle import Settled, settle_entries
from storage.summaries import summarise
from storage.uploads import Choice

T = TypeVar("T")
CHUNK = 5_000
SCRIPT = """
import streamlit as st
from pages.parts import frame
st.navigation([st.Page(each, default=each == frame.RESULTS) for each in frame.SCREENS]).run()
"""
ANSWERS = (
    (250, "2.1.5 OK a640c23a62f3a-b9f5c7d1e2fsi{1:09}a12.34 - gsmtp"),
    (550, "5.1.1 <{0}>: Recipient address rejected: User unknown"),
    (552, "5.2.2 Mailbox full"),
    (554, "5.7.1 Blocked"),
    (550, "5.1.1 The address {0} does not exist. a640c23a62f3a-b9f5c7d1e2fsi{1:09}a12.34 - gsmtp"),
)


def main(rows: int = 300_000) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(database_url=f"sqlite:///{folder}/bench.db", allow_private_networks=True)
        database = open_database(settings.database_url)
        began = time.perf_counter()
        upload = _hand_in(database, settings, made_up_csv(rows))
        print(f"file to first figures   {time.perf_counter() - began:7.2f} s")
        print(f"peak memory             {peak_mb():7.0f} MB")
        timed("settle all", lambda: settle_all(database))
        timed("summary", lambda: summarise(database, upload))
        timed("first 100 entries", lambda: find_entries(database, upload, Search()))
        timed("100 found by words", lambda: find_entries(database, upload, Search(words="plum299")))
        for name in ("export.csv", "export.xlsx"):
            timed(name, partial(write_file, database, Export(upload), Path(folder, name)))
        print(f"peak memory             {peak_mb():7.0f} MB")
        database.close()
        _draw(settings, upload)
        print(f"database file           {Path(folder, 'bench.db').stat().st_size / 1e6:7.0f} MB")


def _hand_in(database: Database, settings: Settings, content: bytes) -> int:
    sheet = timed("read the file", lambda: read_sheet(content, "bench.csv"))
    columns = guess_columns(sheet)[:1]
    timed("survey", lambda: survey(sheet, columns))
    upload = timed("store", lambda: save_upload(database, sheet, Choice(columns)))
    timed("start", lambda: start_upload(database, upload, settings))
    timed("first summary", lambda: summarise(database, upload))
    return upload


def _draw(settings: Settings, upload: int) -> None:
    """Draw the Results page twice: the first time loads libraries, the second is what a click costs."""
    from streamlit.testing.v1 import AppTest

    logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").disabled = True
    runtime = open_runtime(settings)
    try:
        page = AppTest.from_string(SCRIPT, default_timeout=60)
        page.query_params["list"] = str(upload)
        timed("Results page, first", page.run)
        timed("Results page, again", page.run)
        assert not page.exception, page.exception
    finally:
        close_runtime(runtime)


def made_up_csv(rows: int) -> bytes:
    """Write a list with a few huge domains and a long tail."""
    chance = random.Random(1)
    domains = [f"orchard-{number}.sandbox" for number in range(max(rows // 15, 1))]
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["Customer no.", "Company", "E-mail", "Country", "Segment", "Note"])
    for number in range(rows):
        domain = "gmail.com" if chance.random() < 0.4 else chance.choice(domains)
        row = [f"{number:06}", f"Orchard {number}", f"plum{number}@{domain}", "NO", "A", "fresh, ripe"]
        writer.writerow(row)
    return file.getvalue().encode()


def settle_all(database: Database) -> None:
    """Give every mailbox an outcome, by the code that settles real ones, without asking anybody."""
    for chunk in _mailboxes(database):
        settled = []
        rows = []
        for mailbox, local_part, domain in chunk:
            evidence = _evidence(Address(local_part, domain), mailbox)
            settled.append(Settled(mailbox, evidence, 1.0))
            rows.append({"id": mailbox, "evidence": dump_evidence(evidence), "trace": json.dumps([])})
        with database.writing() as connection:
            connection.execute(
                text(
                    "UPDATE mailbox SET state = 'settled', due_at = NULL, checks = 1, evidence = :evidence,"
                    " trace = :trace, checked_at = 1, expires_at = 1e12 WHERE id = :id"
                ),
                rows,
            )
            settle_entries(connection, settled)


def _mailboxes(database: Database) -> Iterator[list[tuple[int, str, str]]]:
    after = 0
    while True:
        with database.reading() as connection:
            rows = connection.execute(
                text(
                    "SELECT mailbox.id, mailbox.local_part, domain.name FROM mailbox"
                    " JOIN domain ON domain.id = mailbox.domain_id WHERE mailbox.id > :after"
                    " ORDER BY mailbox.id LIMIT :chunk"
                ),
                {"after": after, "chunk": CHUNK},
            ).all()
        if not rows:
            return
        after = rows[-1].id
        yield [(row.id, row.local_part, row.name) for row in rows]


def _evidence(address: Address, number: int) -> Evidence:
    code, words = ANSWERS[number % 10 if number % 10 < len(ANSWERS) else 0]
    return Evidence(
        address=address,
        traits=traits_of(address),
        route=MailHosts((MailHost(f"mx.{address.domain}", 10, ("192.0.2.1",)),)),
        provider="other",
        rcpt=Reply(code, words.format(address, number), Stage.RCPT),
        accept_all=AcceptAll.YES if number % 7 == 0 else AcceptAll.NO,
        mx_host=f"mx.{address.domain}",
    )


@contextmanager
def _clock(name: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    print(f"{name:<23} {time.perf_counter() - began:7.2f} s")


def timed(name: str, work: Callable[[], T]) -> T:
    """Do some work and print how long it took."""
    with _clock(name):
        return work()


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
