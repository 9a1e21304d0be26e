"""Lists that are being saved and started, in a thread beside the page."""

import logging

import pytest

from pages.parts.keeping import OUR_FAULT, Failed, Keeping, OnlySaved, Started
from storage.summaries import standings
from tests.pages.handed import FULL, Failing, do_nothing, fruits, over


def test_lists_are_saved_and_started_one_after_the_other(runtime):
    keeping = Keeping(runtime.database, [fruits(), fruits()], runtime.start_upload)
    assert keeping.outcomes == [None, None]
    assert not keeping.is_whole, "nobody knows yet"
    over(keeping)
    assert keeping.is_whole
    assert [each.upload for each in standings(runtime.database)] == sorted(keeping.uploads, reverse=True)
    assert all(each.started_at is not None for each in standings(runtime.database))


def test_whatever_becomes_of_one_list_the_others_are_saved(runtime):
    database = Failing(runtime.database, FULL, OSError("no room"))
    names = ("first.csv", "second.csv", "third.csv", "fourth.csv")
    keeping = over(Keeping(database, [fruits(each) for each in names], database.fail))
    first, fourth = sorted(keeping.uploads)
    assert keeping.names == names
    assert keeping.outcomes == [Started(first), Failed(str(FULL)), Failed(OUR_FAULT), Started(fourth)]
    assert not keeping.is_whole
    assert [each.name for each in standings(runtime.database)] == ["fourth.csv", "first.csv"]


@pytest.mark.parametrize(
    ("trouble", "why"), [(FULL, str(FULL)), (OSError("no room"), OUR_FAULT), (MemoryError(), OUR_FAULT)]
)
def test_a_list_that_is_saved_but_cannot_be_started_is_not_taken_for_a_good_one(runtime, trouble, why):
    def fail(_upload, _tell):
        raise trouble

    keeping = over(Keeping(runtime.database, [fruits()], fail))
    (standing,) = standings(runtime.database)
    assert keeping.outcomes == [OnlySaved(standing.upload, why)]
    assert not keeping.is_whole
    assert standing.started_at is None


def test_a_fault_of_ours_is_logged_by_where_it_arose_and_without_its_words(runtime, caplog):
    database = Failing(runtime.database, OSError("fig@orchard.sandbox"))
    database.fail(0, None)
    with caplog.at_level(logging.ERROR, "winnow.pages"):
        over(Keeping(database, [fruits()], do_nothing))
    assert "OSError" in caplog.text
    assert "save_upload" in caplog.text
    assert "fig@orchard.sandbox" not in caplog.text
