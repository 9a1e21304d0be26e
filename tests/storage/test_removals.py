"""What a choice keeps and removes, counted."""

import pytest

from engine.reason import Reason
from storage.exports import Export, export_rows
from storage.removals import outcomes_by_provider, outcomes_of, providers_of, removed_by, split
from storage.selection import PROVIDER, Removal, Selection
from storage.summaries import summarise

LINES = (
    "pear@orchard.com",
    "PEAR@orchard.com",
    "quince@orchard.com",
    "plum@mill.com",
    "no address",
    "fig@farm.com",
)


@pytest.fixture
def checked(desk, replies):
    """A list at two providers, one row of which still waits."""
    upload = desk.save(*LINES)
    desk.start(upload)
    assert desk.acquire()
    desk.resolve()
    with desk.database.writing() as connection:
        connection.exec_driver_sql("UPDATE domain SET provider = 'pomona' WHERE name = 'orchard.com'")
    for batch in desk.claim():
        if batch.domain.name != "farm.com":
            desk.settle(desk.answer(batch, replies["accepted"]))
    return upload


def test_rows_counted_by_provider_are_the_rows_of_the_counters(desk, checked):
    by_provider = outcomes_by_provider(desk.database, checked)
    counted = outcomes_of(summarise(desk.database, checked))
    everything = Selection()
    assert split(by_provider, everything) == split(counted, everything)
    assert split(by_provider, everything).kept == len(LINES)


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
    counted = split(outcomes_by_provider(desk.database, checked), selection)
    kept = list(export_rows(desk.database, Export(checked, selection)))
    removed = list(export_rows(desk.database, Export(checked, selection, is_removed_wanted=True)))
    assert (counted.kept, counted.removed) == (len(kept), len(removed))
    assert kept
    assert removed


def test_removed_rows_are_counted_by_what_removes_them_most_first(desk, checked):
    selection = Selection(providers=frozenset({"pomona"}), reasons=frozenset({Reason.MALFORMED}))
    assert removed_by(outcomes_by_provider(desk.database, checked), selection) == [
        (Removal(PROVIDER), 3),
        (Removal("invalid", Reason.MALFORMED), 1),
    ]
