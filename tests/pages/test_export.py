"""The Export page: what stays, what goes and why, and the tickets for both files."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from engine.verdict import NO_FLAGS, Flag, Status
from pages.parts.clock import today
from pages.parts.downloads import downloads, kept_sentence, removal_table, selection_of
from pages.parts.reasons import REASONS
from pages.parts.tickets import LIFE_S, MOST, Download, Format, Tickets, tickets
from pages.parts.words import FLAGS, FORMATS, KEPT, OUTCOMES, STATES, STATUSES
from storage.exports import OUTCOME_COLUMNS, Export, export_rows
from storage.removals import removed_by_word, split
from storage.summaries import summarise

DAY = date(2031, 5, 14)
CELLS = ("quince@orchard.sandbox", "QUINCE@orchard.sandbox", "plum@orchard.sandbox", "no address", "nor this")


def figures_of(page):
    return {each.label: each.value for each in page.metric}


def downloads_of(page):
    found = [tickets.take_back(each.proto.url.removeprefix("/download/")) for each in page.link_button]
    assert None not in found
    return found


def test_figures_and_table_say_what_goes_and_why(runtime, save, show):
    save(*CELLS)
    page = show("EXPORT")
    assert not page.exception
    assert figures_of(page) == {"Rows kept": "2", "Rows removed": "3"}
    assert page.dataframe[0].value.to_numpy().tolist() == [
        ["Invalid", "Malformed address", 2],
        ["Duplicate", "The same address stands in an earlier row.", 1],
    ]
    assert any("5 rows · 5 addresses. Rows of your list are counted" in each.value for each in page.caption)


def test_what_is_unknown_is_not_thrown_away_until_somebody_says_so(runtime, save, show):
    save(*CELLS)
    page = show("EXPORT")
    assert page.pills(key="statuses to keep").value == [Status.VALID, Status.UNKNOWN]
    kept = downloads_of(page)[0].export.selection
    assert [status for status in Status if kept.keeps(status, NO_FLAGS)] == [Status.VALID, Status.UNKNOWN]


def test_one_sentence_says_what_is_kept_and_why(runtime, save, show):
    save(*CELLS)
    page = show("EXPORT")
    (said,) = (each.value for each in page.markdown if each.value.startswith("Kept"))
    assert said == (
        "Kept: **Valid** (safe to send) and **Unknown** (nobody could tell, "
        "which is no reason to throw it away)."
    )
    page.toggle(key="exclude accept-all").set_value(False).run()
    assert any(
        "**Accept-all** (its domain takes mail for any address)" in each.value for each in page.markdown
    )


def test_the_sentence_keeps_up_with_the_choice():
    assert kept_sentence([], is_accept_all_excluded=True) == "Nothing is kept: choose what to keep."
    assert kept_sentence([Status.RISKY], is_accept_all_excluded=True) == "Kept: **Risky** (it may arrive)."
    everything = kept_sentence(list(Status), is_accept_all_excluded=False)
    assert all(f"**{saying.name}**" in everything for saying in STATUSES.values())


def test_a_removed_row_without_an_address_is_not_called_invalid(runtime, save, show):
    save("1,quince@orchard.sandbox", "2,", head="n,email")
    page = show("EXPORT")
    assert page.dataframe[0].value.to_numpy().tolist() == [["No address", "Empty cell", 1]]


def test_rows_that_wait_are_counted_and_their_treatment_is_said(runtime, save, show):
    save(*CELLS, is_started=True)
    assert [each.value for each in show("EXPORT").info] == [
        "An answer is still missing for 3 rows; until it comes they are unknown."
    ]


def test_a_status_that_is_kept_leaves_the_removed(runtime, save, show):
    save(*CELLS)
    page = show("EXPORT")
    page.pills(key="statuses to keep").set_value([Status.VALID, Status.INVALID]).run()
    assert figures_of(page) == {"Rows kept": "2", "Rows removed": "3"}


def test_accept_all_and_duplicates_are_excluded_until_switched_off(runtime, save, show):
    save(*CELLS)
    page = show("EXPORT")
    assert page.toggle(key="exclude accept-all").value
    assert page.toggle(key="exclude duplicates").value
    assert downloads_of(page)[0].export.selection.exclude >= {"accept_all", "duplicate"}
    page.toggle(key="exclude accept-all").set_value(False).run()
    page.toggle(key="exclude duplicates").set_value(False).run()
    assert not downloads_of(page)[0].export.selection.exclude & {"accept_all", "duplicate"}


def test_the_two_downloads_share_the_rows_between_them(runtime, save, show):
    save(*CELLS)
    page = show("EXPORT")
    page.pills(key="statuses to keep").set_value([Status.INVALID]).run()
    cleaned, removed = downloads_of(page)
    kept = [row[0] for row in export_rows(runtime.database, cleaned.export)]
    gone = [row[0] for row in export_rows(runtime.database, removed.export)]
    assert kept == ["no address", "nor this"]
    assert gone == [*CELLS[:3]]


@pytest.mark.parametrize(
    ("wanted", "ending"), [("csv", ".csv"), ("excel.csv", " for Excel.csv"), ("xlsx", ".xlsx")]
)
def test_files_are_named_after_the_list_with_what_they_are_and_the_day(runtime, save, show, wanted, ending):
    save(*CELLS)
    page = show("EXPORT")
    page.segmented_control(key="format").set_value(Format(wanted)).run()
    assert [(each.file_name, each.format) for each in downloads_of(page)] == [
        (f"customers - cleaned {today().isoformat()}{ending}", wanted),
        (f"customers - removed {today().isoformat()}{ending}", wanted),
    ]


def test_a_list_that_came_as_a_workbook_is_offered_as_one(runtime, save, show):
    upload = save(*CELLS)
    assert show("EXPORT").segmented_control(key="format").value is Format.CSV_FOR_EXCEL
    with runtime.database.writing() as connection:
        connection.execute(text("UPDATE upload SET sheet_name = 'Spring' WHERE id = :id"), {"id": upload})
    page = show("EXPORT")
    assert page.segmented_control(key="format").value is Format.XLSX
    assert {each.format for each in downloads_of(page)} == {Format.XLSX}


def test_no_two_downloads_have_the_same_name(runtime, save):
    uploads = [save(*CELLS), save(*CELLS)]
    lists = [summarise(runtime.database, upload).standing for upload in uploads]
    lists.append(replace(lists[0], name="book.xlsx", sheet_name="Spring"))
    lists.append(replace(lists[0], name="book.xlsx", sheet_name="Autumn"))
    names = [
        each.file_name
        for standing in lists
        for wanted in Format
        for each in downloads(standing, Export(1), wanted, DAY)
    ]
    assert len(set(names)) == len(names) == 24
    assert "customers, second check - cleaned 2031-05-14.csv" in names
    assert "book (Spring) - removed 2031-05-14.xlsx" in names


def test_the_removed_rows_always_carry_their_reason(runtime, save):
    standing = summarise(runtime.database, save(*CELLS)).standing
    _, removed = downloads(standing, Export(1, columns=("provider",)), Format.CSV, DAY)
    assert removed.export.columns == ("provider", "status", "reason", "flags")
    assert removed.export.is_removed_wanted


def test_a_flag_that_is_chosen_is_removed(runtime, save):
    upload = save(*CELLS)
    selection = selection_of(
        list(Status), [Flag.ROLE, Flag.FREE], is_accept_all_excluded=False, are_duplicates_excluded=False
    )
    assert selection.exclude == {"role", "free"}
    assert split(summarise(runtime.database, upload), selection).removed == 0


def test_removed_rows_are_counted_by_what_removes_them(runtime, save):
    upload = save("no address", "no address", "quince@orchard.sandbox")
    summary = summarise(runtime.database, upload)
    selection = selection_of([Status.VALID], [], is_accept_all_excluded=True, are_duplicates_excluded=True)
    counted = removed_by_word(summary, selection)
    assert sum(number for *_, number in counted) == split(summary, selection).removed == 3
    assert removal_table(counted)["Removed as"].tolist() == ["Invalid", "Unknown"]


def test_a_row_removed_for_a_flag_is_said_to_be_so():
    assert removal_table([("duplicate", None, 4)]).to_numpy().tolist() == [
        ["Duplicate", "The same address stands in an earlier row.", 4]
    ]


def test_there_is_a_word_for_everything():
    assert set(OUTCOMES) == set(OUTCOME_COLUMNS)
    assert set(FORMATS) == set(Format)
    assert set(FLAGS) == set(Flag)
    assert set(STATUSES) == set(KEPT) == set(Status)
    assert REASONS
    assert STATES


DOWNLOAD = Download(Export(1), Format.CSV, "customers - cleaned.csv")


def test_a_ticket_is_good_once():
    mine = Tickets()
    ticket = mine.hand_out(DOWNLOAD)
    assert mine.take_back(ticket) == DOWNLOAD
    assert mine.take_back(ticket) is None


def test_a_ticket_ends_with_its_life():
    now = [0.0]
    mine = Tickets(clock=lambda: now[0])
    early, late = mine.hand_out(DOWNLOAD), mine.hand_out(DOWNLOAD)
    now[0] = LIFE_S - 1
    assert mine.take_back(early) == DOWNLOAD
    now[0] = LIFE_S
    assert mine.take_back(late) is None


def test_no_two_tickets_are_alike_and_a_made_up_one_is_good_for_nothing():
    mine = Tickets()
    handed_out = {mine.hand_out(DOWNLOAD) for _ in range(100)}
    assert len(handed_out) == 100
    assert min(map(len, handed_out)) >= 32
    assert mine.take_back("") is None
    assert mine.take_back("x" * 32) is None


def test_too_many_tickets_cost_the_oldest():
    mine = Tickets()
    first = mine.hand_out(DOWNLOAD)
    others = [mine.hand_out(DOWNLOAD) for _ in range(MOST)]
    assert mine.take_back(first) is None
    assert mine.take_back(others[0]) == DOWNLOAD
