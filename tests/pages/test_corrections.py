"""Corrections of slips, offered; and what was cleaned, told."""

from engine.intake.cleaning import Cleaned, Cleaning
from engine.intake.correction import Correction, Slip
from engine.reason import Reason
from engine.verdict import NO_FLAGS, Flag, Status
from pages.parts.corrections import (
    CLEANINGS,
    MOST_LINES,
    cleaned_table,
    lines_of,
    say_corrected,
    say_whom_to_write_to,
    shown,
    slips_sentence,
)
from storage.summaries import Cell, Standing, Summary
from storage.uploads import UploadState

FIRST = True
STANDING = Standing(1, "f.csv", "", UploadState.DONE, 9, 9, 9, 0.0, 0.0, 1.0, dict.fromkeys(Status, 0))


def slip(number, addresses=1):
    return Slip(Correction(f"wrong{number}.com", "right.com"), addresses)


def test_each_slip_has_a_line_that_says_what_is_asked_instead():
    one, many = lines_of((slip(1, 1), slip(2, 1234)), "list")
    assert one.label == "1 address says wrong1.com: ask right.com instead"
    assert many.label == "1,234 addresses say wrong2.com: ask right.com instead"
    assert one.key != many.key


def test_rare_slips_share_the_last_line_and_none_is_lost():
    slips = tuple(slip(number) for number in range(MOST_LINES + 30))
    lines = lines_of(slips, "list")
    assert len(lines) == MOST_LINES + 1
    assert lines[-1].label.startswith("30 addresses at 30 rarer ones, such as wrong12.com → right.com, ")
    assert [each for line in lines for each in line.corrections] == [each.correction for each in slips]


def test_a_single_rarer_one_has_a_line_of_its_own():
    lines = lines_of(tuple(slip(number) for number in range(MOST_LINES + 1)), "list")
    assert [len(each.corrections) for each in lines] == [1] * (MOST_LINES + 1)


def test_the_sentence_counts_all_mistyped_addresses():
    assert slips_sentence((slip(1, 1000), slip(2, 2))) == "1,002 addresses have a mistyped domain"
    assert slips_sentence((slip(1),)) == "1 address has a mistyped domain"


def test_what_was_cleaned_is_set_out_with_examples_in_which_spaces_are_seen():
    table = cleaned_table((Cleaned(Cleaning.SPACES, 1200, (" fig@x.com", "plum @x.com  ")),))
    assert table.to_numpy().tolist() == [
        [CLEANINGS[Cleaning.SPACES], "1,200", "␣fig@x.com → fig@x.com · plum @x.com␣␣ → plum@x.com"]
    ]


def test_every_kind_of_cleaning_has_its_words():
    assert set(CLEANINGS) == set(Cleaning)


def test_a_text_without_spaces_is_shown_as_it_is():
    assert shown("<fig@x.com>") == "<fig@x.com>"


def test_a_list_says_how_many_were_asked_at_another_domain_and_what_came_of_it():
    cells = (
        Cell(FIRST, Status.VALID, Reason.ACCEPTED, 95, Flag.CORRECTED, 20),
        Cell(not FIRST, Status.INVALID, Reason.MAILBOX_MISSING, 5, Flag.CORRECTED, 12),
        Cell(FIRST, Status.VALID, Reason.ACCEPTED, 95, NO_FLAGS, 7),
    )
    assert say_corrected(Summary(STANDING, (), (), (), cells)) == (
        "32 addresses with a mistyped domain were asked at the right one: 20 of them are safe to send."
    )
    assert say_corrected(Summary(STANDING, (), (), (), cells[1:2])).endswith("none of them are safe to send.")
    assert say_corrected(Summary(STANDING, (), (), (), cells[2:])) == ""
    assert "`send_to`" in say_whom_to_write_to(Summary(STANDING, (), (), (), cells))
    assert say_whom_to_write_to(Summary(STANDING, (), (), (), cells[1:2])) == ""
