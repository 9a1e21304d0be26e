"""How long it takes to find addresses and domains in a large list: each kind of filter and search."""

import time
from collections.abc import Iterator

from sqlalchemy import text

from bench.made_up import MARK
from engine.reason import Reason
from engine.verdict import Flag, Status
from storage.at_stake import at_stake_by_reason
from storage.database import Database
from storage.domain_kinds import kinds_of_domains
from storage.domains import DomainSearch, find_domains
from storage.entries import Search, count_entries, find_entries
from storage.entry_detail import read_entry
from storage.health import find_health
from storage.removals import outcomes_of, providers_of, split, with_providers
from storage.selection import Selection
from storage.strata import safe_strata
from storage.summaries import standings, summarise

PAGE = 51
PAGES_ON = 20
WORDS = (MARK, "gmail", "e77", ".com", "orchard.example", "nobody has this", "berry", "zz", "q", "anders.fig")
BEGINS = ("anders", MARK, "quincequince.5", "nobody", "qu", "zz", "q", "a", "sales@")
DOMAINS = ("gmail.com", "gmial.com", "apple-11.orchard.example", "nobody.example")

Timed = tuple[str, float]
"""What was done, and in how many seconds."""


def searches() -> Iterator[tuple[str, Search]]:
    """Give each kind of filter, by itself and a few together, under a name."""
    for status in Status:
        yield f"status {status}", Search(statuses=(status,))
    for reason in Reason:
        yield f"reason {reason}", Search(reasons=(reason,))
    for flag in Flag:
        yield f"flag {flag.names[0]}", Search(flags=flag)
    for words in WORDS:
        yield f"words {words}", Search(words=words)
    for words in BEGINS:
        yield f"begin {words}", Search(words=words, is_begin=True)
    for domain in DOMAINS:
        yield f"domain {domain}", Search(domain=domain)
    yield from _others()


def _others() -> Iterator[tuple[str, Search]]:
    yield "no filter", Search()
    yield "waiting", Search(is_waiting=True)
    yield "no address", Search(is_empty=True)
    yield "confidence 41 to 42", Search(confidence=(41, 42))
    yield "confidence 0 to 100", Search(confidence=(0, 100))
    yield "risky and words", Search(statuses=(Status.RISKY,), words="gmail")
    yield "unknown, words of nobody", Search(statuses=(Status.UNKNOWN,), words=f"{MARK}.x")
    yield "missing at gmail", Search(reasons=(Reason.MAILBOX_MISSING,), domain="gmail.com")
    yield "disposable at gmail", Search(flags=Flag.DISPOSABLE, domain="gmail.com")
    yield "waiting at gmail", Search(is_waiting=True, domain="gmail.com")
    yield "words at gmail", Search(words="anders.fig", domain="gmail.com")


def time_searches(database: Database, upload: int) -> Iterator[Timed]:
    """Time each search's first page with its count, the pages after it, and the page before the end."""
    end = (_rows(database, upload) * 19 // 20, 0)
    for name, search in searches():
        began = time.perf_counter()
        found = find_entries(database, upload, search, limit=PAGE)
        count_entries(database, upload, search)
        yield f"{name}: {len(found)} found", time.perf_counter() - began
        began = time.perf_counter()
        found = find_entries(database, upload, search, after=end, limit=PAGE)
        yield f"{name}: {len(found)} found near the end", time.perf_counter() - began


def _rows(database: Database, upload: int) -> int:
    with database.reading() as connection:
        rows: int = connection.execute(
            text("SELECT row_count FROM upload WHERE id = :upload"), {"upload": upload}
        ).scalar_one()
    return rows


def time_others(database: Database, upload: int) -> Iterator[Timed]:
    """Time what else pages ask for: figures, domains, one address, one domain, the count of a segment."""
    summary = summarise(database, upload)
    assert summary is not None
    largest = list(providers_of(database, upload))[:1]
    deep = (2, "grape-5.orchard.example")
    asked = {
        "all lists": lambda: standings(database),
        "figures of a list": lambda: summarise(database, upload),
        "expected bounces": lambda: safe_strata(database, upload),
        "domains, first page": lambda: find_domains(database, upload),
        "domains, deep": lambda: find_domains(database, upload, after=deep),
        "domains by words": lambda: find_domains(database, upload, DomainSearch(words="-77")),
        "domains by words of nobody": lambda: find_domains(database, upload, DomainSearch(words="nobody")),
        "domains by provider": lambda: find_domains(database, upload, DomainSearch(providers=("zoho",))),
        "domains by health": lambda: find_domains(database, upload, DomainSearch(scores=(1, 2))),
        "kinds of domains": lambda: kinds_of_domains(database, upload),
        "domains at stake by reason": lambda: at_stake_by_reason(database, upload),
        "one domain": lambda: find_health(database, "gmail.com"),
        "providers to leave out": lambda: providers_of(database, upload),
        "count of a segment": lambda: split(outcomes_of(summary), Selection()),
        "count of a segment by provider": lambda: with_providers(
            database, upload, outcomes_of(summary), largest
        ),
        "one address": lambda: read_entry(database, upload, _middle(database, upload)),
        "twenty pages on": lambda: _page_on(database, upload),
    }
    for name, ask in asked.items():
        began = time.perf_counter()
        ask()
        yield name, time.perf_counter() - began


def _middle(database: Database, upload: int) -> int:
    after = (_rows(database, upload) // 2, 0)
    return find_entries(database, upload, Search(), after=after, limit=1)[0].entry


def _page_on(database: Database, upload: int) -> None:
    after = None
    for _ in range(PAGES_ON):
        found = find_entries(database, upload, Search(words="anders"), after=after, limit=PAGE)
        after = found[-1].place
