"""What a choice keeps and removes, counted."""

from collections import Counter

import pytest
from sqlalchemy import text

from engine.never_probed import parse_listed
from engine.reason import Reason
from storage.exports import Export, export_rows
from storage.never_probed import Origin
from storage.removals import outcomes_of, providers_of, removed_by, split, with_listed, with_providers
from storage.selection import PROVIDER, Removal, Selection
from storage.summaries import summarise
from storage.withholding import never_probe

LINES = (
    "pear@orchard.com",
    "PEAR@orchard.com",
    "quince@orchard.com",
    "plum@mill.com",
    "no address",
    "fig@farm.com",
)
DOMAINS = ("orchard.com", "mill.com", "farm.com")


@pytest.fixture(params=[0, 9], ids="{} times as many of other lists".format)
def checked(desk, replies, request):
    """A list at two providers, one row of which still waits; other lists may have more at its domains."""
    upload = desk.save(*LINES)
    if others := [f"other{n}@{domain}" for n in range(request.param) for domain in DOMAINS]:
        desk.save(*others)
    desk.start(upload)
    assert desk.acquire()
    desk.resolve()
    with desk.database.writing() as connection:
        connection.exec_driver_sql("UPDATE domain SET provider = 'pomona' WHERE name = 'orchard.com'")
    for batch in desk.claim():
        if batch.domain.name != "farm.com":
            desk.settle(desk.answer(batch, replies["accepted"]))
    return upload


def counted(desk, upload, *providers):
    by_counters = outcomes_of(summarise(desk.database, upload))
    marked = with_listed(desk.database, upload, by_counters)
    return with_providers(desk.database, upload, marked, providers)


ROW_BY_ROW = text(
    "SELECT coalesce(entry.status, 'unknown'), coalesce(entry.reason, 'not_checked'),"
    " coalesce(entry.confidence, 0), entry.flags, coalesce(domain.provider, '') FROM entry"
    " LEFT JOIN mailbox ON mailbox.id = entry.mailbox_id LEFT JOIN domain ON domain.id = mailbox.domain_id"
    " WHERE entry.upload_id = :upload AND entry.ordinal = 0"
)


@pytest.mark.parametrize("providers", [(), ("pomona",), ("other",), ("pomona", "other"), ("nobody",)])
def test_rows_told_apart_by_index_are_those_of_a_look_at_each_row(desk, checked, providers):
    with desk.database.reading() as connection:
        rows = connection.execute(ROW_BY_ROW, {"upload": checked}).all()
    expected = Counter((*row[:4], row[4] if row[4] in providers else "") for row in rows)
    found = Counter()
    for each, number in counted(desk, checked, *providers):
        found[each.status, each.reason, each.confidence, each.flags, each.provider] += number
    assert found == expected
    assert found.total() == len(LINES)


def test_a_listed_row_at_a_provider_is_both(desk, checked):
    never_probe(desk.database, [parse_listed("quince@orchard.com"), parse_listed("mill.com")], Origin())
    marked = Counter()
    for each, number in counted(desk, checked, "pomona"):
        marked[each.provider, bool(each.listed)] += number
    assert marked == {("pomona", False): 2, ("pomona", True): 1, ("", True): 1, ("", False): 2}


def test_no_more_rows_are_told_apart_than_were_counted(desk, checked):
    everything = outcomes_of(summarise(desk.database, checked))
    some = tuple((each, 1) for each, _ in everything)
    found = with_providers(desk.database, checked, some, ("pomona",))
    assert sum(number for _, number in found) == len(some)


def test_who_runs_the_mail_of_most_addresses_stands_first(desk, checked):
    assert list(providers_of(desk.database, checked).items()) == [("pomona", 3), ("other", 2)]


SELECTIONS = [
    Selection(providers=frozenset({"pomona"})),
    Selection(providers=frozenset({"other"}), exclude=frozenset({"duplicate"})),
    Selection(reasons=frozenset({Reason.MALFORMED})),
    Selection(least=1),
    Selection(most=50, exclude=frozenset({"unknown"})),
]


@pytest.mark.parametrize("selection", SELECTIONS)
def test_every_choice_keeps_as_many_rows_as_are_counted(desk, checked, selection):
    expected = split(counted(desk, checked, *selection.providers), selection)
    kept = list(export_rows(desk.database, Export(checked, selection)))
    removed = list(export_rows(desk.database, Export(checked, selection, is_removed_wanted=True)))
    assert (expected.kept, expected.removed) == (len(kept), len(removed))
    assert kept
    assert removed


def test_removed_rows_are_counted_by_what_removes_them_most_first(desk, checked):
    selection = Selection(providers=frozenset({"pomona"}), reasons=frozenset({Reason.MALFORMED}))
    assert removed_by(counted(desk, checked, *selection.providers), selection) == [
        (Removal(PROVIDER), 3),
        (Removal("invalid", Reason.MALFORMED), 1),
    ]
