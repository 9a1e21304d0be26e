"""Lists as handed in: found again when handed in again, and not whole where reading them broke off."""

import time

import pytest
from sqlalchemy import text

from engine.intake.correction import Correction
from engine.intake.read import read_sheet
from engine.policy import Policy, Weight
from engine.work_queue import StoreFails
from storage.intake import CHUNK_ROWS, save_upload
from storage.policies import NamedPolicy
from storage.runs import cancel_upload, delete_upload, pause_upload
from storage.summaries import summarise
from storage.uploads import (
    AT_WORK_S,
    Choice,
    UploadState,
    continuation_of,
    earlier_choice,
    find_earlier,
    find_upload,
    mark_interrupted,
)

CUSTOMERS = b"email,Notes\r\npear@orchard.com,two\r\n"


def test_the_same_file_and_choice_is_found_again(desk):
    sheet = read_sheet(CUSTOMERS, "customers.csv")
    choice = Choice(("email",))
    assert find_upload(desk.database, continuation_of(sheet, choice)) is None
    upload = save_upload(desk.database, sheet, choice)
    again = read_sheet(CUSTOMERS, "another name.csv")
    assert find_upload(desk.database, continuation_of(again, choice)) == upload


@pytest.mark.parametrize(
    "other",
    [
        Choice(("Notes",)),
        Choice(("email", "Notes")),
        Choice(("email",), reuse_days=0.0),
        Choice(("email",), reuse_days=7.0),
    ],
)
def test_another_choice_for_the_same_file_is_another_list(desk, other):
    sheet = read_sheet(CUSTOMERS, "customers.csv")
    save_upload(desk.database, sheet, Choice(("email",)))
    assert find_upload(desk.database, continuation_of(sheet, other)) is None


def test_the_same_file_is_found_however_it_was_checked_and_whatever_it_is_called(desk):
    assert find_earlier(desk.database, read_sheet(CUSTOMERS, "customers.csv")) is None
    upload = save_upload(desk.database, read_sheet(CUSTOMERS, "customers.csv"), Choice(("Notes",)))
    assert find_earlier(desk.database, read_sheet(CUSTOMERS, "another name.csv")) == upload
    assert find_earlier(desk.database, read_sheet(CUSTOMERS + b"fig@mill.com,\r\n", "customers.csv")) is None


def test_of_the_same_file_the_list_of_its_own_name_is_found_before_one_in_which_slips_were_fixed(desk):
    own = save_upload(desk.database, read_sheet(CUSTOMERS, "customers.csv"), Choice(("Notes",)))
    save_upload(desk.database, read_sheet(CUSTOMERS, "customers.csv, corrected"), Choice(("Notes",)))
    assert find_earlier(desk.database, read_sheet(CUSTOMERS, "customers.csv")) == own


def test_a_cancelled_list_hides_no_other_one_of_the_same_file(desk):
    sheet = read_sheet(CUSTOMERS, "customers.csv")
    first, second, third = (save_upload(desk.database, sheet, Choice(("email",))) for _ in range(3))
    found = []
    for upload in (third, second, first):
        cancel_upload(desk.database, upload, desk.settings)
        found.append(find_earlier(desk.database, sheet))
    assert found == [second, first, third], "the latest, and a cancelled one only for want of another"


def test_a_list_that_is_being_read_is_found_unless_nobody_is_at_it_any_more(desk):
    sheet = read_sheet(CUSTOMERS, "customers.csv")
    save_upload(desk.database, sheet, Choice(("email",)))
    reading = save_upload(desk.database, sheet, Choice(("email",)))
    with desk.database.writing() as connection:
        connection.execute(text("UPDATE upload SET state = 'reading' WHERE id = :id"), {"id": reading})
    assert find_earlier(desk.database, sheet) == reading
    _put_back_reading(desk, seconds=AT_WORK_S + 1)
    assert find_earlier(desk.database, sheet) == reading - 1


def test_a_list_that_is_not_whole_or_was_deleted_is_no_earlier_one(desk):
    sheet, choice = read_sheet(CUSTOMERS, "customers.csv"), Choice(("email",))
    upload = save_upload(desk.database, sheet, choice)
    with desk.database.writing() as connection:
        connection.execute(text("UPDATE upload SET state = 'interrupted'"))
    assert find_earlier(desk.database, sheet) is None
    with desk.database.writing() as connection:
        connection.execute(text("UPDATE upload SET state = 'ready'"))
    delete_upload(desk.database, upload, desk.settings)
    assert find_earlier(desk.database, sheet) is None


def test_another_policy_for_the_same_file_is_the_same_list(desk):
    sheet = read_sheet(CUSTOMERS, "customers.csv")
    upload = save_upload(desk.database, sheet, Choice(("email",)))
    other = Choice(("email",), policy=NamedPolicy("Orchard Ltd", Policy(role=Weight.INVALID)))
    assert find_upload(desk.database, continuation_of(sheet, other)) == upload


