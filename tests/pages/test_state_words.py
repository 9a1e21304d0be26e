"""How a list stands, in words."""

import pytest

from pages.parts.state_words import is_sample_through, state_in_words
from pages.parts.words import SAMPLE_CHECKED
from storage.sampling import draw_sample
from storage.summaries import summarise


@pytest.fixture
def sampled(runtime, save):
    """A list that is paused, and a sample of it."""
    upload = save(*(f"plum{number}@orchard.sandbox" for number in range(6)))
    draw_sample(runtime.database, upload, 2)
    with runtime.database.writing() as connection:
        connection.exec_driver_sql("UPDATE upload SET state = 'paused', started_at = 1")
    return lambda: summarise(runtime.database, upload).standing


def answer_sample(runtime):
    with runtime.database.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE entry SET status = 'valid', reason = 'accepted', confidence = 95"
            " WHERE mailbox_id IN (SELECT mailbox_id FROM sampled)"
        )


def test_a_list_whose_sample_is_checked_waits_for_a_decision(runtime, sampled):
    assert state_in_words(runtime.database, sampled()) == "Paused"
    answer_sample(runtime)
    assert is_sample_through(runtime.database, sampled())
    assert state_in_words(runtime.database, sampled()) == SAMPLE_CHECKED


def test_a_list_without_a_sample_is_simply_paused(runtime, save):
    upload = save("plum@orchard.sandbox")
    with runtime.database.writing() as connection:
        connection.exec_driver_sql("UPDATE upload SET state = 'paused'")
    assert state_in_words(runtime.database, summarise(runtime.database, upload).standing) == "Paused"


def test_its_card_says_so_and_not_that_it_is_paused(runtime, sampled, show):
    answer_sample(runtime)
    badges = [each.value for each in show("LISTS").markdown if "-badge[" in each.value]
    assert [SAMPLE_CHECKED in each for each in badges] == [True]
    assert not any("Paused" in each for each in badges)