def test_another_file_is_another_list(desk):
    save_upload(desk.database, read_sheet(CUSTOMERS, "customers.csv"), Choice(("email",)))
    changed = read_sheet(CUSTOMERS + b"fig@mill.com,\r\n", "customers.csv")
    assert find_upload(desk.database, continuation_of(changed, Choice(("email",)))) is None


def test_what_was_chosen_about_the_same_file_is_given_as_far_as_its_columns_are_there(desk):
    policy = NamedPolicy("Orchard Ltd", Policy(role=Weight.INVALID))
    sheet = read_sheet(b"work,home\nfig@mill.com,plum@mill.com\n", "fruits.csv")
    assert earlier_choice(desk.database, sheet) is None
    chosen = Choice(("home", "work"), reuse_days=7.0, policy=policy)
    save_upload(desk.database, sheet, chosen)
    assert earlier_choice(desk.database, sheet) == chosen
    headless = read_sheet(b"work,home\nfig@mill.com,plum@mill.com\n", "fruits.csv", has_header=False)
    assert earlier_choice(desk.database, headless).columns == ()


def test_a_paused_list_is_found_again_and_a_cancelled_one_is_not(desk):
    sheet = read_sheet(CUSTOMERS, "customers.csv")
    continuation = continuation_of(sheet, Choice(("email",)))
    upload = save_upload(desk.database, sheet, Choice(("email",)))
    desk.start(upload)
    pause_upload(desk.database, upload, desk.settings)
    assert find_upload(desk.database, continuation) == upload
    cancel_upload(desk.database, upload, desk.settings)
    assert find_upload(desk.database, continuation) is None


def test_who_sees_that_a_list_cannot_be_saved_calls_it_interrupted_at_once(desk, monkeypatch):
    sheet = read_sheet(b"email\n" + b"".join(b"f%d@orchard.com\n" % n for n in range(9_000)), "fruits.csv")
    with pytest.raises(KeyboardInterrupt):
        _save_and_break_off(desk, sheet, monkeypatch)
    assert desk.value("SELECT state FROM upload") == UploadState.INTERRUPTED
    assert find_earlier(desk.database, sheet) is None, "nobody is saving it just now"


def test_a_list_of_whose_end_nothing_can_be_written_either_fails_for_its_first_reason(desk, monkeypatch):
    sheet = read_sheet(b"email\nfig@orchard.com\n", "fruits.csv")
    writing, opened = desk.database.writing, []

    def fail_from_the_second_on():
        opened.append(time.time())
        if len(opened) > 1:
            raise StoreFails(f"full {len(opened)}")
        return writing()

    monkeypatch.setattr(desk.database, "writing", fail_from_the_second_on)
    with pytest.raises(StoreFails, match="full 2"):
        save_upload(desk.database, sheet, Choice(("email",)))
    assert desk.value("SELECT state FROM upload") == UploadState.READING


def test_a_reading_that_was_killed_becomes_interrupted_and_is_not_continued(desk, monkeypatch):
    sheet = read_sheet(b"email\n" + b"".join(b"f%d@orchard.com\n" % n for n in range(9_000)), "fruits.csv")
    with pytest.raises(KeyboardInterrupt):
        _save_and_break_off(desk, sheet, monkeypatch)
    with desk.database.writing() as connection:
        connection.execute(text("UPDATE upload SET state = 'reading'"))  # whoever is killed says nothing
    assert desk.value("SELECT count(*) FROM sheet_row") == CHUNK_ROWS
    with desk.database.writing() as connection:
        mark_interrupted(connection)
    assert desk.value("SELECT state FROM upload") == UploadState.READING, "somebody may read it just now"
    _put_back_reading(desk, seconds=121)
    with desk.database.writing() as connection:
        mark_interrupted(connection)
    assert desk.value("SELECT state FROM upload") == UploadState.INTERRUPTED
    assert find_upload(desk.database, continuation_of(sheet, Choice(("email",)))) is None
    again = save_upload(desk.database, sheet, Choice(("email",)))
    assert summarise(desk.database, again).standing.entries == 9_000


def _save_and_break_off(desk, sheet, monkeypatch):
    """Break off at the second chunk, as Ctrl-C would."""
    writing, opened = desk.database.writing, []

    def break_off_at_third():
        opened.append(time.time())
        if len(opened) == 3:
            raise KeyboardInterrupt
        return writing()

    monkeypatch.setattr(desk.database, "writing", break_off_at_third)
    try:
        save_upload(desk.database, sheet, Choice(("email",)))
    finally:
        monkeypatch.undo()


def _put_back_reading(desk, seconds):
    with desk.database.writing() as connection:
        connection.execute(text("UPDATE upload SET read_at = read_at - :s"), {"s": seconds})


def test_a_list_with_other_corrections_is_another_list(desk):
    sheet = read_sheet(b"email\nfig@gmial.com\n", "l.csv")
    plain, fixed = Choice(("email",)), Choice(("email",), corrections=(Correction("gmial.com", "gmail.com"),))
    upload = save_upload(desk.database, sheet, fixed)
    assert find_upload(desk.database, continuation_of(sheet, fixed)) == upload
    assert find_upload(desk.database, continuation_of(sheet, plain)) is None
